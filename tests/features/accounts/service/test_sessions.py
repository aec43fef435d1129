"""Who is signed in is kept for a moment, and never longer than it is true."""

import pytest

from studymaster.adapters import cache
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.features.accounts import queries, service
from studymaster.features.accounts.schemas import Student
from tests.conftest import NOON


async def who(student: Student, *, now=NOON) -> Student | None:
    async with unit_of_work() as work:
        return await service.student_of_session(
            work, account_id=student.account_id, session_id=student.session_id, now=now
        )


@pytest.fixture
def asked(monkeypatch) -> list[object]:
    """How often the database was asked for a session."""
    look, times = queries.live_session, list[object]()

    async def counted(*arguments, **options):
        times.append(options)
        return await look(*arguments, **options)

    monkeypatch.setattr(queries, "live_session", counted)
    return times


async def test_a_second_look_does_not_ask_the_database(student, asked) -> None:
    assert await who(student) == student
    assert await who(student) == student
    assert len(asked) == 1


async def test_a_changed_day_is_seen_at_once(student) -> None:
    await who(student)
    async with unit_of_work() as work:
        await service.save_day(
            work, account_id=student.account_id, time_zone="Asia/Tokyo", day_start_hour="5"
        )
    seen = await who(student)
    assert seen is not None
    assert (seen.time_zone, seen.day_start_hour) == ("Asia/Tokyo", 5)


async def test_an_ended_session_is_out_at_once(student) -> None:
    assert await who(student) == student
    async with unit_of_work() as work:
        await service.end_session(
            work, account_id=student.account_id, session_id=student.session_id, now=NOON
        )
    assert await who(student) is None


async def test_a_session_that_ran_out_while_it_was_kept_is_out(student) -> None:
    assert await who(student) == student
    assert await who(student, now=NOON.replace(day=NOON.day + 7)) is None


async def test_without_redis_the_database_says_who_it_is(
    student, asked, monkeypatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    assert await who(student) == student
    assert await who(student) == student
    assert len(asked) == 2


async def test_what_another_version_kept_is_not_believed(student, asked) -> None:
    await who(student)
    await cache.outdate([(cache.Kept.SESSIONS, str(student.account_id))])
    assert await who(student) == student
    assert len(asked) == 2
