"""How a course stands, and what each line counts."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.grades.rules.lines import percent_of
from studymaster.features.grades.rules.standing import (
    Basis,
    Source,
    running,
    tally,
    weigh,
)
from tests.features.grades.gradebooks import days_ago, line

figures = st.none() | st.floats(-1e12, 1e12) | st.sampled_from([0.0, math.nan, math.inf])
lines = st.lists(
    st.builds(
        line,
        figures,
        of=st.floats(-1000, 1000),
        weight=st.none() | st.floats(),
        shown=st.sampled_from(["-", "Good", ""]),
    ),
    max_size=6,
)


def shares(*found) -> tuple[Basis, list[float]]:
    basis, parts = weigh(found)
    whole = sum(parts.values())
    return basis, [round(parts[one.key] / whole, 3) for one in found if one.key in parts]


def test_moodles_own_gradebook_adds_up_as_moodle_does() -> None:
    graded = [
        line(87.5, weight=0.76923),
        line(0, of=10, weight=0.07692),
        line(17, of=20, weight=0.15385),
    ]
    found = tally([*graded, line(weight=0.0)], total=None)
    assert found.percent == pytest.approx(80.38, abs=0.01)
    assert (found.source, found.basis) == (Source.LINES, Basis.GRADED)


def test_moodles_own_total_counts_before_our_sum() -> None:
    found = tally([line(50)], total=72.0)
    assert (found.percent, found.source, found.differs) == (72.0, Source.MOODLE, True)


def test_without_weights_each_line_counts_by_its_points() -> None:
    found = tally([line(10, of=10), line(0, of=30)], total=None)
    assert (found.percent, found.basis) == (25.0, Basis.POINTS)


def test_weights_that_do_not_add_up_are_not_used() -> None:
    heavy = [line(100, weight=0.9), line(0, weight=0.9)]
    assert shares(*heavy) == (Basis.POINTS, [0.5, 0.5])


def test_where_all_weights_are_told_what_is_open_counts_as_told() -> None:
    exam = [line(80, weight=0.3), line(60, weight=0.2), line(weight=0.5)]
    assert shares(*exam) == (Basis.MOODLE, [0.3, 0.2, 0.5])


def test_natural_weights_go_on_by_points() -> None:
    found = [line(80, weight=0.5), line(60, weight=0.5), line(of=200, weight=0.0)]
    assert shares(*found) == (Basis.GRADED, [0.25, 0.25, 0.5])


def test_where_all_graded_lines_count_alike_an_open_one_does_too() -> None:
    found = [line(80, weight=0.5), line(6, of=10, weight=0.5), line(of=40, weight=0.0)]
    assert shares(*found) == (Basis.GRADED, [0.333, 0.333, 0.333])


def test_a_teachers_own_weights_leave_the_rest_to_be_guessed() -> None:
    found = [line(80, weight=0.8), line(60, weight=0.2), line(weight=0.0)]
    assert weigh(found)[0] is Basis.GUESSED


def test_one_graded_line_shows_no_rule() -> None:
    found = [line(78, weight=1.0), line(weight=0.0)]
    assert shares(*found) == (Basis.GUESSED, [0.5, 0.5])


def test_a_line_without_a_range_counts_nothing() -> None:
    found = tally([line(5, of=0), line(50)], total=None)
    assert (found.percent, len(found.parts)) == (50.0, 1)


def test_nothing_graded_is_no_standing() -> None:
    found = tally([line(), line()], total=None)
    assert (found.percent, found.source) == (None, Source.NONE)


def test_a_word_without_a_number_leaves_the_sum_alone() -> None:
    found = tally([line(shown="Good"), line(50)], total=None)
    assert found.percent == 50.0


@given(lines, st.none() | st.floats())
def test_a_standing_is_a_number_or_nothing(found, total) -> None:
    percent = tally(found, total=total).percent
    assert percent is None or math.isfinite(percent)


@given(lines)
def test_without_a_total_a_course_stands_between_its_lines(found) -> None:
    by = tally(found, total=None)
    percents = [one for one in map(percent_of, found) if one is not None]
    if by.percent is not None:
        hair = 1e-6 * max(map(abs, percents))
        assert min(percents) - hair <= by.percent <= max(percents) + hair


@given(lines)
def test_the_order_of_lines_changes_nothing(found) -> None:
    forth, back = tally(found, total=None), tally(found[::-1], total=None)
    assert forth.basis is back.basis
    assert (forth.percent is None) is (back.percent is None)
    assert (forth.percent or 0.0) == pytest.approx(back.percent or 0.0, abs=1e-6)


def test_the_course_is_followed_from_grade_to_grade() -> None:
    first = line(90, graded_at=days_ago(30))
    second = line(70, graded_at=days_ago(10))
    undated = line(0)
    found = [second, undated, first]
    by = tally(found, total=None)
    assert running(found, by=by) == [(days_ago(30), 90.0), (days_ago(10), 80.0)]


def test_two_grades_of_one_moment_are_one_step() -> None:
    found = [line(90, graded_at=days_ago(3)), line(70, graded_at=days_ago(3))]
    assert running(found, by=tally(found, total=None)) == [(days_ago(3), 80.0)]


def test_a_total_that_is_the_sum_of_its_lines_is_no_estimate() -> None:
    found = [line(80, weight=0.5), line(60, weight=0.5)]
    assert not tally(found, total=70.4).differs
    assert not tally([replace(found[0], weight=1.0)], total=80.0).differs
