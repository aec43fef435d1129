"""A gradebook in the figures that rules count with."""

from studymaster.features.grades.service.figures import (
    insight_of,
    lines_of,
    standing_of,
    total_percent,
)
from studymaster.models import Course, GradeItem
from tests.conftest import NOON
from tests.features.grades.gradebooks import biology, listed, total


def rows_of(*lines) -> list[GradeItem]:
    names = GradeItem.model_fields.keys() & set(lines[0].__slots__) if lines else set()
    return [
        GradeItem(**{name: getattr(one, name) for name in names}, created_at=NOON)
        for one in lines
    ]


def standing(*lines):
    course = Course(moodle_id=2, shortname="BIO 110", fullname="Biology", line=3)
    return standing_of(course, "https://moodle.uni.edu", rows_of(*lines))


def test_totals_are_no_lines_of_their_own() -> None:
    rows = rows_of(*biology())
    assert len(lines_of(rows)) == 5
    assert round(total_percent(rows) or 0, 2) == 80.38


def test_a_course_stands_where_moodle_says() -> None:
    found = standing(*biology())
    assert (found.percent_words, found.bar) == ("80.4%", 80)
    assert found.source_words == "Moodle's course total."
    assert (found.graded, found.gradable) == (3, 5)
    assert found.trend_words == "falling, by about 21 percentage points a month"


def test_without_a_total_the_lines_are_added_up() -> None:
    found = standing(listed(2, grade=90.0), listed(3), total(None))
    assert found.percent_words == "90%"
    assert found.source_words.startswith("Added up")


def test_words_and_letters_are_graded_without_a_figure() -> None:
    found = standing(listed(2, shown="Good"), listed(3, shown="B+"), listed(4))
    assert (found.graded, found.gradable, found.percent_words) == (2, 3, "")
    assert found.source_words == "Nothing is graded yet."


def test_extra_credit_fills_the_bar_and_no_more() -> None:
    found = standing(listed(2, grade=108.0))
    assert (found.percent_words, found.bar) == ("108%", 100)


def test_the_insight_names_what_moves_the_grade() -> None:
    assert insight_of(rows_of(*biology())) == (
        "“Lab report 1” pulls it up most, by 5.5 percentage points.",
        "“Mid-term quiz” pulls it down most, by 6.2 percentage points.",
        "Of what is still open, “Lab report 2” weighs most: 30% of the course.",
    )


def test_of_an_empty_gradebook_there_is_nothing_to_say() -> None:
    assert insight_of([]) == ()
    assert standing().percent_words == ""
