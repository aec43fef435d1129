"""What can be reached: the week's challenges, achievements for good, pledges. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from studymaster.errors import InvalidInputError
from studymaster.features.points.schemas import Standing

CARDS_PER_COURSE: Final = 3
"""So many cards of one course make the course count for a challenge."""

PLEDGE_POINTS: Final = 25
LONGEST_PLEDGE: Final = 28
FINISHED_SHOWN_DAYS: Final = 14
MET: Final = "done, points follow"
"""What an open promise says that is kept by the log, in the moment before it is settled."""

MINUS: Final = "\N{MINUS SIGN}"
WEEK: Final = timedelta(days=7)
ONE_DAY: Final = timedelta(days=1)


class Measure(StrEnum):
    """What the log can count; a card counts as reviewed once a day, drills add nothing."""

    REVIEWS = "reviews"
    FOCUS_MINUTES = "focus_minutes"
    DAYS = "days"
    COURSES = "courses"
    STREAK = "streak"
    CHALLENGES = "challenges"
    PLEDGES = "pledges"


Tally = dict[Measure, int]


@dataclass(frozen=True, slots=True)
class Challenge:
    """Something to do within one week, from Monday to Sunday, for points once."""

    code: str
    title: str
    how: str
    measure: Measure
    goal: int
    points: int


CHALLENGES: Final = (
    Challenge(
        "reviews-100",
        "A hundred cards",
        "Review 100 cards this week.",
        Measure.REVIEWS,
        goal=100,
        points=40,
    ),
    Challenge(
        "reviews-300",
        "Three hundred cards",
        "Review 300 cards this week.",
        Measure.REVIEWS,
        goal=300,
        points=100,
    ),
    Challenge(
        "focus-150",
        "Two and a half hours",
        "Stay focused for 150 minutes this week.",
        Measure.FOCUS_MINUTES,
        goal=150,
        points=30,
    ),
    Challenge(
        "days-5",
        "Five days of seven",
        "Be active on 5 days of this week.",
        Measure.DAYS,
        goal=5,
        points=30,
    ),
    Challenge(
        "courses-2",
        "Two courses at once",
        f"Review {CARDS_PER_COURSE} cards in each of 2 courses this week.",
        Measure.COURSES,
        goal=2,
        points=20,
    ),
)


@dataclass(frozen=True, slots=True)
class Goal:
    """An achievement: reached for good as soon as a total is high enough."""

    code: str
    title: str
    how: str
    icon: str
    measure: Measure
    goal: int


ACHIEVEMENTS: Final = (
    Goal("review-1", "First card", "Review a card.", "layers", Measure.REVIEWS, 1),
    Goal("reviews-100", "Hundred", "Review 100 cards.", "layers", Measure.REVIEWS, 100),
    Goal(
        "reviews-1000", "Thousand", "Review 1,000 cards.", "layers", Measure.REVIEWS, 1_000
    ),
    Goal(
        "reviews-10000",
        "Ten thousand",
        "Review 10,000 cards.",
        "layers",
        Measure.REVIEWS,
        10_000,
    ),
    Goal(
        "focus-25",
        "First focus",
        "Stay focused for 25 minutes.",
        "timer",
        Measure.FOCUS_MINUTES,
        25,
    ),
    Goal(
        "focus-600",
        "Ten hours",
        "Stay focused for 10 hours in all.",
        "timer",
        Measure.FOCUS_MINUTES,
        600,
    ),
    Goal(
        "focus-6000",
        "Hundred hours",
        "Stay focused for 100 hours in all.",
        "timer",
        Measure.FOCUS_MINUTES,
        6_000,
    ),
    Goal(
        "streak-7", "A week", "Keep a streak of 7 active days.", "flame", Measure.STREAK, 7
    ),
    Goal(
        "streak-30",
        "A month",
        "Keep a streak of 30 active days.",
        "flame",
        Measure.STREAK,
        30,
    ),
    Goal(
        "streak-100",
        "A term",
        "Keep a streak of 100 active days.",
        "flame",
        Measure.STREAK,
        100,
    ),
    Goal(
        "courses-3",
        "All-rounder",
        f"Review {CARDS_PER_COURSE} cards in each of 3 courses.",
        "book_open",
        Measure.COURSES,
        3,
    ),
    Goal(
        "challenge-1",
        "Challenger",
        "Finish a weekly challenge.",
        "trophy",
        Measure.CHALLENGES,
        1,
    ),
    Goal(
        "challenges-10",
        "Ten challenges",
        "Finish 10 weekly challenges.",
        "trophy",
        Measure.CHALLENGES,
        10,
    ),
    Goal(
        "pledge-1",
        "Good as your word",
        "Keep a pledge to a buddy.",
        "handshake",
        Measure.PLEDGES,
        1,
    ),
)


def reached(tally: Tally, *, already: Iterable[str]) -> list[Goal]:
    """Return the achievements that a student's totals earn and that are not booked yet."""
    booked = set(already)
    return [
        one
        for one in ACHIEVEMENTS
        if tally.get(one.measure, 0) >= one.goal and one.code not in booked
    ]


def find_challenge(code: str) -> Challenge | None:
    """Return the challenge of a code."""
    return next((one for one in CHALLENGES if one.code == code), None)


def last_day_of(week: date) -> date:
    """Return the Sunday of the week that begins on a Monday."""
    return week + WEEK - ONE_DAY


