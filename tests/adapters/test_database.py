"""A unit of work on a real PostgreSQL: what stays out of its errors, and how it is lost."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import structlog
from prometheus_client import REGISTRY
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from studymaster.adapters.database import (
    DatabaseAwayError,
    answers,
    connections_in_use,
    driver_url,
    get_engine,
    unit_of_work,
)
from studymaster.config import get_settings
from studymaster.models import Account
from tests.conftest import NOON

SECRET = "mina@secret.example.edu"


@pytest.fixture
def other_engine() -> Iterator[None]:
    """Whatever the test sets as DATABASE_URL is used, and forgotten afterwards."""
    get_engine.cache_clear()
    yield
    get_engine.cache_clear()


@asynccontextmanager
async def second_connection() -> AsyncGenerator:
    url = driver_url(get_settings().database_url, driver="asyncpg")
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def make_account(email: str) -> None:
    async with unit_of_work() as work:
        work.session.add(Account(display_name="Mina", email=email, created_at=NOON))


def everything_said(error: BaseException) -> str:
    """Return an error's text and those of all that led to it, as a log has them."""
    formatter = structlog.processors.format_exc_info
    return formatter(None, "", {"exc_info": error})["exception"]


async def test_an_address_taken_twice_is_not_repeated_by_the_error(empty_database) -> None:
    await make_account(SECRET)
    with pytest.raises(IntegrityError) as caught:
        await make_account(SECRET)
    assert "unique constraint" in str(caught.value)
    assert SECRET not in everything_said(caught.value)


@pytest.mark.parametrize("email", [SECRET + "\x00", (SECRET,)])
async def test_a_value_that_postgresql_refuses_is_not_repeated_either(
    empty_database, email
) -> None:
    with pytest.raises(DBAPIError) as caught:
        await make_account(email)
    assert SECRET not in everything_said(caught.value)


async def test_a_mistake_of_ours_is_no_database_that_is_away(empty_database) -> None:
    with pytest.raises(ProgrammingError):
        async with unit_of_work() as work:
            await work.session.exec(text("SELECT nothing FROM nowhere"))


async def test_a_database_lost_in_the_middle_of_a_query_is_named(empty_database) -> None:
    known = asyncio.get_running_loop().create_future()

    async def long_query() -> None:
        async with unit_of_work() as work:
            found = await work.session.exec(text("SELECT pg_backend_pid()"))
            known.set_result(found.scalar_one())
            await work.session.exec(text("SELECT pg_sleep(60)"))

    query = asyncio.create_task(long_query())
    async with asyncio.timeout(20), second_connection() as connection:
        asks = text("SELECT query LIKE '%pg_sleep%' FROM pg_stat_activity WHERE pid = :pid")
        where = {"pid": await known}
        while not (await connection.execute(asks, where)).scalar_one():
            pass
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), where)
        with pytest.raises(DatabaseAwayError, match="Nothing is lost"):
            await query
    await make_account("after@example.edu")  # the next one gets a connection that works


async def test_a_database_lost_before_the_commit_is_named(empty_database) -> None:
    with pytest.raises(DatabaseAwayError):
        async with unit_of_work() as work, second_connection() as connection:
            found = await work.session.exec(text("SELECT pg_backend_pid()"))
            await connection.execute(
                text("SELECT pg_terminate_backend(:pid, 5000)"),
                {"pid": found.scalar_one()},
            )


async def test_a_port_where_nobody_listens_is_named(other_engine, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    get_settings.cache_clear()
    with pytest.raises(DatabaseAwayError):
        await make_account("a@example.edu")


async def test_a_database_that_takes_no_more_connections_is_named(
    empty_database, other_engine, monkeypatch
) -> None:
    async with second_connection() as connection:
        await connection.execute(text("DROP ROLE IF EXISTS crowd"))
        await connection.execute(text("CREATE ROLE crowd LOGIN CONNECTION LIMIT 0"))
        await connection.execute(text("ALTER ROLE crowd PASSWORD 'crowd'"))
    place = get_settings().database_url.partition("@")[2]
    monkeypatch.setenv("DATABASE_URL", f"postgresql://crowd:crowd@{place}")
    get_settings.cache_clear()
    with pytest.raises(DatabaseAwayError):
        await make_account("a@example.edu")


async def test_when_no_connection_becomes_free_the_database_counts_as_away(
    empty_database, other_engine, monkeypatch
) -> None:
    monkeypatch.setenv("DATABASE_POOL_SIZE", "1")
    get_settings.cache_clear()
    pool = get_engine().pool
    monkeypatch.setattr(pool, "_timeout", 0)
    async with AsyncExitStack() as busy:
        for _ in range(pool.size() + pool._max_overflow):
            work = await busy.enter_async_context(unit_of_work())
            await work.session.exec(text("SELECT 1"))
        with pytest.raises(DatabaseAwayError):
            await make_account("a@example.edu")
    await get_engine().dispose()


@pytest.mark.parametrize(("size", "most"), [(1, 11), (20, 30), (45, 50), (50, 50)])
async def test_the_pool_never_grows_beyond_fifty(
    other_engine, monkeypatch, size, most
) -> None:
    monkeypatch.setenv("DATABASE_POOL_SIZE", str(size))
    get_settings.cache_clear()
    pool = get_engine().pool
    assert pool.size() + pool._max_overflow == most


def test_twenty_connections_are_kept_unless_a_host_says_otherwise(
    other_engine, services
) -> None:
    get_settings.cache_clear()
    assert get_engine().pool.size() == 20


async def test_each_statement_is_timed_by_its_kind(empty_database) -> None:
    def count(kind: str) -> float:
        name, labels = "studymaster_database_query_seconds_count", {"statement": kind}
        return REGISTRY.get_sample_value(name, labels) or 0

    before = {kind: count(kind) for kind in ("select", "insert")}
    await make_account("mina@example.edu")
    async with unit_of_work() as work:
        await work.session.exec(text("SELECT 1"))
        assert connections_in_use() == 1
    assert count("insert") - before["insert"] == 1
    assert count("select") - before["select"] >= 1
    assert connections_in_use() == 0


async def test_whether_the_database_answers_is_told_without_an_error(
    empty_database, other_engine, monkeypatch
) -> None:
    assert await answers()
    await get_engine().dispose()
    get_engine.cache_clear()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    get_settings.cache_clear()
    assert not await answers()
