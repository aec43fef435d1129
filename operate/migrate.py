"""Brings the database to the shape of the models, or checks that it has it.

Usage: python -m operate.migrate [upgrade|check]. Without DATABASE_URL it works on the product's
own PostgreSQL: the kept one for `upgrade`, an empty one for `check`.
"""

import os
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy.exc import OperationalError

from operate import embedded
from operate.errors import CannotStartError
from studymaster.config import get_settings

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(".data")


def upgrade() -> None:
    """Apply every migration that the database has not seen."""
    command.upgrade(_config(), "head")


def check() -> None:
    """Apply everything, then compare with the models.

    Raises:
        CommandError: the models and the migrations differ.
    """
    upgrade()
    command.check(_config())


TASKS = {"upgrade": upgrade, "check": check}


def main(task: str) -> int:
    """Run a task on the database that the settings name, or on our own."""
    with tempfile.TemporaryDirectory() as empty:
        own = DATA / "postgres" if task == "upgrade" else Path(empty)
        named = get_settings().database_url
        try:
            with nullcontext(named) if named else embedded.postgres(own) as url:
                os.environ["DATABASE_URL"] = url
                get_settings.cache_clear()
                TASKS[task]()
        except (CannotStartError, CommandError) as error:
            print(error, file=sys.stderr)
            return 1
        except OperationalError as error:
            print(f"The database does not answer: {error.orig}", file=sys.stderr)
            return 1
    return 0


def _config() -> Config:
    return Config(toml_file=ROOT / "pyproject.toml")


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or ["upgrade"])))
