"""Every setting of the product, read once from the environment."""

from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Mode(StrEnum):
    """EMBEDDED: `make run` brings its own parts and secrets. PRODUCTION: the host does."""

    EMBEDDED = "embedded"
    PRODUCTION = "production"


class MailSecurity(StrEnum):
    """How the way to the mail server is locked. NONE is for one on the same machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


Network = IPv4Network | IPv6Network


class MissingSettingError(ValueError):
    """A setting that production cannot do without is not set."""


LISTS = (
    "trusted_proxies",
    "fernet_keys",
    "moodle_allowed_hosts",
    "llm_allowed_hosts",
    "admins",
)


class Settings(BaseSettings):
    """Where the outside world is, and the secrets to reach it.

    Names in the environment are the field names in capitals. Lists are separated by commas.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    studymaster_mode: Mode = Mode.PRODUCTION
    public_url: str = "http://localhost:8000"
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = ()
    database_url: str = ""
    database_pool_size: int = Field(default=20, ge=1, le=50)
    redis_url: str = ""
    fernet_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    jwt_secret: SecretStr = SecretStr("")
    moodle_allowed_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    moodle_host_limit: int = Field(default=6, ge=1, le=20)
    demo_moodle_url: str = ""
    storage_dir: Path = Path(".data/storage")
    s3_bucket: str = ""
    s3_endpoint_url: str = ""
    file_limit_mb: int = Field(default=200, ge=1)
    media_limit_mb: int = Field(default=10, ge=1)
    import_limit_mb: int = Field(default=2000, ge=1)
    media_quota_mb: int = Field(default=1000, ge=1)
    ocr_page_limit: int = Field(default=50, ge=0)
    llm_base_url: str = ""
    llm_model: str = ""
    llm_speech_model: str = "whisper-1"
    llm_api_key: SecretStr = SecretStr("")
    llm_allowed_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_sender: str = ""
    smtp_security: MailSecurity = MailSecurity.STARTTLS
    admins: Annotated[frozenset[str], NoDecode] = frozenset()
    log_level: str = "INFO"
    metrics_token: SecretStr = SecretStr("")
    prometheus_multiproc_dir: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, values: dict[str, object]) -> dict[str, object]:
        for name in LISTS:
            text = values.get(name)
            if isinstance(text, str):
                values[name] = [part.strip() for part in text.split(",") if part.strip()]
        return values

    def require_complete(self) -> None:
        """Refuse to start without what nothing can replace.

        Raises:
            MissingSettingError: with the names of all settings that are missing, or what
                is wrong with those of the mail.
        """
        needed = ("database_url", "redis_url", "fernet_keys", "jwt_secret")
        missing = [name.upper() for name in needed if not _is_set(getattr(self, name))]
        if missing:
            names = ", ".join(missing)
            msg = f"StudyMaster cannot start: set {names}. See .env.example."
            raise MissingSettingError(msg)
        self._require_safe_mail()

    def _require_safe_mail(self) -> None:
        if not self.smtp_host:
            return
        if "@" not in self.smtp_sender:
            msg = "StudyMaster cannot start: SMTP_SENDER has to be an e-mail address."
            raise MissingSettingError(msg)
        is_open = self.smtp_security is MailSecurity.NONE
        if is_open and not _is_loopback(self.smtp_host):
            msg = (
                "StudyMaster cannot start: SMTP_SECURITY=none is only for a mail server on "
                "this machine. Set starttls or tls."
            )
            raise MissingSettingError(msg)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_set(value: object) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


@lru_cache
def get_settings() -> Settings:
    """Return the process-wide settings."""
    return Settings()
