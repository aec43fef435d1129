"""The Focus page: one clock in the middle, sounds beside it, and what it adds up to below."""

from typing import Final

import reflex as rx

from studymaster.features.focus.page.face import (
    BEAT,
    Ambience,
    FocusFace,
    FocusSignals,
    FocusStage,
)
from studymaster.features.focus.page.figures import history, today
from studymaster.features.focus.page.plan import FORM, plan
from studymaster.features.focus.page.running import running
from studymaster.features.focus.state.timer import TimerState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/focus"
TITLE: Final = "Focus"
LINE: Final = Line.FOCUS

ADVICE: Final = (
    "Put the phone in another room. Face down beside you, it still calls.",
    "Close the tabs that pull at you. A site blocker in your browser keeps them closed.",
    "Switch on the focus or do-not-disturb mode of your device until the round is over.",
    "Write a stray thought down under Distracted? and go on. It waits for you.",
)


def page() -> rx.Component:
    """Show the clock, or the form of a new session, and everything around it."""
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        rx.cond(TimerState.loaded, _room(), _coming()),
    )


def _coming() -> rx.Component:
    return rx.el.div(
        controls.skeleton(
            "h-11 w-72 mx-auto", "size-[min(420px,80vw)] rounded-full! mx-auto"
        ),
        controls.skeleton("h-[360px] w-full", "h-28 w-full"),
        class_name=GRID,
    )


GRID: Final = "grid gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,1fr)_340px] items-center"


def _room() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            _stage(),
            rx.el.div(
                Ambience.create(sounds=TimerState.sounds, on_mix=TimerState.save_mix),
                today(),
                _signals(),
                custom_attrs={"data-beside": ""},
                class_name="flex flex-col gap-5 min-w-0",
            ),
            class_name=f"{GRID} lg:min-h-[calc(100dvh-74px)]",
        ),
        history(),
        _advice(),
    )


def _stage() -> rx.Component:
    is_on = TimerState.timer.id != ""
    face = FocusFace.create(
        timer=TimerState.timer,
        form=FORM,
        beat=BEAT,
        title=f"{TITLE} · StudyMaster",
        on_check=TimerState.check,
    )
    return FocusStage.create(
        rx.cond(is_on, running(face), plan(face)),
        session=TimerState.timer.id,
        wrong=TimerState.problems,
    )


def _signals() -> rx.Component:
    return layout.card(
        layout.section("Notifications", FocusSignals.create()),
    )


def _advice() -> rx.Component:
    return layout.section(
        "Keep distractions away",
        rx.el.ul(
            *[rx.el.li(line, class_name="pl-1") for line in ADVICE],
            class_name="list-disc pl-5 grid gap-1.5 max-w-[68ch] text-ink2",
        ),
        class_name="mt-10",
    )
