"""The form of a new session: how long, how often, on what."""

from typing import Final

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.focus.rules import asking
from studymaster.features.focus.schemas import CourseChoice
from studymaster.features.focus.state.timer import TimerState
from studymaster.ui import controls

FORM: Final = "focus-plan"
GO: Final = controls.BUTTON + "bg-focus text-[#0b0d12] hover:opacity-90 "
"""The one amber button; dark on amber can be read in both themes."""

ONCE: Final = "group-data-waits:opacity-55 group-data-waits:cursor-not-allowed "
"""The look of a button with `data-once` while its press is on the way."""

CHIP: Final = (
    "inline-flex items-center justify-center min-h-11 px-4 max-sm:px-0 rounded-lg text-[14.5px] "
    "max-sm:text-[14px] whitespace-nowrap font-medium bg-card2 "
    "text-ink2 hover:text-ink has-checked:bg-focus has-checked:text-[#0b0d12] "
    "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 outline-hue"
)


def plan(face: rx.Component) -> rx.Component:
    """Show the lengths above the clock, and below it what the session is for."""
    return rx.el.form(
        _lengths(),
        face,
        _subject(),
        rx.el.div(
            rx.el.button(
                "Start",
                controls.kbd("space", on_button=True),
                type="submit",
                id="focus-toggle",
                custom_attrs={
                    "data-key-hint": "Space",
                    "data-key-label": "Start",
                    "data-once": "",
                },
                class_name=f"{GO} {ONCE} px-10! max-sm:w-full",
            ),
            class_name="flex justify-center",
        ),
        id=FORM,
        on_submit=TimerState.start,
        no_validate=True,  # a length that is hidden could not be pointed at
        class_name="flex flex-col gap-7",
    )


def _lengths() -> rx.Component:
    presets = [(str(minutes), f"{minutes} min") for minutes in asking.PRESETS]
    return rx.el.fieldset(
        rx.el.legend("Length of a round", class_name="sr-only"),
        rx.el.div(
            *[
                _preset(value, words)
                for value, words in (*presets, (asking.OWN_LENGTH, "custom"))
            ],
            class_name="grid grid-cols-5 gap-1.5 sm:flex sm:flex-wrap sm:justify-center "
            "sm:gap-2",
        ),
        rx.el.div(
            controls.text_field(
                "Minutes of a round",
                name="minutes",
                type="number",
                min=1,
                max=asking.LONGEST_FOCUS,
                default_value="40",
                problem=TimerState.problems.minutes,
            ),
            class_name="hidden group-has-[#preset-custom:checked]:block mt-4 mx-auto max-w-[180px]",
        ),
    )


def _preset(value: str, words: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="preset",
            value=value,
            id=f"preset-{value}",
            default_checked=value == str(asking.USUAL_FOCUS),
            class_name="sr-only",
        ),
        words,
        class_name=CHIP,
    )


def _subject() -> rx.Component:
    return rx.el.div(
        _course(),
        controls.text_field(
            "Task",
            name="task",
            max_length=asking.TASK_LENGTH,
            placeholder="Problem set 6",
            auto_complete="off",
            default_value=TimerState.wanted_task,
            key=TimerState.wanted_task,
            problem=TimerState.problems.task,
        ),
        controls.text_field(
            "Rounds",
            name="rounds",
            type="number",
            min=1,
            max=asking.MOST_ROUNDS,
            default_value="1",
            problem=TimerState.problems.rounds,
        ),
        controls.text_field(
            "Break, min",
            name="break",
            type="number",
            min=0,
            max=asking.LONGEST_BREAK,
            default_value=str(asking.USUAL_BREAK),
            problem=TimerState.problems.rest,
        ),
        class_name="grid gap-4 grid-cols-2 w-full max-w-[560px] mx-auto "
        "max-sm:*:nth-[-n+2]:col-span-2",
    )


def _course() -> rx.Component:
    return rx.el.div(
        rx.el.label("Course", html_for="field-course", class_name=controls.LABEL),
        rx.el.select(
            rx.el.option("No course", value=""),
            rx.foreach(TimerState.courses, _choice),
            id="field-course",
            name="course",
            default_value=TimerState.wanted_course,
            key=TimerState.wanted_course,
            class_name=controls.FIELD,
        ),
    )


def _choice(course: ObjectVar[CourseChoice]) -> rx.Component:
    return rx.el.option(course.name, value=course.id)
