"""A course item by item: what a student sees of it, and of nobody else's."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError, SignInError
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses.service import NO_COURSE
from studymaster.features.sync.page import items as page
from studymaster.features.sync.queries import holdings
from studymaster.features.sync.service import items
from studymaster.features.sync.service.item_rows import ItemView
from studymaster.features.sync.service.items import CourseItems, Look
from studymaster.features.sync.state.items import CourseItemsState
from studymaster.jobs import JobName
from studymaster.models import (
    UPLOAD,
    ChangeKind,
    ConnectionState,
    Course,
    CourseSection,
    FetchState,
    Material,
    MaterialKind,
    MoodleConnection,
    RunState,
    SubmissionState,
    TextState,
)
from tests.conftest import NOBODYS_ID, NOON
from tests.factories.moodle import make_run
from tests.features.deadlines.due import days, make_announcement, make_deadline
from tests.features.library.shelf import make_blob, make_course, make_material
from tests.features.sync.past import make_past
from tests.tabs import open_tab, tab_of

YESTERDAY = NOON - timedelta(days=1)


async def make_section(course: Course, name: str, *, position: int, **fields):
    section = CourseSection(
        account_id=course.account_id,
        course_id=course.id,
        moodle_id=uuid4().int % 2**31,
        position=position,
        name=name,
        created_at=NOON,
        **fields,
    )
    async with unit_of_work() as work:
        work.session.add(section)
    return section


async def look(student: Student, course: Course, **fields) -> CourseItems:
    async with unit_of_work() as work:
        return await items.course_items(
            work, student=student, course_id=course.id, look=Look(**fields), now=NOON
        )


def names(found: CourseItems) -> dict[str, list[str]]:
    return {one.name: [item.name for item in one.rows] for one in found.sections}


async def only(student: Student, course: Course) -> ItemView:
    found = await look(student, course)
    ((item,),) = [one.rows for one in found.sections if one.rows]
    return item


async def test_sections_and_items_stand_in_the_order_of_moodle(student) -> None:
    course = await make_course(student)
    second = await make_section(course, "Week 2", position=2)
    first = await make_section(course, "Week 1", position=1)
    await make_material(course, name="c.pdf", position=2, section_id=second.id)
    await make_material(course, name="b.pdf", position=1, section_id=first.id)
    await make_material(
        course, name="a.pdf", position=0, section_id=first.id, section="An older name"
    )
    found = await look(student, course)
    assert list(names(found).items()) == [
        ("Week 1", ["a.pdf", "b.pdf"]),
        ("Week 2", ["c.pdf"]),
    ]


async def test_an_empty_section_says_why_unless_something_is_searched_for(student) -> None:
    course = await make_course(student)
    shut = await make_section(
        course, "Exam", position=0, restriction="Available from 3 May"
    )
    await make_section(course, "Drafts", position=1, visible=False)
    await make_section(course, "Old week", position=2, listed=False)
    found = await look(student, course)
    assert [(one.name, one.note) for one in found.sections] == [
        ("Exam", "Locked in Moodle: Available from 3 May."),
        ("Drafts", "Hidden in Moodle."),
    ]
    await make_material(course, name="Rules.pdf", section_id=shut.id)
    assert names(await look(student, course, words="rules")) == {"Exam": ["Rules.pdf"]}


async def test_what_was_read_before_sections_were_kept_is_there_too(student) -> None:
    course = await make_course(student)
    await make_material(course, name="old.pdf", section="Week 1")
    await make_material(course, name="older.pdf", section="")
    assert names(await look(student, course)) == {
        "Week 1": ["old.pdf"],
        "General": ["older.pdf"],
    }


async def test_a_thousand_items_come_fifty_at_a_time(student) -> None:
    course = await make_course(student)
    first = await make_section(course, "Week 1", position=0)
    await make_section(course, "Nothing yet", position=1)
    last = await make_section(course, "Week 2", position=2)
    async with unit_of_work() as work:
        for place in range(1_000):
            section = first if place < 60 else last
            work.session.add(
                Material(
                    account_id=course.account_id,
                    course_id=course.id,
                    cmid=place + 1,
                    kind=MaterialKind.ACTIVITY,
                    modname="quiz",
                    name=f"Quiz {place:04}",
                    section_id=section.id,
                    position=place,
                    changed_at=NOON,
                    created_at=NOON,
                )
            )
    found = await look(student, course)
    assert {name: len(rows) for name, rows in names(found).items()} == {"Week 1": 50}
    assert (found.counts.all, found.left) == (1_000, 950)
    whole = await look(student, course, limit=1_000)
    sizes = {name: len(rows) for name, rows in names(whole).items()}
    assert sizes == {"Week 1": 60, "Nothing yet": 0, "Week 2": 940}
    assert whole.left == 0


async def test_a_lecture_that_was_read_says_so_and_leads_to_its_page(student) -> None:
    course = await make_course(student)
    blob = await make_blob(b"lecture", pages=("Cells", "Energy"))
    row = await make_material(course, blob=blob, size_bytes=2_600_000, completion=1)
    item = await only(student, course)
    assert item.why == "Here: 2 pages, read."
    assert item.page == f"/smart-study/lecture/{row.id}"
    assert (item.kind, item.size, item.mark) == ("File", "2.6 MB", "")
    assert (item.tick, item.tick_words) == ("done", "Done")
    assert item.moodle.endswith(f"/mod/resource/view.php?id={row.cmid}")


async def test_what_changed_says_when_where_the_student_is(student) -> None:
    course = await make_course(student)
    await make_material(course, last_change=ChangeKind.CHANGED, last_change_at=YESTERDAY)
    item = await only(student, course)
    assert (item.mark, item.mark_date) == ("changed", "15 Jan")


async def test_what_is_gone_keeps_its_copy_and_has_no_way_to_moodle(student) -> None:
    course = await make_course(student)
    blob = await make_blob(b"gone", pages=("Cells",))
    await make_material(
        course,
        blob=blob,
        listed=False,
        last_change=ChangeKind.GONE,
        last_change_at=YESTERDAY,
    )
    item = await only(student, course)
    assert item.why == (
        "Not visible to you in Moodle any more since 15 Jan (hidden or removed). "
        "Your copy and your cards stay."
    )
    assert (item.mark, item.mark_date) == ("not visible any more", "15 Jan")
    assert (item.moodle, bool(item.page)) == ("", True)


async def test_items_and_files_are_counted_alike_on_the_card_and_on_the_page(
    student,
) -> None:
    course, empty = await make_course(student), await make_course(student)
    await make_material(course, name="here", blob=await make_blob(b"1" * 3_998))
    await make_material(course, name="on its way", fetch=FetchState.WAITING)
    await make_material(course, name="a page", kind=MaterialKind.PAGE)
    await make_material(course, name="hidden", blob=await make_blob(b"2"), listed=False)
    own = await make_material(course, name="own", blob=await make_blob(b"3"))
    async with unit_of_work() as work:
        work.session.add(own)
        own.modname = UPLOAD
    async with unit_of_work() as work:
        counts = await holdings.course_counts(work.session, student.account_id)
        total = await items.space_used(work, account_id=student.account_id)
    cards = {one.course.id: (one.materials, one.files, one.gone) for one in counts}
    assert cards == {course.id: (3, 3, 1), empty.id: (0, 0, 0)}
    for place in (course, empty):
        head = (await look(student, place, words="here")).head
        assert (head.materials, head.files, head.gone) == cards[place.id]
    assert total == "4 kB in 3 files"


async def make_activity(course: Course, modname: str, **fields) -> Material:
    row = await make_material(course, kind=MaterialKind.ACTIVITY, **fields)
    async with unit_of_work() as work:
        work.session.add(row)
        row.modname = modname
    return row


async def test_an_assignment_says_when_it_is_due(student) -> None:
    course = await make_course(student)
    row = await make_activity(course, "assign")
    await make_deadline(
        course, due_at=days(2), cmid=row.cmid, submission=SubmissionState.NONE
    )
    item = await only(student, course)
    assert (item.kind, item.why) == (
        "Assignment",
        "Due in 2 days, Fri 12:00. Not handed in yet. Open it in Moodle.",
    )


async def test_a_forum_leads_to_its_announcements(student) -> None:
    course = await make_course(student)
    row = await make_activity(course, "forum")
    for _ in range(3):
        await make_announcement(course, cmid=row.cmid)
    item = await only(student, course)
    assert item.why == "What was announced in it is here:"
    assert (item.here, item.here_page) == (
        "3 announcements",
        f"/live-sync?tab=deadlines&course={course.id}#announcements",
    )


async def test_a_forum_without_announcements_is_a_way_to_moodle(student) -> None:
    course = await make_course(student)
    await make_activity(course, "forum")
    await make_announcement(course, cmid=1)
    item = await only(student, course)
    assert (item.why, item.here) == ("An activity: open it in Moodle.", "")


async def test_what_is_shut_says_what_moodle_says(student) -> None:
    course = await make_course(student)
    await make_material(course, accessible=False, restriction="Available from 3 May")
    item = await only(student, course)
    assert item.why == "Locked in Moodle: Available from 3 May."
    assert (item.mark, item.mark_date, item.fetchable) == ("locked", "", False)


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        (None, ""),
    ],
)
async def test_only_links_that_a_browser_may_open_lead_anywhere(
    student, address, link
) -> None:
    course = await make_course(student)
    await make_material(course, kind=MaterialKind.LINK, address=address)
    item = await only(student, course)
    assert item.link == link
    assert "javascript" not in f"{item.moodle}{item.page}"


async def test_an_odd_kind_of_module_leads_to_its_course(student) -> None:
    course = await make_course(student)
    row = await make_material(course, kind=MaterialKind.ACTIVITY)
    async with unit_of_work() as work:
        work.session.add(row)
        row.modname = "../../evil?x="
    item = await only(student, course)
    assert (item.kind, item.why) == ("Activity", "An activity: open it in Moodle.")
    assert item.moodle.endswith(f"/course/view.php?id={course.moodle_id}")


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("all", {"new", "here", "film", "shut", "copy", "gone", "link"}),
        ("fresh", {"new"}),
        ("missing", {"film", "shut"}),
        ("gone", {"gone"}),
    ],
)
async def test_what_is_shown_can_be_chosen(student, show, shown) -> None:
    course = await make_course(student)
    blob = await make_blob(b"x", pages=("Cells",))
    await make_material(course, name="new", blob=blob, last_change=ChangeKind.NEW)
    await make_material(course, name="here", blob=blob)
    await make_material(course, name="film", fetch=FetchState.ON_DEMAND)
    await make_material(
        course, name="shut", accessible=False, last_change=ChangeKind.RESTRICTED
    )
    await make_material(course, name="copy", blob=blob, accessible=False)
    await make_material(course, name="gone", listed=False, last_change=ChangeKind.NEW)
    await make_material(course, name="link", kind=MaterialKind.LINK)
    found = await look(student, course, show=show)
    assert {name for rows in names(found).values() for name in rows} == shown
    counts = found.counts
    assert (counts.all, counts.fresh, counts.missing, counts.gone) == (7, 1, 2, 1)
    assert found.left == 0


async def test_names_are_searched_for_word_by_word_and_literally(student) -> None:
    course = await make_course(student)
    await make_material(course, name="Lecture 7: Osmosis.pdf")
    await make_material(course, name="Lecture 8: 100% of it.pdf")
    for words, found in [
        ("osmosis lecture", ["Lecture 7: Osmosis.pdf"]),
        ("100%", ["Lecture 8: 100% of it.pdf"]),
        ("_______", []),
        ("ÖSMOSIS", []),
    ]:
        rows = [one.rows for one in (await look(student, course, words=words)).sections]
        assert [item.name for group in rows for item in group] == found


async def test_own_uploads_are_no_part_of_what_moodle_lists(student) -> None:
    course = await make_course(student)
    blob = await make_blob(b"own", pages=("Cells",))
    row = await make_material(course, blob=blob)
    async with unit_of_work() as work:
        work.session.add(row)
        row.modname = UPLOAD
    found = await look(student, course)
    assert found.counts.all == 0
    head = found.head
    assert (head.materials, head.files, head.space) == (0, 1, "1 kB")


async def test_the_same_bytes_take_their_space_once(student, other_student) -> None:
    first, second = await make_course(student), await make_course(student)
    blob = await make_blob(b"x" * 2_000, pages=("Cells",))
    text = await make_blob(b"y" * 9_000, pages=("Cells",))
    for course in (first, second):
        await make_material(course, blob=blob)
    await make_material(first, name="a page", kind=MaterialKind.PAGE, blob=text)
    foreign = await make_course(other_student)
    await make_material(foreign, blob=await make_blob(b"z" * 50_000))
    async with unit_of_work() as work:
        space = await items.space_used(work, account_id=student.account_id)
    assert space == "2 kB in 2 files"
    assert (await look(student, second)).head.space == "2 kB"


async def test_a_course_says_how_it_stands(student) -> None:
    course = await make_course(student)
    async with unit_of_work() as work:
        work.session.add(course)
        course.progress = 66.6
    head = (await look(student, course)).head
    assert (head.progress, head.obstacle, head.coming) == (67, "", False)
    assert (head.site_name, head.read) == ("Example University", "")
    connection = await connection_of(course)
    await make_run(connection, finished_at=NOON)
    await make_run(connection, state=RunState.QUEUED)
    head = (await look(student, course)).head
    assert (head.read, head.coming) == (NOON.isoformat(), True)


async def connection_of(course: Course) -> MoodleConnection:
    async with unit_of_work() as work:
        row = await work.session.get(MoodleConnection, course.connection_id)
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("change", "obstacle"),
    [
        ({"sync_enabled": False}, "Switched off"),
        ({"listed": False}, "Moodle does not list"),
        ({}, "Its Moodle is not connected"),
    ],
)
async def test_what_keeps_a_course_from_being_read_is_said(
    student, change, obstacle
) -> None:
    course = await make_course(student)
    connection = await connection_of(course)
    async with unit_of_work() as work:
        for row in (course, connection):
            work.session.add(row)
        for name, value in change.items():
            setattr(course, name, value)
        connection.state = ConnectionState.ACTIVE if change else ConnectionState.BROKEN
    assert (await look(student, course)).head.obstacle.startswith(obstacle)


async def test_another_students_course_is_not_there(student, other_student) -> None:
    course = await make_course(other_student)
    row = await make_material(course)
    with pytest.raises(NotFoundError, match=NO_COURSE):
        await look(student, course)
    async with unit_of_work() as work:
        with pytest.raises(NotFoundError):
            await items.history_of(work, student=student, material_id=row.id, now=NOON)


async def test_the_past_of_an_item_is_told_the_newest_first(student) -> None:
    past = await make_past(student)
    run = await make_run(past.connection)
    row = await past.change(run, past.biology, "Cells", ChangeKind.RENAMED)
    async with unit_of_work() as work:
        work.session.add(row)
        row.name, row.created_at = "Cells II", NOON - timedelta(days=90)
        found = await items.history_of(work, student=student, material_id=row.id, now=NOON)
    assert [(one.what, one.moment) for one in found.changes] == [
        ("renamed: Cells", "16 Jan, 12:00"),
        ("there when the course was first read", "18 Oct 2029, 12:00"),
    ]


async def test_what_came_later_was_not_there_at_first(student) -> None:
    past = await make_past(student)
    row = await past.change(await make_run(past.connection), past.biology, "Cells")
    async with unit_of_work() as work:
        found = await items.history_of(work, student=student, material_id=row.id, now=NOON)
    assert [one.what for one in found.changes] == ["new"]


def path_of(course: Course) -> str:
    return f"/live-sync/course/{course.id}"


async def opened(student: Student, course: Course) -> CourseItemsState:
    tab = tab_of(student, CourseItemsState, path_of(course))
    await CourseItemsState.load.fn(tab)
    return tab


@pytest.mark.parametrize("address", ["nonsense", "", NOBODYS_ID])
async def test_a_course_that_is_not_ones_own_is_said_to_be_missing(
    student, address
) -> None:
    tab = tab_of(student, CourseItemsState, f"/live-sync/course/{address}")
    await CourseItemsState.load.fn(tab)
    assert (tab.loaded, tab.missing, tab.head.id) == (True, True, "")


async def test_the_page_of_another_students_course_shows_nothing(
    student, other_student
) -> None:
    course = await make_course(other_student)
    row = await make_material(course, fetch=FetchState.ON_DEMAND)
    tab = await opened(student, course)
    assert (tab.missing, tab.sections, tab.counts.all) == (True, [], 0)
    for attempt in (
        CourseItemsState.ask_for.fn(tab, str(row.id)),
        CourseItemsState.open_item.fn(tab, str(row.id)),
        CourseItemsState.sync_course.fn(tab),
        CourseItemsState.switch_course.fn(tab, on=False),
    ):
        with pytest.raises(NotFoundError):
            await attempt


async def test_a_visitor_sees_and_does_nothing(empty_database) -> None:
    tab = open_tab(CourseItemsState, path=f"/live-sync/course/{uuid4()}")
    for attempt in (
        CourseItemsState.load.fn(tab),
        CourseItemsState.refresh.fn(tab),
        CourseItemsState.choose.fn(tab, "all"),
        CourseItemsState.search.fn(tab, "x"),
        CourseItemsState.show_everything.fn(tab),
        CourseItemsState.show_more.fn(tab),
        CourseItemsState.open_item.fn(tab, str(uuid4())),
        CourseItemsState.close_item.fn(tab),
        CourseItemsState.ask_for.fn(tab, str(uuid4())),
        CourseItemsState.sync_course.fn(tab),
        CourseItemsState.switch_course.fn(tab, on=False),
    ):
        with pytest.raises(SignInError):
            await attempt


async def test_a_student_chooses_searches_and_goes_back_to_everything(student) -> None:
    course = await make_course(student)
    await make_material(course, name="Film", fetch=FetchState.ON_DEMAND)
    await make_material(course, name="Notes", fetch=FetchState.STORED)
    tab = await opened(student, course)
    assert tab.counts.all == 2
    await CourseItemsState.choose.fn(tab, "missing")
    assert [item.name for one in tab.sections for item in one.rows] == ["Film"]
    await CourseItemsState.search.fn(tab, "no\x00tes")
    assert (tab.words, tab.sections) == ("notes", [])
    await CourseItemsState.search.fn(tab, {"no": "text"})
    assert tab.words == ""
    await CourseItemsState.choose.fn(tab, "nonsense")
    assert tab.show == "all"
    await CourseItemsState.show_everything.fn(tab)
    assert (tab.show, tab.words, tab.counts.all) == ("all", "", 2)


async def test_an_address_opens_what_is_not_here(student) -> None:
    course = await make_course(student)
    await make_material(course, name="Film", fetch=FetchState.ON_DEMAND)
    tab = tab_of(student, CourseItemsState, f"{path_of(course)}?show=missing")
    await CourseItemsState.load.fn(tab)
    assert tab.show == "missing"


async def test_a_recording_comes_when_it_is_asked_for(student, sent) -> None:
    course = await make_course(student)
    row = await make_material(
        course, name="Film.mp4", fetch=FetchState.ON_DEMAND, mimetype="video/mp4"
    )
    tab = await opened(student, course)
    ((item,),) = [one.rows for one in tab.sections]
    assert (item.kind, item.fetchable) == ("Recording", True)
    assert item.why == "A recording: it is fetched when you ask for it."
    await CourseItemsState.ask_for.fn(tab, str(row.id))
    ((item,),) = [one.rows for one in tab.sections]
    assert (item.fetchable, item.why) == (
        False,
        "On its way: the sync that is under way brings it.",
    )
    assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]


async def test_one_course_is_synced_and_switched_off_on_its_page(student, sent) -> None:
    course = await make_course(student)
    tab = await opened(student, course)
    await CourseItemsState.sync_course.fn(tab)
    assert tab.head.coming
    assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]
    await CourseItemsState.switch_course.fn(tab, on=False)
    assert (tab.head.sync_enabled, tab.head.obstacle[:12]) == (False, "Switched off")
    with pytest.raises(ConflictError):
        await CourseItemsState.sync_course.fn(tab)


async def test_more_items_follow_and_the_past_of_one_opens_and_closes(student) -> None:
    course = await make_course(student)
    for place in range(53):
        row = await make_material(course, name=f"{place:02}", position=place)
    tab = await opened(student, course)
    assert tab.left == 3
    await CourseItemsState.show_more.fn(tab)
    assert (tab.left, sum(len(one.rows) for one in tab.sections)) == (0, 53)
    await CourseItemsState.open_item.fn(tab, str(row.id))
    assert UUID(tab.opened.id) == row.id
    await CourseItemsState.close_item.fn(tab)
    assert tab.opened.id == ""


async def test_a_list_that_is_as_it_was_is_not_sent_again(student) -> None:
    course = await make_course(student)
    await make_material(course)
    tab = await opened(student, course)
    tab._clean()
    await CourseItemsState.refresh.fn(tab)
    assert "sections" not in tab.dirty_vars


async def test_a_scan_is_here_and_says_what_it_lacks(student) -> None:
    course = await make_course(student)
    blob = await make_blob(b"scan", text_state=TextState.NO_TEXT, page_count=3)
    await make_material(course, blob=blob)
    item = await only(student, course)
    assert item.why.startswith("Here, but it is a scan")


@pytest.mark.parametrize(
    "words",
    [
        "This course is not one of yours",
        "Sync only this course",
        "Keep up to date",
        "New and changed",
        "Not here",
        "Search by name",
        "Show more",
        "Fetch it",
        "History",
        "Open in Moodle",
        "(opens outside)",
        "noreferrer",
        "Everything is here",
        "Space used",
        "Done, as Moodle counts it",
    ],
)
def test_the_page_offers_what_a_student_needs(words: str) -> None:
    assert words in str(page.page())


def test_the_page_shows_figures_and_no_inner_names() -> None:
    text = str(page.page())
    assert "bound method" not in text
    assert all(f'["{name}"]' in text for name in ("materials", "files", "gone"))


def test_the_page_has_one_heading_in_each_of_its_states() -> None:
    for part in (page._course(), page._missing(), page._coming()):
        assert str(part).count('jsx("h1"') == 1
