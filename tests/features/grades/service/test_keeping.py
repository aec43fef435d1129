"""A sync keeps what Moodle shows of grades."""

import asyncio
import math
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlmodel import col, select

from studymaster.adapters.database import unit_of_work
from studymaster.features.grades.schemas import GradeNews
from studymaster.models import Course, GradeItem, GradePoint
from tests.conftest import NOON
from tests.features.grades.gradebooks import (
    biology,
    keep,
    keep_all,
    listed,
    make_course,
    total,
)
from tests.statements import asked
from tests.together import until_all_wait

LATER = NOON + timedelta(hours=1)
WRITES = ("INSERT", "UPDATE", "DELETE")


async def items_of(course) -> list[GradeItem]:
    async with unit_of_work() as work:
        statement = select(GradeItem).where(GradeItem.course_id == course.id)
        rows = await work.session.exec(statement.order_by(col(GradeItem.position)))
        return list(rows.all())


async def past_of(course) -> list[tuple[str, float | None]]:
    statement = (
        select(GradeItem.name, GradePoint.grade)
        .join(GradePoint, col(GradePoint.item_id) == col(GradeItem.id))
        .where(GradeItem.course_id == course.id)
        .order_by(col(GradePoint.seen_at), col(GradeItem.position))
    )
    async with unit_of_work() as work:
        return [*(await work.session.exec(statement)).all()]


async def make_courses(student, count: int) -> list[Course]:
    return [
        await make_course(student, moodle_id=number, site_url=f"https://{number}.edu")
        for number in range(count)
    ]


@pytest.fixture
async def course(student):
    return await make_course(student)


async def test_the_first_reading_is_a_silent_baseline(student, course) -> None:
    assert await keep(student, course.id, *biology()) == []
    assert [row.name for row in await items_of(course)] == [
        "Lab report 1",
        "Lab report 2",
        "Mid-term quiz",
        "Final exam",
        "Oral participation",
        "Total",
    ]
    assert len(await past_of(course)) == 4


async def test_everything_that_moodle_tells_is_kept(student, course) -> None:
    await keep(student, course.id, *biology())
    (row, *_) = await items_of(course)
    (told, *_) = biology()
    for name in ("cmid", "kind", "grade", "minimum", "maximum", "weight", "shown"):
        assert getattr(row, name) == getattr(told, name), name
    assert (row.feedback, row.graded_at) == (told.feedback, told.graded_at)


async def test_an_unchanged_gradebook_costs_one_question_and_no_write(
    student, course
) -> None:
    await keep(student, course.id, *biology())
    with asked() as statements:
        assert await keep(student, course.id, *biology(), now=LATER) == []
    assert len(statements) == 1
    assert not statements[0].startswith(WRITES)


async def test_a_new_grade_is_news_and_gets_its_moment(student, course) -> None:
    first, second, *rest = biology()
    await keep(student, course.id, first, second, *rest)
    graded = replace(second, grade=64.0, shown="64.00")
    news = await keep(student, course.id, first, graded, *rest, now=LATER)
    assert news == [GradeNews(course.id, "Lab report 2", "64.00")]
    assert (await past_of(course))[-1] == ("Lab report 2", 64.0)


async def test_a_better_grade_keeps_the_old_one_in_its_past(student, course) -> None:
    await keep(student, course.id, listed(2, "Essay", 60.0))
    news = await keep(student, course.id, listed(2, "Essay", 75.0), now=LATER)
    assert [one.shown for one in news] == ["75.00"]
    assert await past_of(course) == [("Essay", 60.0), ("Essay", 75.0)]


async def test_a_grade_that_is_taken_back_is_kept_in_mind_and_not_told(
    student, course
) -> None:
    await keep(student, course.id, listed(2, "Essay", 60.0))
    assert await keep(student, course.id, listed(2, "Essay"), now=LATER) == []
    assert await past_of(course) == [("Essay", 60.0), ("Essay", None)]


async def test_a_letter_is_news_when_it_changes(student, course) -> None:
    await keep(student, course.id, listed(2, "Essay"), listed(3, "Poster", shown="Fair"))
    news = await keep(
        student,
        course.id,
        listed(2, "Essay", shown="B+"),
        listed(3, "Poster", shown="Good"),
        now=LATER,
    )
    assert [one.shown for one in news] == ["B+", "Good"]
    assert await past_of(course) == []


