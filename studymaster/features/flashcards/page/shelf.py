"""A student's own decks, and the windows that name and delete them."""

from typing import cast

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.page.settings import settings_button
from studymaster.features.flashcards.schemas import DeckChoice, DeckView
from studymaster.features.flashcards.schemas.trees import DeckBranch
from studymaster.features.flashcards.state.decks import DecksState
from studymaster.features.flashcards.state.editor import CardEditorState
from studymaster.features.flashcards.state.shelf import WITH_IT, ShelfState
from studymaster.ui import controls, layout
from studymaster.ui.controls import FIELD, LABEL
from studymaster.ui.theme import Line


def own_decks() -> rx.Component:
    """Draw the decks that belong to no course, and the button for a new one."""
    return rx.fragment(
        layout.section(
            "Your own decks",
            rx.cond(
                DecksState.branches,
                rx.el.ul(
                    rx.foreach(DecksState.branches, _branch),
                    class_name="flex flex-col gap-4 list-none",
                ),
                rx.el.p(
                    "A deck of your own holds what no course has: a language, an exam, a "
                    "hobby.",
                    class_name="text-ink2",
                ),
            ),
            action=rx.el.div(
                controls.link_button(
                    "Import and export", "/smart-study/exchange", kind="ghost"
                ),
                controls.button(
                    "New deck",
                    kind="ghost",
                    icon_name="plus",
                    on_click=ShelfState.ask_new,
                ),
                class_name="flex flex-wrap gap-2.5",
            ),
            class_name=f"{Line.STUDY.hue} mt-8",
        ),
        _naming(),
        _deleting(),
    )


def _branch(branch: ObjectVar[DeckBranch]) -> rx.Component:
    deck = cast("ObjectVar[DeckView]", branch.deck)
    return rx.el.li(
        layout.card(
            _fold(branch),
            rx.el.div(
                rx.el.h3(
                    branch.name,
                    class_name="display text-[19px] font-semibold leading-snug",
                ),
                rx.el.p(_facts(branch), class_name="text-[14px] text-ink2 mt-0.5"),
                class_name="flex-1 min-w-[180px]",
            ),
            _actions(deck),
            class_name="flex flex-wrap items-center gap-x-4 gap-y-3",
        ),
        class_name=rx.cond(
            branch.depth.to(int) == 0,
            "",
            rx.cond(branch.depth.to(int) == 1, "ms-3 sm:ms-6", "ms-6 sm:ms-12"),
        ),
        key=deck.id,
    )


def _fold(branch: ObjectVar[DeckBranch]) -> rx.Component:
    """Draw the button that shows or leaves out what lies in a deck; nothing if nothing does."""
    name = branch.deck.fullname
    return rx.cond(
        branch.inner.to(int) > 0,
        rx.cond(
            branch.folded,
            controls.icon_button(
                f"Show the decks in {name}",
                "chevron_right",
                aria_expanded=False,
                on_click=DecksState.fold(branch.deck.id),
            ),
            controls.icon_button(
                f"Leave out the decks in {name}",
                "chevron_down",
                aria_expanded=True,
                on_click=DecksState.fold(branch.deck.id),
            ),
        ),
    )


def _actions(deck: ObjectVar[DeckView]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            deck.waiting.to(int) > 0,
            controls.link_button(
                "Review",
                f"/smart-study/review?deck={deck.id}",
                kind="ghost",
                class_name="max-sm:px-3!",
            ),
        ),
        controls.icon_button(
            f"Add a card to {deck.fullname}",
            "plus",
            on_click=CardEditorState.open_new(deck.key),
        ),
        controls.page_link(
            controls.icon("search"),
            href=f"/smart-study/cards?deck={deck.key}",
            aria_label=f"Cards of {deck.fullname}",
            title=f"Cards of {deck.fullname}",
            class_name="grid place-items-center size-11 rounded-[10px] text-ink2 "
            "hover:bg-card2 hover:text-ink",
        ),
        settings_button(deck.key, deck.fullname),
        *_changes(deck),
        class_name="flex flex-wrap items-center gap-1 max-sm:gap-0",
    )


