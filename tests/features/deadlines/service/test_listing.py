"""Due dates and announcements as they are listed: each in its place, and only one's own."""

from itertools import product

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.deadlines import rules
from studymaster.features.deadlines.queries.dates import DueRow
from studymaster.features.deadlines.rules import Group, Wall
from studymaster.features.deadlines.service import listing
from studymaster.models import Course, Deadline, DeadlineKind, SubmissionState
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.campus.mates import SITE, enrol
from tests.features.deadlines.due import days, make_announcement, make_deadline
from tests.features.grades.gradebooks import keep
from tests.features.grades.gradebooks import listed as grade_line
from tests.statements import asked


@pytest.fixture
async def course(student) -> Course:
    return await enrol(student)


async def board_of(student, *, course_id=None, shown=(50, 20)):
    async with unit_of_work() as work:
        return await listing.board(
            work, student=student, course_id=course_id, shown=shown, now=NOON
        )


async def titles_of(student, *, past: bool, window: Window | None = None) -> list[str]:
    async with unit_of_work() as work:
        part = await listing.stretch_of_deadlines(
            work,
            student=student,
            course_id=None,
            past=past,
            window=window or Window(limit=100),
            now=NOON,
        )
    return [item.title for item in part.items]


async def test_each_stands_in_its_group_with_its_course_and_its_place_in_moodle(
    student, course
) -> None:
    waiting = {"submission": SubmissionState.NONE}
    await make_deadline(course, "Late", days(-1), **waiting)
    await make_deadline(course, "Soon", days(2), cmid=7, **waiting)
    await make_deadline(course, "Far", days(20))
    await make_deadline(course, "Handed in", days(1), submission=SubmissionState.SUBMITTED)
    board = await board_of(student)
    assert {
        name: [row.title for row in getattr(board, name)]
        for name in ("overdue", "week", "later", "done")
    } == {"overdue": ["Late"], "week": ["Soon"], "later": ["Far"], "done": ["Handed in"]}
    (soon,) = board.week
    assert (soon.course, soon.line, soon.state) == (
        "BIO 101 in full",
        3,
        "Not handed in yet",
    )
    assert soon.when == "Due in 2 days, Fri 12:00"
    assert soon.address == f"{SITE}/mod/assign/view.php?id=7"


async def test_a_list_goes_on_when_it_is_long(student, course) -> None:
    for number in range(4):
        await make_deadline(course, f"E{number}", days(number + 1))
        await make_deadline(
            course, f"D{number}", days(-number), submission=SubmissionState.GRADED
        )
    board = await board_of(student, shown=(3, 2))
    assert [row.title for row in board.week] == ["E0", "E1", "E2"]
    assert [row.title for row in board.done] == ["D0", "D1"]
    assert (board.more, board.more_done) == (True, True)
    board = await board_of(student, shown=(4, 4))
    assert (board.more, board.more_done) == (False, False)


async def test_the_board_costs_three_questions_however_much_there_is(
    student, course
) -> None:
    for number in range(8):
        await make_deadline(course, due_at=days(number - 4))
    with asked() as statements:
        await board_of(student)
    assert len([one for one in statements if one.startswith("SELECT")]) == 3


async def test_one_course_can_be_looked_at_alone(student, course) -> None:
    other = await enrol(student, moodle_id=102, shortname="CHE 1")
    await make_deadline(course, "Biology")
    await make_deadline(other, "Chemistry")
    board = await board_of(student, course_id=other.id)
    assert [row.title for row in board.week] == ["Chemistry"]
    assert board.course == str(other.id)
    assert [one.name for one in board.courses] == ["BIO 101 in full", "CHE 1 in full"]


async def test_what_moodle_lists_no_more_is_left_out(student) -> None:
    gone = await enrol(student, listed=False)
    await make_deadline(gone)
    await make_announcement(gone)
    board = await board_of(student, course_id=gone.id)
    assert (board.week, board.courses, board.course) == ([], [], "")
    async with unit_of_work() as work:
        told, more = await listing.newest_announcements(
            work, account_id=student.account_id, course_id=None, most=5
        )
        with pytest.raises(NotFoundError):
            await listing.require_course(
                work, account_id=student.account_id, course_id=gone.id
            )
    assert (told, more) == ([], False)


async def test_the_database_and_the_rules_agree_on_what_is_to_do(student, course) -> None:
    """Every kind of due date there is, on both sides of every moment that counts."""
    rows: list[Deadline] = []
    moments = (-61, -60, -2, 0, 2)
    states = (None, *SubmissionState)
    for kind, due, closes, state in product(
        DeadlineKind, moments, (None, -3, 0, 3), states
    ):
        rows.append(
            Deadline(
                account_id=student.account_id,
                course_id=course.id,
                cmid=len(rows) + 1,
                kind=kind,
                title=f"{len(rows):04}",
                due_at=days(due),
                closes_at=None if closes is None else days(closes),
                submission=state,
                created_at=NOON,
            )
        )
    async with unit_of_work() as work:
        work.session.add_all(rows)
    wall = Wall(NOON, "UTC", 4)
    to_do = {
        row.title
        for row in rows
        for due in [listing.due_of(DueRow(row, course, SITE, graded=False))]
        if rules.group_of(due, wall=wall) is not Group.DONE
    }
    found = {True: set(), False: set()}
    for past, offset in product((True, False), range(0, len(rows), 100)):
        window = Window(offset, 100)
        found[past] |= {*await titles_of(student, past=past, window=window)}
    assert found[False] == to_do
    assert found[True] == {row.title for row in rows} - to_do
    assert 0 < len(to_do) < len(rows)