async def test_the_same_number_in_other_words_is_no_news(student, course) -> None:
    await keep(student, course.id, listed(2, "Essay", 60.0))
    other = listed(2, "Essay", 60.0, shown="60.00 %")
    assert await keep(student, course.id, other, now=LATER) == []
    assert [row.shown for row in await items_of(course)] == ["60.00 %"]


async def test_a_total_moves_without_being_told(student, course) -> None:
    await keep(student, course.id, listed(2), total(50.0))
    graded = listed(2, "Essay", 80.0)
    news = await keep(student, course.id, graded, total(80.0), now=LATER)
    assert [one.name for one in news] == ["Essay"]


async def test_a_line_that_comes_with_its_grade_is_news(student, course) -> None:
    await keep(student, course.id, listed(2))
    news = await keep(student, course.id, listed(2), listed(3, "Poster", 9.0), now=LATER)
    assert [one.name for one in news] == ["Poster"]


async def test_a_line_gone_from_moodle_goes_with_its_past(student, course) -> None:
    await keep(student, course.id, listed(2, "Essay", 60.0), listed(3))
    assert await keep(student, course.id, listed(3), now=LATER) == []
    assert [row.moodle_id for row in await items_of(course)] == [3]
    assert await past_of(course) == []


async def test_two_courses_do_not_touch_each_other(student, course) -> None:
    other = await make_course(student, moodle_id=3, site_url="https://other.edu")
    await keep(student, course.id, listed(2, "Essay", 60.0))
    await keep(student, other.id, listed(2, "Lab", 70.0))
    await keep(student, course.id, now=LATER)
    assert await items_of(course) == []
    assert [row.name for row in await items_of(other)] == ["Lab"]


async def test_anothers_course_is_left_alone(student, other_student, course) -> None:
    await keep(student, course.id, listed(2, "Essay", 60.0))
    assert await keep(other_student, course.id, listed(2, "Essay", 90.0)) == []
    assert await keep(student, uuid4(), listed(2, "Essay", 90.0)) == []
    assert [row.grade for row in await items_of(course)] == [60.0]


async def test_two_runs_at_once_tell_a_grade_once(student, course) -> None:
    await keep(student, course.id, listed(2, "Essay"))
    both = await asyncio.gather(
        *[
            keep(student, course.id, listed(2, "Essay", 75.0), listed(3), now=LATER)
            for _ in range(2)
        ]
    )
    assert sorted(map(len, both)) == [0, 1]
    assert await past_of(course) == [("Essay", 75.0)]


async def test_two_first_readings_at_once_keep_one_gradebook(student, course) -> None:
    both = await asyncio.gather(*[keep(student, course.id, *biology()) for _ in range(2)])
    assert both == [[], []]
    assert len(await items_of(course)) == 6


async def test_many_gradebooks_cost_one_question_when_nothing_differs(student) -> None:
    courses = await make_courses(student, 4)
    books = {one.id: biology() for one in courses}
    books[courses[2].id].append(listed(50, "Bonus"))
    assert await keep_all(student, books) == []
    with asked() as statements:
        assert await keep_all(student, books, now=LATER) == []
    (only,) = statements
    assert only.startswith("SELECT")
    assert "FOR NO KEY UPDATE" not in only
    books[courses[2].id][-1] = listed(50, "Bonus", 4.0)
    news = await keep_all(student, books, now=LATER)
    assert news == [GradeNews(courses[2].id, "Bonus", "4.00")]


@pytest.mark.parametrize("count", [1, 7])
async def test_what_is_asked_does_not_grow_with_the_courses(student, count) -> None:
    courses = await make_courses(student, count)
    with asked() as first:
        await keep_all(student, {one.id: biology() for one in courses})
    assert [one.split()[0] for one in first] == [*["SELECT"] * 3, *["INSERT"] * 2]
    essays = {one.id: [listed(2, "Essay", 60.0), listed(77)] for one in courses}
    with asked() as changed:
        news = await keep_all(student, essays, now=LATER)
    assert [one.course_id for one in news] == [one.id for one in courses]
    words = [one.split()[0] for one in changed]
    assert words == [*["SELECT"] * 3, "DELETE", *["INSERT"] * 2]


