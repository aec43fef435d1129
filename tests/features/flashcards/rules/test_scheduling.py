from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.accounts.rules import day_of
from studymaster.features.flashcards.rules.scheduling import (
    Answered,
    Place,
    Plan,
    Scheduler,
    find_plan_problem,
    parse_plan,
    preview,
    replay,
    review,
)
from studymaster.features.flashcards.rules.sm2 import Grade, Schedule, is_due, new_schedule
from studymaster.features.flashcards.rules.statistics import day_starts
from studymaster.features.flashcards.rules.steps import Steps

calm = settings(deadline=None)  # a busy machine is not a wrong rule

MONDAY = date(2026, 3, 2)
AGAIN, HARD, GOOD, EASY = Grade
CARD = UUID(int=7)
SM2, FSRS = Plan(), Plan(Scheduler.FSRS)
NEW = Place(new_schedule(MONDAY))


def buttons(place: Place, *, plan: Plan = SM2, today: date = MONDAY) -> dict[Grade, str]:
    return preview(place, card_id=CARD, turn=0, today=today, plan=plan)


def answer(place: Place, grade: Grade, *, on: date, plan: Plan, turn: int = 0) -> Place:
    return review(place, Answered(turn, grade, on), card_id=CARD, plan=plan)


class TestButtons:
    def test_they_say_when_a_new_card_returns(self) -> None:
        assert list(buttons(NEW).values()) == [
            "today, then 1 d",
            "today, then 1 d",
            "1 d",
            "1 d",
        ]

    def test_of_a_grown_card_they_speak_of_months_and_years(self) -> None:
        card = Schedule(250, 60, 4, due_on=MONDAY, drill_on=None)
        assert buttons(Place(card))[GOOD] == "5 mo"
        assert buttons(Place(replace(card, interval_days=400)))[GOOD] == "2.7 y"

    def test_in_a_drill_of_sm2_they_show_the_day_already_planned(self) -> None:
        drilled = answer(NEW, AGAIN, on=MONDAY, plan=SM2)
        assert set(buttons(drilled).values()) == {"today, then 1 d", "1 d"}

    def test_they_go_by_the_scheduler_of_the_deck(self) -> None:
        again, hard, good, easy = buttons(NEW, plan=FSRS).values()
        assert (again, hard, good) == ("today, then 1 d", "1 d", "2 d")
        assert int(easy.split()[0]) in range(6, 11)

    @calm
    @given(st.uuids(), st.integers(0, 200), st.sampled_from(list(Grade)))
    def test_what_a_button_says_is_what_is_given(self, card_id, turn, grade) -> None:
        card = Place(Schedule(250, 40, 4, due_on=MONDAY, drill_on=None))
        said = preview(card, card_id=card_id, turn=turn, today=MONDAY, plan=FSRS)[grade]
        after = review(card, Answered(turn, grade, MONDAY), card_id=card_id, plan=FSRS)
        days = after.schedule.interval_days
        assert said.removeprefix("today, then ") in {
            f"{days} d",
            f"{days / 30.4375:.0f} mo",
        }


plans = st.builds(Plan, st.just(Scheduler.FSRS), st.integers(70, 97)) | st.just(SM2)
grades = st.sampled_from(list(Grade))
histories = st.lists(st.tuples(grades, st.integers(0, 60)), max_size=12)


def lived(steps: list[tuple[Grade, int]]) -> list[Answered]:
    day, found = MONDAY, []
    for turn, (grade, rest) in enumerate(steps):
        found.append(Answered(turn, grade, day))
        day += timedelta(days=rest)
    return found


@calm
@given(histories, plans)
def test_a_replay_leads_where_one_answer_after_the_other_led(steps, plan) -> None:
    place, answers = NEW, lived(steps)
    for one in answers:
        place = review(place, one, card_id=CARD, plan=plan)
    assert replay(NEW, answers, card_id=CARD, plan=plan) == place


ladders = st.lists(st.integers(1, 1_439), max_size=4).map(lambda one: tuple(sorted(one)))
stepped = st.builds(
    lambda plan, learning, again: replace(plan, steps=Steps(learning, again)),
    plans,
    ladders,
    ladders,
)
minutes = st.lists(
    st.tuples(grades, st.sampled_from([0, 0, 0, 1, 9]), st.integers(1, 90)), max_size=14
)


def lived_by_the_minute(steps) -> list[Answered]:
    """Let days pass, or minutes of the same day."""
    now, found = datetime.combine(MONDAY, time(8), tzinfo=UTC), []
    for turn, (grade, days, pause) in enumerate(steps):
        found.append(Answered(turn, grade, now.date(), at=now))
        now += timedelta(days=days, minutes=pause)
    return found


