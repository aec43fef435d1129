"""Who is signed in is kept for a moment, and never longer than it is true."""

from asyncio import gather
from datetime import datetime, timedelta

import pytest

from studymaster.adapters import cache
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.errors import ConflictError
from studymaster.features.accounts import queries, service
from studymaster.features.accounts.schemas import SessionTokens, Student
from studymaster.models import Account
from tests import statements
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


async def sign_in(student: Student) -> SessionTokens:
    async with unit_of_work() as work:
        account = await service.get_account(work, student.account_id)
        return await service.start_session(work, account=account, user_agent="", now=NOON)


async def renew(token: str, *, after: timedelta) -> SessionTokens | None:
    async with unit_of_work() as work:
        return await service.renew_session(work, refresh_token=token, now=NOON + after)


async def opens(token: str, *, now: datetime) -> bool:
    async with unit_of_work() as work:
        who = await service.student_of_tokens(
            work, access_token="", refresh_token=token, now=now
        )
    return who is not None


class TestTwoCopiesOfARefreshToken:
    async def test_that_renew_by_turns_end_the_session(self, student) -> None:
        owner = thief = (await sign_in(student)).refresh
        every = timedelta(minutes=10)
        renewed = await renew(owner, after=every)
        assert renewed is not None
        assert await renew(thief, after=every + timedelta(minutes=5)) is None
        assert await renew(renewed.refresh, after=2 * every) is None

    async def test_in_two_tabs_may_renew_within_the_same_minute(self, student) -> None:
        token = (await sign_in(student)).refresh
        first = await renew(token, after=timedelta(minutes=10))
        second = await renew(token, after=timedelta(minutes=11))
        assert first is not None
        assert second is not None
        assert await renew(second.refresh, after=timedelta(minutes=20)) is not None

    async def test_open_nothing_once_the_minute_is_over(self, student) -> None:
        token = (await sign_in(student)).refresh
        renewed = await renew(token, after=timedelta(minutes=10))
        assert renewed is not None
        later = NOON + timedelta(minutes=10)
        assert await opens(token, now=later + timedelta(seconds=60))
        assert not await opens(token, now=later + timedelta(seconds=61))
        assert await opens(renewed.refresh, now=later + timedelta(seconds=61))


async def used(student: Student) -> str:
    """Return at what time a student's session was last used, as the settings say it."""
    async with unit_of_work() as work:
        profile = await service.profile(work, student=student, now=NOON)
    (session,) = profile.devices[0].sessions
    return session.used[-5:]


async def come(tokens: SessionTokens, *, minutes: float) -> None:
    async with unit_of_work() as work:
        here = await service.student_of_tokens(
            work,
            access_token=tokens.access,
            refresh_token=tokens.refresh,
            now=NOON + timedelta(minutes=minutes),
        )
    assert here is not None


class TestLastUse:
    async def test_is_kept_up_to_date_while_the_session_is_used(self, student) -> None:
        tokens = await sign_in(student)
        async with unit_of_work() as work:
            seen = await service.student_of_tokens(
                work, access_token=tokens.access, refresh_token="", now=NOON
            )
        assert seen is not None
        begun = await used(seen)
        marks = []
        for minutes in (1, 4, 5, 6, 8, 12, 14, 19):
            await come(tokens, minutes=minutes)
            marks.append(await used(seen))
        assert begun == "12:00"
        assert marks == [
            *("12:00", "12:00", "12:00", "12:06", "12:06", "12:12", "12:12", "12:19")
        ]

    async def test_costs_one_write_in_a_few_minutes(self, student) -> None:
        tokens = await sign_in(student)
        with statements.asked() as asked:
            for tenth in range(1, 81):
                await come(tokens, minutes=tenth / 10)
        assert sum(one.startswith("UPDATE") for one in asked) == 1
        assert sum(one.startswith("SELECT") for one in asked) <= 2

    async def test_is_not_what_merely_looks_whether_it_lives(self, student) -> None:
        assert await who(student, now=NOON + timedelta(minutes=30)) == student
        assert await used(student) == "12:00"

    async def test_does_not_bring_back_what_was_ended(self, student) -> None:
        tokens = await sign_in(student)
        await come(tokens, minutes=0)
        async with unit_of_work() as work:
            await service.end_other_sessions(work, student=student, now=NOON)
        assert not await opens(tokens.refresh, now=NOON + timedelta(minutes=6))

    async def test_of_two_tabs_at_once_is_written_once(self, student) -> None:
        tokens = await sign_in(student)
        with statements.asked() as asked:
            await gather(*(come(tokens, minutes=7) for _ in range(4)))
            await come(tokens, minutes=8)
        updates = [one for one in asked if one.startswith("UPDATE")]
        assert 1 <= len(updates) <= 4


class TestWhoIsBeingDeleted:
    async def test_cannot_sign_in_as_their_row_goes(self, student) -> None:
        async with unit_of_work() as work:
            account = await service.get_account(work, student.account_id)
        async with unit_of_work() as work:
            await work.session.delete(await work.session.get_one(Account, account.id))
        with pytest.raises(ConflictError, match="being deleted"):
            async with unit_of_work() as work:
                await service.start_session(work, account=account, user_agent="", now=NOON)
