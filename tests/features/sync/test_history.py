"""Looking back on runs, and on what they found different."""

from datetime import timedelta
from uuid import uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.sync import service
from studymaster.features.sync.schemas import CourseChanges, History, RunDetails
from studymaster.models import (
    UPLOAD,
    ChangeKind,
    FetchState,
    Material,
    MaterialKind,
    RunState,
    SyncRun,
)
from studymaster.paging import Window
from tests.conftest import NOON
from tests.factories.moodle import connect, make_run
from tests.features.library.shelf import make_blob, make_material
from tests.features.sync.past import Past, make_past
from tests.statements import asked


@pytest.fixture
async def past(student) -> Past:
    return await make_past(student)


async def history(past: Past, *, offset: int = 0, limit: int = 20) -> History:
    async with unit_of_work() as work:
        return await service.history(
            work, account_id=past.student.account_id, window=Window(offset, limit)
        )


async def add_own(material: Material) -> None:
    """Let the student have added a material themselves."""
    async with unit_of_work() as work:
        work.session.add(material)
        material.modname = UPLOAD


async def look_into(past: Past, run: SyncRun) -> RunDetails:
    async with unit_of_work() as work:
        return await service.details(
            work, account_id=past.student.account_id, run_id=run.id
        )


async def test_a_past_run_says_when_how_long_how_much_and_what_came(past) -> None:
    gone = await make_run(
        past.connection,
        minutes_ago=30,
        started_at=NOON - timedelta(minutes=30),
        finished_at=NOON - timedelta(minutes=28, seconds=50),
        courses_done=2,
        courses_total=2,
        files_done=4,
        files_total=4,
        bytes_done=2_600_000,
        new_count=1,
        failed_count=1,
    )
    await past.change(gone, past.biology, "Cells")
    await past.change(gone, past.biology, "Genes", ChangeKind.GONE)
    await past.miss(gone, "Film.mp4")
    ((run,), more) = (await history(past)).runs, (await history(past)).more
    assert (run.tone, run.took, run.about, run.site) == ("short", "1 min 10 s", "", "")
    assert run.moment == (NOON - timedelta(minutes=30)).isoformat()
    assert run.amounts == "2 courses · 4 files fetched · 2.6 MB"
    assert run.sentence == "1 new item, 1 item not visible any more. 1 item did not come."
    assert more is False


async def test_a_run_that_stopped_says_why(past) -> None:
    await make_run(past.connection, state=RunState.FAILED, failure="Moodle is closed.")
    (run,) = (await history(past)).runs
    assert (run.tone, run.sentence, run.took) == ("bad", "Moodle is closed.", "")


async def test_a_run_over_one_course_names_it(past) -> None:
    await make_run(past.connection, course=past.biology)
    (run,) = (await history(past)).runs
    assert run.about == "BIO 110"


async def test_the_newest_come_first_and_older_ones_are_left(past) -> None:
    for minutes in (60, 30, 90):
        await make_run(past.connection, minutes_ago=minutes, new_count=minutes)
    await make_run(past.connection, state=RunState.RUNNING)
    first, rest = await history(past, limit=2), await history(past, offset=2, limit=2)
    assert [run.sentence for run in first.runs] == [
        "30 items are here.",
        "60 items are here.",
    ]
    assert (first.more, len(rest.runs), rest.more) == (True, 1, False)


async def test_runs_in_a_row_of_which_the_same_came_are_one_line(past) -> None:
    for minutes in (10, 20, 30):
        await make_run(past.connection, minutes_ago=minutes)
    await make_run(past.connection, minutes_ago=40, new_count=2)
    await make_run(past.connection, minutes_ago=50)
    for minutes in (60, 61):
        await make_run(
            past.connection, minutes_ago=minutes, state=RunState.FAILED, failure="Closed."
        )
    seen = (await history(past)).runs
    assert [run.sentence for run in seen] == [
        "3 times in a row: Nothing new.",
        "2 items are here.",
        "Nothing new.",
        "2 times in a row: Closed.",
    ]
    assert seen[0].moment == (NOON - timedelta(minutes=10)).isoformat()
    assert (seen[0].took, seen[0].amounts, seen[0].tone) == ("", "", "good")