async def test_only_the_gradebooks_that_differ_are_held_and_written(student) -> None:
    courses = await make_courses(student, 3)
    books = {one.id: [listed(2, "Essay", 60.0)] for one in courses}
    await keep_all(student, books)
    books[courses[1].id] = [listed(2, "Essay", 70.0)]
    async with unit_of_work() as work:
        statement = select(Course).where(Course.id == courses[0].id)
        await work.session.exec(statement.with_for_update())
        news = await keep_all(student, books, now=LATER)
    assert [one.course_id for one in news] == [courses[1].id]
    assert [len(await past_of(one)) for one in courses] == [1, 2, 1]


async def test_anothers_course_among_ones_own_is_left_alone(
    student, other_student, course
) -> None:
    theirs = await make_course(other_student)
    books = {theirs.id: [listed(2, "Lab", 9.0)], course.id: [listed(2, "Essay", 60.0)]}
    assert await keep_all(student, books) == []
    assert await items_of(theirs) == []
    assert [row.name for row in await items_of(course)] == ["Essay"]


async def test_a_course_read_for_the_first_time_is_silent_beside_one_that_is_known(
    student, course
) -> None:
    await keep(student, course.id, listed(2))
    fresh = await make_course(student, moodle_id=3, site_url="https://other.edu")
    books = {one.id: [listed(2, "Essay", 60.0)] for one in (fresh, course)}
    news = await keep_all(student, books, now=LATER)
    assert news == [GradeNews(course.id, "Essay", "60.00")]
    assert await past_of(fresh) == [("Essay", 60.0)]


async def test_runs_that_go_through_courses_in_different_order_do_not_block_each_other(
    student,
) -> None:
    courses = await make_courses(student, 8)
    await keep_all(student, {one.id: [listed(2, "Essay")] for one in courses})
    graded = [(one.id, [listed(2, "Essay", 75.0), *biology()[1:]]) for one in courses]
    async with unit_of_work() as work:
        held = select(Course).where(Course.id == courses[4].id).with_for_update()
        await work.session.exec(held)
        runs = [
            asyncio.create_task(keep_all(student, dict(books), now=LATER))
            for books in (graded, graded[::-1], graded[3:] + graded[:3])
        ]
        await until_all_wait(*runs)
    told = await asyncio.gather(*runs)
    per_course = 3
    assert sorted(map(len, told)) == [0, 0, per_course * len(courses)]
    for one in courses:
        assert len(await items_of(one)) == 6
        assert [grade for _, grade in await past_of(one)] == [75.0, 0.0, 17.0, 104.5]


async def test_two_changes_of_one_moment_leave_the_last(student, course) -> None:
    await keep(student, course.id, listed(2, "Essay"))
    await keep(student, course.id, listed(2, "Essay", 60.0), now=LATER)
    await keep(student, course.id, listed(2, "Essay", 70.0), now=LATER)
    assert await past_of(course) == [("Essay", 70.0)]


async def test_what_no_column_takes_is_made_to_fit(student, course) -> None:
    odd = listed(
        2,
        "N\x00ame " * 200,
        math.nan,
        minimum=math.nan,
        maximum=math.inf,
        weight=math.inf,
        shown="S" * 300,
        feedback="\ud800half",
    )
    await keep(student, course.id, odd)
    (row,) = await items_of(course)
    assert (len(row.name), len(row.shown), row.feedback) == (400, 100, "half")
    assert (row.grade, row.minimum, row.maximum, row.weight) == (None, 0.0, 100.0, None)
    with asked() as statements:
        await keep(student, course.id, odd, now=LATER)
    assert len(statements) == 1


async def test_several_lines_of_one_activity_stay_apart(student, course) -> None:
    await keep(
        student,
        course.id,
        listed(11, "Peer review (submission)", 60.0, cmid=60),
        listed(12, "Peer review (assessment)", 15.0, cmid=60, maximum=20.0),
    )
    assert [row.grade for row in await items_of(course)] == [60.0, 15.0]


async def test_after_any_history_what_is_kept_is_what_moodle_lists(student, course) -> None:
    chance = Random(4)
    for hour in range(30):
        grades = [None, 0.0, 50.0, 99.5]
        numbers = chance.sample(range(1, 7), k=chance.randint(0, 6))
        lines = [listed(number, grade=chance.choice(grades)) for number in numbers]
        await keep(student, course.id, *lines, now=NOON + timedelta(hours=hour))
        found = {row.moodle_id: row.grade for row in await items_of(course)}
        assert found == {one.moodle_id: one.grade for one in lines}
