"""The window in which a deck chooses how its days go and when its cards come back."""

from collections.abc import Mapping

import reflex as rx

from studymaster.features.flashcards.rules.choices import (
    DUE_ORDERS,
    MOST_A_DAY,
    MOST_LAPSES,
    NEW_ORDERS,
)
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
PAIR = "grid sm:grid-cols-2 gap-x-4 gap-y-3"
TYPING_MS = 300


def deck_settings() -> rx.Component:
    """Draw the window with the settings of one deck; it opens from the deck's own button."""
    return controls.dialog(
        f"Settings of {DeckSettingsState.deck.name}",
        rx.el.form(
            _limits(),
            _steps(),
            _order(),
            _schedulers(),
            _retention(),
            _leeches(),
            _language(),
            _what_happens(),
            controls.button("Save", type="submit"),
            key=DeckSettingsState.visit,
            on_submit=DeckSettingsState.save,
            no_validate=True,  # a share that is hidden could not be pointed at
            class_name="group flex flex-col gap-6 *:last:self-start",
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


def _part(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(title, class_name="text-[15px] font-semibold text-ink mb-2.5"),
        rx.el.div(*content, class_name="flex flex-col gap-3"),
        class_name="min-w-0",
    )


def _limits() -> rx.Component:
    deck = DeckSettingsState.deck
    return _part(
        "How much a day asks",
        rx.el.div(
            _number("New cards a day", "new_per_day", deck.new_per_day),
            _number("Reviews a day", "reviews_per_day", deck.reviews_per_day),
            _number("New cards, today only", "new_today", deck.new_today),
            _number("Reviews, today only", "reviews_today", deck.reviews_today),
            class_name=PAIR,
        ),
        _note(
            "What comes after that waits for tomorrow. Today only: leave it empty for the "
            "usual. A deck bounds the decks that lie in it when they are reviewed with it."
        ),
        _switch(
            "One card of a note a day",
            "bury_siblings",
            deck.bury_siblings,
            "The others wait until tomorrow, so that one does not give the other away.",
        ),
    )


def _steps() -> rx.Component:
    deck = DeckSettingsState.deck
    return _part(
        "While you learn a card",
        _typed_steps(
            "Minutes until a new card comes again",
            "steps",
            deck.steps,
            meaning=DeckSettingsState.learning,
            on_change=DeckSettingsState.explain_learning.debounce(TYPING_MS),
        ),
        _typed_steps(
            "Minutes until a card you forgot comes again",
            "relearning_steps",
            deck.relearning_steps,
            meaning=DeckSettingsState.relearning,
            on_change=DeckSettingsState.explain_relearning.debounce(TYPING_MS),
        ),
    )


def _typed_steps(
    label: str,
    name: str,
    value: controls.Prop,
    *,
    meaning: controls.Text,
    on_change: controls.Prop,
) -> rx.Component:
    return controls.text_field(
        label,
        name=name,
        id=f"deck-{name}",
        default_value=value,
        placeholder="none, or such as 1 10",
        auto_complete="off",
        on_change=on_change,
        problem=DeckSettingsState.problems[name],
        hint=meaning,
    )


def _order() -> rx.Component:
    deck = DeckSettingsState.deck
    return _part(
        "In which order",
        _choice("New cards", "new_order", NEW_ORDERS, deck.new_order),
        _choice("Cards that are due", "due_order", DUE_ORDERS, deck.due_order),
    )


def _choice(
    label: str, name: str, options: Mapping[str, str], value: controls.Prop
) -> rx.Component:
    return controls.select(
        label,
        name=name,
        id=f"deck-{name}",
        options=tuple(options.items()),
        default_value=value,
    )


def _schedulers() -> rx.Component:
    return _part(
        "When cards come back",
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
            problem=DeckSettingsState.problems["retention"],
            hint="The more you want to know, the sooner cards come back and the more you "
            f"review a day: {LEAST_RETENTION} to {MOST_RETENTION}, 90 suits most.",
        ),
        controls.text_link(
            "What each share costs in minutes a day", "/smart-study/schedule"
        ),
        class_name=f"hidden group-has-[#scheduler-{Scheduler.FSRS}:checked]:block",
    )


def _leeches() -> rx.Component:
    deck = DeckSettingsState.deck
    return _part(
        "Cards that will not stay",
        _number(
            "Forgotten so often, a card is one of them",
            "leech_at",
            deck.leech_at,
            most=MOST_LAPSES,
            hint="It gets the tag leech, and we offer to rewrite it. 0: never.",
        ),
        _switch(
            "Suspend it",
            "leech_suspends",
            deck.leech_suspends,
            "It is not asked any more until you bring it back.",
        ),
    )


def _language() -> rx.Component:
    return controls.text_field(
        "Language of the cards",
        name="language",
        id="deck-language",
        default_value=DeckSettingsState.deck.language,
        placeholder="such as de, en-GB or zh-Hant",
        auto_complete="off",
        problem=DeckSettingsState.problems["language"],
        hint="For reading aloud and hyphenation. Empty: as your browser finds.",
    )


def _number(
    label: str,
    name: str,
    value: controls.Prop,
    *,
    most: int = MOST_A_DAY,
    hint: str = "",
) -> rx.Component:
    return controls.text_field(
        label,
        name=name,
        id=f"deck-{name}",
        type="number",
        input_mode="numeric",
        min=0,
        max=most,
        default_value=value,
        problem=DeckSettingsState.problems[name],
        hint=hint,
    )


def _switch(label: str, name: str, value: controls.Prop, hint: str) -> rx.Component:
    return rx.el.label(
        rx.el.span(
            rx.el.span(label, class_name="block font-medium text-ink"),
            rx.el.span(hint, class_name="block text-[13px] text-ink2"),
        ),
        rx.el.input(
            type="checkbox",
            role="switch",
            name=name,
            default_checked=value,
            class_name="switch ml-auto flex-none",
        ),
        class_name="flex items-center gap-4 min-h-11",
    )


def _note(words: str) -> rx.Component:
    return rx.el.p(words, class_name="text-[13px] text-ink2")


def _what_happens() -> rx.Component:
    cards = DeckSettingsState.deck.cards
    return rx.cond(
        cards > 0,
        _note(
            "Where cards come back another way, every answer you gave in this deck is gone "
            "through again. Nothing is lost: choose the old way again and they stand as they "
            "stood."
        ),
    )
