"""What a sync brings is kept exactly, written only where it differs, and told once."""

import asyncio
from dataclasses import replace

import pytest

from studymaster.adapters import bus
from studymaster.adapters.database import unit_of_work
from studymaster.features.deadlines import service
from studymaster.features.deadlines.schemas import DeadlineNews
from studymaster.models import Course, DeadlineKind, SubmissionState
from tests.conftest import NOON
from tests.features.campus.mates import enrol
from tests.features.deadlines.due import (
    all_announcements,
    all_deadlines,
    days,
    listed,
    make_announcement,
    make_deadline,
    told,
)
from tests.statements import asked

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


async def hear(course: Course, *items):
    async with unit_of_work() as work:
        return await service.keep_announcements(
            work,
            account_id=course.account_id,
            course_id=course.id,
            listed=items,
            now=NOON,
        )


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
        assert writes(statements) == []
        assert len([one for one in statements if "deadline" in one]) == 1
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
        assert writes(statements) == []
        assert len([one for one in statements if "announcement" in one]) == 1

    async def test_one_that_was_edited_is_kept_and_no_news(self, course) -> None:
        await hear(course, told())
        assert await hear(course, told(text="It is on Monday now.")) == []
        assert [row.text for row in await all_announcements()] == ["It is on Monday now."]

    async def test_what_is_gone_from_moodle_stays(self, course) -> None:
        await hear(course, told(1), told(2))
        assert await hear(course, told(2)) == []
        assert await hear(course) == []
        assert [row.discussion_id for row in await all_announcements()] == [1, 2]

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
