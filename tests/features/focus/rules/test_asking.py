from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.focus.rules import asking
from studymaster.features.focus.schemas import PlanProblems


@pytest.mark.parametrize(
    ("focus", "rest", "rounds"), [(1, 0, 1), (180, 60, 12), ("25", " 5 ", "4")]
)
def test_a_plan_within_the_limits_is_taken(focus, rest, rounds) -> None:
    plan = asking.require_plan(focus=focus, rest=rest, rounds=rounds)
    assert (plan.focus, plan.rest) == (
        timedelta(minutes=int(focus)),
        timedelta(minutes=int(rest)),
    )
    assert plan.rounds == int(rounds)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"focus": 0}, "Focus for 1 to 180 minutes, in whole minutes."),
        ({"focus": 181}, "Focus for 1 to 180 minutes, in whole minutes."),
        ({"rest": 61}, "Take breaks of 0 to 60 minutes, in whole minutes."),
        ({"rest": -1}, "Take breaks of 0 to 60 minutes, in whole minutes."),
        ({"rounds": 13}, "Plan 1 to 12 rounds, in whole rounds."),
    ],
)
def test_a_plan_out_of_range_is_refused_in_a_sentence(changed, sentence) -> None:
    asked = {"focus": 25, "rest": 5, "rounds": 1} | changed
    with pytest.raises(InvalidInputError, match=sentence):
        asking.require_plan(**asked)


@pytest.mark.parametrize(
    "value", [None, "", "25.5", 25.0, "1e2", "²", "٢٥", True, [], "9" * 9_999]
)
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError):
        asking.require_plan(focus=value, rest=5, rounds=1)


@given(st.text(max_size=180))
def test_a_task_becomes_one_line_that_can_be_written_down(text: str) -> None:
    line = asking.require_task(text)
    assert "\x00" not in line
    assert line == line.strip()
    line.encode()


def test_a_task_may_be_missing_but_not_too_long() -> None:
    assert asking.require_task(None) == ""
    assert asking.require_task("a\x00 <b>\n\ud800 c") == "a <b> c"
    with pytest.raises(InvalidInputError, match="201 characters"):
        asking.require_task("x" * 201)


@given(st.text(max_size=400))
def test_what_an_address_asks_for_is_a_task(text: str) -> None:
    assert asking.require_task(asking.cut_task(text)) == asking.cut_task(text)


def test_each_field_has_its_own_problem() -> None:
    form = {
        "preset": "custom",
        "minutes": "0",
        "break": "",
        "rounds": "x",
        "task": "x" * 201,
    }
    problems = asking.find_problems(form)
    assert problems.minutes == "Focus for 1 to 180 minutes, in whole minutes."
    assert problems.rest.startswith("Take breaks of")
    assert problems.rounds.startswith("Plan 1 to 12")
    assert "201 characters" in problems.task
    assert asking.first_field(problems) == "minutes"


def test_a_form_as_it_should_be_has_no_problem() -> None:
    form = {"preset": "25", "minutes": "no", "break": "0", "rounds": "1", "task": ""}
    assert asking.find_problems(form) == PlanProblems()
    assert asking.first_field(PlanProblems()) == ""
    assert asking.first_field(PlanProblems(rest="Too long.")) == "break"


@pytest.mark.parametrize("text", ["", "  \n", None, 7, "x" * 201])
def test_a_distraction_has_a_word_or_two(text: object) -> None:
    with pytest.raises(InvalidInputError):
        asking.require_distraction(text)


def test_there_are_at_least_six_sounds_of_our_own() -> None:
    assert len(asking.SOUNDS) >= 6


def test_silent_sounds_are_no_part_of_a_mix() -> None:
    mix = asking.require_mix({"waves": 40, "rain": 70, "fire": 0})
    assert mix == {"rain": 70, "waves": 40}
    assert asking.sound_names(mix) == "Rain, Waves"
    assert asking.sound_names({}) == ""


@pytest.mark.parametrize(
    "mix",
    [
        {"drums": 5},
        {"rain": 101},
        {"rain": -1},
        {"rain": "5"},
        {"rain": True},
        {"rain": 0.5},
        {7: 5},
        None,
        [],
        "rain",
    ],
)
def test_a_mix_of_anything_else_is_refused(mix: object) -> None:
    with pytest.raises(InvalidInputError):
        asking.require_mix(mix)