async def test_what_is_unlike_or_about_one_course_is_a_line_of_its_own(past) -> None:
    await make_run(past.connection, minutes_ago=10)
    await make_run(
        past.connection, minutes_ago=20, state=RunState.FAILED, failure="Closed."
    )
    await make_run(past.connection, minutes_ago=30, failed_count=1)
    await make_run(past.connection, minutes_ago=40, course=past.biology)
    await make_run(past.connection, minutes_ago=50)
    assert len((await history(past)).runs) == 5


async def test_of_two_moodles_each_run_says_which_it_was_of(past) -> None:
    other = await connect(past.student, site_url="https://two.edu")
    for minutes in (10, 30):
        await make_run(past.connection, minutes_ago=minutes)
    for minutes in (20, 40):
        await make_run(other, minutes_ago=minutes, state=RunState.FAILED, failure="Closed.")
    async with unit_of_work() as work:
        for row, name in ((past.connection, "Lindmark"), (other, "Second")):
            work.session.add(row)
            row.site_name = name
    assert [(run.site, run.tone, run.sentence) for run in (await history(past)).runs] == [
        ("Lindmark", "good", "2 times in a row: Nothing new."),
        ("Second", "bad", "2 times in a row: Closed."),
    ]


async def test_two_accounts_at_one_moodle_are_told_apart(past) -> None:
    other = await connect(past.student)
    async with unit_of_work() as work:
        work.session.add(other)
        other.moodle_username = "tutor"
    await make_run(other)
    (run,) = (await history(past)).runs
    assert run.site == "Uni (tutor)"


async def test_what_a_killed_worker_had_fetched_is_told(past) -> None:
    await make_run(
        past.connection,
        state=RunState.FAILED,
        failure="It was interrupted.",
        courses_done=5,
        courses_total=5,
        files_done=3,
        files_total=27,
        bytes_done=68_000,
    )
    (run,) = (await history(past)).runs
    assert run.amounts == "5 courses · 3 of 27 files fetched · 68 kB"


async def test_a_file_that_did_not_come_was_not_fetched(past) -> None:
    run = await make_run(
        past.connection,
        courses_done=2,
        courses_total=2,
        files_done=4,
        files_total=4,
        bytes_done=68_000,
        failed_count=2,
    )
    lost = await make_material(past.biology, name="Film")
    await past.miss(run, lost.filename, course=past.biology)
    await past.miss(run, "A glossary", course=past.biology)
    (seen,) = (await history(past)).runs
    assert seen.amounts == "2 courses · 3 of 4 files fetched · 68 kB"


async def test_looking_back_asks_the_same_however_many_runs_there_are(past) -> None:
    for minutes in (1, 2):
        await make_run(past.connection, minutes_ago=minutes, failed_count=1)
    with asked() as few:
        await history(past)
    for minutes in range(10, 28):
        run = await make_run(past.connection, minutes_ago=minutes, new_count=1)
        await past.change(run, past.biology, f"Lecture {minutes}")
    with asked() as many:
        await history(past)
    assert len(many) == len(few)


async def recent_changes(past: Past) -> list[CourseChanges]:
    async with unit_of_work() as work:
        return await service.recent_changes(work, account_id=past.student.account_id)


async def test_changes_stand_by_course_what_came_last_first(past) -> None:
    runs = [await make_run(past.connection, minutes_ago=minutes) for minutes in (90, 60)]
    newest = await make_run(past.connection, minutes_ago=30)
    gone = await past.change(runs[0], past.biology, "Old", ChangeKind.GONE, minutes_ago=90)
    seen = await past.change(
        runs[1], past.biology, "Genes", ChangeKind.CHANGED, minutes_ago=60
    )
    await past.change(runs[1], past.biology, "Cells", minutes_ago=60)
    await past.change(newest, past.chemistry, "Acids", minutes_ago=30)
    chemistry, biology = await recent_changes(past)
    assert (chemistry.course, biology.course) == ("CHEM 221", "BIO 110")
    assert [change.name for change in biology.changes] == ["Cells", "Genes", "Old"]
    assert [change.what for change in biology.changes] == [
        "new",
        "new version",
        "not visible any more",
    ]
    assert biology.changes[1].href == f"/smart-study/lecture/{seen.id}"
    # The copy of what is gone stays.
    assert biology.changes[2].href == f"/smart-study/lecture/{gone.id}"


