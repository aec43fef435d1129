"""What the cards add up to: reviews by day, what comes back, what was remembered."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.page.address import ListAddress
from studymaster.features.flashcards.page.editor import deck_option
from studymaster.features.flashcards.schemas import (
    Bar,
    Chart,
    DeckStatistics,
    Retention,
)
from studymaster.features.flashcards.state.statistics import StatisticsState
from studymaster.ui import charts, controls, layout, tables
from studymaster.ui.controls import FIELD, LABEL
from studymaster.ui.folding import folded
from studymaster.ui.rooms import rooms
from studymaster.ui.theme import Line

ROUTE = "/smart-study/statistics"
TITLE = "Statistics"
LINE = Line.STUDY

WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "")
HEAT = (7, 25, 45, 70, 100)
"""How much of the line's colour a day of each strength has, in percent, as in the map."""

SPANS = (
    ("month", "30 days"),
    ("quarter", "13 weeks"),
    ("year", "A year"),
    ("all", "All"),
)


def page() -> rx.Component:
    """Show every figure with its sentence and its table."""
    return rx.fragment(
        layout.heading(TITLE, "From what you answered, counted on the server."),
        rooms(ROUTE),
        rx.cond(
            StatisticsState.loaded,
            rx.cond(_is_empty(), _nothing(), _figures()),
            controls.skeleton("h-44 w-full", "h-44 w-full", "h-44 w-full"),
        ),
    )


def _is_empty() -> rx.Var[bool]:
    figures = StatisticsState.figures
    is_none = rx.Var.create(figures.cards + figures.answers == 0).to(bool)
    return is_none & (StatisticsState.deck == "")


def _nothing() -> rx.Component:
    return layout.card(
        controls.empty_state(
            "chart_column",
            "Nothing to count yet",
            "Make cards and review them once. The figures start with your first answer.",
            controls.link_button("Choose a lecture", "/smart-study"),
        )
    )


def _figures() -> rx.Component:
    figures = StatisticsState.figures
    return rx.fragment(
        ListAddress.create(
            filters={"span": StatisticsState.span, "deck": StatisticsState.deck},
            page=1,
            list="figures",
        ),
        _choices(),
        rx.el.div(
            _chart("Today", figures.today_sentence, wide=True),
            _chart("The last year", figures.heat_sentence, _heat(), wide=True),
            _chart("Retention", figures.retention_sentence, _retention()),
            rx.foreach(figures.charts, _bar_chart),
            _chart(
                "By deck",
                "Mature cards rest 21 days or longer. Remembered: of the last 30 days. A day: "
                "the reviews that the cards ask for in the long run.",
                _decks(),
                wide=True,
            ),
            id="figures",
            class_name="grid gap-6 xl:grid-cols-2 items-start",
        ),
    )


def _choices() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.label("Cards", html_for="statistics-deck", class_name=LABEL),
            rx.el.select(
                rx.el.option("All cards", value=""),
                rx.foreach(StatisticsState.piles, deck_option),
                id="statistics-deck",
                value=StatisticsState.deck,
                on_change=StatisticsState.choose_deck,
                class_name=FIELD,
            ),
            class_name="min-w-0",
        ),
        rx.el.div(
            rx.el.label("Back and ahead", html_for="statistics-span", class_name=LABEL),
            rx.el.select(
                *[rx.el.option(words, value=value) for value, words in SPANS],
                id="statistics-span",
                value=StatisticsState.span,
                on_change=StatisticsState.choose_span,
                class_name=FIELD,
            ),
        ),
        class_name="grid grid-cols-2 gap-4 mb-6 max-w-xl",
    )


def _chart(
    title: controls.Text,
    sentence: controls.Text,
    *content: rx.Component,
    wide: bool = False,
    **props: controls.Prop,
) -> rx.Component:
    return layout.card(
        layout.section(
            title,
            rx.el.p(sentence, class_name="mb-4 last:mb-0 max-w-[62ch]"),
            *content,
        ),
        class_name="min-w-0 xl:col-span-2" if wide else "min-w-0",
        **props,
    )


def _bar_chart(chart: ObjectVar[Chart]) -> rx.Component:
    return _chart(
        chart.title,
        chart.sentence,
        rx.el.div(
            rx.foreach(chart.bars, _bar),
            role="img",
            aria_label=chart.sentence,
            class_name=f"{Line.STUDY.hue} flex items-end gap-[2px] sm:gap-1 h-36",
        ),
        folded(
            f"{chart.title} as a table",
            rx.el.table(
                rx.el.thead(rx.el.tr(rx.foreach(chart.heads, _head))),
                rx.el.tbody(rx.foreach(chart.bars, _line)),
                class_name="w-full tabular-nums text-[14px]",
            ),
            class_name="mt-2",
        ),
        key=chart.key,
    )


