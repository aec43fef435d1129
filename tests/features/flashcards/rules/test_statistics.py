from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.accounts.rules import day_of
from studymaster.features.flashcards.rules import statistics as rules

TODAY = date(2030, 1, 16)  # a Wednesday
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Santiago",
)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(8, 9, 89), (1, 8, 13), (5, 8, 63), (1, 3, 33), (0, 7, 0), (7, 7, 100), (0, 0, -1)],
)
def test_a_share_is_rounded_to_the_nearest_percent(
    part: int, whole: int, percent: int
) -> None:
    assert rules.share(part, whole) == percent


def test_a_month_stands_over_the_first_week_that_begins_in_it() -> None:
    months = rules.heat_months(TODAY)
    named = {place: name for place, name in enumerate(months) if name}
    assert len(months) == 26
    assert list(named.values()) == ["Aug", "Sep", "Oct", "Nov", "Dec", "Jan"]
    assert (months[0], months[2]) == ("", "Aug")  # 23 July and 6 August 2029


def test_the_heat_map_is_26_weeks_from_monday_to_the_week_of_today() -> None:
    days = rules.heat_days({TODAY: 9, TODAY - timedelta(days=1): 1}, today=TODAY)
    assert len(days) == 26 * 7
    assert days[0][1].startswith("Mon 23 Jul 2029")
    assert rules.heat_start(TODAY) == date(2029, 7, 23)
    assert days[-7:] == [
        (0, "Mon 14 Jan 2030: 0 reviews"),
        (1, "Tue 15 Jan 2030: 1 review"),
        (4, "Wed 16 Jan 2030: 9 reviews"),
        *[(-1, f"{name} Jan 2030") for name in ("Thu 17", "Fri 18", "Sat 19", "Sun 20")],
    ]


def test_on_a_sunday_the_last_week_is_whole() -> None:
    days = rules.heat_days({}, today=date(2030, 1, 20))
    assert days[-1] == (0, "Sun 20 Jan 2030: 0 reviews")


@pytest.mark.parametrize(
    ("answers", "level"), [(0, 0), (1, 1), (25, 1), (26, 2), (51, 3), (76, 4), (100, 4)]
)
def test_strength_grows_in_even_steps_to_the_busiest_day(answers, level) -> None:
    given_answers = {TODAY: answers, TODAY - timedelta(days=1): 100}
    assert rules.heat_days(given_answers, today=TODAY)[-5][0] == level


def test_a_single_review_is_the_busiest_day_and_still_seen() -> None:
    assert rules.heat_days({TODAY: 1}, today=TODAY)[-5] == (1, "Wed 16 Jan 2030: 1 review")


@given(st.dictionaries(st.dates(TODAY - timedelta(days=170), TODAY), st.integers(1, 900)))
def test_a_day_with_reviews_is_never_empty_and_the_busiest_is_strongest(answers) -> None:
    levels = [level for level, _ in rules.heat_days(answers, today=TODAY)]
    assert sum(level > 0 for level in levels) == len(answers)
    assert max(levels) == (4 if max(answers.values(), default=0) > 3 else max(levels))


def test_a_year_of_heat_ends_with_the_week_of_today() -> None:
    days = rules.heat_days({TODAY: 4}, today=TODAY, weeks=rules.WEEKS_OF_YEAR)
    assert (len(days), days[0][1]) == (53 * 7, "Mon 15 Jan 2029: 0 reviews")
    assert days[-5] == (4, "Wed 16 Jan 2030: 4 reviews")
    assert len(rules.heat_months(TODAY, weeks=rules.WEEKS_OF_YEAR)) == 53


def test_the_heat_map_is_said_in_words() -> None:
    assert rules.heat_sentence({}) == "No reviews in the last year yet."
    assert rules.heat_sentence({TODAY: 1}) == "1 review on 1 day of the last year."


def test_today_is_said_in_words() -> None:
    nothing = {"begun": 0, "asked": 0, "recalled": 0, "again": 0, "ms": 0}
    assert rules.today_sentence(**nothing) == "Nothing answered yet today."
    assert rules.today_sentence(begun=1, asked=8, recalled=7, again=2, ms=185_000) == (
        "11 answers in 3 min: 1 new card begun, 8 rested cards asked, 88% of them known, "
        "2 again the same day."
    )
    assert rules.today_sentence(**nothing | {"begun": 3}) == (
        "3 answers in 1 min: 3 new cards begun, 0 rested cards asked, 0 again the same day."
    )


def test_the_forecast_names_the_fullest_time_what_is_late_and_the_load() -> None:
    parts = [("today", 2), ("on Sat 19 Jan", 5)]
    assert rules.forecast_sentence(parts, words="30 days", late=2, load=3.4) == (
        "7 cards in the next 30 days; most come on Sat 19 Jan: 5. 2 cards of today are late. "
        "Later reviews of the same cards and the limits of decks are not counted. In the long "
        "run your cards ask for about 3 reviews a day."
    )
    none = {"words": "13 weeks", "late": 0}
    assert rules.forecast_sentence([], load=0, **none) == (
        "No cards come back in the next 13 weeks."
    )
    assert rules.forecast_sentence([], load=1, **none).endswith("about 1 review a day.")


def test_retention_and_grades_are_said_in_words() -> None:
    assert "remembered 75% of 4 answers" in rules.retention_sentence(asked=4, recalled=3)
    assert rules.retention_sentence(asked=0, recalled=0).startswith(
        "No card that had rested"
    )
    words = "in the last 30 days"
    assert rules.grades_sentence([("again", 1), ("good", 3)], words=words) == (
        "4 answers in the last 30 days: 25% again, 75% good."
    )
    assert rules.grades_sentence([("again", 0)], words=words).startswith("No answers")


def test_hours_are_compared_where_there_are_enough_answers() -> None:
    hours = [(0, 0, 0)] * 24
    assert rules.hours_sentence(hours, words="in the last 30 days") == (
        "No answers in the last 30 days yet."
    )
    hours[8], hours[20] = (40, 25, 24), (60, 30, 24)
    hours[3] = (5, 5, 5)
    assert rules.hours_sentence(hours, words="since you began") == (
        "Most answers since you began were given from 20:00 on: 60. You knew most from 8:00 "
        "on: 96%."
    )
    assert "knew most" not in rules.hours_sentence([(9, 9, 9)] * 24, words="")


def test_what_is_there_can_be_seen_in_a_bar() -> None:
    assert [rules.height(n, 1000) for n in (0, 1, 500, 1000)] == [0, 3, 50, 100]


def test_a_day_starts_at_its_hour_on_the_students_clock() -> None:
    start = rules.day_starts(TODAY, time_zone="America/New_York", day_start_hour=4)
    assert start == datetime(2030, 1, 16, 9, tzinfo=UTC)


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.sampled_from(ZONES),
    st.integers(0, 23),
)
def test_the_start_of_a_day_is_its_first_moment(day: date, zone: str, hour: int) -> None:
    start = rules.day_starts(day, time_zone=zone, day_start_hour=hour)
    just_before = start - timedelta(seconds=1)
    assert day_of(start, time_zone=zone, day_start_hour=hour) == day
    assert day_of(just_before, time_zone=zone, day_start_hour=hour) < day
