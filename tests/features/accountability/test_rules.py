from datetime import date

import pytest

from studymaster.errors import InvalidInputError
from studymaster.features.accountability import rules
from studymaster.features.accountability.rules import Measure
from studymaster.features.points.schemas import Standing, StreakView

TODAY = date(2030, 1, 16)


def require(kind: str = "reviews", amount: str = "50", days: str = "7") -> rules.Promise:
    return rules.require_promise(kind=kind, amount=amount, days=days, today=TODAY)


def test_the_tables_hold_what_the_page_promises() -> None:
    assert len(rules.CHALLENGES) >= 4
    assert len(rules.ACHIEVEMENTS) >= 10
    for table in (rules.CHALLENGES, rules.ACHIEVEMENTS):
        codes = [one.code for one in table]
        assert len(set(codes)) == len(codes)
        assert all(len(code) <= 40 for code in codes)


def test_an_achievement_is_reached_at_its_goal_and_not_before() -> None:
    def codes(reviews: int, *already: str) -> list[str]:
        found = rules.reached({Measure.REVIEWS: reviews}, already=already)
        return [one.code for one in found]

    assert codes(0) == []
    assert codes(99) == ["review-1"]
    assert codes(100) == ["review-1", "reviews-100"]
    assert codes(1_000, "review-1", "reviews-100") == ["reviews-1000"]


def test_a_promise_begins_today_and_holds_its_last_day() -> None:
    promise = require(days="1")
    assert (promise.from_day, promise.until_day) == (TODAY, TODAY)
    assert require(days="7").until_day == date(2030, 1, 22)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "grades"}, "Promise cards, focused minutes or active days."),
        ({"kind": "streak"}, "Promise cards, focused minutes or active days."),
        ({"amount": "19"}, "Promise 20 to 5,000 cards."),
        ({"amount": "5001"}, "Promise 20 to 5,000 cards."),
        ({"amount": ""}, "Promise 20 to 5,000 cards."),
        ({"amount": "-50"}, "Promise 20 to 5,000 cards."),
        ({"amount": "5e3"}, "Promise 20 to 5,000 cards."),
        ({"amount": "\u0665\u0660"}, "Promise 20 to 5,000 cards."),
        ({"amount": "9" * 5000}, "Promise 20 to 5,000 cards."),
        ({"amount": "50\x00"}, "Promise 20 to 5,000 cards."),
        ({"kind": "focus_minutes", "amount": "29"}, "Promise 30 to 5,000 focused minutes."),
        ({"kind": "days", "amount": "1"}, "Promise 2 to 28 active days."),
        ({"days": "0"}, "A pledge lasts 1 to 28 days."),
        ({"days": "29"}, "A pledge lasts 1 to 28 days."),
        (
            {"kind": "days", "amount": "8", "days": "7"},
            "7 days cannot hold 8 active days. Promise fewer, or for longer.",
        ),
    ],
)
def test_a_promise_that_cannot_be_counted_is_refused(
    change: dict[str, str], words: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        require(**change)
    assert refusal.value.message == words


def test_a_promise_is_said_in_words() -> None:
    assert rules.promise_words(require(amount="1200")) == "1,200 cards until Tue 22 Jan"
    days = require(kind="days", amount="5")
    assert rules.promise_words(days) == "5 active days until Tue 22 Jan"


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (TODAY, "until tonight"),
        (date(2030, 1, 17), "until tomorrow"),
        (date(2030, 1, 22), "6 more days"),
        (date(2030, 1, 15), "being settled"),
    ],
)
def test_what_is_left_of_a_promise_is_said_in_days(until: date, words: str) -> None:
    assert rules.days_left(until, today=TODAY) == words


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (
            Standing(100, StreakView(3, 0, active_today=True), 0, covered=False),
            "Today counts. Nothing fades tonight.",
        ),
        (
            Standing(1284, StreakView(12, 0, active_today=False), 26, covered=False),
            "If you do nothing today, 26 of your 1,284 points fade and your streak ends.",
        ),
        (
            Standing(1284, StreakView(0, 0, active_today=False), 26, covered=False),
            "If you do nothing today, 26 of your 1,284 points fade.",
        ),
        (
            Standing(1284, StreakView(12, 1, active_today=False), 0, covered=True),
            "If you do nothing today, a freeze saves your streak of 12 and nothing fades.",
        ),
        (
            Standing(0, StreakView(0, 0, active_today=False), 0, covered=False),
            "You have no points yet, so nothing can fade. A review earns the first.",
        ),
    ],
)
def test_the_day_says_what_doing_nothing_would_cost(standing, words: str) -> None:
    assert rules.day_sentence(standing) == words


@pytest.mark.parametrize(
    ("measure", "progress", "goal", "words"),
    [
        (Measure.REVIEWS, 1204, 10_000, "1,204 of 10,000 cards reviewed"),
        (Measure.FOCUS_MINUTES, 45, 150, "45 of 150 minutes"),
        (Measure.FOCUS_MINUTES, 0, 600, "0 min of 10 h"),
        (Measure.FOCUS_MINUTES, 200, 600, "3 h 20 min of 10 h"),
        (Measure.FOCUS_MINUTES, 600, 600, "10 h of 10 h"),
        (Measure.COURSES, 2, 2, "2 of 2 courses"),
        (Measure.STREAK, 3, 7, "3 of 7 days"),
        (Measure.PLEDGES, 0, 1, "0 of 1 pledge"),
    ],
)
def test_how_far_something_is_has_its_unit(measure, progress, goal, words) -> None:
    assert rules.progress_words(measure, progress, goal=goal) == words


def test_points_are_written_with_a_true_sign() -> None:
    signed = [rules.signed(points) for points in (2, -2, 1_200, -1_026)]
    assert signed == ["+2", "\N{MINUS SIGN}2", "+1,200", "\N{MINUS SIGN}1,026"]


def test_a_promise_that_is_over_says_how_and_when_it_ended() -> None:
    assert rules.ending_words("kept", on=TODAY) == "kept on Wed 16 Jan"
    assert rules.ending_words("missed", on=TODAY) == "missed on Wed 16 Jan"


def test_every_goal_can_be_said() -> None:
    for goal in (*rules.CHALLENGES, *rules.ACHIEVEMENTS):
        assert rules.progress_words(goal.measure, 0, goal=goal.goal)


def test_only_what_is_wrong_with_the_amount_is_said_of_the_amount() -> None:
    def problem(kind: str, amount: str, days: str) -> str:
        return rules.amount_problem(kind=kind, amount=amount, days=days)

    assert problem("reviews", "20", "7") == ""
    assert problem("reviews", "1", "7") == "Promise 20 to 5,000 cards."
    assert problem("days", "9", "7").startswith("7 days cannot hold 9")
    assert problem("days", "9", "nonsense") == ""
    assert problem("grades", "1", "7") == ""
