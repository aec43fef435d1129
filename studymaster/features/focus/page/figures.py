"""What focusing adds up to: today, charts of days, weeks and courses, the sessions before."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.focus.schemas import Bar, Chart, SessionRow
from studymaster.features.focus.state.history import HistoryState
from studymaster.ui import controls, layout
from studymaster.ui.folding import folded

NUMBER = "display text-[26px] font-[650] leading-none text-ink"


def today() -> rx.Component:
    """Show minutes, sessions and points of today."""
    figures = HistoryState.stats.today
    shown = (
        (figures.minutes, "min"),
        (figures.sessions, rx.cond(figures.sessions == 1, "session", "sessions")),
        (figures.points, rx.cond(figures.points == 1, "point", "points")),
    )
    return layout.card(
        layout.section(
            "Today",
            rx.el.p(
                *[
                    rx.el.span(
                        rx.el.span(number, class_name=NUMBER),
                        " ",
                        unit,
                        class_name="text-ink2 whitespace-nowrap",
                    )
                    for number, unit in shown
                ],
                class_name="flex flex-wrap gap-x-6 gap-y-2 items-baseline",
            ),
        )
    )


def history() -> rx.Component:
    """Show the charts and the list of sessions, or how to begin."""
    return rx.el.div(
        rx.cond(
            HistoryState.loaded,
            rx.cond(HistoryState.rows, _history(), _nothing()),
            controls.skeleton("h-44 w-full", "h-60 w-full"),
        ),
        custom_attrs={"data-beside": ""},
        class_name="mt-8",
    )


def _nothing() -> rx.Component:
    return layout.card(
        controls.empty_state(
            "timer",
            "No sessions yet",
            "Choose a length and press Start. After the session its minutes appear here by "
            "day, by week and by course.",
        ),
    )


def _history() -> rx.Component:
    stats = HistoryState.stats
    return rx.fragment(
        rx.el.div(
            _chart("By day", "Day", stats.by_day),
            _chart("By week", "Week", stats.by_week),
            _chart("By course", "Course", stats.by_course),
            class_name="grid gap-5 grid-cols-1 lg:grid-cols-2 xl:grid-cols-3",
        ),
        layout.section(
            "Sessions",
            layout.card(
                rx.el.ul(
                    rx.foreach(HistoryState.rows, _row),
                    class_name="list-none divide-y divide-hairline -my-2",
                )
            ),
            rx.cond(
                HistoryState.more,
                controls.button(
                    "Show more",
                    kind="ghost",
                    on_click=HistoryState.show_more,
                    class_name="mt-4",
                ),
            ),
            class_name="mt-8",
        ),
    )


def _chart(title: str, what: str, chart: Chart) -> rx.Component:
    """Draw bars; for those who hear the page, the same as a table."""
    return layout.card(
        layout.section(
            title,
            rx.el.p(chart.sentence, class_name="text-[14px] text-ink2 mb-4"),
            rx.el.div(
                rx.foreach(rx.Var.create(chart.bars), _bar),
                aria_hidden="true",
                class_name="flex items-end gap-1 h-32",
            ),
            rx.el.table(
                rx.el.caption(title),
                rx.el.thead(
                    rx.el.tr(rx.el.th(what, scope="col"), rx.el.th("Focus", scope="col"))
                ),
                rx.el.tbody(rx.foreach(rx.Var.create(chart.bars), _line)),
                class_name="sr-only",
            ),
        ),
    )


def _bar(bar: ObjectVar[Bar]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                class_name="w-full rounded-t-[4px] bg-hue",
                style={"height": f"{bar.height}%"},
            ),
            class_name="flex-1 flex items-end border-b border-hairline2",
        ),
        rx.el.span(
            bar.label,
            class_name="h-6 overflow-hidden text-[11px] leading-3 text-ink3 text-center",
        ),
        title=f"{bar.name}: {bar.words}",
        class_name=rx.cond(
            bar.line.to(int) >= 0,
            f"course-{bar.line} {BAR}",
            BAR,
        ),
        key=bar.key,
    )


BAR = "flex-1 min-w-0 max-w-20 h-full flex flex-col gap-1.5"


def _line(bar: ObjectVar[Bar]) -> rx.Component:
    return rx.el.tr(rx.el.th(bar.name, scope="row"), rx.el.td(bar.words), key=bar.key)


def _row(row: ObjectVar[SessionRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(
                    rx.cond(row.line.to(int) >= 0, controls.dot()),
                    rx.el.span(row.title, class_name="min-w-0"),
                    class_name="flex items-center gap-2.5 font-medium text-ink",
                ),
                rx.el.p(row.when, " · ", row.plan, class_name="text-[13px] text-ink2"),
                class_name="flex-1 min-w-[200px]",
            ),
            rx.el.p(row.outcome, class_name="text-[14px] text-ink2 tabular-nums"),
            class_name="flex flex-wrap items-center gap-x-6 gap-y-1",
        ),
        rx.cond(row.distractions, _distractions(row)),
        class_name=rx.cond(row.line.to(int) >= 0, f"course-{row.line} py-3", "py-3"),
        key=row.id,
    )


def _distractions(row: ObjectVar[SessionRow]) -> rx.Component:
    count = row.distractions.length()
    return folded(
        rx.cond(count == 1, "1 distraction", f"{count} distractions"),
        rx.el.ul(
            rx.foreach(row.distractions, rx.el.li),
            class_name="list-disc pl-5 text-[14px] text-ink2 grid gap-1",
        ),
    )
