"""The session going on: its phase above the clock, what can be done with it below."""

import reflex as rx

from studymaster.features.focus.page.plan import GO, ONCE
from studymaster.features.focus.rules import asking
from studymaster.features.focus.state.timer import TimerState
from studymaster.ui import controls

MINUTE_MS = 60_000


def running(face: rx.Component) -> rx.Component:
    """Show phase, clock and buttons; the line for distractions opens on demand."""
    return rx.el.div(
        _phases(),
        face,
        rx.el.div(
            _toggle(),
            rx.cond(
                TimerState.timer.phase == "break",
                controls.button(
                    "Skip break", kind="ghost", keys="B", on_click=TimerState.skip_break
                ),
                controls.button(
                    "Distracted?", kind="ghost", keys="D", id="focus-distracted"
                ),
            ),
            _full_screen(),
            class_name="flex flex-wrap justify-center gap-3 max-sm:*:flex-1",
        ),
        _note(),
        # As far apart as the clock is wide: a thumb that finishes does not abandon.
        rx.el.div(
            _finish(),
            _abandon(),
            class_name="flex justify-between gap-3 w-full max-w-[420px] mx-auto",
        ),
        class_name="flex flex-col gap-7",
    )


def _full_screen() -> rx.Component:
    return rx.el.button(
        rx.el.span("Full screen", class_name="group-data-full:hidden"),
        rx.el.span("Leave full screen", class_name="hidden group-data-full:inline"),
        controls.kbd("F", on_button=True),
        type="button",
        id="focus-full",
        aria_keyshortcuts="F",
        custom_attrs={"data-key": "f", "data-key-label": "Full screen, and back"},
        class_name=controls.BUTTON_KINDS["ghost"],
    )


def _phases() -> rx.Component:
    timer = TimerState.timer
    return rx.el.ul(
        _phase("focus", "Focus", timer.focus_ms),
        rx.cond(timer.rounds > 1, _phase("break", "Break", timer.break_ms)),
        aria_label="Phases",
        class_name="flex flex-wrap justify-center gap-2 list-none",
    )


def _phase(phase: str, name: str, length: int) -> rx.Component:
    is_now = TimerState.timer.phase == phase
    return rx.el.li(
        f"{name} {length / MINUTE_MS} min",
        custom_attrs={"aria-current": rx.cond(is_now, "step", "false")},
        class_name=rx.cond(
            is_now,
            f"{PHASE} bg-focus text-[#0b0d12]",
            f"{PHASE} bg-card2 text-ink2",
        ),
    )


PHASE = "inline-flex items-center min-h-9 px-4 rounded-lg text-[14.5px] font-medium"


def _toggle() -> rx.Component:
    return rx.cond(
        TimerState.timer.running,
        _big("Pause", TimerState.pause),
        _big("Resume", TimerState.resume),
    )


def _big(label: str, event: rx.event.EventType[()]) -> rx.Component:
    return rx.el.button(
        label,
        controls.kbd("space", on_button=True),
        type="button",
        id="focus-toggle",
        on_click=event,
        custom_attrs={"data-key-hint": "Space", "data-key-label": label},
        class_name=GO,
    )


def _note() -> rx.Component:
    return rx.el.div(
        rx.el.form(
            rx.el.div(
                controls.text_field(
                    "Note a distraction",
                    name="distraction",
                    hint="The clock goes on. You find it again in the list of sessions.",
                    max_length=asking.DISTRACTION_LENGTH,
                    placeholder="Answer Jonas about Friday",
                    auto_complete="off",
                ),
                class_name="flex-1 min-w-0",
            ),
            controls.button("Note it", kind="ghost", type="submit", class_name="mt-[27px]"),
            on_submit=TimerState.note_distraction,
            reset_on_submit=True,
            class_name="flex items-start gap-3",
        ),
        rx.el.ul(
            rx.foreach(TimerState.noted, rx.el.li),
            aria_label="Noted in this session",
            class_name="list-disc pl-5 mt-2 text-[14px] text-ink2 grid gap-1 empty:hidden",
        ),
        class_name="hidden group-data-noting:block w-full max-w-[560px] mx-auto",
    )


def _finish() -> rx.Component:
    return rx.el.button(
        "Finish early",
        type="button",
        on_click=TimerState.finish,
        custom_attrs={"data-once": ""},
        class_name=f"{SMALL} {ONCE}",
    )


def _abandon() -> rx.Component:
    return controls.dialog(
        "Abandon this session?",
        rx.el.div(
            rx.radix.primitives.dialog.close(
                controls.button("Abandon it", kind="danger", on_click=TimerState.abandon),
                as_child=True,
            ),
            rx.radix.primitives.dialog.close(
                controls.button("Keep going", kind="ghost"), as_child=True
            ),
            class_name="flex flex-wrap gap-3",
        ),
        description="Its minutes and points will not count. To keep them, finish early instead.",
        trigger=rx.el.button("Abandon", type="button", class_name=SMALL),
    )


SMALL = (
    "min-h-11 px-4 rounded-[10px] text-[14px] font-medium text-ink2 hover:text-ink "
    "hover:bg-card2"
)
