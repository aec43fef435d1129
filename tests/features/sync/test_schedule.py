"""When accounts are read by themselves: spread over the half hour, who sleeps once a day."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text, update
from sqlmodel import col, select

from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.sync import rules, service
from studymaster.models import (
    Account,
    AuthSession,
    ConnectionState,
    MoodleConnection,
    Preferences,
    RunState,
    SyncRun,
)
from tests.conftest import NOON
from tests.factories.moodle import UNI

MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)


async def make_accounts(number: int, *, used: datetime = NOON) -> list[UUID]:
    """Put students with one Moodle each there, who opened StudyMaster at a moment."""
    accounts = [uuid4() for _ in range(number)]
    async with unit_of_work() as work:
        await put(work, Account, [_account(one) for one in accounts])
        await put(
            work,
            AuthSession,
            [_session(one, used=used) for one in accounts],
        )
        await put(work, MoodleConnection, [_connection(one) for one in accounts])
    await know_the_tables()
    return accounts


async def know_the_tables() -> None:
    """Have PostgreSQL count its rows, as it does by itself now and then."""
    async with unit_of_work() as work:
        await work.session.exec(text("ANALYZE"))


def _account(account_id: UUID) -> Account:
    return Account(id=account_id, display_name="S", created_at=NOON)


def _session(account_id: UUID, *, used: datetime) -> AuthSession:
    return AuthSession(account_id=account_id, created_at=NOON, expires_at=used + WEEK)


def _connection(account_id: UUID) -> MoodleConnection:
    return MoodleConnection(
        account_id=account_id,
        site_url=UNI,
        site_name="Uni",
        moodle_user_id=account_id.int % 2**62,
        moodle_username="s",
        sealed_token="sealed",
        token_obtained_at=NOON,
        created_at=NOON,
    )


async def put(work: UnitOfWork, table: type, rows: Sequence) -> None:
    await work.session.exec(insert(table), params=[row.model_dump() for row in rows])


async def tick(now: datetime) -> list[UUID]:
    """Let a minute pass in which the workers keep up; return who was read in it."""
    async with unit_of_work() as work:
        await service.request_due_syncs(work, now=now)
    async with unit_of_work() as work:
        done = (
            update(SyncRun)
            .where(col(SyncRun.state) == RunState.QUEUED)
            .values(state=RunState.DONE, finished_at=now)
            .returning(col(SyncRun.account_id))
        )
        return [row[0] for row in (await work.session.exec(done)).all()]


async def use(account_id: UUID, *, at: datetime) -> None:
    async with unit_of_work() as work:
        await work.session.exec(
            update(AuthSession)
            .where(col(AuthSession.account_id) == account_id)
            .values(expires_at=at + WEEK)
        )


async def test_a_thousand_students_are_read_every_half_hour_and_never_all_at_once(
    empty_database,
) -> None:
    accounts = await make_accounts(1_000)
    most = rules.most_at_once(awake=1_000, asleep=0)
    last: dict[UUID, datetime] = {}
    longest = timedelta(0)
    for minute in range(65):
        now = NOON + minute * MINUTE
        read = await tick(now)
        if minute == 1:
            await know_the_tables()
        assert len(read) == len(set(read)) <= most
        for one in read:
            longest = max(longest, now - last.get(one, now))
            last[one] = now
    assert set(last) == set(accounts)
    assert longest <= timedelta(minutes=31)
    end = NOON + 65 * MINUTE
    assert max(end - moment for moment in last.values()) <= timedelta(minutes=31)


async def test_who_slept_for_a_week_is_read_once_a_day(empty_database) -> None:
    (awake,) = await make_accounts(1, used=NOON)
    (asleep,) = await make_accounts(1, used=NOON - WEEK)
    read: Counter[UUID] = Counter()
    for quarter in range(4 * 24):
        read.update(await tick(NOON + 15 * quarter * MINUTE))
    assert read == {awake: 48, asleep: 1}
    assert asleep in await tick(NOON + timedelta(days=1))


async def test_who_comes_back_is_due_at_once_and_before_all_others(empty_database) -> None:
    now = NOON + timedelta(days=2)
    (back,) = await make_accounts(1, used=NOON - WEEK)
    await tick(now - timedelta(hours=20))
    (other,) = await make_accounts(1, used=now)
    await tick(now - timedelta(hours=1))
    assert await tick(now - MINUTE) == [other]
    await use(back, at=now)
    async with unit_of_work() as work:
        await service.request_due_syncs(work, now=now)
        assert [run.account_id for run in await waiting(work)] == [back]


async def waiting(work: UnitOfWork) -> Sequence[SyncRun]:
    statement = select(SyncRun).where(SyncRun.state == RunState.QUEUED)
    return (await work.session.exec(statement)).all()


async def test_a_session_that_was_ended_was_used_all_the_same(empty_database) -> None:
    (account,) = await make_accounts(1)
    async with unit_of_work() as work:
        await work.session.exec(update(AuthSession).values(ended_at=NOON))
    await tick(NOON)
    assert await tick(NOON + 31 * MINUTE) == [account]


async def test_who_waits_longest_comes_first_when_not_all_fit(empty_database) -> None:
    accounts = await make_accounts(60)
    most = rules.most_at_once(awake=60, asleep=0)
    order: list[UUID] = []
    while len(order) < len(accounts):
        order += await tick(NOON + len(order) * MINUTE)
    again = await tick(NOON + timedelta(hours=5))
    assert len(again) == most
    assert set(again) == set(order[:most])


async def test_what_waits_already_takes_nobodys_place(empty_database) -> None:
    await make_accounts(40)
    most = rules.most_at_once(awake=40, asleep=0)
    counts = []
    for minutes in (0, 40, 80):
        async with unit_of_work() as work:
            await service.request_due_syncs(work, now=NOON + minutes * MINUTE)
            counts.append(len(await waiting(work)))
    assert counts == [most, 2 * most, 3 * most]


async def test_what_is_broken_or_switched_off_is_never_due(empty_database) -> None:
    broken, off, fine = await make_accounts(3)
    async with unit_of_work() as work:
        work.session.add(Preferences(account_id=off, sync_enabled=False))
        await work.session.exec(
            update(MoodleConnection)
            .where(col(MoodleConnection.account_id) == broken)
            .values(state=ConnectionState.BROKEN)
        )
    assert await tick(NOON) == [fine]


@pytest.mark.parametrize(
    ("awake", "asleep", "most"),
    [(0, 0, 1), (1, 0, 3), (30, 0, 3), (31, 0, 5), (1_000, 0, 69), (0, 1_440, 3)],
)
def test_so_many_runs_are_promised_in_a_minute_at_most(awake, asleep, most) -> None:
    assert rules.most_at_once(awake=awake, asleep=asleep) == most
