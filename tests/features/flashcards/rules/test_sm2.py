import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studymaster.features.flashcards.rules.sm2 import (
    LONGEST_INTERVAL,
    Grade,
    Schedule,
    is_due,
    new_schedule,
    review,
)

calm = settings(deadline=None)  # a busy machine is not a wrong rule

MONDAY = date(2026, 3, 2)
AGAIN, HARD, GOOD, EASY = Grade

GOLDEN = [
    # grades, each given on its due day      EF after, intervals in days
    ([GOOD] * 6, 250, [1, 6, 15, 38, 95, 238]),
    ([EASY] * 5, 300, [1, 6, 17, 50, 150]),
    ([HARD] * 5, 180, [1, 6, 13, 26, 47]),
    ([HARD] * 10, 130, [1, 6, 13, 26, 47, 79, 121, 167, 218, 284]),
    ([GOOD, GOOD, EASY, GOOD], 260, [1, 6, 16, 42]),
    ([GOOD, GOOD, GOOD, AGAIN, GOOD, GOOD, GOOD], 250, [1, 6, 15, 1, 1, 6, 15]),
    ([AGAIN, AGAIN, GOOD, GOOD], 250, [1, 1, 1, 6]),
    ([EASY, HARD, EASY, HARD], 242, [1, 6, 16, 39]),
]


@pytest.mark.parametrize(("grades", "easiness", "intervals"), GOLDEN)
def test_a_history_worked_by_hand_gives(grades, easiness, intervals) -> None:
    schedule, seen = new_schedule(MONDAY), []
    for grade in grades:
        schedule = review(schedule, grade, today=schedule.due_on)
        seen.append(schedule.interval_days)
    assert (schedule.easiness, seen) == (easiness, intervals)


class Published:
    """The seven steps of the published text, in exact fractions, sharing no code."""

    def __init__(self, day: date) -> None:
        self.ef, self.n, self.interval = Fraction("2.5"), 0, Fraction(0)
        self.next_day, self.again_today = day, set()

    def answer(self, q: int, day: date) -> None:
        if day in self.again_today:
            if q >= 4:
                self.again_today.clear()
            return
        self.again_today = {day} if q < 4 else set()
        if q < 3:
            self.n, self.interval = 0, Fraction(1)
        else:
            self.n += 1
            miss = 5 - q
            self.ef += Fraction("0.1") - miss * (Fraction("0.08") + miss * Fraction("0.02"))
            self.ef = max(self.ef, Fraction("1.3"))
            if self.n == 1:
                self.interval = Fraction(1)
            elif self.n == 2:
                self.interval = Fraction(6)
            else:
                self.interval = Fraction(ceil(self.interval * self.ef))
        self.interval = min(self.interval, Fraction(36_500))
        self.next_day = day + timedelta(days=int(self.interval))


def live_one_history(seed: int) -> None:
    dice = random.Random(seed)
    schedule, published, day = new_schedule(MONDAY), Published(MONDAY), MONDAY
    for _ in range(dice.randint(1, 25)):
        grade = dice.choices(list(Grade), weights=[2, 3, 8, 4])[0]
        schedule = review(schedule, grade, today=day)
        published.answer(int(grade), day)
        assert Fraction(schedule.easiness, 100) == published.ef, seed
        assert schedule.interval_days == published.interval, seed
        assert schedule.repetitions == published.n, seed
        assert schedule.due_on == published.next_day, seed
        assert is_due(schedule, today=day) == (day in published.again_today), seed
        if not is_due(schedule, today=day) or dice.random() < 0.2:
            day = schedule.due_on + timedelta(days=dice.choice([0, 0, 0, 1, 9]))
        if day.year > 2500:
            break


def test_a_thousand_histories_agree_with_the_published_text() -> None:
    for seed in range(1_000):
        live_one_history(seed)


schedules = st.builds(
    Schedule,
    easiness=st.integers(130, 400),
    interval_days=st.integers(1, LONGEST_INTERVAL),
    repetitions=st.integers(0, 40),
    due_on=st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    drill_on=st.none(),
)
grades = st.sampled_from(list(Grade))


@calm
@given(schedules, grades, grades)
def test_a_better_grade_never_brings_a_card_back_sooner(schedule, one, other) -> None:
    worse, better = sorted((one, other))
    today = schedule.due_on
    assert (
        review(schedule, worse, today=today).due_on
        <= review(schedule, better, today=today).due_on
    )


@calm
@given(schedules, grades)
def test_an_answer_keeps_easiness_and_interval_in_bounds(schedule, grade) -> None:
    after = review(schedule, grade, today=schedule.due_on)
    assert after.easiness >= 130
    assert 1 <= after.interval_days <= LONGEST_INTERVAL
    assert after.due_on == schedule.due_on + timedelta(days=after.interval_days)


@calm
@given(schedules)
def test_a_forgotten_card_restarts_and_keeps_its_easiness(schedule) -> None:
    after = review(schedule, AGAIN, today=schedule.due_on)
    assert (after.easiness, after.repetitions, after.interval_days) == (
        schedule.easiness,
        0,
        1,
    )


@calm
@given(schedules, st.sampled_from([AGAIN, HARD]), st.lists(grades, max_size=9))
def test_a_drill_never_moves_the_schedule(schedule, first, answers) -> None:
    today = schedule.due_on
    reviewed = review(schedule, first, today=today)
    drilled = reviewed
    for grade in answers:
        if not is_due(drilled, today=today):
            break
        drilled = review(drilled, grade, today=today)
    assert replace(drilled, drill_on=None) == replace(reviewed, drill_on=None)


@calm
@given(schedules, grades)
def test_a_card_comes_again_today_until_it_is_known(schedule, grade) -> None:
    after = review(schedule, grade, today=schedule.due_on)
    assert is_due(after, today=schedule.due_on) == (grade < GOOD)


def test_a_new_card_is_due_at_once() -> None:
    assert is_due(new_schedule(MONDAY), today=MONDAY)


def test_a_card_waits_for_its_day() -> None:
    after = review(new_schedule(MONDAY), GOOD, today=MONDAY)
    assert not is_due(after, today=MONDAY)
    assert is_due(after, today=MONDAY + timedelta(days=1))


def test_a_drill_left_over_from_yesterday_is_void() -> None:
    hard = Schedule(250, 6, 2, due_on=MONDAY, drill_on=None)
    after = review(hard, HARD, today=MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    assert is_due(after, today=MONDAY)
    assert not is_due(after, today=tuesday)
    on_its_day = review(after, GOOD, today=after.due_on)
    assert on_its_day.interval_days > after.interval_days


def test_a_late_review_counts_from_the_day_it_happened() -> None:
    card = Schedule(250, 6, 2, due_on=MONDAY, drill_on=None)
    late = MONDAY + timedelta(days=10)
    assert review(card, GOOD, today=late).due_on == late + timedelta(days=15)