def _head(name: rx.Var[str]) -> rx.Component:
    return rx.el.th(name, scope="col", class_name=tables.HEAD)


def _cell(words: rx.Var[str]) -> rx.Component:
    return rx.el.td(words, class_name=tables.CELL)


def _line(bar: ObjectVar[Bar]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(bar.name, scope="row", class_name=f"{tables.CELL} font-medium"),
        rx.el.td(bar.count, class_name=tables.CELL),
        rx.foreach(bar.more, _cell),
        key=bar.name,
        class_name="border-t border-hairline",
    )


def _heat() -> rx.Component:
    """Draw the heat map with its months, its weekdays and what its strengths mean."""
    figures = StatisticsState.figures
    return rx.el.div(
        rx.el.div(
            rx.foreach(figures.heat_months, _month),
            aria_hidden="true",
            class_name="col-start-2 grid grid-flow-col auto-cols-fr h-5 text-[12px] text-ink2",
        ),
        rx.el.div(
            # The words must not stretch the squares beside them.
            rx.el.div(
                *[
                    rx.el.span(name, class_name="self-center h-0 -mt-6")
                    for name in WEEKDAYS
                ],
                class_name="absolute inset-0 grid grid-rows-7",
            ),
            aria_hidden="true",
            class_name="relative w-7 text-[12px] leading-6 text-ink2",
        ),
        charts.heatmap(figures.heat, summary=figures.heat_sentence, line=Line.STUDY.hue),
        rx.el.p(
            "Fewer",
            *[_strength(percent) for percent in HEAT],
            "More",
            aria_hidden="true",
            class_name=f"{Line.STUDY.hue} col-start-2 flex items-center gap-1 mt-2 "
            "text-[12px] text-ink2",
        ),
        class_name="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2",
    )


def _month(name: rx.Var[str]) -> rx.Component:
    return rx.el.span(rx.el.span(name, class_name="absolute"), class_name="relative")


def _strength(percent: int) -> rx.Component:
    return rx.el.i(
        class_name="size-3 rounded-[3px]",
        style={"background": f"color-mix(in oklab, var(--hue) {percent}%, var(--card))"},
    )


def _bar(bar: ObjectVar[Bar]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                class_name="w-full rounded-t-[4px] bg-hue",
                style={"height": f"{bar.percent}%"},
            ),
            class_name="flex items-end h-[116px] w-full border-b border-hairline2",
        ),
        rx.el.span(
            bar.short,
            class_name="block h-5 text-[12px] text-ink2 text-center whitespace-nowrap",
        ),
        title=f"{bar.name}: {bar.count}",
        class_name="flex-1 min-w-0",
        key=bar.name,
    )


def _retention() -> rx.Component:
    return tables.table(
        ("When", "Young", "Mature", "All"),
        rx.foreach(StatisticsState.figures.retention, _period),
    )


def _period(one: ObjectVar[Retention]) -> rx.Component:
    return tables.row(
        one.name,
        _percent(one.young, one.young_asked),
        _percent(one.mature, one.mature_asked),
        _percent(one.every, one.every_asked),
        key=one.name,
    )


def _percent(share: rx.Var[int], asked: rx.Var[int]) -> rx.Component:
    return rx.cond(
        share.to(int) < 0,
        rx.el.span("none", class_name="text-ink2"),
        rx.fragment(
            rx.el.span(f"{share}%", class_name="font-semibold"),
            rx.el.span(f" of {asked}", class_name="text-ink2"),
        ),
    )


def _decks() -> rx.Component:
    return rx.el.div(
        tables.table(
            ("Deck", "Cards", "Mature", "Remembered", "A day"),
            rx.foreach(StatisticsState.figures.decks, _deck),
        ),
        class_name="overflow-x-auto",
        tab_index=0,
        role="region",
        aria_label="By deck",
    )


def _deck(deck: ObjectVar[DeckStatistics]) -> rx.Component:
    name = rx.el.span(
        controls.dot(), deck.name, class_name=f"course-{deck.line} [&>span]:mr-2"
    )
    return tables.row(
        name,
        f"{deck.cards}",
        f"{deck.mature}",
        _percent(deck.recalled, deck.asked),
        f"{deck.load}",
        key=deck.name,
    )
