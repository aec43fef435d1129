"""The window in which a card is typed or changed."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.page.draft import DraftKeeper, RoomLeft
from studymaster.features.flashcards.page.tools import (
    CardPreview,
    CardTools,
    OcclusionBoard,
    TagHelp,
)
from studymaster.features.flashcards.rules.typed import TEXT_LIMIT
from studymaster.features.flashcards.schemas import DeckChoice
from studymaster.features.flashcards.state.editor import CardEditorState
from studymaster.ui import controls
from studymaster.ui.controls import FIELD, LABEL

KINDS = (
    ("basic", "Basic"),
    ("reversed", "Reversed: asks both ways, two cards"),
    ("typed", "Typed: you type the answer"),
    ("cloze", "Cloze: words to fill in"),
    ("occlusion", "Picture: places to uncover"),
)
CHANGEABLE = ("basic", "typed")
MARKDOWN_HINT = (
    "Markdown works: **bold**, lists, `code`, tables; formulas between dollars: $x^2$."
)
PICTURE_HINT = "The picture stands here; words beside it are shown above it."
CLOZE_HINT = (
    "Mark the words to hide: {{c1::words}}, or {{c1::words::a hint}}. Each number makes a card; "
    "gaps with the same number are asked together."
)


def editor(*, beside: rx.Component | None = None, aside: bool = False) -> rx.Component:
    """Draw the window; it opens by `CardEditorState.open_new` and `open_card`.

    What is `beside` the fields stands below them where there is no room. One `aside` stands
    beside the page itself.
    """
    state = CardEditorState
    return controls.dialog(
        rx.cond(state.draft.id != "", "Change the card", "Add a card"),
        rx.cond(
            state.choices,
            _form(),
            _first_deck(),
        ),
        beside or rx.fragment(),
        roomy=True,
        wide=beside is not None,
        aside=aside,
        open=state.is_open,
        on_open_change=state.close,
    )


def _first_deck() -> rx.Component:
    """Draw the way out where there is no deck and no course yet: name the first deck."""
    return rx.el.form(
        rx.el.p(
            "A card lies in a deck. You have none yet, so name the first one.",
            class_name="text-ink2",
        ),
        controls.text_field(
            "Name of the deck",
            name="name",
            id="first-deck",
            problem=CardEditorState.deck_problem,
            auto_focus=True,
            custom_attrs={"dir": "auto"},
        ),
        controls.button("Make the deck", type="submit"),
        on_submit=CardEditorState.make_deck,
        class_name="flex flex-col items-start gap-4 mt-3 [&>div]:w-full",
    )


def _form() -> rx.Component:
    state = CardEditorState
    is_new = state.draft.id == ""
    return rx.el.form(
        rx.el.input(type="hidden", name="visit", value=state.visit, read_only=True),
        rx.el.input(
            type="hidden", name="material", value=state.draft.material, read_only=True
        ),
        rx.el.input(type="hidden", name="page", value=state.draft.page, read_only=True),
        _keeper(),
        rx.cond(is_new, _kind(KINDS)),
        rx.cond(
            (state.draft.id != "")
            & rx.Var.create(CHANGEABLE).to(list[str]).contains(state.draft.kind),
            _kind([kind for kind in KINDS if kind[0] in CHANGEABLE]),
        ),
        CardTools.create(kind=state.kind, visit=state.visit),
        _beside_its_preview(_sides(), _extra()),
        _place(),
        _going(),
        rx.el.div(
            controls.button(
                rx.cond(
                    is_new, "Add", rx.cond(state.going > 0, "Save all the same", "Save")
                ),
                type="submit",
            ),
            rx.el.p(
                rx.cond(state.made > 0, f"{state.made} added so far.", ""),
                role="status",
                class_name="text-[14px] text-ink2",
            ),
            class_name="flex items-center gap-4",
        ),
        on_submit=state.save,
        class_name="flex flex-col gap-4 mt-3",
    )


def _beside_its_preview(*fields: rx.Component) -> rx.Component:
    """Draw fields and, beside them or below, the card as it will be asked."""
    state = CardEditorState
    return rx.el.div(
        rx.el.div(
            rx.el.div(*fields, class_name="flex flex-col gap-4 min-w-0"),
            CardPreview.create(kind=state.kind, visit=state.visit),
            class_name="grid gap-4 items-start @2xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]",
        ),
        class_name="@container",
    )


def _extra() -> rx.Component:
    state = CardEditorState
    return controls.text_area(
        "Extra",
        name="extra",
        id="card-extra",
        key=f"extra{state.visit}",
        default_value=state.draft.extra,
        hint="Optional: shown under the answer.",
        problem=state.problems.extra,
        rows="2",
        custom_attrs={"dir": "auto"},
        class_name="font-study text-[16px]",
    )


def _going() -> rx.Component:
    """Say which cards saving would take away."""
    count = CardEditorState.going
    return rx.el.p(
        rx.cond(
            count > 0,
            rx.cond(
                count == 1,
                "1 card goes, because what it asked for is gone. Its answers stay in your "
                "statistics.",
                f"{count} cards go, because what they asked for is gone. Their answers stay "
                "in your statistics.",
            ),
            "",
        ),
        role="status",
        class_name="text-[14px] text-acct-ink empty:hidden",
    )


def _place() -> rx.Component:
    """Draw where the card lies and what it is tagged with, side by side where there is room."""
    state = CardEditorState
    return rx.el.div(
        deck_select(
            "Deck", name="deck", default_value=state.draft.deck, key=f"deck{state.visit}"
        ),
        rx.el.div(
            controls.text_field(
                "Tags",
                name="tags",
                id="card-tags",
                key=f"tags{state.visit}",
                default_value=state.draft.tags,
                hint="Between commas: exam, week-3",
                problem=state.problems.tags,
                auto_complete="off",
                custom_attrs={"dir": "auto"},
            ),
            TagHelp.create(field="card-tags", visit=state.visit, known=state.tags),
            class_name="flex flex-col gap-1.5",
        ),
        class_name="grid gap-4 sm:grid-cols-2 items-start",
    )


def _keeper() -> rx.Component:
    state = CardEditorState
    of_page = f"page.{state.draft.material}.{state.draft.page}"
    return DraftKeeper.create(
        card=rx.cond(state.draft.material != "", of_page, state.draft.id),
        visit=state.visit,
        saved=state.saved,
        shelf=state.shelf,
        kind=state.kind,
        on_kind=state.choose_kind,
    )


def _kind(kinds: Sequence[tuple[str, str]]) -> rx.Component:
    return controls.select(
        "Kind",
        name="kind",
        id="card-kind",
        options=kinds,
        value=CardEditorState.kind,
        on_change=CardEditorState.choose_kind,
    )


def _sides() -> rx.Component:
    """Draw both sides; a cloze has only the sentence. What is typed stays when it changes."""
    state = CardEditorState
    is_cloze, is_covered = state.kind == "cloze", state.kind == "occlusion"
    return rx.fragment(
        controls.text_area(
            rx.cond(is_cloze, "Sentence", rx.cond(is_covered, "Picture", "Front")),
            name="front",
            id="card-front",
            key=f"front{state.visit}",
            default_value=state.draft.front,
            hint=rx.cond(
                is_cloze, CLOZE_HINT, rx.cond(is_covered, PICTURE_HINT, MARKDOWN_HINT)
            ),
            problem=state.problems.front,
            rows="3",
            auto_focus=True,
            custom_attrs={"dir": "auto"},
            class_name="font-study text-[18px]",
        ),
        _room("card-front"),
        _covered(is_covered),
        rx.el.div(
            controls.text_area(
                rx.cond(is_covered, "Answer in words (optional)", "Back"),
                name="back",
                id="card-back",
                key=f"back{state.visit}",
                default_value=state.draft.back,
                problem=state.problems.back,
                rows="3",
                custom_attrs={"dir": "auto"},
                class_name="font-study text-[18px]",
            ),
            hidden=is_cloze,
        ),
        rx.cond(is_cloze, rx.fragment(), _room("card-back")),
    )


def _covered(is_covered: controls.Prop) -> rx.Component:
    """Draw the board of the picture; its places travel in a field that nobody sees."""
    state = CardEditorState
    return rx.fragment(
        rx.el.textarea(
            name="masks",
            key=f"masks{state.visit}",
            default_value=state.draft.masks,
            hidden=True,
            read_only=True,
            aria_hidden=True,
            tab_index=-1,
        ),
        rx.cond(
            is_covered,
            OcclusionBoard.create(visit=state.visit, problem=state.problems.masks),
        ),
    )


def _room(field: str) -> rx.Component:
    return RoomLeft.create(field=field, most=TEXT_LIMIT, visit=CardEditorState.visit)


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