@calm
@given(minutes, stepped)
def test_with_steps_the_log_replays_to_the_same_step_and_moment(steps, plan) -> None:
    place, answers, log = NEW, lived_by_the_minute(steps), []
    for one in answers:
        log.append(one._replace(drill=place.schedule.drill_on == one.day))
        place = review(place, one, card_id=CARD, plan=plan)
    assert replay(NEW, answers, card_id=CARD, plan=plan) == place
    assert replay(NEW, log, card_id=CARD, plan=plan) == place


@calm
@given(minutes, stepped, plans)
def test_the_log_of_a_deck_with_steps_replays_in_one_without_them_and_back(
    steps, plan, other
) -> None:
    """What was a drill stays one, so that no step counts as a day's review."""
    place, log = NEW, []
    for one in lived_by_the_minute(steps):
        log.append(one._replace(drill=place.schedule.drill_on == one.day))
        place = review(place, one, card_id=CARD, plan=plan)
    elsewhere = replay(NEW, log, card_id=CARD, plan=other)
    if log and other.scheduler is plan.scheduler is Scheduler.SM2:
        assert elsewhere.schedule == replace(
            place.schedule, drill_on=elsewhere.schedule.drill_on
        )
    if log:
        assert elsewhere.schedule.repetitions <= sum(not one.drill for one in log)
    assert replay(NEW, log, card_id=CARD, plan=plan) == place


@calm
@given(minutes, stepped)
def test_steps_move_no_card_to_another_day_of_sm2(steps, plan) -> None:
    answers = lived_by_the_minute(steps)
    bare = plain = NEW
    for one in answers:
        if bare.schedule.drill_on == one.day and plain.schedule.drill_on != one.day:
            continue  # a step; without steps nobody would be asked
        bare = review(bare, one, card_id=CARD, plan=replace(SM2, steps=plan.steps))
        plain = review(plain, one, card_id=CARD, plan=SM2)
    assert bare.schedule.due_on == plain.schedule.due_on


@calm
@given(minutes, stepped, st.sampled_from([0, 0, 1, 9]))
def test_with_steps_a_better_grade_never_brings_a_card_back_sooner(
    steps, plan, rest
) -> None:
    answers = lived_by_the_minute(steps)
    place = replay(NEW, answers, card_id=CARD, plan=plan)
    now = (answers[-1].at if answers else datetime.combine(MONDAY, time(8), tzinfo=UTC)) + (
        timedelta(days=rest, minutes=5)
    )

    def back(grade: Grade) -> tuple[bool, datetime, date]:
        after = review(
            place,
            Answered(len(answers), grade, now.date(), at=now),
            card_id=CARD,
            plan=plan,
        )
        drilled = after.schedule.drill_on == now.date()
        return (not drilled, after.drill_at or now, after.schedule.due_on)

    found = [back(grade) for grade in Grade]
    assert [one[:2] for one in found] == sorted(one[:2] for one in found)
    assert [one[2] for one in found] == sorted(one[2] for one in found)


def test_buttons_of_a_deck_with_steps_say_minutes() -> None:
    plan = Plan(Scheduler.FSRS, steps=Steps((1, 10), (30,)))
    again, hard, good, easy = buttons(NEW, plan=plan).values()
    assert (again, hard, good) == ("1 min", "1 min", "10 min")
    assert easy.endswith(" d")
    known = Place(Schedule(250, 40, 4, due_on=MONDAY, drill_on=None))
    assert buttons(known, plan=plan)[AGAIN] == "30 min"


def test_other_steps_plan_no_card_anew() -> None:
    assert not FSRS.differs(replace(FSRS, steps=Steps((1, 10))))


@calm
@given(histories, plans)
def test_after_every_answer_a_card_rests_a_day_or_is_drilled(steps, plan) -> None:
    place = NEW
    for one in lived(steps):
        was_drilled = place.schedule.drill_on == one.day
        place = review(place, one, card_id=CARD, plan=plan)
        days = place.schedule.interval_days
        assert days >= 1
        assert place.schedule.due_on == one.day + timedelta(days=days)
        worst = HARD if plan.scheduler is Scheduler.SM2 else AGAIN
        assert is_due(place.schedule, today=one.day) == (one.grade <= worst)
        if not was_drilled:
            assert (place.schedule.repetitions == 0) == (one.grade is AGAIN)


@calm
@given(histories, grades, grades, st.integers(0, 60), plans)
def test_a_better_grade_never_brings_a_card_back_sooner(
    steps, one, other, rest, plan
) -> None:
    answers = lived(steps)
    place = replay(NEW, answers, card_id=CARD, plan=plan)
    today = (answers[-1].day if answers else MONDAY) + timedelta(days=rest)
    worse, better = (
        answer(place, grade, on=today, plan=plan, turn=len(answers)).schedule.due_on
        for grade in sorted((one, other))
    )
    assert worse <= better


