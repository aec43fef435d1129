"""One account's fault neither stops the others' work nor stays hidden from the host."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from studymaster.adapters.database import DatabaseAwayError, unit_of_work
from studymaster.errors import ConflictError
from studymaster.jobs import JobName
from studymaster.models import TaskFailure
from tests.workers.told import host_was_told
from workers.apart import MOST_TOLD, Apart, promised

JOB = JobName.CLOSE_DAYS
AWAY = DatabaseAwayError("It does not answer.")


def ids(count: int) -> list[UUID]:
    return [uuid4() for _ in range(count)]


class Workshop:
    """Does the work of accounts, and breaks over some of them."""

    def __init__(self, *broken: UUID, error: Exception | None = None) -> None:
        self.broken = broken
        self.error = error or ValueError("my diary")
        self.done: list[UUID] = []

    async def do(self, account_ids: Sequence[UUID]) -> int:
        if {*account_ids} & {*self.broken}:
            raise self.error
        self.done += account_ids
        return len(account_ids)


class TestOneAccount:
    async def test_its_fault_is_told_the_host_and_the_next_goes_on(
        self, empty_database
    ) -> None:
        broken, whole = ids(2)
        workshop, apart = Workshop(broken), Apart(JOB)
        for one in (broken, whole):
            async with apart.one(one):
                await workshop.do([one])
        assert workshop.done == [whole]
        (told,) = await host_was_told()
        assert (told.task, told.arguments) == (JOB, f"account_id={broken}")
        assert told.error.startswith("ValueError: at test_apart.py, line ")
        assert "diary" not in told.error

    async def test_our_own_sentence_is_told_as_it_is(self, empty_database) -> None:
        async with Apart(JOB).one(uuid4()):
            msg = "That day is closed."
            raise ConflictError(msg)
        assert [row.error for row in await host_was_told()] == [
            "ConflictError: That day is closed."
        ]

    async def test_a_database_that_is_away_ends_the_job_so_that_it_comes_again(
        self, empty_database
    ) -> None:
        with pytest.raises(DatabaseAwayError):
            async with Apart(JOB).one(uuid4()):
                raise AWAY
        assert await host_was_told() == []

    async def test_a_fault_that_all_have_does_not_flood_the_hosts_page(
        self, empty_database
    ) -> None:
        everybody = ids(MOST_TOLD + 3)
        for _ in range(2):  # the next run finds it as it was
            logs = await break_over(everybody)
        summary, *told = await host_was_told()
        assert {row.arguments for row in told} == {
            f"account_id={one}" for one in everybody[:MOST_TOLD]
        }
        assert len(told) == MOST_TOLD
        assert (summary.task, summary.arguments) == (JOB, "")
        assert f"{MOST_TOLD + 3} accounts were left out" in summary.error
        assert logs == [MOST_TOLD + 3]

    @pytest.mark.parametrize("count", [0, 1, MOST_TOLD])
    async def test_what_the_host_is_told_one_by_one_is_not_summed_up(
        self, empty_database, count: int
    ) -> None:
        logs = await break_over(ids(count))
        assert "" not in {row.arguments for row in await host_was_told()}
        assert logs == [count] * (count > 0)

    async def test_how_many_were_left_out_is_told_although_the_run_breaks_off(
        self, empty_database
    ) -> None:
        everybody = ids(MOST_TOLD + 2)
        with pytest.raises(TimeoutError):
            async with Apart(JOB) as apart:
                await apart.in_groups(everybody, Workshop(*everybody).do, most=5)
                raise TimeoutError
        assert f"{MOST_TOLD + 2} accounts" in (await host_was_told())[0].error


async def break_over(account_ids: list[UUID]) -> list[int]:
    """Run a job that leaves out all these; return how many the log says at the end."""
    workshop = Workshop(*account_ids)
    with capture_logs() as lines:
        async with Apart(JOB) as apart:
            for one in account_ids:
                async with apart.one(one):
                    await workshop.do([one])
    return [line["accounts"] for line in lines if line["event"] == "accounts_left_out"]


class TestGroups:
    async def test_all_are_worked_on_and_none_in_too_large_a_group(
        self, empty_database
    ) -> None:
        workshop, everybody = Workshop(), ids(7)
        assert await Apart(JOB).in_groups(everybody, workshop.do, most=3) == [3, 3, 1]
        assert workshop.done == everybody

    async def test_of_a_group_that_breaks_only_the_broken_one_is_left_out(
        self, empty_database
    ) -> None:
        everybody = ids(6)
        workshop = Workshop(everybody[1])
        found = await Apart(JOB).in_groups(everybody, workshop.do, most=3)
        assert found == [1, 1, 3]
        assert workshop.done == [one for one in everybody if one != everybody[1]]
        assert [row.arguments for row in await host_was_told()] == [
            f"account_id={everybody[1]}"
        ]

    @pytest.mark.parametrize("most", [1, 2])
    async def test_a_database_that_is_away_ends_the_job_so_that_it_comes_again(
        self, empty_database, most: int
    ) -> None:
        everybody = ids(4)
        workshop = Workshop(everybody[2], error=AWAY)
        with pytest.raises(DatabaseAwayError):
            await Apart(JOB).in_groups(everybody, workshop.do, most=most)
        assert workshop.done == everybody[:2]
        assert await host_was_told() == []

    async def test_nobody_is_no_group(self, empty_database) -> None:
        assert await Apart(JOB).in_groups([], Workshop().do, most=3) == []


async def say_why(work, *, error: Exception, now) -> None:
    row = TaskFailure(task="promise", error=f"{error}", created_at=now)
    work.session.add(row)


class TestPromises:
    @pytest.mark.parametrize(
        ("error", "ends_the_job"),
        [(ConflictError("Too full."), False), (ValueError("broken"), True)],
    )
    async def test_the_student_is_told_and_our_own_fault_the_host_as_well(
        self, empty_database, error: Exception, ends_the_job
    ) -> None:
        ended = False
        try:
            async with promised(say_why):
                raise error
        except ValueError:
            ended = True
        assert ended is ends_the_job
        assert [row.error for row in await host_was_told()] == [str(error)]

    async def test_a_database_that_is_away_breaks_no_promise(self, empty_database) -> None:
        with pytest.raises(DatabaseAwayError):
            async with promised(say_why):
                raise AWAY
        assert await host_was_told() == []

    async def test_a_kept_promise_says_nothing(self, empty_database) -> None:
        async with promised(say_why), unit_of_work() as work:
            assert (await work.session.exec(select(TaskFailure))).all() == []
        assert await host_was_told() == []
