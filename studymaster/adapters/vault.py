"""Seals Moodle tokens, hashes passwords, signs session tokens."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import BaseModel, ValidationError

from studymaster.config import get_settings
from studymaster.errors import StudyMasterError

ALGORITHM = "HS256"


class SealError(StudyMasterError):
    """A sealed secret cannot be opened with the keys at hand."""


class TokenUse(StrEnum):
    """What a signed token is good for."""

    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class SessionToken:
    """The claims of one of our tokens; `generation` counts the refresh rotations."""

    use: TokenUse
    account_id: UUID
    session_id: UUID
    generation: int
    expires_at: datetime


class _Claims(BaseModel):
    use: TokenUse
    sub: UUID
    sid: UUID
    gen: int
    exp: datetime


def _fernet() -> MultiFernet:
    keys = get_settings().fernet_keys
    return MultiFernet([Fernet(key.get_secret_value()) for key in keys])


def seal(secret: str) -> str:
    """Encrypt with the newest key."""
    return _fernet().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt with whichever key fits.

    Raises:
        SealError: no key fits; the secret must be asked for again.
    """
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        msg = "The stored Moodle token cannot be opened any more. Connect Moodle again."
        raise SealError(msg) from error


@lru_cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its own salt and costs."""
    return _hasher().hash(password)


def password_fits(password: str, *, stored: str) -> bool:
    """Tell whether a password is the one behind a stored hash."""
    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def sign(token: SessionToken, *, issued_at: datetime) -> str:
    """Return the token as a signed JWT."""
    claims = {
        "use": token.use.value,
        "sub": str(token.account_id),
        "sid": str(token.session_id),
        "gen": token.generation,
        "iat": issued_at,
        "exp": token.expires_at,
    }
    secret = get_settings().jwt_secret.get_secret_value()
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def read_token(text: str, *, use: TokenUse, now: datetime) -> SessionToken | None:
    """Return the claims if we signed them for this use and they are still alive."""
    claims = _verified_claims(text)
    if claims is None or claims.use != use or claims.exp <= now:
        return None
    return SessionToken(
        use=use,
        account_id=claims.sub,
        session_id=claims.sid,
        generation=claims.gen,
        expires_at=claims.exp,
    )


def _verified_claims(text: str) -> _Claims | None:
    # Expiry is judged against `now` above, so that time stays an argument.
    secret = get_settings().jwt_secret.get_secret_value()
    try:
        payload = jwt.decode_complete(
            text,
            secret,
            algorithms=[ALGORITHM],
            options={
                "verify_exp": False,
                "verify_iat": False,
                "require": ["use", "sub", "sid", "gen", "exp"],
            },
        )["payload"]
        return _Claims.model_validate(payload)
    # The last of them: half a character, which JSON can carry and no token has.
    except (jwt.InvalidTokenError, ValidationError, UnicodeEncodeError):
        return None


def unseal_note(sealed: str, *, max_age_seconds: int) -> str | None:
    """Return a text that we sealed at most `max_age_seconds` ago, else None."""
    try:
        return _fernet().decrypt(sealed.encode(), ttl=max_age_seconds).decode()
    except (InvalidToken, UnicodeError):
        return None
