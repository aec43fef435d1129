"""Grades in words."""

import pytest

from studymaster.features.grades.rules.standing import Basis, Source, tally
from studymaster.features.grades.rules.trend import Direction, Trend
from studymaster.features.grades.rules.wishing import need, open_lines
from studymaster.features.grades.rules.words import (
    BASES,
    SOURCES,
    basis_words,
    need_words,
    number_words,
    percent_words,
    range_words,
    result_words,
    share_words,
    trend_words,
)
from tests.features.grades.gradebooks import line


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (80.3846, "80.4%"),
        (80.0, "80%"),
        (0.0, "0%"),
        (-0.01, "0%"),
        (104.55, "104.5%"),
        (None, ""),
    ],
)
def test_a_percentage(percent, words) -> None:
    assert percent_words(percent) == words


@pytest.mark.parametrize(
    ("number", "words"), [(17.0, "17"), (87.5, "87.5"), (4500.0, "4,500"), (-0.001, "0")]
)
def test_a_number(number, words) -> None:
    assert number_words(number) == words


def test_a_range_and_a_share() -> None:
    assert range_words(line(least=1, of=5)) == "1 to 5"
    assert [share_words(share) for share in (0.5, 0.004, 0.0)] == ["50%", "under 1%", "0%"]


def test_a_trend_says_its_pace() -> None:
    assert trend_words(None) == ""
    assert trend_words(Trend(Direction.STEADY, 0.4)) == "steady"
    falling = Trend(Direction.FALLING, -4.25)
    assert trend_words(falling) == "falling, by about 4 percentage points a month"


def test_every_source_and_every_basis_has_its_words() -> None:
    assert set(SOURCES) == set(Source)
    assert set(BASES) == set(Basis)


def test_an_estimate_is_called_one() -> None:
    assert basis_words(tally([line(50)], total=90.0)).endswith("So this is an estimate.")
    assert "estimate" not in basis_words(tally([line(50)], total=50.0))


def said(found, *, wished: float, is_told: bool = True) -> str:
    by = tally(found, total=None)
    waiting = open_lines(found, by=by)
    keys = [one.key for one in waiting]
    answer = need(by, wished=wished, of=keys, assumed={})
    return need_words(answer, wished=wished, of=waiting, is_told=is_told)


def test_what_is_needed_in_the_final() -> None:
    final = line(name="Final", of=50)
    assert said([line(35, of=50), final], wished=75) == (
        "You need 80% in “Final”, which is 40 of 50, for 75% in the course. "
        "It counts 50% of it."
    )


def test_what_is_needed_in_all_that_is_open() -> None:
    assert said([line(70), line(), line()], wished=80) == (
        "You need 85% on average in the 2 grades that are still open for 80% in the course. "
        "Together they count 67% of it."
    )


def test_what_is_reached_and_what_is_lost() -> None:
    final = line(name="Final")
    assert said([line(100), final], wished=50) == (
        "50% is reached already, whatever comes in “Final”."
    )
    assert said([line(40), final], wished=80) == (
        "80% cannot be reached any more: full marks in “Final” lead to at most 70%."
    )


@pytest.mark.parametrize(
    ("grade", "wished", "words"),
    [
        (100, 50, "50% is reached already, whatever comes in it."),
        (
            40,
            80,
            "80% cannot be reached any more: full marks in it lead to at most 70%.",
        ),
        (70, 80, "you need 90% in it, which is 90 of 100, for 80% in the course."),
    ],
)
def test_what_rests_on_a_share_that_nobody_told_says_so_first(grade, wished, words) -> None:
    assert said([line(grade), line(name="Final")], wished=wished, is_told=False) == (
        f"If “Final” counts 50% of the course, {words} "
        "Moodle does not tell that share: type it if you know it."
    )


def test_nothing_open_changes_nothing() -> None:
    assert said([line(40)], wished=80).startswith("What is still open counts nothing")


def test_a_result() -> None:
    assert result_words(None, is_told=False) == ""
    told = result_words(82.25, is_told=True)
    assert told.endswith("the course stands at 82.2%.")
    assert result_words(82.25, is_told=False).startswith(f"{told} An estimate")
