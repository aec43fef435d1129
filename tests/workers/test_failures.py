"""A failed task is kept for the host, without anybody's secrets."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from studymaster.adapters import clock
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.config import get_settings
from studymaster.errors import ConflictError
from studymaster.features.accounts.schemas import FailedTask
from studymaster.features.accounts.service import hosting
from studymaster.models import TaskFailure
from tests.conftest import NOON
from tests.workers.told import host_was_told
from workers import failures
from workers.app import _keep_failure, _runner

ARGUMENTS = {"account_id": "a-1", "export_id": "e-1", "note": "my diary", "token": "abc"}


def broken() -> None:
    msg = "wstoken=0123456789abcdef"
    raise ValueError(msg)


def test_ids_are_kept_and_everything_else_is_cut() -> None:
    kept = failures.describe("x", arguments=ARGUMENTS, error=ValueError("abc"))
    assert kept.arguments == "account_id=a-1, export_id=e-1, note=…, token=…"
    assert "diary" not in str(kept)


def test_what_an_unexpected_error_says_is_not_kept_but_where_it_was() -> None:
    with pytest.raises(ValueError, match="wstoken") as caught:
        broken()
    kept = failures.describe("x", arguments={}, error=caught.value)
    assert "0123456789abcdef" not in str(kept)
    assert kept.error.startswith("ValueError: at test_failures.py, line ")
    assert kept.error.endswith("in broken")


def test_our_own_sentence_is_kept() -> None:
    kept = failures.describe("x", arguments={}, error=ConflictError("Already there."))
    assert kept.error == "ConflictError: Already there."


async def test_it_is_written_down_for_the_host(empty_database) -> None:
    await failures.keep(FailedTask("accounts.export", "account_id=a-1", "E" * 5000))
    async with unit_of_work() as work:
        row = (await work.session.exec(select(TaskFailure))).one()
    assert (row.task, row.seen_at, len(row.error)) == ("accounts.export", None, 2000)


class TestWhatComesAgain:
    """A job that runs twice a minute fails as often until somebody mends it."""

    async def test_is_one_row_that_says_when_and_where_it_was_last(
        self, empty_database, monkeypatch
    ) -> None:
        later = NOON + timedelta(seconds=30)
        await failures.keep(FailedTask("x", "account_id=a", "ValueError: at a.py, line 1"))
        monkeypatch.setattr(clock, "now", lambda: later)
        await failures.keep(FailedTask("x", "account_id=a", "ValueError: at b.py, line 2"))
        (row,) = await host_was_told()
        assert (row.created_at, row.error) == (later, "ValueError: at b.py, line 2")

    @pytest.mark.parametrize(
        "other",
        [
            FailedTask("y", "account_id=a", "A_Error: no"),
            FailedTask("x", "account_id=b", "A_Error: no"),
            FailedTask("x", "account_id=a", "AnError: no"),
            FailedTask("x", "account_id=a", "A_ErrorAsWell: no"),
        ],
    )
    async def test_is_not_mixed_up_with_what_is_not_the_same(
        self, empty_database, other: FailedTask
    ) -> None:
        first = FailedTask("x", "account_id=a", "A_Error: no")
        for one in (other, first):
            await failures.keep(one)
        assert len(await host_was_told()) == 2

    async def test_is_told_anew_once_the_host_has_seen_it(self, empty_database) -> None:
        failure = FailedTask("x", "account_id=a", "ValueError: no")
        await failures.keep(failure)
        async with unit_of_work() as work:
            await hosting.mark_seen(work, failure_id=None, now=NOON)
        await failures.keep(failure)
        assert sorted(row.seen_at is None for row in await host_was_told()) == [False, True]

    async def test_is_one_row_also_for_two_workers_at_once(self, empty_database) -> None:
        failure = FailedTask("x", "", "ValueError: no")
        await asyncio.gather(*(failures.keep(failure) for _ in range(5)))
        assert len(await host_was_told()) == 1


async def test_a_database_that_is_away_fails_nothing_else(services, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    get_settings.cache_clear()
    get_engine.cache_clear()
    await failures.keep(FailedTask("x", "", "E"))
    await get_engine().dispose()
    monkeypatch.undo()
    get_settings.cache_clear()
    get_engine.cache_clear()


def test_celery_tells_us_of_a_task_that_failed(services) -> None:
    class Task:
        name = "accounts.export"

    async def read() -> list[str]:
        async with unit_of_work() as work:
            return [row.task for row in (await work.session.exec(select(TaskFailure)))]

    get_engine.cache_clear()
    _keep_failure(sender=Task(), exception=ValueError("x"), kwargs=ARGUMENTS)
    _runner().run(get_engine().dispose())
    get_engine.cache_clear()

    async def whole() -> list[str]:
        try:
            return await read()
        finally:
            await get_engine().dispose()
            get_engine.cache_clear()

    assert "accounts.export" in asyncio.run(whole())
