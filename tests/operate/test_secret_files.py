from cryptography.fernet import Fernet

from operate.secret_files import ensure_secrets


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path):
    folder = tmp_path / "secrets"
    made = ensure_secrets(folder)
    assert ensure_secrets(folder) == made
    assert {path.name for path in folder.iterdir()} == {"FERNET_KEYS", "JWT_SECRET"}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_keys_work_and_differ_between_installations(tmp_path):
    one, other = ensure_secrets(tmp_path / "one"), ensure_secrets(tmp_path / "other")
    sealed = Fernet(one["FERNET_KEYS"]).encrypt(b"token")
    assert Fernet(one["FERNET_KEYS"]).decrypt(sealed) == b"token"
    assert one["JWT_SECRET"] != other["JWT_SECRET"]
    assert len(one["JWT_SECRET"]) >= 48