async def test_what_one_run_found_is_counted_up_and_its_courses_keep_their_places(
    past,
) -> None:
    run = await make_run(past.connection)
    for minutes, number in enumerate((10, 2, 1)):
        for course in (past.chemistry, past.biology):
            await past.change(run, course, f"Lecture {number}", minutes_ago=minutes)
            await past.miss(run, f"Film {number}", course=course)
    counted = ["Lecture 1", "Lecture 2", "Lecture 10"]
    groups = await recent_changes(past)
    assert [group.course for group in groups] == ["BIO 110", "CHEM 221"]
    for group in groups:
        assert [change.name for change in group.changes] == counted
    opened = await look_into(past, run)
    assert [change.name for change in opened.changes] == 2 * counted
    assert [issue.item_name for issue in opened.issues] == 2 * [
        "Film 1",
        "Film 2",
        "Film 10",
    ]


async def test_a_run_opens_to_what_it_found_and_what_did_not_come(past) -> None:
    run, other = await make_run(past.connection), await make_run(past.connection)
    await past.change(run, past.biology, "Cells")
    await past.change(other, past.biology, "Other")
    await past.miss(run, "Film")
    async with unit_of_work() as work:
        found = await service.details(
            work, account_id=past.student.account_id, run_id=run.id
        )
    assert [change.name for change in found.changes] == ["Cells"]
    assert [(issue.item_name, issue.sentence) for issue in found.issues] == [
        ("Film", "Moodle did not send it.")
    ]


MINUTE = timedelta(minutes=1)


async def test_the_first_sync_opens_to_its_courses_and_how_much_lay_in_them(past) -> None:
    run = await make_run(
        past.connection, started_at=NOON - MINUTE, finished_at=NOON + MINUTE, new_count=3
    )
    for course, name in ((past.biology, "Cells"), (past.biology, "Genes")):
        await make_material(course, name=name)
    await make_material(past.chemistry, name="Acids", listed=False)
    await add_own(await make_material(past.chemistry, name="My own.pdf"))
    opened = await look_into(past, run)
    assert opened.changes == ()
    assert opened.summary.startswith("The first sync of 2 courses: 3 items. Later")
    assert [(first.course, first.amount) for first in opened.firsts] == [
        ("BIO 110", "2 items"),
        ("CHEM 221", "1 item"),
    ]


async def test_a_course_that_came_later_stands_before_what_changed_elsewhere(past) -> None:
    run = await make_run(
        past.connection, started_at=NOON - MINUTE, finished_at=NOON + MINUTE, new_count=2
    )
    await past.change(run, past.biology, "Cells")
    await make_material(past.chemistry, name="Acids")
    opened = await look_into(past, run)
    assert [change.name for change in opened.changes] == ["Cells"]
    assert [(first.course, first.amount) for first in opened.firsts] == [
        ("CHEM 221", "1 item")
    ]


async def test_a_later_run_without_news_says_that_nothing_was_different(past) -> None:
    await make_material(past.biology, name="Cells")
    run = await make_run(
        past.connection, started_at=NOON + MINUTE, finished_at=NOON + 2 * MINUTE
    )
    opened = await look_into(past, run)
    assert (opened.summary, opened.firsts) == ("Nothing was different.", ())


async def test_a_course_counts_what_moodle_lists_and_the_files_that_are_here(past) -> None:
    blob = await make_blob(b"x")
    await make_material(past.biology, name="Cells.pdf", blob=blob)
    await make_material(past.biology, name="Same cells.pdf", blob=blob)
    await make_material(past.biology, name="Text", blob=blob, kind=MaterialKind.PAGE)
    await add_own(await make_material(past.biology, name="Own.pdf", blob=blob))
    await make_material(past.biology, name="Lost.pdf", fetch=FetchState.FAILED)
    async with unit_of_work() as work:
        view = await service.overview(work, student=past.student, now=NOON)
    counts = {one.shortname: (one.materials, one.files) for one in view.courses}
    assert counts == {"BIO 110": (4, 3), "CHEM 221": (0, 0)}


async def test_another_students_runs_are_not_there(past, other_student) -> None:
    run = await make_run(past.connection)
    await past.change(run, past.biology, "Cells")
    account_id = other_student.account_id
    async with unit_of_work() as work:
        assert await service.recent_changes(work, account_id=account_id) == []
        found = await service.history(work, account_id=account_id, window=Window())
        assert found.runs == ()
        for look in (service.details, service.get_status):
            for run_id in (run.id, uuid4()):
                with pytest.raises(NotFoundError):
                    await look(work, account_id=account_id, run_id=run_id)
