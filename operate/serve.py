"""Serves the built pages, the events and the API on one port.

Usage: python -m operate.serve, with PORT, HOST and WEB_WORKERS in the environment.
"""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from operate import frontend
from studymaster.config import MissingSettingError, get_settings

WEEK_SECONDS = 7 * 24 * 3600
DEFAULT_PORTS = {"http": 80, "https": 443}


def serve() -> None:
    """Serve until told to stop.

    Raises:
        MissingSettingError: a setting is missing that nothing can replace.
    """
    settings = get_settings()
    settings.require_complete()
    address = urlsplit(settings.public_url)
    public_port = address.port or DEFAULT_PORTS[address.scheme]
    folder = Path(os.environ.get("WEB_FOLDER", ".data/web"))
    os.environ.update(
        {
            "REFLEX_WEB_WORKDIR": str(frontend.stamp(folder, port=public_port)),
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_USE_GRANIAN": "1",
            "REFLEX_TELEMETRY_ENABLED": "false",
            "REFLEX_CHECK_LATEST_VERSION": "false",
            "REFLEX_REDIS_URL": settings.redis_url,
            "REFLEX_OPLOCK_ENABLED": "1",
            "REFLEX_REDIS_TOKEN_EXPIRATION": str(WEEK_SECONDS),
            "GRANIAN_WORKERS": os.environ.get("WEB_WORKERS", "2"),
            "__REFLEX_SKIP_COMPILE": "1",
            "PROMETHEUS_MULTIPROC_DIR": str(_empty(folder.with_name("figures"))),
        }
    )
    get_settings.cache_clear()  # a web process that is forked off inherits what is read
    # Reads the environment when imported. An internal name: the version is pinned, and the
    # browser tests go through here.
    from reflex.utils.exec import run_backend_prod  # noqa: PLC0415

    run_backend_prod(
        os.environ.get("HOST", "127.0.0.1"),
        int(os.environ.get("PORT", "8000")),
        mount_frontend_compiled_app=True,
    )


def _empty(folder: Path) -> Path:
    """Return a folder without anything in it: figures of an earlier run count no more."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder.resolve()


if __name__ == "__main__":
    try:
        serve()
    except MissingSettingError as error:
        sys.exit(str(error))
