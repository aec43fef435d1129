"""Figures become words that are true on every day of the year."""

from datetime import UTC, datetime

import pytest

from studymaster.features.dashboard import rules
from studymaster.features.dashboard.rules import DayCount


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
        ((2, 52), "Two deadlines in the next 7 days. 52 minutes clears today."),
        ((1, 1), "One deadline in the next 7 days. 1 minute clears today."),
        ((0, 0), "No deadlines in the next 7 days. No cards are due."),
        ((11, 0), "11 deadlines in the next 7 days. No cards are due."),
    ],
)
def test_the_day_in_a_sentence(figures, sentence) -> None:
    deadlines, minutes = figures
    assert rules.day_sentence(deadlines=deadlines, minutes=minutes) == sentence


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


def test_the_half_year_in_words() -> None:
    days = [DayCount(10, 8, 6), DayCount(2, 2, 2)]
    assert rules.half_year_note(days) == "this half-year · 80% recalled"
    assert rules.half_year_summary(days) == "12 reviews on 2 days of the last 26 weeks"
    assert rules.half_year_note([]) == "this half-year"
    fresh = rules.half_year_note([DayCount(5, 0, 0)])
    assert fresh == "this half-year · nothing asked again yet"
    assert rules.half_year_summary([]) == "0 reviews on 0 days of the last 26 weeks"


@pytest.mark.parametrize(
    ("done", "going", "still", "is_planned", "left"),
    [
        (0, 0, 0, True, 25),
        (0, 0, 0, False, 0),
        (10, 0, 0, True, 15),
        (40, 0, 0, True, 0),
        (0, 5, 20, True, 20),
        (0, 5, 5, True, 20),
        (0, 5, 45, True, 45),
        (30, 5, 20, False, 20),
    ],
)
def test_focus_is_left_as_planned_or_as_long_as_the_session_goes_on(
    done, going, still, is_planned, left
) -> None:
    found = rules.focus_left(done=done, going=going, still=still, is_planned=is_planned)
    assert found == left
