"""A real PostgreSQL and a real Redis for everyone, a fixed moment, two students."""

import os
from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from hypothesis import settings as hypothesis_settings
from redis import Redis
from sqlalchemy import text
from sqlmodel import SQLModel

from demo.app import create_app
from demo.opening import open_campus
from operate import embedded
from studymaster import live
from studymaster.adapters import clock, queue, shortcut, storage
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.adapters.moodle import retry
from studymaster.config import get_settings
from studymaster.features.accounts.schemas import Student
from studymaster.models import Account, AuthSession
from tests.demo.serving import serving

ROOT = Path(__file__).parents[1]
NOON = datetime(2030, 1, 16, 12, tzinfo=UTC)
NOBODYS_ID = "3f0c5b0e-8d1f-4f6e-9b9a-6d1c1c8a7e55"
"""An id that looks like one and belongs to nothing."""

hypothesis_settings.register_profile("house", deadline=None, derandomize=True)
hypothesis_settings.load_profile("house")


def pytest_configure() -> None:
    """Give the settings what they need before any module asks for them."""
    os.environ |= {
        "STUDYMASTER_MODE": "embedded",
        "FERNET_KEYS": Fernet.generate_key().decode(),
        "JWT_SECRET": "a secret that only the tests know, long enough",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "PUBLIC_URL": "http://testserver",
    }


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Start the two servers once per test process, and bring the tables up.

    Every test empties every table, which makes new files of them all: writing thousands of
    those through to the disk would take longer than the tests.
    """
    folder = tmp_path_factory.mktemp("services")
    with (
        embedded.postgres(folder / "postgres", options={"fsync": "off"}) as database_url,
        embedded.valkey(folder / "valkey") as redis_url,
    ):
        os.environ |= {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        get_settings.cache_clear()
        command.upgrade(Config(toml_file=ROOT / "pyproject.toml"), "head")
        yield


@pytest.fixture
async def empty_database(services: None) -> AsyncGenerator[None]:
    """A database with tables and no rows; connections belong to this test's loop."""
    get_engine.cache_clear()
    names = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
    async with get_engine().begin() as connection:
        await connection.execute(text(f"TRUNCATE {names} CASCADE"))
    with Redis.from_url(get_settings().redis_url) as client:
        client.flushdb()  # what was kept of other rows, and how often was asked
    yield
    await get_engine().dispose()
    get_engine.cache_clear()


@pytest.fixture(autouse=True)
def sent(monkeypatch) -> list[queue.Job]:
    """The jobs that left; nothing runs them unless a test does."""
    jobs: list[queue.Job] = []
    monkeypatch.setattr(queue, "send", jobs.append)
    return jobs


@pytest.fixture(autouse=True)
def _noon(monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture(autouse=True)
def _patient(monkeypatch) -> None:
    """Do not pass a Redis by because the machine that runs the tests is busy."""
    monkeypatch.setattr(shortcut, "PATIENCE_SECONDS", 5.0)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch) -> None:
    """Ask a Moodle that fails again at once."""

    async def pass_at_once(_seconds: float) -> None:
        return None

    monkeypatch.setattr(retry, "sleep", pass_at_once)


@pytest.fixture(autouse=True)
def _no_tabs(monkeypatch) -> None:
    monkeypatch.setattr(live, "tabs", live.Tabs())


@pytest.fixture(autouse=True)
def _own_storage(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("STORAGE_DIR", str(tmp_path / "storage"))
    get_settings.cache_clear()
    storage.get_storage.cache_clear()


async def make_student(name: str, *, time_zone: str = "UTC") -> Student:
    """Put a student with one live session into the database."""
    account = Account(display_name=name, time_zone=time_zone, created_at=NOON)
    session = AuthSession(
        id=uuid4(),
        account_id=account.id,
        created_at=NOON,
        expires_at=NOON + timedelta(days=7),
    )
    async with unit_of_work() as work:
        work.session.add(account)
        await work.session.flush()
        work.session.add(session)
    return Student(account.id, session.id, name, time_zone, account.day_start_hour)


@pytest.fixture
async def student(empty_database: None) -> Student:
    """Mina, who is signed in."""
    return await make_student("Mina Aalto")


@pytest.fixture
async def other_student(empty_database: None) -> Student:
    """Jonas, who must never see what is Mina's."""
    return await make_student("Jonas Keller")


@pytest.fixture(scope="session")
def campus_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo Moodle's lectures lie once they are drawn."""
    return tmp_path_factory.mktemp("campus")


@pytest.fixture
def demo_site(campus_files: Path, monkeypatch) -> Iterator[str]:
    """The address of a demo Moodle of this test's own, on a real port."""
    campus = open_campus(campus_files, now=NOON)
    with serving(create_app(campus, now=lambda: NOON)) as address:
        monkeypatch.setenv("MOODLE_ALLOWED_HOSTS", address.removeprefix("http://"))
        get_settings.cache_clear()
        yield address
