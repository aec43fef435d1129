"""The window in which a deck chooses when its cards come back."""

import reflex as rx

from studymaster.features.flashcards.rules.fsrs import LEAST_RETENTION, MOST_RETENTION
from studymaster.features.flashcards.rules.scheduling import Scheduler
from studymaster.features.flashcards.state.settings import DeckSettingsState
from studymaster.ui import controls

SCHEDULERS = (
    (
        Scheduler.SM2,
        "SM-2",
        "Each time you remember a card, its rest grows by how easy it has been for you.",
    ),
    (
        Scheduler.FSRS,
        "FSRS",
        "A model of how you forget: a card comes back when you would just still know it.",
    ),
)
CHOICE = (
    "flex gap-3 rounded-xl border border-hairline2 p-3.5 cursor-pointer "
    "hover:bg-card2 has-checked:border-ink has-checked:bg-card2 "
    "has-focus-visible:outline-2 has-focus-visible:outline-offset-2"
)


def deck_settings() -> rx.Component:
    """Draw the window with the settings of one deck; it opens from the deck's own button."""
    return controls.dialog(
        f"Settings of {DeckSettingsState.deck.name}",
        rx.el.form(
            _schedulers(),
            _retention(),
            _what_happens(),
            controls.button("Save", type="submit"),
            key=DeckSettingsState.visit,
            on_submit=DeckSettingsState.save,
            no_validate=True,  # a share that is hidden could not be pointed at
            class_name="group flex flex-col gap-5 *:last:self-start",
        ),
        open=DeckSettingsState.is_open,
        on_open_change=DeckSettingsState.close,
    )


def settings_button(key: rx.Var[str], name: rx.Var[str]) -> rx.Component:
    """Return the button that opens the settings of a deck."""
    return controls.icon_button(
        f"Settings of {name}",
        "sliders_horizontal",
        on_click=DeckSettingsState.open(key),
    )


def _schedulers() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("When cards come back", class_name=controls.LABEL),
        rx.el.div(
            *[_scheduler(*one) for one in SCHEDULERS], class_name="flex flex-col gap-2"
        ),
    )


def _scheduler(value: str, name: str, meaning: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="scheduler",
            value=value,
            id=f"scheduler-{value}",
            default_checked=DeckSettingsState.deck.scheduler == value,
            class_name="mt-1 size-4 flex-none accent-current",
        ),
        rx.el.span(
            rx.el.span(name, class_name="block font-medium text-ink"),
            rx.el.span(meaning, class_name="block text-[13px] text-ink2"),
        ),
        class_name=CHOICE,
    )


def _retention() -> rx.Component:
    return rx.el.div(
        controls.text_field(
            "Cards you want to know, of 100 that come back",
            name="retention",
            id="deck-retention",
            type="number",
            input_mode="numeric",
            min=LEAST_RETENTION,
            max=MOST_RETENTION,
            default_value=DeckSettingsState.deck.retention,
            problem=DeckSettingsState.problem,
            hint="The more you want to know, the sooner cards come back and the more you "
            f"review a day: {LEAST_RETENTION} to {MOST_RETENTION}, 90 suits most.",
        ),
        controls.text_link(
            "What each share costs in minutes a day", "/smart-study/schedule"
        ),
        class_name=f"hidden group-has-[#scheduler-{Scheduler.FSRS}:checked]:block",
    )


def _what_happens() -> rx.Component:
    cards = DeckSettingsState.deck.cards
    return rx.cond(
        cards > 0,
        rx.el.p(
            "Every answer you gave in this deck is gone through again, and its cards come "
            "back when the new choice wants them. Nothing is lost: choose the old one again "
            "and they stand as they stood.",
            class_name="text-[13px] text-ink2",
        ),
    )