def test_fsrs_leaves_the_easiness_for_the_day_of_return() -> None:
    card = Place(Schedule(180, 12, 3, due_on=MONDAY, drill_on=None))
    after = answer(card, GOOD, on=MONDAY, plan=FSRS)
    assert (after.schedule.easiness, after.schedule.repetitions) == (180, 4)
    assert after.memory.reviewed_on == MONDAY


def test_a_forgotten_card_is_drilled_and_each_answer_moves_its_memory() -> None:
    card = Place(Schedule(250, 40, 4, due_on=MONDAY, drill_on=None))
    lapsed = answer(card, AGAIN, on=MONDAY, plan=FSRS)
    again = answer(lapsed, AGAIN, on=MONDAY, plan=FSRS, turn=1)
    known = answer(again, GOOD, on=MONDAY, plan=FSRS, turn=2)
    assert again.memory.stability < lapsed.memory.stability < 40
    assert known.memory.stability >= again.memory.stability
    assert (lapsed.schedule.drill_on, known.schedule.drill_on) == (MONDAY, None)
    assert known.schedule.repetitions == 0


ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "Africa/Cairo",
    "Asia/Jerusalem",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
)
"""Their clocks change on different days, by an hour or by half of one, and at many an hour."""


def hours_of_a_year() -> list[datetime]:
    start = datetime(2030, 1, 1, tzinfo=UTC)
    return [start + timedelta(minutes=30 * n) for n in range(2 * 24 * 365)]


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_days_loses_and_gifts_none(zone) -> None:
    days = [day_of(hour, time_zone=zone, day_start_hour=4) for hour in hours_of_a_year()]
    assert {(after - before).days for before, after in pairwise(days)} == {0, 1}
    lengths = {days.count(day) / 2 for day in sorted(set(days))[1:-1]}
    assert 24 in lengths
    assert len(lengths) == 3, "the clocks go forward once and back once"
    assert max(lengths) - min(lengths) in {1, 2}


@pytest.mark.parametrize("zone", ZONES)
def test_every_moment_of_a_year_lies_between_the_starts_of_its_day_and_the_next(
    zone,
) -> None:
    starts = {
        day: day_starts(day, time_zone=zone, day_start_hour=4)
        for day in (date(2029, 12, 30) + timedelta(days=n) for n in range(370))
    }
    for moment in hours_of_a_year():
        today = day_of(moment, time_zone=zone, day_start_hour=4)
        assert starts[today] <= moment < starts[today + timedelta(days=1)]


@pytest.mark.parametrize("plan", [SM2, FSRS], ids=lambda plan: plan.scheduler)
@pytest.mark.parametrize("zone", ZONES)
def test_a_card_of_every_day_comes_back_when_its_day_starts(zone, plan) -> None:
    first = date(2030, 1, 1)
    for today in (first + timedelta(days=n) for n in range(365)):
        place = answer(Place(new_schedule(today)), GOOD, on=today, plan=plan)
        place = answer(
            place, GOOD, on=place.schedule.due_on, plan=plan, turn=today.toordinal()
        )
        rested = place.schedule
        starts = day_starts(rested.due_on, time_zone=zone, day_start_hour=4)
        eve = starts - timedelta(seconds=1)
        on_time, too_soon = (
            day_of(moment, time_zone=zone, day_start_hour=4) for moment in (starts, eve)
        )
        assert is_due(rested, today=on_time)
        assert not is_due(rested, today=too_soon)
        reviewed_on = rested.due_on - timedelta(days=rested.interval_days)
        assert (on_time - reviewed_on).days == rested.interval_days


class TestPlan:
    @pytest.mark.parametrize("share", [70, "70", " 97 ", 90])
    def test_a_share_may_be_typed_or_sent(self, share) -> None:
        plan = parse_plan(scheduler="fsrs", retention=share)
        assert plan == Plan(Scheduler.FSRS, int(str(share)))

    @pytest.mark.parametrize(
        "share", [69, 98, "0.9", 0.9, "", None, "9O", "٩٠", "90%", "900", [90], "-90"]
    )
    def test_any_other_share_is_refused_with_its_bounds(self, share) -> None:
        with pytest.raises(InvalidInputError, match="from 70 to 97"):
            parse_plan(scheduler="fsrs", retention=share)
        assert "70" in find_plan_problem(scheduler="fsrs", retention=share)

    @pytest.mark.parametrize("name", ["SM2", "", None, "anki", ["sm2"], 2])
    def test_there_are_two_schedulers(self, name) -> None:
        with pytest.raises(InvalidInputError, match="one of the two"):
            parse_plan(scheduler=name, retention=90)

    def test_a_good_choice_has_no_problem(self) -> None:
        assert find_plan_problem(scheduler="sm2", retention=90) == ""

    def test_a_share_makes_a_difference_to_fsrs_alone(self) -> None:
        assert not SM2.differs(Plan(retention=80))
        assert FSRS.differs(Plan(Scheduler.FSRS, 80))
        assert FSRS.differs(SM2)
        assert not FSRS.differs(FSRS)
