"""Custom study: choose cards, go through them; their days stay as they are."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.page.study import ReviewTable
from studymaster.features.flashcards.rules.cram import Order, What
from studymaster.features.flashcards.schemas import CardFace, DeckChoice
from studymaster.features.flashcards.schemas.cram import MOST_CARDS, MOST_DAYS
from studymaster.features.flashcards.state.cram import TABLE, CramState
from studymaster.ui import controls, layout
from studymaster.ui.controls import FIELD, LABEL
from studymaster.ui.theme import Line

ROUTE = "/smart-study/cram"
TITLE = "Custom study"
LINE = Line.STUDY

CHOICES = (
    (What.FORGOTTEN, "I forgot lately"),
    (What.AHEAD, "come up soon"),
    (What.NEW, "are new"),
    (What.FLAGGED, "have a flag"),
    (What.ALL, "are in the deck, all of them"),
    (What.SEARCH, "a search finds"),
)
ORDERS = (
    (Order.RANDOM, "Mixed"),
    (Order.WEAKEST, "What I know least first"),
    (Order.OLDEST, "As in the lectures"),
)


def _answered(
    card_id: rx.Var[str], lap: rx.Var[int], knows: rx.Var[bool]
) -> tuple[rx.Var[str], rx.Var[int], rx.Var[bool]]:
    """Hand over which card was answered in which pass, and whether it was known."""
    return card_id, lap, knows


class CramTable(rx.Component):
    """Turns the cards of a session; `cards` are the next ones, the first on top."""

    library = rx.asset("cram.jsx", shared=True).importable_path
    tag = "CramTable"
    # Its cards turn as those of a review do.
    lib_dependencies: list[str] = ReviewTable.create().lib_dependencies

    cards: rx.Var[list[CardFace]]
    left: rx.Var[int]
    known: rx.Var[int]
    again: rx.Var[int]
    on_answer: rx.EventHandler[_answered]


def page() -> rx.Component:
    """Show the choice, the cards, or what was done."""
    return rx.fragment(
        layout.heading(
            TITLE,
            "Go through cards of your choice. The days they come back on do not change.",
        ),
        rx.cond(
            CramState.loaded,
            rx.el.section(
                rx.cond(
                    CramState.is_going,
                    _table(),
                    rx.cond(CramState.is_over, _done(), _form()),
                ),
                id=TABLE,
                tab_index=-1,
                aria_label=TITLE,
                class_name="outline-none",
            ),
            controls.skeleton("h-72 w-full"),
        ),
    )


def _table() -> rx.Component:
    return rx.fragment(
        CramTable.create(
            cards=CramState.cards,
            left=CramState.left,
            known=CramState.known,
            again=CramState.again,
            on_answer=CramState.answer,
        ),
        controls.button("Stop", kind="ghost", on_click=CramState.stop, class_name="mt-3"),
    )


def _done() -> rx.Component:
    known, again = CramState.known, CramState.again
    cards = rx.cond(known == 1, "1 card known", f"{known} cards known")
    missed = rx.cond(again == 1, "1 answer missed", f"{again} answers missed")
    return layout.card(
        rx.el.h2("Done with this round", class_name="display text-[22px] font-semibold"),
        rx.el.p(
            f"{cards}, {missed}. Your schedule knows nothing of it.",
            class_name="mt-2 text-ink2",
        ),
        rx.el.div(
            controls.button("The same cards again", on_click=CramState.once_more),
            controls.button("Other cards", kind="ghost", on_click=CramState.choose_others),
            controls.link_button("Back to the decks", "/smart-study", kind="ghost"),
            class_name="flex flex-wrap gap-2.5 mt-5",
        ),
        class_name="max-w-[720px]",
    )


def _form() -> rx.Component:
    return layout.card(
        rx.el.form(
            _field(
                "Cards of",
                "pile",
                rx.el.option("All decks", value=""),
                rx.foreach(CramState.piles, _pile),
            ),
            _field(
                "that",
                "what",
                *[rx.el.option(words, value=what.value) for what, words in CHOICES],
                value=CramState.what,
                on_change=CramState.choose_what,
            ),
            _days(),
            _search(),
            _number("At most so many cards", "count", "50", most=MOST_CARDS),
            _field(
                "Order",
                "order",
                *[rx.el.option(words, value=order.value) for order, words in ORDERS],
            ),
            controls.button("Start", type="submit", icon_name="play"),
            on_submit=CramState.start,
            class_name="flex flex-col gap-4 *:last:self-start",
        ),
        class_name="max-w-[560px]",
    )


def _days() -> rx.Component:
    needs_days = (CramState.what == What.FORGOTTEN.value) | (
        CramState.what == What.AHEAD.value
    )
    words = rx.cond(
        CramState.what == What.FORGOTTEN.value,
        "In the last so many days",
        "Within so many days",
    )
    return rx.cond(needs_days, _number(words, "days", "7", most=MOST_DAYS))


def _search() -> rx.Component:
    return rx.cond(
        CramState.what == What.SEARCH.value,
        controls.text_field(
            "Search",
            name="search",
            id="cram-search",
            hint="As among all cards: tag:exam, prop:ease<2, -is:new",
            auto_complete="off",
        ),
    )


def _number(words: controls.Text, name: str, value: str, *, most: int) -> rx.Component:
    return controls.text_field(
        words,
        name=name,
        id=f"cram-{name}",
        type="number",
        min=1,
        max=most,
        default_value=value,
        required=True,
    )


def _field(
    label: str, name: str, *options: rx.Component, **props: controls.Prop
) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"cram-{name}", class_name=LABEL),
        rx.el.select(*options, id=f"cram-{name}", name=name, class_name=FIELD, **props),
    )


def _pile(pile: ObjectVar[DeckChoice]) -> rx.Component:
    return rx.el.option(pile.name, value=pile.key)
