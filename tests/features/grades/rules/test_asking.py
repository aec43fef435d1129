"""What a student may type into the what-if."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.grades.rules.asking import (
    parse_grade,
    parse_share,
    parse_wish,
)
from tests.features.grades.gradebooks import line

anything = st.none() | st.text() | st.integers() | st.floats() | st.lists(st.text())


@pytest.mark.parametrize(
    ("typed", "wish"), [("80", 80), (" 72,5 % ", 72.5), ("72.5%", 72.5), ("105", 105)]
)
def test_a_wish(typed, wish) -> None:
    assert parse_wish(typed) == wish


@pytest.mark.parametrize(
    "typed", ["", "much", "0", "-3", "201", "nan", "inf", None, 80, "8" * 400, "\x00"]
)
def test_no_wish(typed) -> None:
    with pytest.raises(InvalidInputError, match="from 1 to 200"):
        parse_wish(typed)


@pytest.mark.parametrize(("typed", "share"), [("", None), (None, None), ("40", 0.4)])
def test_a_share(typed, share) -> None:
    assert parse_share(typed) == share


@pytest.mark.parametrize("typed", ["0", "100", "half", 40])
def test_no_share(typed) -> None:
    with pytest.raises(InvalidInputError, match="from 1 to 99"):
        parse_share(typed)


@pytest.mark.parametrize(
    ("typed", "percent"), [("17", 85), ("20", 100), ("22", 110), ("0", 0), (" ", None)]
)
def test_an_assumed_grade_is_typed_in_points(typed, percent) -> None:
    assert parse_grade(typed, line=line(of=20)) == pytest.approx(percent)


@pytest.mark.parametrize("typed", ["41", "-1", "B+", "1e400"])
def test_no_grade_of_that_line(typed) -> None:
    with pytest.raises(InvalidInputError, match="from 0 to 40 for “Oral”"):
        parse_grade(typed, line=line(of=20, name="Oral"))


@given(anything)
def test_whatever_is_typed_becomes_a_number_or_is_refused(typed) -> None:
    for parse in (parse_wish, parse_share, lambda value: parse_grade(value, line=line())):
        with suppress(InvalidInputError):
            number = parse(typed)
            assert number is None or math.isfinite(number)
