from datetime import date

import pytest

from studymaster.errors import InvalidInputError
from studymaster.features.exams.rules import words

TODAY = date(2026, 11, 2)
FITTING = {
    "cards": 214,
    "unseen": 0,
    "below": 0,
    "retention": 90,
    "minutes": 0,
    "needed": None,
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {},
            "It works out: all 214 cards are seen by then, each at 90 % or more on the day.",
        ),
        (
            {"cards": 1},
            "It works out: the only card is seen by then, each at 90 % or more on the day.",
        ),
        (
            {"cards": 0},
            "There are no cards in its decks yet. They are planned once there are some.",
        ),
        (
            {"unseen": 40, "below": 12, "minutes": 20, "needed": 34},
            (
                "It does not work out at 90 %: 40 cards of 214 would not be seen and 12 cards "
                "would be known less than that. With about 34 min a day instead of 20 it would."
            ),
        ),
        (
            {"below": 1, "retention": 97},
            (
                "It does not work out at 97 %: 1 card of 214 would be known less than that. "
                "There are not enough days for it; a lower share may do."
            ),
        ),
    ],
)
def test_the_verdict_says_what_is_short_and_what_would_help(changed, said) -> None:
    assert words.verdict(**FITTING | changed) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 2), "2 Nov, today"),
        (date(2026, 11, 3), "3 Nov, tomorrow"),
        (date(2026, 11, 20), "20 Nov, in 18 days"),
        (date(2027, 1, 4), "4 Jan 2027, in 63 days"),
        (date(2026, 11, 1), "1 Nov, yesterday"),
        (date(2026, 10, 30), "30 Oct, 3 days ago"),
    ],
)
def test_a_day_is_said_with_how_far_it_is(day, said) -> None:
    assert words.day_in_words(day, today=TODAY) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ([20, 31, 9], "That is about 20 min a day, 31 on the fullest, 20 today."),
        ([0, 0], "Nothing has to be done before the day."),
        ([12], "That is 12 min today."),
    ],
)
def test_what_it_takes_is_said_in_minutes(minutes, said) -> None:
    assert words.effort(minutes) == said


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("", words.NO_DAY),
        ("soon", words.NO_DAY),
        (None, words.NO_DAY),
        ("2026-11-01", words.IS_PAST),
        ("2029-01-01", words.IS_FAR),
        ("2026-02-30", words.NO_DAY),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_its_reason(day, sentence) -> None:
    with pytest.raises(InvalidInputError, match=sentence[:20]):
        words.parse_day(day, today=TODAY)


def test_today_is_a_day_for_an_exam() -> None:
    assert words.parse_day(" 2026-11-02 ", today=TODAY) == TODAY


@pytest.mark.parametrize("value", ["", None, "69", "98", "90.5", "²", "9" * 400, True])
def test_a_share_out_of_bounds_is_refused(value) -> None:
    with pytest.raises(InvalidInputError, match="whole number from 70 to 97"):
        words.parse_retention(value)


@pytest.mark.parametrize(
    ("value", "minutes"), [("", 0), (None, 0), ("0", 0), ("5", 5), (720, 720), (" 30 ", 30)]
)
def test_minutes_may_be_left_open(value, minutes) -> None:
    assert words.parse_minutes(value) == minutes


@pytest.mark.parametrize("value", ["4", "721", "-5", "1e2", "many", "9" * 400])
def test_minutes_that_nobody_has_are_refused(value) -> None:
    with pytest.raises(InvalidInputError, match="minutes a day"):
        words.parse_minutes(value)


@pytest.mark.parametrize("name", ["", "  ", None, 3, "x" * 201])
def test_an_exam_has_a_name(name) -> None:
    with pytest.raises(InvalidInputError):
        words.parse_name(name)
