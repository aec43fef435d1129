"""Where everything is measured: servers of its own, migrated and empty, gone afterwards."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from redis import Redis
from sqlalchemy import Engine, create_engine

from operate import embedded
from operate.children import Family
from studymaster.adapters.database import driver_url
from studymaster.config import get_settings

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
HOSTS = ("student1@moodle.example.edu", "student2@moodle.example.edu")
"""Who may open the host's own page."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A real PostgreSQL and a real Valkey, with the settings that name them.

    PostgreSQL keeps its promises (every commit is flushed) and has no settings of ours:
    what is measured is what an untuned server does. `family` ends with the scene.
    """

    folder: Path
    engine: Engine
    family: Family

    @property
    def environment(self) -> dict[str, str]:
        """The environment of processes that belong to this scene."""
        return dict(os.environ)

    def forget_kept(self) -> None:
        """Empty Valkey: the next answers are made anew."""
        with Redis.from_url(get_settings().redis_url) as client:
            client.flushdb()

    def look_over(self) -> None:
        """Have PostgreSQL count its rows, as it does by itself after a while."""
        with self.engine.connect() as connection:
            own = connection.execution_options(isolation_level="AUTOCOMMIT")
            own.exec_driver_sql("VACUUM ANALYZE")


@contextmanager
def opened() -> Generator[Scene]:
    """Bring up the servers and the tables for the duration of the block."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL gives up root and still has to get in
        with (
            embedded.postgres(folder / "postgres") as database_url,
            embedded.valkey(folder / "valkey") as redis_url,
        ):
            _tell_settings(folder, database_url=database_url, redis_url=redis_url)
            command.upgrade(Config(toml_file=ROOT / "pyproject.toml"), "head")
            engine = create_engine(driver_url(database_url, driver="psycopg2"))
            family = Family(str(folder), logs=folder / "logs")
            try:
                yield Scene(folder, engine, family)
            finally:
                family.stop()
                engine.dispose()


def _tell_settings(folder: Path, *, database_url: str, redis_url: str) -> None:
    os.environ |= {
        "STUDYMASTER_MODE": "embedded",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "FERNET_KEYS": Fernet.generate_key().decode(),
        "JWT_SECRET": Fernet.generate_key().decode(),
        "STORAGE_DIR": str(folder / "storage"),
        "ADMINS": ",".join(HOSTS),
        "LOG_LEVEL": "ERROR",  # of this process; servers that are measured write theirs
    }
    get_settings.cache_clear()
