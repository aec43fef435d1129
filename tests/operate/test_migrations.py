"""A host who has to go back to an earlier version takes the database along."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.reflection import ObjectKind
from sqlmodel import SQLModel, func, select

from studymaster.adapters.database import driver_url, get_engine
from studymaster.config import get_settings
from tests.conftest import make_student
from tests.factories.everything import make_everything

ROOT = Path(__file__).parents[2]
NAME = "there_and_back"
MIGRATIONS = Config(toml_file=ROOT / "pyproject.toml")
EARLIER = "0005"
MADE_ANEW = {
    "announcement",
    "calendarfeed",
    "cardmedia",
    "cardundo",
    "coursesection",
    "dayload",
    "exam",
    "gradeitem",
    "gradepoint",
    "mailing",
    "savedsearch",
    "schedulerfit",
    "transfer",
}
"""The next sync brings them again; the address of a calendar is made at a click, and
an exam is named again."""


@pytest.fixture
async def own_database(services: None, monkeypatch) -> AsyncGenerator[Engine]:
    """An empty database that only this test uses, which the settings name."""
    url = make_url(driver_url(get_settings().database_url, driver="psycopg2"))
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    own = create_engine(url.set(database=NAME))
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {NAME}"))
        with monkeypatch.context() as patch:
            address = own.url.set(drivername="postgresql")
            patch.setenv("DATABASE_URL", address.render_as_string(hide_password=False))
            get_settings.cache_clear()
            get_engine.cache_clear()
            yield own
            await get_engine().dispose()
        get_settings.cache_clear()
        get_engine.cache_clear()
        own.dispose()
        connection.execute(text(f"DROP DATABASE {NAME}"))
    server.dispose()


async def test_every_migration_leads_back_to_what_was_before_it(
    own_database: Engine,
) -> None:
    revisions = list(ScriptDirectory.from_config(MIGRATIONS).walk_revisions())
    before = []
    for _ in revisions:
        before.append(shape(own_database))
        command.upgrade(MIGRATIONS, "+1")
    there = shape(own_database)
    for one in revisions:
        command.downgrade(MIGRATIONS, "-1")
        assert shape(own_database) == before.pop(), f"back from {one.revision}"
    command.upgrade(MIGRATIONS, "head")
    assert shape(own_database) == there
    command.check(MIGRATIONS)


async def test_what_students_made_stays_on_the_way_back(own_database: Engine) -> None:
    command.upgrade(MIGRATIONS, "head")
    await make_everything(await make_student("Mina Aalto"), await make_student("Jonas"))
    made = counts(own_database)
    assert min(made[name] for name in ("account", "note", "pointsentry")) > 0
    command.downgrade(MIGRATIONS, EARLIER)
    kept = counts(own_database)
    assert made.keys() - kept.keys() == MADE_ANEW
    assert kept == {name: made[name] for name in kept}
    command.upgrade(MIGRATIONS, "head")
    assert counts(own_database) == made | dict.fromkeys(MADE_ANEW, 0)


def shape(engine: Engine) -> dict[str, set[str]]:
    """Return what tables and views there are, with the names of all that they have."""
    with engine.connect() as connection:
        seen = inspect(connection)
        kinds = (
            seen.get_multi_columns(kind=ObjectKind.ANY),
            seen.get_multi_indexes(kind=ObjectKind.ANY),
            seen.get_multi_foreign_keys(),
            seen.get_multi_unique_constraints(),
            seen.get_multi_check_constraints(),
        )
    found: dict[str, set[str]] = {}
    for kind in kinds:
        for (_, table), parts in kind.items():
            found.setdefault(table, set()).update(str(part["name"]) for part in parts)
    found.pop("alembic_version", None)
    return found


def counts(engine: Engine) -> dict[str, int]:
    """Return how many rows each table has that the database knows."""
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in SQLModel.metadata.tables.items()
            if name in there
        }
