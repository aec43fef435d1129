"""What a sync brings is kept exactly, written only where it differs, and told once."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import select

from studymaster.adapters import bus
from studymaster.adapters.database import unit_of_work
from studymaster.features.deadlines import service
from studymaster.features.deadlines.schemas import AnnouncementNews, DeadlineNews
from studymaster.models import Course, Deadline, DeadlineKind, SubmissionState
from tests.conftest import NOON
from tests.features.campus.mates import enrol
from tests.features.deadlines.due import (
    all_announcements,
    all_deadlines,
    announcement_row,
    days,
    deadline_row,
    listed,
    make_announcement,
    make_deadline,
    told,
)
from tests.statements import asked
from tests.together import until_all_wait

ALL = tuple(DeadlineKind)


@pytest.fixture
async def course(student) -> Course:
    return await enrol(student)


@pytest.fixture
def news(monkeypatch) -> list[bus.News]:
    heard: list[bus.News] = []

    async def publish(*items: bus.News) -> None:
        heard.extend(items)

    monkeypatch.setattr(bus, "publish", publish)
    return heard


async def keep(course: Course, *items, kinds=ALL, courses=()) -> list[DeadlineNews]:
    async with unit_of_work() as work:
        return await service.keep_deadlines(
            work,
            account_id=course.account_id,
            course_ids=[course.id, *(one.id for one in courses)],
            kinds=kinds,
            listed=items,
            now=NOON,
        )


async def hear(course: Course, *items) -> list[AnnouncementNews]:
    return await hear_all(course.account_id, {course.id: items})


async def hear_all(account_id: UUID, forums) -> list[AnnouncementNews]:
    async with unit_of_work() as work:
        return await service.keep_announcements(
            work, account_id=account_id, listed=forums, now=NOON
        )


async def make_courses(student, count: int) -> list[Course]:
    return [
        await enrol(student, moodle_id=200 + number, shortname=f"C {number}")
        for number in range(count)
    ]


def writes(statements: list[str]) -> list[str]:
    words = ("INSERT", "UPDATE", "DELETE")
    return [one for one in statements if one.lstrip().upper().startswith(words)]


class TestDeadlines:
    async def test_what_is_listed_is_here_with_all_that_moodle_says(self, course) -> None:
        item = listed(
            course,
            opens_at=days(-1),
            closes_at=days(5),
            submission=SubmissionState.DRAFT,
            submitted_at=NOON,
        )
        found = await keep(course, item)
        (row,) = await all_deadlines()
        assert {
            name: getattr(row, name) for name in item.__slots__ if name != "course_id"
        } == {name: getattr(item, name) for name in item.__slots__ if name != "course_id"}
        assert (row.account_id, row.course_id) == (course.account_id, course.id)
        assert found == [DeadlineNews(course.id, "Essay", "new", days(3))]

    async def test_the_same_again_costs_one_question_and_no_write(
        self, course, news
    ) -> None:
        items = [listed(course, number, title=f"Essay {number}") for number in range(300)]
        await keep(course, *items)
        news.clear()
        with asked() as statements:
            assert await keep(course, *items) == []
        assert len(statements) == 1
        assert writes(statements) == []
        assert news == []

    async def test_a_title_that_was_cut_is_not_a_change(self, course) -> None:
        item = listed(course, title="  x\n" * 500)
        await keep(course, item)
        with asked() as statements:
            await keep(course, item)
        assert writes(statements) == []
        (row,) = await all_deadlines()
        assert len(row.title) <= 400

    async def test_characters_that_nobody_can_keep_are_dropped(self, course) -> None:
        await keep(course, listed(course, title="Es\x00say\u2028\ud800 \x1b1"))
        assert [row.title for row in await all_deadlines()] == ["Essay 1"]

    async def test_one_that_moved_is_moved_and_news(self, course, news) -> None:
        await keep(course, listed(course, 1), listed(course, 2))
        news.clear()
        with asked() as statements:
            found = await keep(course, listed(course, 1), listed(course, 2, due_at=days(4)))
        assert found == [DeadlineNews(course.id, "Essay", "moved", days(4))]
        assert len(writes(statements)) == 1
        assert [row.due_at for row in await all_deadlines()] == [days(3), days(4)]
        assert [one.topic for one in news] == [bus.Topic.SYNC]

    @pytest.mark.parametrize(
        "change",
        [
            {"title": "Essay on osmosis"},
            {"opens_at": days(1)},
            {"closes_at": days(9)},
            {"address": None},
            {"submission": SubmissionState.SUBMITTED, "submitted_at": NOON},
        ],
    )
    async def test_what_else_differs_is_kept_without_being_news(
        self, course, news, change
    ) -> None:
        await keep(course, listed(course))
        news.clear()
        assert await keep(course, replace(listed(course), **change)) == []
        (row,) = await all_deadlines()
        assert {name: getattr(row, name) for name in change} == change
        assert len(news) == 1

    async def test_a_state_that_was_not_asked_for_leaves_what_is_known(
        self, course
    ) -> None:
        handed_in = {"submission": SubmissionState.SUBMITTED, "submitted_at": NOON}
        await keep(course, listed(course, **handed_in))
        with asked() as statements:
            await keep(course, listed(course))
        assert writes(statements) == []
        (row,) = await all_deadlines()
        assert (row.submission, row.submitted_at) == (SubmissionState.SUBMITTED, NOON)

    async def test_what_is_not_listed_any_more_goes(self, course) -> None:
        await keep(course, listed(course, 1), listed(course, 2, title="Lab report"))
        found = await keep(course, listed(course, 1))
        assert found == [DeadlineNews(course.id, "Lab report", "gone", days(3))]
        assert [row.cmid for row in await all_deadlines()] == [1]

    async def test_an_event_that_went_may_be_done_and_is_no_news(self, course) -> None:
        await keep(course, listed(course, kind=DeadlineKind.EVENT))
        assert await keep(course) == []
        assert await all_deadlines() == []

    async def test_what_lies_behind_is_no_news(self, course) -> None:
        assert await keep(course, listed(course, due_at=days(-1))) == []
        assert await keep(course, listed(course, due_at=days(-2))) == []
        assert await keep(course) == []

    async def test_other_kinds_and_other_courses_are_left_alone(
        self, course, student
    ) -> None:
        other = await enrol(student, moodle_id=102, shortname="CHE 1")
        await make_deadline(course, kind=DeadlineKind.QUIZ, cmid=5)
        await make_deadline(other, cmid=6)
        assert await keep(course, kinds=[DeadlineKind.ASSIGNMENT]) == []
        assert [row.cmid for row in await all_deadlines()] == [5, 6]

    async def test_the_same_module_can_be_two_kinds_of_due_dates(self, course) -> None:
        quiz = listed(course, kind=DeadlineKind.QUIZ)
        await keep(course, listed(course), quiz)
        assert len(await all_deadlines()) == 2

    async def test_several_courses_are_kept_at_once(self, course, student) -> None:
        other = await enrol(student, moodle_id=102, shortname="CHE 1")
        await keep(course, listed(course), listed(other), courses=[other])
        assert {row.course_id for row in await all_deadlines()} == {course.id, other.id}

    async def test_more_than_fit_into_one_statement_are_kept(self, course) -> None:
        items = [listed(course, number) for number in range(1, 3_501)]
        assert len(await keep(course, *items)) == 3_500

    async def test_two_at_once_keep_each_once_and_tell_it_once(self, course) -> None:
        items = [listed(course, number) for number in range(5)]
        told_twice = await asyncio.gather(*(keep(course, *items) for _ in range(3)))
        assert sorted(map(len, told_twice)) == [0, 0, 5]
        assert len(await all_deadlines()) == 5

    async def test_two_at_once_tell_a_move_once(self, course, news) -> None:
        await keep(course, *(listed(course, number) for number in range(5)))
        news.clear()
        moved = [listed(course, number, due_at=days(4)) for number in range(5)]
        async with unit_of_work() as work:
            held = select(Deadline).where(Deadline.cmid == 2).with_for_update()
            await work.session.exec(held)
            runs = [
                asyncio.create_task(keep(course, *items)) for items in (moved, moved[::-1])
            ]
            await until_all_wait(*runs)
        assert sorted(map(len, await asyncio.gather(*runs))) == [0, 5]
        assert len(news) == 1

    async def test_a_run_that_did_not_ask_leaves_what_another_found_at_once(
        self, course
    ) -> None:
        state = {"submission": SubmissionState.SUBMITTED, "submitted_at": NOON}
        asking = [listed(course, number, **state) for number in range(5)]
        async with unit_of_work() as work:
            work.session.add(deadline_row(course, cmid=4))
            await work.session.flush()
            first = asyncio.create_task(keep(course, *asking))
            await until_all_wait(first)
            unasked = [listed(course, number) for number in range(5)]
            second = asyncio.create_task(keep(course, *unasked))
            await until_all_wait(first, second)
        await asyncio.gather(first, second)
        for row in await all_deadlines():
            assert (row.submission, row.submitted_at) == (SubmissionState.SUBMITTED, NOON)

    async def test_what_is_listed_in_anothers_course_leaves_theirs(
        self, course, other_student
    ) -> None:
        theirs = await enrol(other_student)
        await make_deadline(theirs, "Theirs", cmid=5)
        assert await keep(course, listed(theirs, 5, title="Mine"), courses=[theirs]) == []
        assert [row.title for row in await all_deadlines()] == ["Theirs"]

    @pytest.mark.parametrize("count", [1, 7])
    async def test_what_is_asked_does_not_grow_with_the_courses(
        self, student, count
    ) -> None:
        first, *others = await make_courses(student, count)
        items = [listed(one, number) for one in (first, *others) for number in range(3)]
        with asked() as statements:
            await keep(first, *items, courses=others)
        assert [one.split()[0] for one in statements] == ["SELECT", "INSERT"]
        moved = [replace(one, due_at=days(4)) for one in items if one.cmid]
        with asked() as statements:
            found = await keep(first, *moved, courses=others)
        assert [one.split()[0] for one in statements] == ["SELECT", "INSERT", "DELETE"]
        assert [one.what for one in found] == [*["moved"] * 2 * count, *["gone"] * count]

    async def test_nobody_touches_what_is_anothers(self, course, other_student) -> None:
        theirs = await enrol(other_student)
        await make_deadline(theirs, cmid=5)
        async with unit_of_work() as work:
            await service.keep_deadlines(
                work,
                account_id=course.account_id,
                course_ids=[theirs.id],
                kinds=ALL,
                listed=[],
                now=NOON,
            )
        assert [row.cmid for row in await all_deadlines()] == [5]


class TestAnnouncements:
    async def test_what_is_new_is_here_and_news(self, course, news) -> None:
        (found,) = await hear(course, told())
        (row,) = await all_announcements()
        assert (found.course_id, found.subject) == (course.id, "The exam moves")
        assert found.announcement_id == row.id
        assert (row.text, row.author) == ("It is on Friday now.", "Dr. Sommer")
        assert [one.topic for one in news] == [bus.Topic.SYNC]

    async def test_the_same_again_costs_one_question_and_no_write(self, course) -> None:
        items = [
            told(number, subject="x\x00 y" * 300, text="\r\n a \x00")
            for number in range(30)
        ]
        await hear(course, *items)
        with asked() as statements:
            assert await hear(course, *items) == []
        assert len(statements) == 1
        assert writes(statements) == []

    async def test_one_that_was_edited_is_kept_and_no_news(self, course) -> None:
        await hear(course, told())
        assert await hear(course, told(text="It is on Monday now.")) == []
        assert [row.text for row in await all_announcements()] == ["It is on Monday now."]

    async def test_what_is_gone_from_moodle_stays(self, course) -> None:
        await hear(course, told(1), told(2))
        assert await hear(course, told(2)) == []
        assert await hear(course) == []
        assert [row.discussion_id for row in await all_announcements()] == [1, 2]

    async def test_news_come_course_by_course_as_listed(self, student, news) -> None:
        courses = await make_courses(student, 3)
        forums = {one.id: [told(7), told(3)] for one in reversed(courses)}
        found = await hear_all(student.account_id, forums)
        places = {
            (row.course_id, row.discussion_id): row.id for row in await all_announcements()
        }
        assert [(one.course_id, one.announcement_id) for one in found] == [
            (one.id, places[one.id, number])
            for one in reversed(courses)
            for number in (7, 3)
        ]
        assert len(news) == 1

    async def test_where_nothing_is_listed_nothing_is_asked(self, student, course) -> None:
        with asked() as statements:
            assert await hear_all(student.account_id, {}) == []
            assert await hear_all(student.account_id, {course.id: []}) == []
        assert statements == []

    @pytest.mark.parametrize("count", [1, 7])
    async def test_what_is_asked_does_not_grow_with_the_courses(
        self, student, news, count
    ) -> None:
        courses = await make_courses(student, count)
        with asked() as first:
            await hear_all(student.account_id, {one.id: [told(1)] for one in courses})
        edited = {one.id: [told(1, text="On Monday."), told(2)] for one in courses}
        with asked() as changed:
            found = await hear_all(student.account_id, edited)
        news.clear()
        with asked() as unchanged:
            assert await hear_all(student.account_id, edited) == []
        assert len(found) == count
        assert [one.split()[0] for one in first + changed] == ["SELECT", "INSERT"] * 2
        assert [one.split()[0] for one in unchanged] == ["SELECT"]
        assert news == []

    async def test_the_same_number_in_two_courses_is_two_announcements(
        self, student
    ) -> None:
        one, other = await make_courses(student, 2)
        await hear_all(student.account_id, {one.id: [told(1)], other.id: [told(2)]})
        forums = {one.id: [told(1), told(2)], other.id: [told(2, text="On Monday.")]}
        assert [
            found.course_id for found in await hear_all(student.account_id, forums)
        ] == [one.id]
        assert len(await all_announcements()) == 3

    async def test_runs_that_go_through_courses_in_different_order_do_not_block_each_other(
        self, student
    ) -> None:
        courses = await make_courses(student, 8)
        known = {one.id: [told(number) for number in range(20)] for one in courses}
        await hear_all(student.account_id, known)
        forums = [
            (one.id, [told(number, text="On Monday.") for number in range(40)])
            for one in courses
        ]
        middle = sorted(one.id for one in courses)[4]
        async with unit_of_work() as work:
            held = announcement_row(
                next(one for one in courses if one.id == middle), discussion_id=30
            )
            work.session.add(held)
            await work.session.flush()
            runs = [
                asyncio.create_task(hear_all(student.account_id, dict(order)))
                for order in (forums, forums[::-1], forums[3:] + forums[:3])
            ]
            await until_all_wait(*runs)
        by_another = 1
        found = await asyncio.gather(*runs)
        assert sorted(map(len, found)) == [0, 0, 8 * 20 - by_another]
        rows = await all_announcements()
        assert len({(row.course_id, row.discussion_id) for row in rows}) == len(rows) == 320
        assert {row.text for row in rows} == {"On Monday."}

    async def test_what_is_listed_in_anothers_course_leaves_theirs(
        self, course, other_student
    ) -> None:
        theirs = await enrol(other_student)
        await make_announcement(theirs, discussion_id=1)
        forums = {theirs.id: [told(1, text="Mine.")], course.id: [told(1)]}
        (news,) = await hear_all(course.account_id, forums)
        assert news.course_id == course.id
        assert {row.text for row in await all_announcements()} == {"It is on Friday now."}

    async def test_two_at_once_keep_each_once_and_tell_it_once(self, course) -> None:
        found = await asyncio.gather(*(hear(course, told(1), told(2)) for _ in range(3)))
        assert sorted(map(len, found)) == [0, 0, 2]
        assert len(await all_announcements()) == 2

    async def test_nobody_touches_what_is_anothers(self, course, other_student) -> None:
        theirs = await enrol(other_student)
        await make_announcement(theirs, discussion_id=1)
        assert len(await hear(course, told(1, text="Mine."))) == 1
        texts = {row.course_id: row.text for row in await all_announcements()}
        assert texts == {course.id: "Mine.", theirs.id: "It is on Friday now."}
