"""Asking for a run: what broke is tried once more, and a site's pause is kept."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from studymaster.adapters import moodle, vault
from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import DISCONNECTED
from studymaster.features.accounts.schemas import MoodleIdentity, Student
from studymaster.features.sync import rules, service
from studymaster.features.sync.service.telling import BROKEN_TITLES
from studymaster.models import (
    ConnectionState,
    MoodleConnection,
    Notification,
    RunState,
    SyncRun,
)
from tests.conftest import NOON, make_student
from tests.factories.moodle import UNI, connect, make_run
from tests.features.courses.test_service import BIOLOGY, keep

HALF_HOUR = timedelta(minutes=30)
OTHER = "https://other.uni.edu"


async def ask(student: Student, *, now=NOON, course_id: UUID | None = None) -> UUID:
    async with unit_of_work() as work:
        return await service.request_sync(
            work, account_id=student.account_id, now=now, course_id=course_id
        )


async def change(connection: MoodleConnection, **fields) -> None:
    async with unit_of_work() as work:
        row = await work.session.get(MoodleConnection, connection.id)
        for name, value in fields.items():
            setattr(row, name, value)


async def break_it(connection: MoodleConnection, code: str) -> None:
    await change(
        connection, state=ConnectionState.BROKEN, failure="It is shut.", failure_code=code
    )


async def row_of(connection: MoodleConnection) -> MoodleConnection:
    async with unit_of_work() as work:
        row = await work.session.get(MoodleConnection, connection.id)
    assert row is not None
    return row


async def runs() -> list[SyncRun]:
    async with unit_of_work() as work:
        return [*(await work.session.exec(select(SyncRun))).all()]


async def fail(
    student: Student, error: Exception, *, broken: bool = False, now=NOON
) -> list[Notification]:
    """Have the run that waits fail, and return what the student is told."""
    async with unit_of_work() as work:
        errand = await service.claim_run(
            work, account_id=student.account_id, job=None, now=now
        )
        how = {"error": error, "connection_broken": broken, "now": now}
        await service.fail_run(work, errand=errand, **how)
        await service.tell_of_failed(work, outing=errand, **how)
    async with unit_of_work() as work:
        rows = await work.session.exec(select(Notification))
        return sorted(rows.all(), key=lambda row: row.created_at)


class TestBroken:
    @pytest.mark.parametrize("code", sorted(rules.OPENS_STILL))
    async def test_it_is_tried_again_once_the_student_asks(
        self, student, code, sent
    ) -> None:
        connection = await connect(student)
        await break_it(connection, code)
        await ask(student)
        row = await row_of(connection)
        assert (row.state, row.failure) == (ConnectionState.ACTIVE, None)
        assert len(sent) == len(await runs()) == 1

    async def test_one_course_of_it_revives_only_its_own_moodle(self, student) -> None:
        own, other = await connect(student), await connect(student, site_url=OTHER)
        (course,) = await keep(own, BIOLOGY)
        for connection in (own, other):
            await break_it(connection, "policy_not_agreed")
        await ask(student, course_id=UUID(course.id))
        assert (await row_of(own)).state is ConnectionState.ACTIVE
        assert (await row_of(other)).state is ConnectionState.BROKEN

    async def test_two_tabs_may_ask_at_once(self, student, sent) -> None:
        connection = await connect(student)
        await break_it(connection, "policy_not_agreed")
        asked = await asyncio.gather(*(ask(student) for _ in range(4)))
        assert len({*asked}) == len(await runs()) == 1

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("token_expired", "Uni lets StudyMaster in no more"),
            ("SealError", "Uni lets StudyMaster in no more"),
            (DISCONNECTED, "Uni is disconnected"),
        ],
    )
    async def test_a_key_that_opens_nothing_is_said_to_be_that(
        self, student, code, words
    ) -> None:
        connection = await connect(student)
        await break_it(connection, code)
        with pytest.raises(ConflictError, match=words) as refused:
            await ask(student)
        assert "Connect it again" in refused.value.message
        assert (await row_of(connection)).state is ConnectionState.BROKEN
        assert await runs() == []

    async def test_without_any_moodle_it_is_said_to_connect_one(self, student) -> None:
        with pytest.raises(ConflictError, match="No Moodle is connected"):
            await ask(student)

    async def test_nobody_revives_the_moodle_of_another(
        self, student, other_student
    ) -> None:
        connection = await connect(student)
        await break_it(connection, "policy_not_agreed")
        with pytest.raises(ConflictError):
            await ask(other_student)
        (course,) = await keep(connection, BIOLOGY)
        with pytest.raises(NotFoundError):
            await ask(other_student, course_id=UUID(course.id))
        assert (await row_of(connection)).state is ConnectionState.BROKEN


class TestPauses:
    async def paused(self, student: Student, *, seconds: int = 290) -> MoodleConnection:
        connection = await connect(student)
        await ask(student)
        await fail(student, moodle.TooBusyError("127.0.0.1", retry_after=seconds))
        return connection

    async def test_it_is_told_by_name_and_with_the_students_time(
        self, empty_database
    ) -> None:
        student = await make_student("Mina", time_zone="Asia/Kolkata")  # 5 h 30 ahead
        connection = await self.paused(student)
        row = await row_of(connection)
        assert row.paused_until == NOON + timedelta(seconds=290)
        local = f"{NOON + timedelta(hours=5, minutes=35):%H:%M}"
        assert row.failure == (
            f"Uni is busy and asks for a pause until {local}. "
            "Nothing is lost; sync again after that."
        )
        (run,) = await runs()
        assert run.failure == row.failure

    async def test_in_it_nothing_is_asked_and_no_row_is_added(self, student, sent) -> None:
        await self.paused(student)
        for _ in range(3):
            with pytest.raises(ConflictError, match=r"asks for a pause until 12:05\."):
                await ask(student, now=NOON + timedelta(minutes=4))
        assert len(await runs()) == len(sent) == 1

    async def test_after_it_a_run_is_asked_for_as_ever(self, student) -> None:
        connection = await self.paused(student)
        over = NOON + timedelta(minutes=5)
        await ask(student, now=over)
        async with unit_of_work() as work:
            errand = await service.claim_run(
                work, account_id=student.account_id, job=None, now=over
            )
            await service.finish_run(work, errand=errand, now=over)
        row = await row_of(connection)
        assert (row.failure, row.paused_until) == (None, None)

    async def test_runs_that_come_by_themselves_wait_for_its_end(self, student) -> None:
        await self.paused(student, seconds=3600)
        for minutes, expected in ((45, 1), (61, 2)):
            async with unit_of_work() as work:
                await service.request_due_syncs(work, now=NOON + timedelta(minutes=minutes))
            assert len(await runs()) == expected

    async def test_another_site_goes_on_in_it(self, student) -> None:
        paused = await self.paused(student)
        other = await connect(student, site_url=OTHER)
        await ask(student)
        waiting = [run for run in await runs() if run.state is RunState.QUEUED]
        assert [run.connection_id for run in waiting] == [other.id]
        assert paused.id != other.id

    async def test_connecting_another_moodle_leaves_it_alone(self, student) -> None:
        paused = await self.paused(student)
        other = await connect(student, site_url=OTHER)
        for minutes, asked in ((4, [other.id]), (5, [other.id, paused.id])):
            async with unit_of_work() as work:
                await service.promise_runs(
                    work,
                    account_id=student.account_id,
                    now=NOON + timedelta(minutes=minutes),
                )
            waiting = [run for run in await runs() if run.state is RunState.QUEUED]
            assert {run.connection_id for run in waiting} == {*asked}

    async def test_connecting_it_anew_ends_it(self, student) -> None:
        paused = await self.paused(student)
        identity = MoodleIdentity(
            UNI, "Uni", paused.moodle_user_id, "mina", "Mina", "f" * 32
        )
        async with unit_of_work() as work:
            await accounts.connect_moodle(
                work, account_id=student.account_id, identity=identity, now=NOON
            )
            await service.promise_runs(work, account_id=student.account_id, now=NOON)
        waiting = [run for run in await runs() if run.state is RunState.QUEUED]
        assert [run.connection_id for run in waiting] == [paused.id]

    async def test_mending_another_moodle_leaves_it_alone(self, student) -> None:
        await self.paused(student)
        other = await connect(student, site_url=OTHER)
        await break_it(other, "policy_not_agreed")
        async with unit_of_work() as work:
            await service.try_again(
                work, account_id=student.account_id, connection_id=other.id, now=NOON
            )
        waiting = [run for run in await runs() if run.state is RunState.QUEUED]
        assert [run.connection_id for run in waiting] == [other.id]

    async def test_no_site_shuts_itself_up_for_longer_than_a_day(self, student) -> None:
        connection = await self.paused(student, seconds=10**9)
        assert (await row_of(connection)).paused_until == NOON + timedelta(days=1)


class TestTelling:
    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (moodle.PolicyNotAgreedError, "wants you to agree to its policy"),
            (moodle.PasswordChangeRequiredError, "wants you to change your password"),
            (moodle.AccountSuspendedError, "suspended or closed"),
            (moodle.TokenExpiredError, "needs you to connect again"),
        ],
    )
    async def test_the_title_says_what_the_student_has_to_do(
        self, student, error, words
    ) -> None:
        await connect(student)
        await ask(student)
        (notice,) = await fail(student, error("127.0.0.1"), broken=True)
        assert words in notice.title
        assert "Uni" in notice.text
        assert "127.0.0.1" not in notice.text

    async def test_what_is_known_is_not_told_again_and_something_else_is(
        self, student
    ) -> None:
        await connect(student)
        errors = (
            moodle.PolicyNotAgreedError,
            moodle.PolicyNotAgreedError,
            moodle.AccountSuspendedError,
        )
        for number, error in enumerate(errors):
            now = NOON + number * HALF_HOUR
            await ask(student, now=now)
            told = await fail(student, error("h"), broken=True, now=now)
        assert [one.title for one in told] == [
            BROKEN_TITLES["policy_not_agreed"],
            BROKEN_TITLES["account_suspended"],
        ]

    async def test_a_key_that_cannot_be_read_needs_a_new_connection(self, student) -> None:
        await connect(student)
        await ask(student)
        (notice,) = await fail(
            student, vault.SealError("It cannot be opened."), broken=True
        )
        assert notice.title == "Moodle needs you to connect again"

    def test_every_title_is_of_a_failure_that_exists(self) -> None:
        named = {
            error.code
            for error in vars(moodle).values()
            if isinstance(error, type) and issubclass(error, moodle.MoodleError)
        }
        assert set(BROKEN_TITLES) <= named


async def test_what_did_not_come_is_said_with_the_name_of_the_site(student) -> None:
    connection = await connect(student)
    await make_run(connection, state=RunState.QUEUED)
    async with unit_of_work() as work:
        errand = await service.claim_run(
            work, account_id=student.account_id, job=None, now=NOON
        )
        error = moodle.FileBrokenError("127.0.0.1")
        await service.note_issue(
            work,
            errand=errand,
            course_name="BIO",
            item_name="Lecture 1",
            error=error,
            now=NOON,
        )
    assert "arrived from Uni incomplete" in error.message
    assert UNI not in error.message
