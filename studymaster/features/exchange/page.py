"""Import and export: choose a file, see what it holds, take it; write one, fetch it."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.exchange.schemas import (
    ColumnView,
    DeckCount,
    LeftOut,
    TransferView,
)
from studymaster.features.exchange.state import EVERY_DECK, ExchangeState
from studymaster.features.flashcards.schemas import DeckChoice
from studymaster.ui import controls, layout
from studymaster.ui.controls import FIELD, LABEL
from studymaster.ui.folding import folded
from studymaster.ui.rooms import rooms
from studymaster.ui.theme import Line

ROUTE = "/smart-study/exchange"
TITLE = "Import and export"
LINE = Line.STUDY
BOX = "flex items-center gap-3 min-h-11"
TICK = "switch"


class _PackageField(rx.Component):
    """Sends a package, with its progress."""

    library = f"$/public{rx.asset('package.jsx', shared=True)}"
    tag = "PackageField"

    address: rx.Var[str]
    busy: rx.Var[bool]
    on_sent: rx.EventHandler[rx.event.no_args_event_spec]


def page() -> rx.Component:
    """Show both ways, and the newest files."""
    return rx.fragment(
        layout.heading(TITLE, "Take your cards along, from Anki or a table and back."),
        rooms(ROUTE),
        rx.cond(
            ExchangeState.loaded,
            rx.el.div(
                rx.el.div(
                    _coming_in(),
                    _going_out(),
                    class_name="grid gap-6 lg:grid-cols-2 items-start",
                ),
                rx.cond(ExchangeState.files, _files()),
                class_name=f"{LINE.hue} flex flex-col gap-6",
            ),
            controls.skeleton("h-44 w-full", "h-44 w-full"),
        ),
    )


def _coming_in() -> rx.Component:
    return layout.card(
        layout.section(
            "Import",
            rx.el.p(
                "You see what is in the file before anything is taken. Cards that are here "
                "already stay as they are.",
                class_name="mb-4 text-ink2 max-w-[62ch]",
            ),
            _PackageField.create(
                address="/api/v1/exchange/imports",
                busy=ExchangeState.is_busy,
                on_sent=ExchangeState.refresh,
            ),
        ),
        class_name="min-w-0",
    )


def _going_out() -> rx.Component:
    return layout.card(
        layout.section(
            "Export",
            rx.cond(
                ExchangeState.decks,
                rx.el.form(
                    rx.el.div(
                        rx.el.label("Deck", html_for="export-deck", class_name=LABEL),
                        rx.el.select(
                            rx.el.option("All decks", value=EVERY_DECK),
                            rx.foreach(ExchangeState.decks, _choice),
                            id="export-deck",
                            name="deck",
                            class_name=FIELD,
                        ),
                    ),
                    _choose(
                        "As",
                        "form",
                        rx.el.option("Anki package (.apkg)", value="apkg"),
                        rx.el.option("Table (.csv), words only", value="csv"),
                        ids="export",
                    ),
                    _tick("With pictures and sounds", "with_media"),
                    _tick("With schedule and answers", "with_schedule"),
                    _send("Write the file"),
                    on_submit=ExchangeState.give,
                    class_name="flex flex-col gap-3",
                ),
                rx.el.p("You have no cards yet.", class_name="text-ink2"),
            ),
        ),
        class_name="min-w-0",
    )


def _choice(deck: ObjectVar[DeckChoice]) -> rx.Component:
    return rx.el.option(deck.name, value=deck.key)


def _tick(words: str, name: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox", role="switch", name=name, default_checked=True, class_name=TICK
        ),
        rx.el.span(words),
        class_name=BOX,
    )


def _send(words: str) -> rx.Component:
    """Draw the button of a form; one file goes at a time."""
    return rx.cond(
        ExchangeState.is_busy,
        rx.el.p("Another file is under way.", class_name="text-ink2"),
        controls.button(words, type="submit", class_name="self-start"),
    )


def _files() -> rx.Component:
    return layout.section(
        "Your files",
        rx.el.ul(
            rx.foreach(ExchangeState.files, _file),
            class_name="flex flex-col gap-4 list-none",
            custom_attrs={"aria-live": "polite"},
        ),
    )


def _file(one: ObjectVar[TransferView]) -> rx.Component:
    is_over = (one.state == "done") | (one.state == "failed")
    return rx.el.li(
        layout.card(
            rx.el.div(
                rx.el.h3(one.name, class_name="font-semibold break-words", dir="auto"),
                rx.el.p(controls.ago(one.asked_at), class_name="text-[13px] text-ink2"),
                class_name="min-w-0",
            ),
            rx.match(
                one.state,
                ("failed", rx.el.p(one.failure, class_name="line-acct text-hue-ink")),
                ("done", _done(one)),
                _under_way(one),
            ),
            rx.cond(
                is_over,
                controls.button(
                    "Remove from this list",
                    kind="ghost",
                    on_click=ExchangeState.forget(one.id),
                    class_name="self-start",
                ),
            ),
            class_name="flex flex-col gap-3",
        ),
        key=one.id,
    )


def _under_way(one: ObjectVar[TransferView]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            one.step == "look",
            rx.el.p("Being looked at. You can leave this page.", class_name="mb-2"),
            rx.cond(
                one.step == "take",
                rx.el.p("Being imported. You can leave this page.", class_name="mb-2"),
                rx.el.p("Being written. You can leave this page.", class_name="mb-2"),
            ),
        ),
        controls.progress_bar(one.percent, 100, label="How far it has come"),
    )


def _done(one: ObjectVar[TransferView]) -> rx.Component:
    return rx.cond(
        one.step == "look",
        _preview(one),
        rx.cond(one.step == "take", _taken(one), _written(one)),
    )


def _preview(one: ObjectVar[TransferView]) -> rx.Component:
    return rx.cond(one.form == "csv", _table(one), _package(one))


ROLES = (
    ("front", "Front"),
    ("back", "Back"),
    ("extra", "Extra, under the answer"),
    ("tags", "Tags"),
    ("deck", "Deck"),
    ("kind", "Kind of card"),
    ("skip", "Leave out"),
)
FORMS = (
    ("basic", "Front, then back"),
    ("reversed", "Both ways"),
    ("typed", "The back is typed"),
    ("cloze", "The front has gaps"),
)


def _table(one: ObjectVar[TransferView]) -> rx.Component:
    """Ask what the columns of a table hold, beside its first rows."""
    return rx.el.div(
        rx.el.p(one.table.sentence),
        rx.el.p(
            f"{one.new} rows can be cards, {one.broken} cannot.", class_name="text-ink2"
        ),
        _left_out(one),
        rx.el.form(
            rx.el.input(type="hidden", name="transfer_id", value=one.id, read_only=True),
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.foreach(one.table.columns.to(list[ColumnView]), _column)
                        )
                    ),
                    rx.el.tbody(rx.foreach(one.table.rows.to(list[list[str]]), _row)),
                    class_name="text-[14px]",
                ),
                class_name="overflow-x-auto",
                tab_index=0,
                role="region",
                aria_label="The first rows",
            ),
            _aims(),
            _send("Import"),
            on_submit=ExchangeState.take,
            class_name="flex flex-col gap-4",
        ),
        class_name="flex flex-col gap-3 min-w-0",
    )


def _aims() -> rx.Component:
    """Ask where the rows of a table go, and what they become."""
    return rx.el.div(
        _choose("Into the deck", "deck", rx.foreach(ExchangeState.targets, _choice)),
        _choose(
            "A row becomes",
            "form",
            *[rx.el.option(words, value=value) for value, words in FORMS],
        ),
        class_name="grid sm:grid-cols-2 gap-4",
    )


def _choose(
    label: str, name: str, *options: rx.Component, ids: str = "table"
) -> rx.Component:
    field = f"{ids}-{name}"
    return rx.el.div(
        rx.el.label(label, html_for=field, class_name=LABEL),
        rx.el.select(*options, id=field, name=name, class_name=FIELD),
        class_name="min-w-0",
    )


def _column(one: ObjectVar[ColumnView]) -> rx.Component:
    return rx.el.th(
        rx.el.select(
            *[rx.el.option(words, value=value) for value, words in ROLES],
            name=one.field,
            default_value=one.role,
            aria_label=f"What {one.name} holds",
            class_name=f"{FIELD} min-w-32",
        ),
        scope="col",
        class_name="pr-3 pb-2 text-left",
        key=one.field,
    )


def _row(cells: rx.Var[list[str]]) -> rx.Component:
    return rx.el.tr(
        rx.foreach(cells.to(list[str]), _cell), class_name="border-t border-hairline"
    )


def _cell(words: rx.Var[str]) -> rx.Component:
    return rx.el.td(
        words,
        custom_attrs={"dir": "auto"},
        class_name="py-2 pr-3 align-top max-w-60 break-words",
    )


def _package(one: ObjectVar[TransferView]) -> rx.Component:
    return rx.el.div(
        _counts(one, new="New notes"),
        rx.cond(
            one.decks.to(list).length() > 0,
            folded(
                "Decks in the file",
                rx.el.ul(rx.foreach(one.decks.to(list[DeckCount]), _deck)),
            ),
        ),
        _left_out(one),
        rx.el.form(
            rx.el.input(type="hidden", name="transfer_id", value=one.id, read_only=True),
            _tick("With schedule and answers", "with_schedule"),
            _send("Import"),
            on_submit=ExchangeState.take,
            class_name="flex flex-col gap-3",
        ),
        class_name="flex flex-col gap-3",
    )


def _taken(one: ObjectVar[TransferView]) -> rx.Component:
    return rx.el.div(
        _counts(one, new="Notes imported"),
        _left_out(one),
        class_name="flex flex-col gap-3",
    )


def _counts(one: ObjectVar[TransferView], *, new: str) -> rx.Component:
    figures = (
        (new, one.new),
        ("Cards of them", one.cards),
        ("Answers of them", one.reviews),
        ("Changed in the file", one.changed),
        ("Here already", one.same),
        ("Changed by you, so they stay", one.kept),
        ("Cannot be read", one.broken),
        ("Pictures and sounds", one.media),
    )
    return rx.el.dl(
        *[
            rx.el.div(
                rx.el.dt(words, class_name="text-[13px] text-ink2"),
                rx.el.dd(f"{count}", class_name="text-[19px] font-semibold tabular-nums"),
            )
            for words, count in figures
        ],
        class_name="grid grid-cols-2 sm:grid-cols-4 gap-3",
    )


def _deck(deck: ObjectVar[DeckCount]) -> rx.Component:
    return rx.el.li(f"{deck.name}: {deck.cards}", class_name="py-1 break-words")


def _left_out(one: ObjectVar[TransferView]) -> rx.Component:
    return rx.cond(
        one.left_out.to(list).length() > 0,
        folded(
            "What is left out, and why",
            rx.el.ul(rx.foreach(one.left_out.to(list[LeftOut]), _outside)),
        ),
    )


def _outside(one: ObjectVar[LeftOut]) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.name, class_name="block font-medium break-words", dir="auto"),
        rx.el.span(one.why, class_name="text-[14px] text-ink2"),
        class_name="py-2 border-t border-hairline",
    )


def _written(one: ObjectVar[TransferView]) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            f"Ready: {one.new} notes, {one.cards} cards, {one.size}. Kept for seven days."
        ),
        rx.el.a(
            controls.icon("download"),
            "Download",
            href=one.address,
            custom_attrs={"download": one.name},
            class_name=controls.BUTTON_KINDS["ghost"],
        ),
        class_name="flex flex-wrap items-center gap-4",
    )
