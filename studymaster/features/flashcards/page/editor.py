"""The window in which a card is typed or changed."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.schemas import DeckChoice
from studymaster.features.flashcards.state.editor import CardEditorState
from studymaster.ui import controls
from studymaster.ui.controls import FIELD, LABEL

KINDS = (
    ("basic", "Basic"),
    ("reversed", "Reversed: asks both ways"),
    ("cloze", "Cloze: words to fill in"),
)
LONGEST_SIDE = 2_000
CLOZE_HINT = "Mark the words to hide: {{c1::words}}. Each further gap gets the next number."


def editor() -> rx.Component:
    """Draw the window; it opens by `CardEditorState.open_new` and `open_card`."""
    state = CardEditorState
    return controls.dialog(
        rx.cond(state.draft.id != "", "Change the card", "Add a card"),
        rx.cond(
            state.choices,
            _form(),
            rx.el.p(
                "Make a deck first, or connect a Moodle course: a card lies in one of them.",
                class_name="text-ink2",
            ),
        ),
        open=state.is_open,
        on_open_change=state.close,
    )


def _form() -> rx.Component:
    state = CardEditorState
    is_new = state.draft.id == ""
    return rx.el.form(
        rx.el.input(type="hidden", name="visit", value=state.visit, read_only=True),
        rx.cond(is_new, _kind()),
        rx.cond(
            is_new & (state.kind == "reversed"),
            rx.el.p("This makes two cards.", class_name="text-[13px] text-ink2"),
        ),
        _sides(),
        deck_select(
            "Deck", name="deck", default_value=state.draft.deck, key=f"deck{state.visit}"
        ),
        controls.text_field(
            "Tags",
            name="tags",
            id="card-tags",
            key=f"tags{state.visit}",
            default_value=state.draft.tags,
            hint="Between commas, such as exam, week-3",
            max_length=1_300,
        ),
        rx.el.div(
            controls.button(rx.cond(is_new, "Add", "Save"), type="submit"),
            rx.el.p(
                rx.cond(state.made > 0, f"{state.made} added so far.", ""),
                role="status",
                class_name="text-[14px] text-ink2",
            ),
            class_name="flex items-center gap-4",
        ),
        on_submit=state.save,
        class_name="flex flex-col gap-4",
    )


def _kind() -> rx.Component:
    return controls.select(
        "Kind",
        name="kind",
        id="card-kind",
        options=KINDS,
        value=CardEditorState.kind,
        on_change=CardEditorState.choose_kind,
    )


def _sides() -> rx.Component:
    """Draw both sides; a cloze has only the sentence. What is typed stays when it changes."""
    state = CardEditorState
    is_cloze = state.kind == "cloze"
    return rx.fragment(
        controls.text_area(
            rx.cond(is_cloze, "Sentence", "Front"),
            name="front",
            id="card-front",
            key=f"front{state.visit}",
            default_value=state.draft.front,
            hint=rx.cond(is_cloze, CLOZE_HINT, ""),
            rows="3",
            max_length=LONGEST_SIDE,
            auto_focus=True,
            class_name="font-study text-[18px]",
        ),
        rx.el.div(
            controls.text_area(
                "Back",
                name="back",
                id="card-back",
                key=f"back{state.visit}",
                default_value=state.draft.back,
                rows="3",
                max_length=LONGEST_SIDE,
                class_name="font-study text-[18px]",
            ),
            hidden=is_cloze,
        ),
    )


def deck_select(label: str, *, name: str, **props: controls.Prop) -> rx.Component:
    """Return a labelled list of the decks that a card can be put into."""
    field = f"card-{name}"
    return rx.el.div(
        rx.el.label(label, html_for=field, class_name=LABEL),
        rx.el.select(
            rx.foreach(CardEditorState.choices, deck_option),
            id=field,
            name=name,
            class_name=FIELD,
            **props,
        ),
    )


def deck_option(choice: ObjectVar[DeckChoice]) -> rx.Component:
    """Return one deck of a list."""
    return rx.el.option(choice.name, value=choice.key)
