"""What the Live Sync page says of each Moodle: never more than is true of it."""

from datetime import timedelta

import pytest
from sqlmodel import delete

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError
from studymaster.features.accounts.schemas import Student
from studymaster.features.sync import service
from studymaster.features.sync.schemas import RunView, SyncView
from studymaster.models import (
    ChangeKind,
    ConnectionState,
    FetchState,
    MoodleConnection,
    RunState,
    SyncRun,
    TextState,
)
from tests.conftest import NOON
from tests.factories.moodle import connect, make_run
from tests.features.courses.test_service import BIOLOGY, keep
from tests.features.library.shelf import make_blob, make_material
from tests.features.sync.past import Past, make_past
from tests.statements import asked

TWO = "https://two.edu"


@pytest.fixture
async def past(student) -> Past:
    return await make_past(student)


async def look(student: Student, *, now=NOON) -> SyncView:
    async with unit_of_work() as work:
        return await service.overview(work, student=student, now=now)


async def only_run(student: Student, *, now=NOON) -> RunView:
    (run,) = (await look(student, now=now)).runs
    return run


async def change(row: MoodleConnection, **fields: object) -> None:
    async with unit_of_work() as work:
        work.session.add(row)
        for name, value in fields.items():
            setattr(row, name, value)


async def break_it(row: MoodleConnection, code: str = "token_expired") -> None:
    await change(
        row,
        state=ConnectionState.BROKEN,
        failure="Your token has run out.",
        failure_code=code,
    )


class TestHowARunWent:
    async def test_a_run_with_everything_says_so(self, past) -> None:
        await make_run(past.connection)
        view = await look(past.student)
        assert (view.panel.headline, view.panel.tone) == ("Everything is here", "good")
        assert [run.detail for run in view.runs] == ["Nothing new."]

    async def test_where_a_file_did_not_come_not_everything_is_here(self, past) -> None:
        run = await make_run(
            past.connection,
            courses_done=2,
            courses_total=2,
            files_done=1,
            files_total=1,
            failed_count=1,
        )
        lost = await make_material(past.biology, name="Film", fetch=FetchState.FAILED)
        await past.miss(run, lost.filename, course=past.biology)
        view = await look(past.student)
        assert (view.panel.headline, view.panel.tone) == ("1 item did not come", "short")
        (seen,) = view.runs
        assert seen.detail == "Nothing else is new. What it was, and why, stands below."
        assert (seen.files_here, seen.files_total, seen.failed_count) == (0, 1, 1)
        assert seen.fetched == ""
        assert [issue.item_name for issue in view.issues] == [lost.filename]

    async def test_each_change_is_counted_as_what_it_is(self, past) -> None:
        run = await make_run(past.connection, new_count=1, changed_count=1)
        for number, kind in enumerate(ChangeKind):
            await past.change(run, past.biology, f"Lecture {number}", kind)
        seen = await only_run(past.student)
        assert (seen.here_count, seen.new_count, seen.changed_count) == (0, 1, 1)
        assert (seen.moved_count, seen.gone_count) == (2, 1)
        assert (seen.shut_count, seen.back_count) == (1, 2)
        assert "1 item not visible any more" in seen.detail

    async def test_the_first_run_is_no_news(self, past) -> None:
        await make_run(past.connection, new_count=58)
        seen = await only_run(past.student)
        assert (seen.here_count, seen.new_count) == (58, 0)
        assert seen.detail == "58 items are here."

    async def test_a_course_that_came_later_is_told_apart_from_what_is_new(
        self, past
    ) -> None:
        run = await make_run(past.connection, new_count=13)
        await past.change(run, past.biology, "Cells")
        seen = await only_run(past.student)
        assert (seen.here_count, seen.new_count) == (12, 1)
        assert seen.detail == "12 items are here. 1 new item."

    async def test_the_failure_of_an_older_run_is_told_no_more(self, past) -> None:
        await make_run(
            past.connection, state=RunState.FAILED, minutes_ago=30, failure="It was away."
        )
        await make_run(past.connection)
        seen = await only_run(past.student)
        assert seen.headline == "Everything is here"
        assert "away" not in seen.detail

    async def test_a_run_of_one_course_says_so(self, past) -> None:
        for state, headline in (
            (RunState.DONE, "BIO 110 is here"),
            (RunState.RUNNING, "Syncing only BIO 110"),
        ):
            await make_run(past.connection, state=state, course=past.biology)
            assert (await only_run(past.student)).headline == headline
            async with unit_of_work() as work:
                await work.session.exec(delete(SyncRun))

    async def test_a_run_that_found_no_courses_says_so(self, student) -> None:
        await make_run(await connect(student))
        seen = await only_run(student)
        assert seen.headline == "Moodle lists no courses for you yet"

    async def test_a_site_that_wants_a_pause_is_not_promised_a_try_before_it_is_over(
        self, past
    ) -> None:
        await make_run(past.connection, state=RunState.FAILED, failure="It is busy.")
        await change(past.connection, paused_until=NOON + timedelta(hours=2))
        seen = await only_run(past.student)
        assert seen.detail.endswith("the next try is at about 14:00.")
        await change(past.connection, paused_until=NOON + timedelta(hours=20))
        seen = await only_run(past.student)
        assert seen.detail.endswith(
            f"at about {NOON + timedelta(hours=20):%a %d %b, %H:%M}."
        )


