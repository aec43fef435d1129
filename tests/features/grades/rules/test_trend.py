"""Where grades are heading."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.grades.rules.trend import Direction, find_trend
from tests.features.grades.gradebooks import days_ago, line

MONTH = 365.25 / 12


def graded(*percents: float, every: float = MONTH):
    first = every * (len(percents) - 1)
    return [
        line(percent, graded_at=days_ago(first - every * place))
        for place, percent in enumerate(percents)
    ]


@pytest.mark.parametrize(
    ("percents", "direction", "per_month"),
    [
        ((60, 70, 80), Direction.RISING, 10),
        ((80, 70, 60), Direction.FALLING, -10),
        ((70, 70, 70), Direction.STEADY, 0),
        ((70, 71, 72), Direction.STEADY, 1),
        ((50, 90, 70, 70), Direction.RISING, 4),
    ],
)
def test_a_straight_line_through_the_grades(percents, direction, per_month) -> None:
    found = find_trend(graded(*percents))
    assert found is not None
    assert (found.direction, found.per_month) == (direction, pytest.approx(per_month))


@pytest.mark.parametrize(
    "lines",
    [
        [],
        graded(50, 90),
        graded(50, 70, 90, every=2),
        [line(50), line(70), line(90)],
        [*graded(50, 90), line(None, graded_at=days_ago(0))],
    ],
)
def test_too_little_is_no_trend(lines) -> None:
    assert find_trend(lines) is None


def test_the_order_of_the_gradebook_does_not_matter() -> None:
    forth = find_trend(graded(60, 70, 90))
    back = find_trend(graded(60, 70, 90)[::-1])
    assert forth is not None
    assert forth == back


@given(st.lists(st.tuples(st.floats(), st.floats(0, 1000)), max_size=8))
def test_a_trend_is_a_number_or_nothing(pairs) -> None:
    lines = [line(grade, graded_at=days_ago(days)) for grade, days in pairs]
    found = find_trend(lines)
    assert found is None or math.isfinite(found.per_month)


@given(st.floats(-50, 50), st.floats(0, 100))
def test_grades_on_a_line_have_its_slope(slope, start) -> None:
    found = find_trend(graded(*[start + slope * month for month in range(5)]))
    assert found is not None
    assert found.per_month == pytest.approx(slope, abs=1e-6)
