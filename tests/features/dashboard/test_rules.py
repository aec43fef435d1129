"""Figures become words that are true on every day of the year."""

from datetime import UTC, date, datetime

import pytest

from studymaster.features.dashboard import rules
from studymaster.features.dashboard.rules import DayCount

TODAY = date(2030, 1, 16)  # a Wednesday


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "Good evening, Mina."),
        (4, "Good evening, Mina."),
        (5, "Good morning, Mina."),
        (11, "Good morning, Mina."),
        (12, "Good afternoon, Mina."),
        (17, "Good afternoon, Mina."),
        (18, "Good evening, Mina."),
        (23, "Good evening, Mina."),
    ],
)
def test_the_greeting_follows_the_hour(hour, words) -> None:
    assert rules.greeting("Mina Aalto", hour=hour) == words


@pytest.mark.parametrize(
    ("name", "first", "letters"),
    [
        ("Mina Aalto", "Mina", "MA"),
        ("Mina", "Mina", "M"),
        ("Dr. Jonas Emil Keller", "Dr. Jonas", "DK"),
        ("  ", "", ""),
        ("øystein ås", "øystein", "ØÅ"),
    ],
)
def test_a_name_is_shortened_kindly(name, first, letters) -> None:
    assert rules.first_name(name) == first
    assert rules.initials(name) == letters


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ((2, 34, 52), "Two deadlines in the next 7 days. 52 minutes clears today."),
        ((1, 3, 1), "One deadline in the next 7 days. 1 minute clears today."),
        ((0, 0, 0), "No deadlines in the next 7 days. No cards are due."),
        ((11, 0, 0), "11 deadlines in the next 7 days. No cards are due."),
    ],
)
def test_the_day_in_a_sentence(figures, sentence) -> None:
    deadlines, due, minutes = figures
    assert rules.day_sentence(deadlines=deadlines, due=due, minutes=minutes) == sentence


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2030, 1, 16, 17, 0, tzinfo=UTC), "Today 18:00"),
        (datetime(2030, 1, 17, 22, 59, tzinfo=UTC), "Tomorrow 23:59"),
        (datetime(2030, 1, 17, 23, 30, tzinfo=UTC), "Fri 00:30"),
        (datetime(2030, 1, 22, 8, 0, tzinfo=UTC), "Tue 09:00"),
        (datetime(2030, 1, 23, 8, 0, tzinfo=UTC), "Wed 23 Jan 09:00"),
        (datetime(2030, 1, 15, 11, 0, tzinfo=UTC), "Yesterday 12:00"),
        (datetime(2030, 1, 14, 11, 0, tzinfo=UTC), "Mon 14 Jan 12:00"),
    ],
)
def test_a_moment_is_said_in_the_students_own_time(moment, words) -> None:
    now = datetime(2030, 1, 16, 12, tzinfo=UTC)
    assert rules.moment_words(moment, now=now, time_zone="Europe/Berlin") == words


def test_tomorrow_is_tomorrow_across_the_shift_to_summer_time() -> None:
    now = datetime(2030, 3, 30, 12, tzinfo=UTC)
    due = datetime(2030, 3, 31, 21, 59, tzinfo=UTC)
    assert rules.moment_words(due, now=now, time_zone="Europe/Berlin") == "Tomorrow 23:59"


def test_the_heat_map_is_26_weeks_from_monday_to_the_sunday_of_this_week() -> None:
    cells = rules.heat_days({TODAY: DayCount(8, 8, 7)}, today=TODAY)
    assert len(cells) == 26 * 7
    assert cells[0][1].startswith("Mon 23 Jul 2029")
    assert cells[-5] == (4, "Wed 16 Jan 2030: 8 reviews")
    assert cells[-6] == (0, "Tue 15 Jan 2030: 0 reviews")
    assert cells[-1] == (-1, "Sun 20 Jan 2030")
    assert rules.heat_start(TODAY) == date(2029, 7, 23)


def test_on_a_sunday_the_last_week_is_whole() -> None:
    cells = rules.heat_days({}, today=date(2030, 1, 20))
    assert cells[-1] == (0, "Sun 20 Jan 2030: 0 reviews")


@pytest.mark.parametrize(
    ("answers", "level"), [(0, 0), (1, 1), (25, 1), (26, 2), (51, 3), (76, 4), (100, 4)]
)
def test_strength_grows_in_even_steps_to_the_busiest_day(answers, level) -> None:
    assert rules.heat_level(answers, busiest=100) == level


def test_a_single_review_is_the_busiest_day_and_still_seen() -> None:
    assert rules.heat_level(1, busiest=1) == 1


def test_the_half_year_in_words() -> None:
    days = [DayCount(10, 8, 6), DayCount(2, 2, 2)]
    assert rules.half_year_note(days) == "this half-year · 80% recalled"
    assert rules.half_year_summary(days) == "12 reviews on 2 days of the last 26 weeks"
    assert rules.half_year_note([]) == "this half-year"
    assert rules.half_year_summary([]) == "0 reviews on 0 days of the last 26 weeks"


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(8, 9, 89), (1, 8, 13), (5, 8, 63), (1, 3, 33), (0, 7, 0), (7, 7, 100), (0, 0, -1)],
)
def test_a_share_is_rounded_to_the_nearest_percent(part, whole, percent) -> None:
    assert rules.share(part, whole) == percent