@dataclass(frozen=True, slots=True)
class PledgeRule:
    """The bounds of one kind of promise and how it is said."""

    least: int
    most: int
    one: str
    many: str

    @property
    def span(self) -> str:
        """The bounds in words: `20 to 5,000 cards`."""
        return f"{self.least} to {self.most:,} {self.many}"


PLEDGES: Final = {
    Measure.REVIEWS: PledgeRule(20, 5_000, "card", "cards"),
    Measure.FOCUS_MINUTES: PledgeRule(30, 5_000, "focused minute", "focused minutes"),
    Measure.DAYS: PledgeRule(2, LONGEST_PLEDGE, "active day", "active days"),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised: `amount` of a measure from `from_day` to `until_day`, both in it.

    What was done on `from_day` before the promise was made is no part of it.
    """

    measure: Measure
    amount: int
    from_day: date
    until_day: date


MEASURES: Final = {
    Measure.REVIEWS: ("card reviewed", "cards reviewed"),
    Measure.FOCUS_MINUTES: ("minute", "minutes"),
    Measure.DAYS: ("day", "days"),
    Measure.COURSES: ("course", "courses"),
    Measure.STREAK: ("day", "days"),
    Measure.CHALLENGES: ("challenge", "challenges"),
    Measure.PLEDGES: ("pledge", "pledges"),
}
"""What is counted: one of it, and more."""

MINUTES_PER_HOUR: Final = 60


def progress_words(measure: Measure, progress: int, *, goal: int) -> str:
    """Return how far something is: `45 of 150 minutes`, `3 h 20 min of 10 h`.

    Whole hours are said in hours.
    """
    if measure is Measure.FOCUS_MINUTES and goal % MINUTES_PER_HOUR == 0:
        return f"{_hours(progress)} of {_hours(goal)}"
    one, many = MEASURES[measure]
    return f"{progress:,} of {goal:,} {one if goal == 1 else many}"


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    parts = [f"{hours:,} h" if hours else "", f"{rest} min" if rest or not hours else ""]
    return " ".join(part for part in parts if part)


def require_promise(*, kind: str, amount: str, days: str, today: date) -> Promise:
    """Return the promise that was typed; it begins today and lasts `days` days.

    Raises:
        InvalidInputError: it is not one of ours, or asks too little or too much.
    """
    measure = find_pledge_kind(kind)
    if measure is None:
        msg = "Promise cards, focused minutes or active days."
        raise InvalidInputError(msg)
    length = _whole(days)
    if not 1 <= length <= LONGEST_PLEDGE:
        msg = f"A pledge lasts 1 to {LONGEST_PLEDGE} days."
        raise InvalidInputError(msg)
    problem = amount_problem(kind=kind, amount=amount, days=days)
    if problem:
        raise InvalidInputError(problem)
    return Promise(measure, _whole(amount), today, today + (length - 1) * ONE_DAY)


def find_pledge_kind(kind: object) -> Measure | None:
    """Return what can be promised under a name."""
    return next((one for one in PLEDGES if one.value == kind), None)


def amount_problem(*, kind: str, amount: str, days: str) -> str:
    """Return why so much cannot be promised; empty when it can, or for no kind of ours."""
    measure, count, length = find_pledge_kind(kind), _whole(amount), _whole(days)
    if measure is None:
        return ""
    rule = PLEDGES[measure]
    if not rule.least <= count <= rule.most:
        return f"Promise {rule.span}."
    if measure is Measure.DAYS and 1 <= length < count:
        return (
            f"{length} days cannot hold {count} active days. Promise fewer, or for longer."
        )
    return ""


def _whole(text: str) -> int:
    """Return a typed number, -1 for anything else."""
    trimmed = text.strip()
    fits = trimmed.isascii() and trimmed.isdigit() and len(trimmed) <= len("99999")
    return int(trimmed) if fits else -1


def promise_words(promise: Promise) -> str:
    """Return what is promised: `100 cards until Sun 20 Jan`."""
    rule = PLEDGES[promise.measure]
    noun = rule.one if promise.amount == 1 else rule.many
    return f"{promise.amount:,} {noun} until {promise.until_day:%a %-d %b}"


def days_left(until: date, *, today: date) -> str:
    """Return how long a promise still has."""
    left = (until - today).days
    names = {0: "until tonight", 1: "until tomorrow"}
    return names.get(left, f"{left} more days") if left >= 0 else "being settled"


def ending_words(state: str, *, on: date) -> str:
    """Return how a promise ended: `kept on Wed 16 Jan`."""
    return f"{state} on {on:%a %-d %b}"


def signed(points: int) -> str:
    """Return points won or lost with their sign, a loss with a true minus sign."""
    return f"{points:+,}".replace("-", MINUS)


def state_of(standing: Standing) -> str:
    """Return what an idle rest of the day would do: nothing, a freeze, or a loss."""
    if standing.streak.active_today:
        return "active"
    if standing.covered:
        return "covered"
    return "losing" if standing.loss else "empty"


def day_sentence(standing: Standing) -> str:
    """Return what today means for points and streak, from the student's own numbers."""
    days, loss = standing.streak.days, standing.loss
    sentences = {
        "active": "Today counts. Nothing fades tonight.",
        "covered": f"If you do nothing today, a freeze saves your streak of {days} and "
        "nothing fades.",
        "losing": f"If you do nothing today, {loss:,} of your {standing.balance:,} points "
        f"fade{' and your streak ends' if days else ''}.",
        "empty": "You have no points yet, so nothing can fade. A review earns the first.",
    }
    return sentences[state_of(standing)]
