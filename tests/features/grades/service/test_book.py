"""One course's gradebook with its charts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.features.grades import service
from studymaster.models import GradeKind
from tests.conftest import NOON, make_student
from tests.features.grades.gradebooks import (
    biology,
    days_ago,
    keep,
    listed,
    make_course,
    total,
)


async def book_of(student, *readings):
    course = await make_course(student)
    for hour, lines in enumerate(readings):
        await keep(student, course.id, *lines, now=NOON + timedelta(days=hour))
    async with unit_of_work() as work:
        return await service.get_gradebook(work, student=student, course_id=course.id)


async def test_lines_come_in_moodles_order_with_what_is_known(student) -> None:
    found = await book_of(student, biology()[::-1])
    assert [one.name for one in found.lines][:2] == ["Lab report 1", "Lab report 2"]
    first, second, *_ = found.lines
    assert (first.shown, first.percent_words) == ("87.50", "87.5%")
    assert first.facts == ("0 to 100", "weight 77% of what is graded", "graded 7 Dec 2029")
    assert first.feedback == "Very good. Mind the units."
    assert (second.shown, second.facts) == ("", ("0 to 100",))


async def test_totals_without_a_name_get_one(student) -> None:
    unnamed = [
        replace(total(50.0), name=""),
        listed(8, "", 50.0, kind=GradeKind.CATEGORY, cmid=None),
    ]
    found = await book_of(student, [replace(one, name="") for one in unnamed])
    assert [one.name for one in found.lines] == ["Category total", "Course total"]


async def test_a_scale_shows_its_word(student) -> None:
    scale = listed(2, "Poster", 3.0, shown="Good", minimum=1.0, maximum=5.0)
    (found,) = (await book_of(student, [scale])).lines
    assert (found.shown, found.percent_words) == ("Good", "50%")


async def test_a_changed_grade_tells_what_it_was(student) -> None:
    found = await book_of(
        student,
        [listed(2, "Essay", 60.0)],
        [listed(2, "Essay")],
        [listed(2, "Essay", 75.0)],
    )
    (essay,) = found.lines
    assert "earlier: 60% (16 Jan 2030)" in essay.facts
    assert [one.words for one in essay.past] == ["60%", "taken back", "75%"]


async def test_days_are_those_of_the_students_calendar(empty_database) -> None:
    student = await make_student("Aroha", time_zone="Pacific/Auckland")
    found = await book_of(student, [listed(2, "Essay", 60.0, graded_at=NOON)])
    assert "graded 17 Jan 2030" in found.lines[0].facts


async def test_bars_stand_by_date_and_say_so(student) -> None:
    found = await book_of(student, biology())
    assert [bar.name for bar in found.bars] == [
        "Lab report 1",
        "Mid-term quiz",
        "Oral participation",
    ]
    assert [bar.height for bar in found.bars] == [88, 1, 85]
    assert found.bars_sentence == (
        "3 grades by their dates, the newest 85% in “Oral participation”. "
        "Best: 87.5% in “Lab report 1”; lowest: 0% in “Mid-term quiz”."
    )


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([listed(2)], "No grade has a date and a figure yet."),
        (
            [listed(2, "Essay", 60.0, graded_at=NOON)],
            "One grade: 60% in “Essay”, 16 Jan 2030.",
        ),
    ],
)
async def test_few_grades_are_said_as_they_are(student, lines, sentence) -> None:
    found = await book_of(student, lines)
    assert found.bars_sentence == sentence
    assert (found.way.path, found.way.rows) == ("", ())


async def test_extra_credit_stays_inside_of_the_chart(student) -> None:
    found = await book_of(
        student,
        [
            listed(2, grade=130.0, graded_at=days_ago(9)),
            listed(3, grade=110.0, graded_at=NOON),
        ],
    )
    assert [bar.height for bar in found.bars] == [100, 100]
    assert found.way.path == "0.0,0.0 100.0,0.0"


async def test_the_course_is_drawn_from_grade_to_grade(student) -> None:
    found = await book_of(student, biology())
    assert [row.words for row in found.way.rows] == ["87.5%", "79.5%", "80.4%"]
    assert found.way.path == "0.0,12.5 66.7,20.5 100.0,19.6"
    assert found.way.sentence == (
        "Added up from what was graded: 87.5% on 7 Dec 2029, 80.4% since 6 Jan 2030."
    )


async def test_what_is_open_says_what_it_will_count(student) -> None:
    found = await book_of(student, biology())
    assert [(one.name, one.share_words) for one in found.open] == [
        ("Lab report 2", "30%"),
        ("Final exam", "30%"),
    ]
    assert found.may_share


async def test_where_moodle_tells_all_weights_nobody_is_asked_for_them(student) -> None:
    found = await book_of(
        student, [listed(2, grade=80.0, weight=0.4), listed(3, weight=0.6), total(32.0)]
    )
    assert not found.may_share
    assert [one.share_words for one in found.open] == ["60%"]
