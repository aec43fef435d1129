"""How good a grade in a line is."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.grades.rules.lines import (
    grade_at,
    is_graded,
    is_open,
    percent_of,
)
from tests.features.grades.gradebooks import line


@pytest.mark.parametrize(
    ("grade", "least", "most", "percent"),
    [
        (87.5, 0, 100, 87.5),
        (17, 0, 20, 85),
        (104.5, 0, 130, 80.384615),
        (3, 1, 5, 50),  # the third of five words of a scale
        (1, 1, 5, 0),
        (110, 0, 100, 110),  # extra credit
        (-5, -10, 10, 25),
        (0, 0, 10, 0),
    ],
)
def test_a_grade_in_percent(grade, least, most, percent) -> None:
    assert percent_of(line(grade, least=least, of=most)) == pytest.approx(percent)


@pytest.mark.parametrize(
    ("grade", "least", "most"),
    [(None, 0, 100), (5, 5, 5), (5, 10, 0), (5, 0, math.inf), (math.nan, 0, 100)],
)
def test_what_has_no_percentage(grade, least, most) -> None:
    assert percent_of(line(grade, least=least, of=most)) is None


@given(
    st.none() | st.floats(),
    st.floats(),
    st.floats(),
)
def test_a_percentage_is_a_number_or_nothing(grade, least, most) -> None:
    percent = percent_of(line(grade, least=least, of=most))
    assert percent is None or math.isfinite(percent)


@given(st.floats(0, 100), st.floats(-1000, 1000), st.floats(0.01, 1000))
def test_points_and_percent_are_two_words_for_one_thing(percent, least, size) -> None:
    empty = line(least=least, of=least + size)
    there = line(grade_at(empty, percent=percent), least=least, of=least + size)
    assert percent_of(there) == pytest.approx(percent, abs=1e-6)


@pytest.mark.parametrize(
    ("grade", "shown", "graded"),
    [(None, "-", False), (None, "", False), (None, "Good", True), (0.0, "0.00", True)],
)
def test_a_letter_or_a_word_is_a_grade_too(grade, shown, graded) -> None:
    found = line(grade, shown=shown)
    assert (is_graded(found), is_open(found)) == (graded, not graded)


def test_a_line_without_a_range_is_never_open() -> None:
    assert not is_open(line(least=0, of=0))