class TestGoingOn:
    async def test_a_run_that_waits_says_what_goes_first(
        self, student, other_student
    ) -> None:
        await make_run(await connect(student), state=RunState.QUEUED, minutes_ago=2)
        others = await connect(other_student)
        third = await connect(other_student, site_url=TWO)
        await make_run(others, state=RunState.RUNNING, minutes_ago=1)
        await make_run(third, state=RunState.QUEUED, minutes_ago=1)
        seen = await only_run(student)
        assert seen.headline == "Waiting for a free worker"
        assert seen.detail == (
            "It has waited for 2 min: 1 sync of another student goes first. It starts by "
            "itself; nothing is lost."
        )

    async def test_the_first_run_is_said_to_wait_before_a_worker_has_taken_it_up(
        self, student
    ) -> None:
        row = await connect(student)
        later = row.created_at + timedelta(minutes=3)
        seen = await only_run(student, now=later)
        assert (seen.id, seen.headline) == ("", "Waiting for a free worker")
        assert seen.waits
        assert seen.detail.startswith("It has waited for 3 min: the worker is busy")
        await break_it(row)
        seen = await only_run(student, now=later)
        assert (seen.headline, seen.waits) == ("Not synced yet", False)

    @pytest.mark.parametrize(("seconds", "silent"), [(45, False), (46, True)])
    async def test_a_run_whose_worker_was_killed_says_that_nothing_moves(
        self, student, seconds, silent
    ) -> None:
        row = await connect(student)
        await make_run(
            row,
            state=RunState.RUNNING,
            started_at=NOON - timedelta(minutes=2),
            current="Biology: Cells.pdf",
            courses_done=1,
            courses_total=2,
        )
        seen = await only_run(student, now=NOON + timedelta(seconds=seconds))
        assert seen.silent == silent
        assert (seen.estimate == "") == silent
        assert seen.detail == (
            "No sign from the worker since 12:00; the sync is picked up by itself."
            if silent
            else "Biology: Cells.pdf"
        )

    async def test_a_run_that_begins_knows_no_number_of_courses(self, past) -> None:
        await make_run(past.connection, state=RunState.RUNNING)
        seen = await only_run(past.student)
        assert (seen.courses_total, seen.files_total, seen.fetched) == (0, 0, "")


class TestTextThatIsStillRead:
    async def put_unread(self, past: Past, **fields: object) -> SyncRun:
        run = await make_run(past.connection, **fields)
        for number in range(3):
            blob = await make_blob(b"%d" % number, text_state=TextState.WAITING)
            await make_material(past.biology, name=f"{number}.pdf", blob=blob)
        return run

    async def test_it_is_counted_while_it_is_read_and_no_longer(self, past) -> None:
        run = await self.put_unread(past, reading_at=NOON)
        view = await look(past.student)
        assert view.panel.headline == "Everything is here"
        assert view.panel.reading == "Done. The text of 3 items is still being read."
        async with unit_of_work() as work:
            await service.finish_reading(
                work, account_id=past.student.account_id, run_id=run.id
            )
        assert (await look(past.student)).panel.reading == ""

    async def test_what_a_run_brings_just_now_is_not_said_to_be_read(self, past) -> None:
        await self.put_unread(past, state=RunState.RUNNING)
        assert (await look(past.student)).panel.reading == ""


