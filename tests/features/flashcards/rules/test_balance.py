from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules import balance, fsrs
from studymaster.features.flashcards.rules.balance import EVEN, Balance
from studymaster.features.flashcards.rules.scheduling import (
    Answered,
    Place,
    Plan,
    Scheduler,
    replay,
    review,
)
from studymaster.features.flashcards.rules.sm2 import LONGEST_INTERVAL, Schedule
from tests.features.flashcards.rules.students import FORGETFUL, GOOD, MONDAY
from tests.features.flashcards.rules.test_fsrs import grades, memories

PLANS = [Plan(Scheduler.FSRS), Plan(Scheduler.FSRS, 85, FORGETFUL)]
week = st.tuples(*[st.sampled_from([0, 50, 100])] * 7)
balances = st.builds(
    Balance,
    today=st.just(MONDAY),
    loads=st.lists(st.integers(0, 500), min_size=1, max_size=60).map(tuple),
    easy_days=week,
    siblings=st.frozensets(
        st.integers(1, 60).map(lambda days: MONDAY + timedelta(days=days)), max_size=3
    ),
)


def drawn(days: int, given: Balance, *, count: int = 3_000) -> dict[int, int]:
    weigh = given.weigher(MONDAY)
    found = [
        fsrs.fuzzed(days, card_id=UUID(int=n), turn=3, weigh=weigh) for n in range(count)
    ]
    return {one: found.count(one) for one in sorted(set(found))}


@given(st.integers(1, 400), st.uuids(), balances)
def test_a_card_stays_among_the_days_that_suit_it(days, card_id, given_days) -> None:
    weigh = given_days.weigher(MONDAY)
    first, again = (
        fsrs.fuzzed(days, card_id=card_id, turn=1, weigh=weigh) for _ in range(2)
    )
    assert first == again
    assert first in fsrs.spread(days)


@given(memories, grades, grades, st.uuids(), balances, st.sampled_from(PLANS))
def test_a_better_grade_never_brings_a_card_back_sooner(
    memory, one, other, card_id, given_days, plan
) -> None:
    place = Place(Schedule(250, 5, 2, due_on=MONDAY, drill_on=None), memory)
    sooner, later = (
        review(
            place,
            Answered(1, grade, MONDAY),
            card_id=card_id,
            plan=plan,
            balance=given_days,
        ).schedule.interval_days
        for grade in sorted((one, other))
    )
    assert 1 <= sooner <= later <= LONGEST_INTERVAL


def test_quiet_days_get_the_cards() -> None:
    loads = [50] * 60
    loads[30] = 0
    counts = drawn(30, Balance(MONDAY, tuple(loads)))
    assert counts[30] > 0.98 * 3_000


def test_an_easy_day_gets_fewer_cards_and_a_free_one_none() -> None:
    thursday = (MONDAY + timedelta(days=31)).weekday()
    usual = drawn(30, Balance(MONDAY))
    for share, most in ((50, 0.7), (0, 0.0)):
        easy = [100] * 7
        easy[thursday] = share
        fewer = drawn(30, Balance(MONDAY, easy_days=tuple(easy)))
        assert fewer.get(31, 0) <= most * usual[31]


def test_when_all_its_days_are_free_ones_a_card_still_comes() -> None:
    assert set(drawn(30, Balance(MONDAY, easy_days=(0,) * 7))) == set(fsrs.spread(30))


def test_siblings_keep_apart() -> None:
    near = MONDAY + timedelta(days=30)
    counts = drawn(30, Balance(MONDAY, siblings=frozenset({near})))
    assert sum(counts.get(day, 0) for day in (29, 30, 31)) < 0.01 * 3_000


def test_counts_of_another_morning_are_not_used() -> None:
    loads = Balance(MONDAY - timedelta(days=1), (9,) * 29 + (0,) * 9)
    assert drawn(30, loads) == drawn(30, EVEN)


@pytest.mark.parametrize("plan", PLANS)
def test_a_replay_keeps_a_day_that_was_given(plan) -> None:
    new = Place(Schedule(250, 0, 0, due_on=MONDAY, drill_on=None))
    place, told, day = new, [], MONDAY
    for turn in range(6):
        balance_then = Balance(day, tuple(range(40, 0, -1)))
        place = review(
            place,
            Answered(turn, GOOD, day),
            card_id=UUID(int=1),
            plan=plan,
            balance=balance_then,
        )
        told.append(Answered(turn, GOOD, day, place.schedule.interval_days))
        assert replay(new, told, card_id=UUID(int=1), plan=plan) == place
        day = place.schedule.due_on


def test_a_day_that_the_plan_would_never_give_is_not_kept() -> None:
    new = Place(Schedule(250, 0, 0, due_on=MONDAY, drill_on=None))
    told = [Answered(0, GOOD, MONDAY, 900)]
    place = replay(new, told, card_id=UUID(int=1), plan=PLANS[0])
    assert place.schedule.interval_days < 10


def test_seven_names_make_a_week() -> None:
    names = ["usual", "usual", "none", "usual", "usual", "fewer", "usual"]
    assert balance.parse_easy_days(names) == [100, 100, 0, 100, 100, 50, 100]
    assert [balance.name_of(one) for one in (100, 50, 0, 60)] == [
        "usual",
        "fewer",
        "none",
        "fewer",
    ]


@pytest.mark.parametrize(
    "odd", [[], ["usual"] * 6, ["usual"] * 8, ["often"] * 7, [100] * 7, "usual", None]
)
def test_anything_else_is_no_week(odd) -> None:
    with pytest.raises(InvalidInputError, match="seven days"):
        balance.parse_easy_days(odd)
