"""What the cards add up to: reviews by day, what comes back, what was remembered."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.schemas import Bar, DeckStatistics, Retention
from studymaster.features.flashcards.state.statistics import StatisticsState
from studymaster.ui import charts, controls, layout
from studymaster.ui.folding import folded
from studymaster.ui.rooms import rooms
from studymaster.ui.theme import Line

ROUTE = "/smart-study/statistics"
TITLE = "Statistics"
LINE = Line.STUDY

WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "")
HEAT = (7, 25, 45, 70, 100)
"""How much of the line's colour a day of each strength has, in percent, as in the map."""

CELL = "py-2 pr-4 text-left align-top"
HEAD = f"{CELL} text-[13px] font-semibold text-ink2"


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
    return rx.Var.create(figures.cards + figures.answers == 0)


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
    return rx.el.div(
        _chart(
            "Reviews by day",
            figures.heat_sentence,
            _heat(),
            class_name="xl:col-span-2",
        ),
        _chart(
            "Cards that come back",
            figures.forecast_sentence,
            _bars(figures.forecast, figures.forecast_sentence),
            _folded("Cards by day", figures.forecast, "Day", "Cards"),
        ),
        _chart(
            "Answers by grade",
            figures.grades_sentence,
            _bars(figures.grades, figures.grades_sentence),
            _folded("Answers by grade", figures.grades, "Grade", "Answers"),
        ),
        _chart("Retention", figures.retention_sentence, _retention()),
        _chart(
            "By deck",
            "Mature cards rest 21 days or longer. Remembered: of the last 30 days.",
            _decks(),
        ),
        class_name="grid gap-6 xl:grid-cols-2 items-start",
    )


def _chart(
    title: str, sentence: rx.Var[str] | str, *content: rx.Component, class_name: str = ""
) -> rx.Component:
    return layout.card(
        layout.section(
            title,
            rx.el.p(sentence, class_name="mb-4 max-w-[62ch]"),
            *content,
        ),
        class_name=f"min-w-0 {class_name}",
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


def _bars(bars: Sequence[Bar], summary: controls.Text) -> rx.Component:
    return rx.el.div(
        rx.foreach(rx.Var.create(bars), _bar),
        role="img",
        aria_label=summary,
        class_name=f"{Line.STUDY.hue} flex items-end gap-[2px] sm:gap-1 h-36",
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


def _folded(name: str, bars: Sequence[Bar], what: str, count: str) -> rx.Component:
    table = _table((what, count), rx.foreach(rx.Var.create(bars), _count))
    return folded(f"{name} as a table", table, class_name="mt-2")


def _count(bar: ObjectVar[Bar]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(bar.name, scope="row", class_name=f"{CELL} font-medium"),
        rx.el.td(bar.count, class_name=CELL),
        key=bar.name,
        class_name="border-t border-hairline",
    )


def _table(names: tuple[str, ...], rows: rx.Component) -> rx.Component:
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(*[rx.el.th(name, scope="col", class_name=HEAD) for name in names])
        ),
        rx.el.tbody(rows),
        class_name="w-full tabular-nums text-[14px]",
    )


def _retention() -> rx.Component:
    return _table(
        ("Cards", "30 days", "Half a year"),
        rx.foreach(StatisticsState.figures.retention, _age),
    )


def _age(age: ObjectVar[Retention]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(age.name, scope="row", class_name=f"{CELL} font-medium"),
        rx.el.td(_percent(age.recent, age.recent_asked), class_name=CELL),
        rx.el.td(_percent(age.half_year, age.half_year_asked), class_name=CELL),
        key=age.name,
        class_name="border-t border-hairline",
    )


def _percent(share: rx.Var[int], asked: rx.Var[int]) -> rx.Component:
    return rx.cond(
        share.to(int) < 0,
        rx.el.span("not asked", class_name="text-ink2"),
        rx.fragment(
            rx.el.span(f"{share}%", class_name="font-semibold"),
            rx.el.span(f" of {asked}", class_name="text-ink2"),
        ),
    )


def _decks() -> rx.Component:
    return _table(
        ("Deck", "Cards", "Mature", "Remembered"),
        rx.foreach(StatisticsState.figures.decks, _deck),
    )


def _deck(deck: ObjectVar[DeckStatistics]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            controls.dot(),
            deck.name,
            scope="row",
            class_name=f"{CELL} font-medium course-{deck.line} [&>span]:mr-2",
        ),
        rx.el.td(deck.cards, class_name=CELL),
        rx.el.td(deck.mature, class_name=CELL),
        rx.el.td(_percent(deck.recalled, deck.asked), class_name=CELL),
        class_name="border-t border-hairline",
    )