class TestNotConnected:
    async def test_what_its_student_disconnected_is_not_said_to_be_here(self, past) -> None:
        await make_run(past.connection)
        async with unit_of_work() as work:
            await service.disconnect(
                work,
                account_id=past.student.account_id,
                connection_id=past.connection.id,
                now=NOON,
            )
        view = await look(past.student)
        assert (view.panel.headline, view.panel.tone) == ("Disconnected", "off")
        assert not view.panel.ready
        assert [run.wants_student for run in view.runs] == [True]
        assert all(course.away for course in view.courses)

    async def test_what_can_be_tried_again_can_be_synced(self, past) -> None:
        await break_it(past.connection, "policy_not_agreed")
        view = await look(past.student)
        assert view.panel.ready
        assert view.runs[0].wants_student
        assert view.runs[0].detail == "Your token has run out."

    async def test_a_token_that_ran_out_leaves_the_button_which_says_so(self, past) -> None:
        await break_it(past.connection)
        assert (await look(past.student)).panel.ready
        async with unit_of_work() as work:
            with pytest.raises(ConflictError, match="Connect it again"):
                await service.request_sync(
                    work, account_id=past.student.account_id, now=NOON
                )


class TestSeveralMoodles:
    @pytest.fixture
    async def sites(self, student) -> list[MoodleConnection]:
        sites = [await connect(student), await connect(student, site_url=TWO)]
        await keep(sites[0], BIOLOGY)
        for row, name in zip(sites, ("Lindmark", "Second"), strict=True):
            await change(row, site_name=name)
        return sites

    async def test_the_success_of_one_does_not_hide_the_failure_of_the_other(
        self, student, sites
    ) -> None:
        for first in (0, 1):
            failed, done = sites[first], sites[1 - first]
            await make_run(failed, state=RunState.FAILED, failure="It was away.")
            await make_run(done)
            view = await look(student)
            assert view.panel.headline == "1 of 2 Moodles is up to date"
            assert (view.panel.state, view.panel.tone) == ("failed", "bad")
            tones = {run.site: run.tone for run in view.runs}
            assert tones == {failed.site_name: "bad", done.site_name: "good"}
            async with unit_of_work() as work:
                await work.session.exec(delete(SyncRun))

    async def test_what_did_not_come_stays_while_the_other_is_read_again(
        self, student, sites
    ) -> None:
        await make_run(sites[0], minutes_ago=5, failed_count=1)
        await make_run(sites[1], state=RunState.RUNNING)
        view = await look(student)
        assert view.panel.headline == "Syncing 1 of 2 Moodles"
        assert [run.headline for run in view.runs] == ["1 item did not come", "Syncing"]
        assert [run.stoppable for run in view.runs] == [False, True]
        assert (view.panel.ready, view.panel.busy) == (True, False)

    async def test_one_without_courses_says_so_beside_the_other(
        self, student, sites
    ) -> None:
        for row in sites:
            await make_run(row)
        assert [run.headline for run in (await look(student)).runs] == [
            "Everything is here",
            "Moodle lists no courses for you yet",
        ]

    async def test_only_the_courses_of_a_moodle_that_is_read_are_busy(
        self, student, sites
    ) -> None:
        await make_run(sites[1], state=RunState.RUNNING)
        (course,) = (await look(student)).courses
        assert not course.busy
        await make_run(sites[0], state=RunState.QUEUED)
        view = await look(student)
        assert [course.busy for course in view.courses] == [True]
        assert view.panel.busy


async def test_the_page_asks_the_same_however_many_runs_there_are(past) -> None:
    second = await connect(past.student, site_url=TWO)
    for site in (past.connection, second):
        await make_run(site, state=RunState.QUEUED, failed_count=1)
    await look(past.student)
    with asked() as few:
        await look(past.student)
    third = await connect(past.student, site_url="https://three.edu")
    for site in (past.connection, second, third):
        for minutes in range(1, 9):
            run = await make_run(site, minutes_ago=minutes, new_count=2, failed_count=1)
            await past.change(run, past.biology, f"Lecture {minutes}")
            await past.miss(run, "Film")
    with asked() as many:
        await look(past.student)
    assert len(many) == len(few) <= 10


async def test_nothing_of_another_student_shows(past, other_student) -> None:
    await make_run(past.connection, failed_count=1)
    view = await look(other_student)
    assert (view.runs, view.issues, view.courses, view.run) == ((), (), (), None)
    assert (view.panel.headline, view.panel.ready) == ("", False)
