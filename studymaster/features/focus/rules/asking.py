"""What a student may ask of a session: its lengths, its task, its sounds."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Final, cast

from studymaster.errors import InvalidInputError
from studymaster.features.focus.rules.clock import Plan
from studymaster.features.focus.schemas import PlanProblems

PRESETS: Final = (5, 15, 25, 50)
OWN_LENGTH: Final = "custom"
USUAL_FOCUS: Final = 25
USUAL_BREAK: Final = 5
LONGEST_FOCUS: Final = 180
LONGEST_BREAK: Final = 60
MOST_ROUNDS: Final = 12
TASK_LENGTH: Final = 200
DISTRACTION_LENGTH: Final = 200
LOUDEST: Final = 100
FIELDS: Final = {"rest": "break"}
"""Where a field of the form is called otherwise than what it is about."""

SOUNDS: Final = {
    "rain": "Rain",
    "brown": "Brown noise",
    "white": "White noise",
    "cafe": "Café",
    "waves": "Waves",
    "wind": "Wind",
    "fire": "Fireplace",
    "crickets": "Night crickets",
}
"""Every sound by its name; the browser makes them itself."""

# Control characters (PostgreSQL takes no NUL) and halves of characters that no file can hold.
UNWRITABLE: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")


def require_plan(*, focus: object, rest: object, rounds: object) -> Plan:
    """Return the plan for whole minutes of focus and break, and a number of rounds.

    Raises:
        InvalidInputError: one of them is no number or out of range.
    """
    return Plan(
        focus=timedelta(minutes=_focus(focus)),
        rest=timedelta(minutes=_rest(rest)),
        rounds=_rounds(rounds),
    )


def _focus(value: object) -> int:
    return _within(value, 1, LONGEST_FOCUS, "Focus for", "minutes")


def _rest(value: object) -> int:
    return _within(value, 0, LONGEST_BREAK, "Take breaks of", "minutes")


def _rounds(value: object) -> int:
    return _within(value, 1, MOST_ROUNDS, "Plan", "rounds")


def _within(value: object, least: int, most: int, verb: str, unit: str) -> int:
    text = str(value).strip()
    if text.isascii() and text.isdigit() and least <= int(text[:6]) <= most:
        return int(text)
    msg = f"{verb} {least} to {most} {unit}, in whole {unit}."
    raise InvalidInputError(msg)


def require_task(text: object) -> str:
    """Return what the session is for, on one line; it may be empty."""
    return _line(text, most=TASK_LENGTH, what="The task")


def cut_task(text: object) -> str:
    """Return what an address asks to focus on, on one line, as far as a task can hold it."""
    line = " ".join(UNWRITABLE.sub(" ", text).split()) if isinstance(text, str) else ""
    return line[:TASK_LENGTH].strip()


def minutes_of(form: Mapping[str, object]) -> object:
    """Return the length of a round that a form asks for: a preset, or one's own."""
    preset = form.get("preset")
    return form.get("minutes") if preset == OWN_LENGTH else preset


def find_problems(form: Mapping[str, object]) -> PlanProblems:
    """Say at each field of the form of a new session why it cannot be used."""
    return PlanProblems(
        minutes=_problem(_focus, minutes_of(form)),
        task=_problem(require_task, form.get("task")),
        rounds=_problem(_rounds, form.get("rounds")),
        rest=_problem(_rest, form.get("break")),
    )


def _problem(check: Callable[[object], object], value: object) -> str:
    try:
        check(value)
    except InvalidInputError as error:
        return error.message
    return ""


def first_field(problems: PlanProblems) -> str:
    """Return the name of the first field that cannot be used; empty when all can."""
    wrong = [name for name, problem in asdict(problems).items() if problem]
    return FIELDS.get(wrong[0], wrong[0]) if wrong else ""


def require_distraction(text: object) -> str:
    """Return what pulled the student away, on one line.

    Raises:
        InvalidInputError: nothing was written, or too much.
    """
    line = _line(text, most=DISTRACTION_LENGTH, what="The note")
    if not line:
        msg = "Write a word or two about what distracted you."
        raise InvalidInputError(msg)
    return line


def _line(text: object, *, most: int, what: str) -> str:
    line = " ".join(UNWRITABLE.sub(" ", text).split()) if isinstance(text, str) else ""
    if len(line) > most:
        msg = f"{what} has {len(line):,} characters. Shorten it to {most}."
        raise InvalidInputError(msg)
    return line


def require_mix(sounds: object) -> dict[str, int]:
    """Return the volume (1 to 100) of every sound that can be heard, by name.

    Raises:
        InvalidInputError: a sound is not ours, or a volume is none.
    """
    volumes = cast("dict[object, object]", sounds if isinstance(sounds, dict) else {"": ""})
    mix = {_sound(name): _volume(volume) for name, volume in volumes.items()}
    return {name: mix[name] for name in SOUNDS if mix.get(name)}


def _sound(name: object) -> str:
    if isinstance(name, str) and name in SOUNDS:
        return name
    msg = f"There is no such sound. Choose from: {', '.join(SOUNDS)}."
    raise InvalidInputError(msg)


def _volume(volume: object) -> int:
    if isinstance(volume, int) and not isinstance(volume, bool) and 0 <= volume <= LOUDEST:
        return volume
    msg = f"A volume is a whole number from 0 to {LOUDEST}."
    raise InvalidInputError(msg)


def sound_names(mix: Mapping[str, int]) -> str:
    """Return the names of a mix as people read them: `Rain, Waves`; empty for silence."""
    return ", ".join(SOUNDS[name] for name in SOUNDS if mix.get(name))