def _changes(deck: ObjectVar[DeckView]) -> tuple[rx.Component, ...]:
    """Draw the buttons that change the tree."""
    return (
        controls.icon_button(
            f"Add a deck in {deck.fullname}",
            "folder_plus",
            on_click=ShelfState.ask_new_within(deck.id),
        ),
        controls.icon_button(
            f"Rename {deck.fullname}",
            "pencil",
            on_click=ShelfState.ask_name(deck.id),
        ),
        controls.icon_button(
            f"Delete {deck.fullname}",
            "trash_2",
            on_click=ShelfState.ask_delete(deck.id),
        ),
    )


def _facts(branch: ObjectVar[DeckBranch]) -> rx.Var[str]:
    deck, total = branch.deck, branch.cards.to(int)
    cards = rx.cond(total == 1, "1 card", f"{total} cards")
    waiting = [
        rx.cond(count.to(int) > 0, f" · {count} {name}", "")
        for count, name in ((deck.new, "new"), (deck.learning, "again"), (deck.due, "due"))
    ]
    stands = rx.cond(
        deck.waiting.to(int) == 0,
        ", none waits today",
        rx.Var.create(waiting).to(list[str]).join(""),
    )
    return rx.cond(total == 0, "No cards yet", f"{cards}{stands}")


def _naming() -> rx.Component:
    is_new = ShelfState.deck_id == ""
    return controls.dialog(
        rx.cond(is_new, "New deck", "Rename the deck"),
        rx.el.form(
            controls.text_field(
                "Name",
                name="name",
                id="deck-name",
                key=ShelfState.visit,
                default_value=ShelfState.name,
                problem=ShelfState.problem,
                custom_attrs={"dir": "auto"},
                auto_focus=True,
            ),
            _above(),
            controls.button(rx.cond(is_new, "Make the deck", "Save"), type="submit"),
            on_submit=ShelfState.save,
            class_name="flex flex-col items-start gap-4 *:first:w-full",
        ),
        open=ShelfState.is_naming,
        on_open_change=ShelfState.close,
    )


def _above() -> rx.Component:
    """Draw where a deck lies, once there is a deck that it could lie in."""
    return rx.cond(
        ShelfState.places,
        rx.el.div(
            rx.el.label("Lies in", html_for="deck-above", class_name=LABEL),
            rx.el.select(
                rx.el.option("No other deck", value=""),
                rx.foreach(ShelfState.places, _place),
                id="deck-above",
                name="above",
                key=ShelfState.visit,
                default_value=ShelfState.above,
                class_name=FIELD,
            ),
            class_name="w-full",
        ),
    )


def _place(place: ObjectVar[DeckChoice]) -> rx.Component:
    return rx.el.option(place.name, value=place.key)


def _deleting() -> rx.Component:
    cards = ShelfState.cards
    return controls.dialog(
        f"Delete {ShelfState.name}?",
        rx.el.form(
            rx.cond(
                ShelfState.inner > 0,
                rx.el.p(
                    rx.cond(
                        ShelfState.inner == 1,
                        "The deck that lies in it goes too.",
                        f"The {ShelfState.inner} decks that lie in it go too.",
                    )
                ),
            ),
            rx.cond(cards > 0, _fate(), rx.el.p("It is empty.", class_name="text-ink2")),
            controls.button("Delete the deck", kind="danger", type="submit"),
            on_submit=ShelfState.delete,
            class_name="flex flex-col items-start gap-4 *:first:w-full",
        ),
        open=ShelfState.is_deleting,
        on_open_change=ShelfState.close,
    )


def _fate() -> rx.Component:
    return rx.el.div(
        rx.el.label("What becomes of the cards?", html_for="deck-fate", class_name=LABEL),
        rx.el.select(
            rx.foreach(ShelfState.others, _move),
            rx.el.option(f"Delete {_its_cards()} for good", value=WITH_IT),
            id="deck-fate",
            name="cards",
            key=ShelfState.visit,
            aria_describedby="deck-fate-note",
            class_name=FIELD,
        ),
        rx.el.p(
            "What you answered stays in your statistics, streak and points either way.",
            id="deck-fate-note",
            class_name="mt-1.5 text-[13px] text-ink2",
        ),
    )


def _move(choice: ObjectVar[DeckChoice]) -> rx.Component:
    return rx.el.option(f"Move {_its_cards()} to {choice.name}", value=choice.key)


def _its_cards() -> rx.Var[str]:
    cards = ShelfState.cards
    return rx.cond(cards == 1, "its card", f"its {cards} cards")
