"""The secrets that `make run` makes for itself on the first run and keeps."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

MAKERS = {
    "FERNET_KEYS": lambda: Fernet.generate_key().decode(),
    "JWT_SECRET": lambda: secrets.token_urlsafe(48),
}


def ensure_secrets(folder: Path) -> dict[str, str]:
    """Return the secrets by the name of their setting, made on the first call.

    Args:
        folder: where they are kept, readable by their owner only.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {name: _kept(folder / name, make()) for name, make in MAKERS.items()}


def _kept(path: Path, fresh: str) -> str:
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
        ) as file:
            file.write(fresh)
        draft.rename(path)  # whole or not at all
    return path.read_text()