@pytest.mark.parametrize(
    ("line", "state", "when"),
    [
        ({"grade": 0.0, "shown": "0.00"}, "Graded", "Was due Sun 12:00"),
        ({"grade": None, "shown": "B+"}, "Graded", "Was due Sun 12:00"),
        ({"grade": None, "shown": " - "}, "", "Was due Sun 12:00"),
    ],
)
async def test_what_the_gradebook_has_a_grade_for_is_graded(
    student, course, line, state, when
) -> None:
    await make_deadline(course, "Lab report 1", days(-3), cmid=31)
    await keep(student, course.id, grade_line(2, cmid=31, **line))
    (row,) = (await board_of(student)).done
    assert (row.state, row.when) == (state, when)


async def test_work_with_a_grade_is_not_overdue_whatever_was_known_of_it(
    student, course
) -> None:
    waiting = {"submission": SubmissionState.NONE}
    await make_deadline(course, "Graded", days(-3), cmid=31, **waiting)
    await make_deadline(course, "Not graded", days(-3), cmid=32, **waiting)
    other = await enrol(student, moodle_id=102, shortname="CHE 1")
    await keep(student, course.id, grade_line(2, grade=70.0, cmid=31))
    await keep(student, other.id, grade_line(2, grade=70.0, cmid=32))
    board = await board_of(student)
    assert [row.title for row in board.overdue] == ["Not graded"]
    assert await titles_of(student, past=False) == ["Not graded"]
    assert await titles_of(student, past=True) == ["Graded"]


async def test_a_course_says_of_its_activities_what_is_due_and_announced(
    student, other_student, course
) -> None:
    other = await enrol(student, moodle_id=102, shortname="CHE 1")
    await make_deadline(course, due_at=days(2), cmid=31, submission=SubmissionState.NONE)
    await make_deadline(other, cmid=32)
    for forum in (8, 9, 9):
        await make_announcement(course, cmid=forum)
    await make_announcement(other, cmid=9)
    async with unit_of_work() as work:
        mine, others = [
            await listing.dates_of_course(work, student=one, course_id=course.id, now=NOON)
            for one in (student, other_student)
        ]
    assert mine.due == {31: "Due in 2 days, Fri 12:00. Not handed in yet."}
    assert mine.announced == {8: 1, 9: 2}
    assert (others.due, others.announced) == ({}, {})


async def test_announcements_can_be_those_of_one_course(student, course) -> None:
    other = await enrol(student, moodle_id=102, shortname="CHE 1")
    gone = await enrol(student, moodle_id=103, shortname="OLD 1", listed=False)
    for place in (course, other, gone):
        await make_announcement(place, f"In {place.shortname}")
    async with unit_of_work() as work:
        one, _ = await listing.newest_announcements(
            work, account_id=student.account_id, course_id=other.id, most=5
        )
        rest, _ = await listing.newest_announcements(
            work, account_id=student.account_id, course_id=gone.id, most=5
        )
    assert [row.subject for row in one] == ["In CHE 1"]
    assert len(rest) == 2


async def test_programs_get_the_earliest_to_do_and_the_latest_done(student, course) -> None:
    for number in (2, 1, 3):
        await make_deadline(course, f"ahead {number}", days(number))
        await make_deadline(course, f"behind {number}", days(-number))
    assert await titles_of(student, past=False) == ["ahead 1", "ahead 2", "ahead 3"]
    assert await titles_of(student, past=True) == ["behind 1", "behind 2", "behind 3"]


async def test_nobody_sees_anothers(student, other_student, course) -> None:
    await make_deadline(course)
    await make_announcement(course)
    board = await board_of(other_student, course_id=course.id)
    assert (board.week, board.courses) == ([], [])
    assert await titles_of(other_student, past=False) == []
    async with unit_of_work() as work:
        assert await listing.newest_announcements(
            work, account_id=other_student.account_id, course_id=None, most=5
        ) == ([], False)


async def test_a_course_is_found_by_its_number_in_moodle(
    student, other_student, course
) -> None:
    async def find(one, number, site=None):
        async with unit_of_work() as work:
            return await listing.find_course(
                work, account_id=one.account_id, moodle_id=number, site=site
            )

    assert await find(student, 101) == course.id
    assert await find(student, 101, SITE) == course.id
    assert await find(student, None) is None
    for one, number, site in (
        (other_student, 101, None),
        (student, 5, None),
        (student, -1, None),
        (student, 10**30, None),
        (student, 101, "https://elsewhere.edu"),
        (student, 101, "\x00"),
    ):
        with pytest.raises(NotFoundError):
            await find(one, number, site)


async def test_a_long_announcement_is_cut_and_says_so(student, course) -> None:
    await make_announcement(course, text="a" * (listing.TEXT_SHOWN + 1))
    await make_announcement(course, text="a" * listing.TEXT_SHOWN, posted_at=days(-1))
    async with unit_of_work() as work:
        (long, short), more = await listing.newest_announcements(
            work, account_id=student.account_id, course_id=None, most=2
        )
    assert (long.cut, short.cut, more) == (True, False, False)
    assert len(long.text) == len(short.text) == listing.TEXT_SHOWN


async def test_an_announcement_leads_to_a_page_or_nowhere(student, course) -> None:
    await make_announcement(course, address="javascript:alert(1)")
    async with unit_of_work() as work:
        (row,), _ = await listing.newest_announcements(
            work, account_id=student.account_id, course_id=None, most=2
        )
        part = await listing.stretch_of_announcements(
            work, account_id=student.account_id, course_id=course.id, window=Window()
        )
    assert row.address == ""
    assert [item.address for item in part.items] == [""]
