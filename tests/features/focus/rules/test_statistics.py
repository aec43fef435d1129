from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.focus.rules import statistics

WEDNESDAY = date(2030, 1, 16)
FIRST = date(2029, 11, 26)


def test_the_figures_begin_on_the_monday_of_the_eighth_week_back() -> None:
    assert statistics.first_day(WEDNESDAY) == FIRST
    assert statistics.first_day(date(2030, 1, 14)) == FIRST
    assert FIRST.weekday() == 0


def test_days_without_focus_are_days_too() -> None:
    days = statistics.by_day(
        {WEDNESDAY: 1_559}, first=WEDNESDAY - timedelta(days=2), last=WEDNESDAY
    )
    assert [minutes for _, minutes in days] == [0, 0, 25]


@given(st.dictionaries(st.dates(FIRST, WEDNESDAY), st.integers(0, 86_400)))
def test_the_weeks_hold_all_that_the_days_hold(seconds) -> None:
    minutes = {day: 60 * (spent // 60) for day, spent in seconds.items()}
    weeks = statistics.by_week(minutes, today=WEDNESDAY)
    days = statistics.by_day(minutes, first=FIRST, last=WEDNESDAY)
    assert len(weeks) == 8
    assert sum(week for _, week in weeks) == sum(day for _, day in days)


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (190, "3 h 10 min")]
)
def test_minutes_are_said_as_people_say_them(minutes: int, words: str) -> None:
    assert statistics.duration(minutes) == words


def test_the_highest_bar_is_full_and_a_small_one_can_be_seen() -> None:
    assert statistics.heights([0, 1, 100, 200]) == [0, 2, 50, 100]
    assert statistics.heights([0, 0]) == [0, 0]
    assert statistics.heights([]) == []


def test_a_chart_says_its_sum_and_its_best() -> None:
    said = statistics.sentence([("Monday", 25), ("Tuesday", 50)], span="the last 14 days")
    assert said == "1 h 15 min of focus in the last 14 days; most on Tuesday (50 min)."
    assert (
        statistics.sentence([], span="the last 8 weeks") == "No focus in the last 8 weeks."
    )
