from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet

from studymaster.adapters import vault
from studymaster.adapters.vault import SealError, SessionToken, TokenUse
from studymaster.config import get_settings
from tests.conftest import NOON


def keys(monkeypatch, *names: str) -> None:
    monkeypatch.setenv("FERNET_KEYS", ",".join(names))
    get_settings.cache_clear()


def test_keys_can_be_rotated(monkeypatch) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keys(monkeypatch, old)
    sealed = vault.seal("token")
    keys(monkeypatch, new, old)
    assert vault.unseal(sealed) == "token"
    keys(monkeypatch, new)
    with pytest.raises(SealError):
        vault.unseal(sealed)


def test_a_seal_hides_what_it_holds() -> None:
    assert "token" not in vault.seal("token")
    assert vault.seal("token") != vault.seal("token")


@pytest.mark.parametrize("text", ["", "nonsense", "gAAAA", "é"])
def test_what_we_did_not_seal_is_refused(text) -> None:
    with pytest.raises(SealError):
        vault.unseal(text)
    assert vault.unseal_note(text, max_age_seconds=60) is None


TOKEN = SessionToken(
    use=TokenUse.ACCESS,
    account_id=uuid4(),
    session_id=uuid4(),
    generation=3,
    expires_at=NOON + timedelta(minutes=15),
)


def test_a_token_says_what_was_signed() -> None:
    text = vault.sign(TOKEN, issued_at=NOON)
    assert vault.read_token(text, use=TokenUse.ACCESS, now=NOON) == TOKEN


def test_a_token_is_good_for_one_use_and_until_its_end() -> None:
    text = vault.sign(TOKEN, issued_at=NOON)
    assert vault.read_token(text, use=TokenUse.REFRESH, now=NOON) is None
    assert vault.read_token(text, use=TokenUse.ACCESS, now=TOKEN.expires_at) is None


def test_a_token_signed_by_somebody_else_is_refused(monkeypatch) -> None:
    text = vault.sign(replace(TOKEN, generation=1), issued_at=NOON)
    monkeypatch.setenv("JWT_SECRET", "another secret that is also long enough")
    get_settings.cache_clear()
    assert vault.read_token(text, use=TokenUse.ACCESS, now=NOON) is None


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "\ud800", "\x00", "é.é.é", "." * 9_000])
def test_what_is_no_token_is_refused(text) -> None:
    assert vault.read_token(text, use=TokenUse.ACCESS, now=NOON) is None


def test_a_password_hash_fits_only_its_password() -> None:
    stored = vault.hash_password("correct horse")
    assert stored.startswith("$argon2id$")
    assert vault.password_fits("correct horse", stored=stored)
    assert not vault.password_fits("wrong horse", stored=stored)
    assert not vault.password_fits("correct horse", stored="not a hash")
