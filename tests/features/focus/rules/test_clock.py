from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.focus.rules import clock
from studymaster.features.focus.rules.clock import Clock, Phase, Plan

BEGIN = datetime(2030, 3, 31, 0, 30, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


FOUR_ROUNDS = Plan(focus=minutes(25), rest=minutes(5), rounds=4)

plans = st.builds(
    Plan,
    focus=st.integers(1, 180).map(minutes),
    rest=st.integers(0, 60).map(minutes),
    rounds=st.integers(1, 12),
)
short_times = st.timedeltas(timedelta(), timedelta(hours=50))


@pytest.mark.parametrize(
    ("spent", "phase", "number", "left", "is_over"),
    [
        (0, Phase.FOCUS, 1, 25, False),
        (24.5, Phase.FOCUS, 1, 0.5, False),
        (25, Phase.BREAK, 1, 5, False),
        (29, Phase.BREAK, 1, 1, False),
        (30, Phase.FOCUS, 2, 25, False),
        (114, Phase.FOCUS, 4, 1, False),
        (115, Phase.FOCUS, 4, 0, True),
        (500, Phase.FOCUS, 4, 0, True),
    ],
)
def test_four_rounds_of_25_with_breaks_of_5(spent, phase, number, left, is_over) -> None:
    at = clock.place(FOUR_ROUNDS, minutes(spent))
    assert at == clock.Place(phase, number, minutes(left), is_over=is_over)


def test_rounds_without_breaks_follow_each_other() -> None:
    plan = Plan(focus=minutes(10), rest=minutes(0), rounds=3)
    places = [clock.place(plan, minutes(spent)) for spent in (9, 10, 29, 30)]
    assert [(at.phase, at.round) for at in places] == [
        (Phase.FOCUS, 1),
        (Phase.FOCUS, 2),
        (Phase.FOCUS, 3),
        (Phase.FOCUS, 3),
    ]
    assert [at.is_over for at in places] == [False, False, False, True]


@pytest.mark.parametrize(
    ("spent", "focus"), [(0, 0), (20, 20), (25, 25), (28, 25), (31, 26), (115, 100)]
)
def test_breaks_do_not_count_as_focus(spent: int, focus: int) -> None:
    assert clock.focused(FOUR_ROUNDS, minutes(spent)) == minutes(focus)


@pytest.mark.parametrize(
    ("focus", "points"), [(0, 0), (4.99, 0), (5, 1), (9.99, 1), (25, 5), (100, 20)]
)
def test_every_full_five_minutes_are_a_point(focus: float, points: int) -> None:
    assert clock.points_for(minutes(focus)) == points


@pytest.mark.parametrize(("focus", "counts"), [(0.05, 0), (0.99, 0), (1, 1), (1.5, 1.5)])
def test_focus_counts_from_a_minute_on(focus: float, counts: float) -> None:
    assert clock.counted(minutes(focus)) == minutes(counts)


@given(plans, short_times)
def test_what_is_behind_and_what_is_ahead_make_the_whole(plan: Plan, spent) -> None:
    at = clock.place(plan, spent)
    spent = min(spent, plan.total)
    later = [plan.focus] * (plan.rounds - at.round) + [plan.rest] * (
        plan.rounds - at.round - (at.phase is Phase.BREAK)
    )
    assert spent + at.left + sum(later, timedelta()) == plan.total
    assert at.is_over == (spent == plan.total)
    assert 1 <= at.round <= plan.rounds


@given(plans, short_times)
def test_focus_and_breaks_behind_make_what_is_spent(plan: Plan, spent) -> None:
    at = clock.place(plan, spent)
    spent = min(spent, plan.total)
    rested = plan.rest * (at.round - 1)
    if at.phase is Phase.BREAK:
        rested += plan.rest - at.left
    assert clock.focused(plan, spent) + rested == spent
    assert clock.focused(plan, plan.total) == plan.focus * plan.rounds
    assert 0 <= clock.progress(plan, spent) <= 1


@given(plans, st.lists(st.tuples(short_times, short_times), max_size=8))
def test_a_pause_neither_loses_nor_gives_a_moment(plan: Plan, turns) -> None:
    now, spent, ran = BEGIN, timedelta(), timedelta()
    for running, paused in turns:
        facts = Clock(plan, spent=spent, resumed_at=now)
        now += running
        ran += running
        spent = clock.spent_at(facts, now)
        still = Clock(plan, spent=spent)
        now += paused
        assert clock.spent_at(still, now) == spent
    assert spent == min(ran, plan.total)


@given(plans, short_times, short_times)
def test_a_session_ends_exactly_when_all_is_spent(plan: Plan, spent, running) -> None:
    facts = Clock(plan, spent=min(spent, plan.total), resumed_at=BEGIN)
    end = clock.ends_at(facts)
    assert end is not None
    assert clock.spent_at(facts, end) == plan.total
    now = BEGIN + running
    assert (now >= end) == (clock.spent_at(facts, now) == plan.total)


def test_a_paused_session_does_not_end() -> None:
    assert clock.ends_at(Clock(FOUR_ROUNDS, spent=minutes(3))) is None


def test_a_clock_that_is_behind_takes_nothing_back() -> None:
    facts = Clock(FOUR_ROUNDS, spent=minutes(3), resumed_at=BEGIN)
    assert clock.spent_at(facts, BEGIN - minutes(1)) == minutes(3)


@given(plans, short_times)
def test_only_breaks_can_be_skipped(plan: Plan, spent) -> None:
    spent = min(spent, plan.total)
    skipped = clock.after_break(plan, spent)
    before, after = clock.place(plan, spent), clock.place(plan, skipped)
    assert clock.focused(plan, skipped) == clock.focused(plan, spent)
    if before.phase is Phase.BREAK:
        assert (after.phase, after.round) == (Phase.FOCUS, before.round + 1)
        assert after.left == plan.focus
    else:
        assert skipped == spent
