import random
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given, settings
from hypothesis import strategies as st

from studymaster.features.flashcards.rules import fitting, fsrs
from studymaster.features.flashcards.rules.fsrs import Memory, Recalled
from studymaster.features.flashcards.rules.sm2 import LONGEST_INTERVAL, Grade, Schedule
from tests.features.flashcards.rules.students import FORGETFUL, lives

calm = settings(deadline=None)  # a busy machine is not a wrong rule

MONDAY = date(2026, 3, 2)
AGAIN, HARD, GOOD, EASY = Grade
CARD = UUID(int=7)
PUBLISHED = dict(zip(Grade, Rating, strict=True))


def package(retention: int, parameters=fsrs.PUBLISHED) -> Scheduler:
    """The package as it is told to work for whole days, asked by its own names."""
    return Scheduler(
        parameters=parameters,
        desired_retention=retention / 100,
        learning_steps=[],
        relearning_steps=[],
        enable_fuzzing=False,
    )


def live_one_history(seed: int, *, own=fsrs.UNSET) -> None:
    dice = random.Random(seed)
    retention = dice.randint(fsrs.LEAST_RETENTION, fsrs.MOST_RETENTION)
    scheduler, theirs = package(retention, own or fsrs.PUBLISHED), Card(card_id=seed)
    ours, day, given_all = None, MONDAY, []
    for _ in range(dice.randint(1, 25)):
        grade = dice.choices(list(Grade), weights=[2, 3, 8, 4])[0]
        given_all.append(Recalled(grade, day))
        ours, days = fsrs.follow(ours, given_all[-1:], retention=retention, parameters=own)
        moment = datetime.combine(day, time(4), tzinfo=UTC)
        theirs, _ = scheduler.review_card(theirs, PUBLISHED[grade], moment)
        assert (ours.stability, ours.difficulty) == (theirs.stability, theirs.difficulty)
        assert timedelta(days=days) == theirs.due - moment, seed
        day += timedelta(
            days=dice.choice([0, days, days, days, days + 9, max(1, days - 2)])
        )
        if day.year > 2500:
            break
    whole = fsrs.follow(None, given_all, retention=retention, parameters=own)
    assert whole == (ours, days)


def test_a_thousand_histories_are_those_of_the_package() -> None:
    for seed in range(1_000):
        live_one_history(seed)


def test_a_thousand_histories_by_fitted_parameters_are_those_of_the_package() -> None:
    found = lives(cards=1_200, reviews=8, parameters=FORGETFUL)
    own = fitting.fit(found, cut=fitting.find_cut(found), before=fsrs.UNSET).parameters
    assert own != fsrs.PUBLISHED
    for seed in range(1_000):
        live_one_history(seed, own=own)


def test_good_answers_on_their_days_rest_as_the_authors_publish() -> None:
    memory, day, seen = None, MONDAY, []
    for _ in range(4):
        memory, days = fsrs.follow(memory, [Recalled(GOOD, day)], retention=90)
        seen.append(days)
        day += timedelta(days=days)
    assert seen == [2, 11, 46, 163]


memories = st.builds(
    Memory,
    stability=st.floats(0.001, 36_500),
    difficulty=st.floats(1, 10),
    reviewed_on=st.just(MONDAY),
)
grades = st.sampled_from(list(Grade))
shares = st.integers(fsrs.LEAST_RETENTION, fsrs.MOST_RETENTION)
turns = st.tuples(st.uuids(), st.integers(0, 10_000))


@calm
@given(st.none() | memories, grades, grades, st.integers(0, 4_000), shares, turns)
def test_a_better_grade_never_brings_a_card_back_sooner(
    memory, one, other, rest, retention, turn
) -> None:
    card_id, number = turn
    today = MONDAY + timedelta(days=rest)
    sooner, later = (
        fsrs.fuzzed(
            fsrs.follow(memory, [Recalled(grade, today)], retention=retention)[1],
            card_id=card_id,
            turn=number,
        )
        for grade in sorted((one, other))
    )
    assert 1 <= sooner <= later <= LONGEST_INTERVAL


@calm
@given(st.none() | memories, grades, shares, shares)
def test_the_more_a_student_wants_to_know_the_sooner_cards_come(
    memory, grade, one, other
) -> None:
    less, more = sorted((one, other))
    answers = [Recalled(grade, MONDAY + timedelta(days=10))]
    _, later = fsrs.follow(memory, answers, retention=less)
    _, sooner = fsrs.follow(memory, answers, retention=more)
    assert sooner <= later


@calm
@given(st.integers(1, LONGEST_INTERVAL), turns)
def test_fuzz_stays_near_and_never_changes_its_mind(days, turn) -> None:
    card_id, number = turn
    once, again = (fsrs.fuzzed(days, card_id=card_id, turn=number) for _ in range(2))
    assert once == again
    assert abs(once - days) <= 4.6 + days * 0.05
    assert once == days if days < 3 else once >= 2


@calm
@given(st.integers(1, LONGEST_INTERVAL - 1), turns)
def test_fuzz_never_makes_a_longer_interval_the_shorter_one(days, turn) -> None:
    card_id, number = turn
    assert fsrs.fuzzed(days, card_id=card_id, turn=number) <= fsrs.fuzzed(
        days + 1, card_id=card_id, turn=number
    )


def test_cards_that_were_made_together_part() -> None:
    drawn = [fsrs.fuzzed(30, card_id=UUID(int=n), turn=3) for n in range(2_000)]
    counts = {days: drawn.count(days) for days in set(drawn)}
    assert set(counts) == set(range(27, 34))
    assert min(counts.values()) > 200


def test_a_card_that_comes_with_an_interval_but_no_log_is_stretched_as_sm2_would() -> None:
    for easiness in (170, 200, 250):
        schedule = Schedule(easiness, 30, 4, due_on=MONDAY, drill_on=None)
        memory = fsrs.memory_of(schedule)
        assert memory.stability == 30
        assert memory.reviewed_on == MONDAY - timedelta(days=30)
        _, days = fsrs.follow(memory, [Recalled(GOOD, MONDAY)], retention=90)
        assert days == pytest.approx(30 * easiness / 100, abs=1)


@calm
@given(st.integers(130, 500), st.integers(1, LONGEST_INTERVAL))
def test_its_difficulty_keeps_within_bounds(easiness, days) -> None:
    memory = fsrs.memory_of(Schedule(easiness, days, 4, due_on=MONDAY, drill_on=None))
    assert 1 <= memory.difficulty <= 10


def test_a_card_that_nobody_reviewed_has_no_memory() -> None:
    assert fsrs.memory_of(Schedule(250, 0, 0, due_on=MONDAY, drill_on=None)) is None
