"""A mail server is named whole and safely, or nothing starts; the sentence says what to set."""

import pytest
from cryptography.fernet import Fernet

from studymaster.config import MissingSettingError, Settings

WHOLE = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "FERNET_KEYS": Fernet.generate_key().decode(),
    "JWT_SECRET": "a secret",
    "SMTP_SENDER": "StudyMaster <studymaster@example.edu>",
}


def start(monkeypatch, **mail: str) -> None:
    for name, value in (WHOLE | mail).items():
        monkeypatch.setenv(name, value)
    Settings().require_complete()


@pytest.mark.parametrize(
    "mail",
    [
        {},
        {"SMTP_SENDER": ""},
        {"SMTP_HOST": "post.example.edu"},
        {"SMTP_HOST": "post.example.edu", "SMTP_SECURITY": "tls", "SMTP_PORT": "465"},
        {"SMTP_HOST": "localhost", "SMTP_SECURITY": "none"},
        {"SMTP_HOST": "127.0.0.9", "SMTP_SECURITY": "none"},
        {"SMTP_HOST": "::1", "SMTP_SECURITY": "none"},
    ],
)
def test_mail_that_is_safe_or_not_there_starts(monkeypatch, mail: dict[str, str]) -> None:
    start(monkeypatch, **mail)


@pytest.mark.parametrize("host", ["post.example.edu", "10.0.0.7", "localhost.example.edu"])
def test_nothing_leaves_this_machine_unlocked(monkeypatch, host: str) -> None:
    with pytest.raises(MissingSettingError, match="SMTP_SECURITY=none is only for"):
        start(monkeypatch, SMTP_HOST=host, SMTP_SECURITY="none")


@pytest.mark.parametrize("sender", ["", "StudyMaster"])
def test_mail_comes_from_somebody(monkeypatch, sender: str) -> None:
    with pytest.raises(MissingSettingError, match="SMTP_SENDER has to be"):
        start(monkeypatch, SMTP_HOST="post.example.edu", SMTP_SENDER=sender)
