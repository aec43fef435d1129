"""Renewing, mending and ending a connection, and what the page says of each."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from studymaster.adapters import moodle, vault
from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import DISCONNECTED
from studymaster.features.accounts.schemas import MoodleIdentity, Student
from studymaster.features.sync import rules, service
from studymaster.features.sync.schemas import ConnectionView
from studymaster.models import (
    ConnectionState,
    ConnectionWay,
    Course,
    MoodleConnection,
    RunState,
    SyncRun,
)
from tests.conftest import NOON
from tests.factories.moodle import UNI, connect, make_run
from tests.features.sync.past import make_past


async def disconnect(student: Student, connection_id: UUID) -> None:
    async with unit_of_work() as work:
        await service.disconnect(
            work, account_id=student.account_id, connection_id=connection_id, now=NOON
        )


async def try_again(student: Student, connection_id: UUID) -> None:
    async with unit_of_work() as work:
        await service.try_again(
            work, account_id=student.account_id, connection_id=connection_id, now=NOON
        )


async def change(connection: MoodleConnection, **fields) -> None:
    async with unit_of_work() as work:
        row = await work.session.get(MoodleConnection, connection.id)
        for name, value in fields.items():
            setattr(row, name, value)


async def row_of(connection: MoodleConnection) -> MoodleConnection:
    async with unit_of_work() as work:
        row = await work.session.get(MoodleConnection, connection.id)
    assert row is not None
    return row


async def break_it(connection: MoodleConnection, code: str) -> None:
    await change(
        connection, state=ConnectionState.BROKEN, failure="It is shut.", failure_code=code
    )


async def seen(student: Student, *, days: int = 0) -> ConnectionView:
    async with unit_of_work() as work:
        view = await service.overview(
            work, student=student, now=NOON + timedelta(days=days)
        )
    (connection,) = view.connections
    return connection


async def runs() -> list[SyncRun]:
    async with unit_of_work() as work:
        return [*(await work.session.exec(select(SyncRun))).all()]


class TestDisconnecting:
    async def test_the_key_goes_and_what_was_fetched_stays(self, student) -> None:
        past = await make_past(student)
        await disconnect(student, past.connection.id)
        row = await row_of(past.connection)
        assert (row.state, row.sealed_token) == (ConnectionState.BROKEN, "")
        assert row.failure_code == DISCONNECTED
        async with unit_of_work() as work:
            assert len((await work.session.exec(select(Course))).all()) == 2

    async def test_it_is_told_calmly(self, student) -> None:
        connection = await connect(student)
        await disconnect(student, connection.id)
        view = await seen(student)
        assert view.disconnected
        assert view.failure == (
            "You disconnected this Moodle. Nothing is read from it any more."
        )
        assert view.what_to_do == "What was fetched stays. Connect again whenever you like."
        assert (view.may_try, view.runs_out) == (False, "")
        assert view.keys_url == f"{UNI}/user/managetoken.php"

    async def test_nothing_asks_it_any_more(self, student) -> None:
        connection = await connect(student)
        await disconnect(student, connection.id)
        async with unit_of_work() as work:
            await service.request_due_syncs(work, now=NOON + timedelta(days=2))
            await service.promise_runs(work, account_id=student.account_id, now=NOON)
        assert await runs() == []
        with pytest.raises(ConflictError, match="Connect"):
            async with unit_of_work() as work:
                await service.request_sync(work, account_id=student.account_id, now=NOON)

    @pytest.mark.parametrize(
        ("before", "after"),
        [(RunState.QUEUED, RunState.FAILED), (RunState.RUNNING, RunState.RUNNING)],
    )
    async def test_a_run_under_way_is_stopped(self, student, before, after) -> None:
        connection = await connect(student)
        await make_run(connection, state=before)
        await disconnect(student, connection.id)
        (run,) = await runs()
        assert (run.state, run.cancelled_at) == (after, NOON)

    async def test_a_run_that_ends_after_it_does_not_undo_it(self, student) -> None:
        connection = await connect(student)
        async with unit_of_work() as work:
            await service.promise_runs(work, account_id=student.account_id, now=NOON)
            errand = await service.claim_run(
                work, account_id=student.account_id, job=None, now=NOON
            )
        await disconnect(student, connection.id)
        async with unit_of_work() as work:
            await service.finish_run(work, errand=errand, now=NOON)
        assert (await row_of(connection)).failure_code == DISCONNECTED

    async def test_a_run_promised_in_that_moment_is_not_carried_out(self, student) -> None:
        connection = await connect(student)
        await disconnect(student, connection.id)
        await make_run(connection, state=RunState.QUEUED)
        async with unit_of_work() as work:
            errand = await service.claim_run(
                work, account_id=student.account_id, job=None, now=NOON
            )
        assert errand is None
        assert (await runs())[0].state is RunState.FAILED

    async def test_connecting_again_brings_it_back(self, student, sent) -> None:
        connection = await connect(student)
        await disconnect(student, connection.id)
        identity = MoodleIdentity(
            UNI, "Uni", connection.moodle_user_id, "mina", "Mina", "f" * 32
        )
        async with unit_of_work() as work:
            await accounts.connect_moodle(
                work, account_id=student.account_id, identity=identity, now=NOON
            )
        row = await row_of(connection)
        assert (row.state, row.failure) == (ConnectionState.ACTIVE, None)
        assert vault.unseal(row.sealed_token) == "f" * 32
        assert len(sent) == 1

    async def test_two_tabs_may_do_it_at_once(self, student) -> None:
        connection = await connect(student)
        await make_run(connection, state=RunState.RUNNING)
        await asyncio.gather(*(disconnect(student, connection.id) for _ in range(4)))
        assert (await row_of(connection)).failure_code == DISCONNECTED

    async def test_nobody_disconnects_the_moodle_of_another(
        self, student, other_student
    ) -> None:
        connection = await connect(student)
        for wrong in (connection.id, uuid4()):
            with pytest.raises(NotFoundError):
                await disconnect(other_student, wrong)
            with pytest.raises(NotFoundError):
                await try_again(other_student, wrong)
        assert (await row_of(connection)).state is ConnectionState.ACTIVE


class TestMending:
    @pytest.mark.parametrize("code", sorted(rules.OPENS_STILL))
    async def test_after_something_was_put_right_in_moodle_the_key_is_tried_again(
        self, student, code, sent
    ) -> None:
        connection = await connect(student)
        await break_it(connection, code)
        view = await seen(student)
        assert view.may_try
        assert "Try again" in view.what_to_do
        await try_again(student, connection.id)
        row = await row_of(connection)
        assert (row.state, row.failure) == (ConnectionState.ACTIVE, None)
        assert len(sent) == 1

    @pytest.mark.parametrize("code", ["token_expired", "SealError", DISCONNECTED, ""])
    async def test_a_key_that_opens_nothing_is_not_tried(self, student, code) -> None:
        connection = await connect(student)
        await break_it(connection, code)
        assert not (await seen(student)).may_try
        with pytest.raises(ConflictError, match="connect again"):
            await try_again(student, connection.id)

    async def test_every_broken_connection_says_what_to_do(self, student) -> None:
        connection = await connect(student)
        said = set()
        for code in (*rules.REMEDIES, "something new"):
            await break_it(connection, code)
            view = await seen(student)
            assert view.what_to_do.endswith(".")
            said.add(view.what_to_do)
        assert len(said) > 5

    def test_every_remedy_is_for_a_failure_that_exists(self) -> None:
        named = {
            error.code
            for error in vars(moodle).values()
            if isinstance(error, type) and issubclass(error, moodle.MoodleError)
        }
        assert set(rules.REMEDIES) - named == {"SealError", DISCONNECTED}
        assert set(rules.REMEDIES) >= rules.OPENS_STILL

    async def test_one_that_works_needs_nothing(self, student) -> None:
        await connect(student)
        view = await seen(student)
        assert (view.broken, view.what_to_do, view.may_try) == (False, "", False)


class TestRenewing:
    @pytest.mark.parametrize(
        ("days", "words"),
        [
            (0, ""),
            (76, ""),
            (77, "Your connection runs out in 7 days."),
            (78, "Your connection runs out in 6 days."),
            (83, "Your connection runs out in 1 day."),
            (84, "Your connection may run out any hour now."),
            (85, ""),
            (400, ""),
        ],
    )
    async def test_it_is_announced_a_week_ahead(self, student, days, words) -> None:
        await connect(student)
        assert (await seen(student, days=days)).runs_out == words

    @pytest.mark.parametrize(
        ("way", "form"),
        [
            (ConnectionWay.PASSWORD, "moodle"),
            (ConnectionWay.BROWSER, "browser"),
            (ConnectionWay.TOKEN, "token"),
        ],
    )
    async def test_it_is_renewed_the_way_it_was_made(self, student, way, form) -> None:
        await change(await connect(student), way=way)
        assert (await seen(student)).way == form
