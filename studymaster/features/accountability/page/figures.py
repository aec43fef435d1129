"""Points with what today still costs, and the streak calendar."""

from typing import Final

import reflex as rx

from studymaster.features.accountability.schemas import CalendarDay
from studymaster.features.accountability.state import OverviewState
from studymaster.ui import controls, layout
from studymaster.ui.controls import Prop, Text

HOW_POINTS_FADE: Final = (
    "A day is active with one review or 10 focused minutes, and ends by your own clock.",
    "An idle day takes 2 % of your points, at least 1, and ends your streak.",
    "Every 7 days of a streak bring a freeze; you can keep 2.",
    "A freeze covers an idle day by itself: nothing fades and the streak stays.",
    "A day that a move to another time zone cuts short costs nothing.",
)

CELL: Final = (
    "relative grid place-items-center h-11 rounded-[10px] text-[13px] tabular-nums "
)
CELLS: Final = {
    "active": CELL + "bg-hue text-bg font-semibold",
    "frozen": CELL + "tint font-semibold",
    "spared": CELL + "border border-dashed border-hairline2 text-ink2",
    "idle": CELL + "bg-card2 text-ink3 line-through",
    "open": CELL + "border-2 border-hue text-ink font-semibold",
}
OTHER_CELL: Final = CELL + "text-ink3"
_looks = rx.Var.create({**CELLS, "ahead": OTHER_CELL, "none": OTHER_CELL})

LEGEND: Final = (
    ("active", "active"),
    ("frozen", "freeze used"),
    ("spared", "cut short"),
    ("idle", "idle"),
    ("open", "today"),
)

SENTENCE: Final = "flex items-start gap-2.5 mt-5 font-medium"
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_figures = OverviewState.figures


def points() -> rx.Component:
    """Show balance, streak and freezes, and say what an idle rest of today would do."""
    return layout.card(
        rx.el.h2("Your points", class_name="sr-only"),
        rx.el.dl(
            _figure(_figures.points, "points"),
            _figure(_figures.streak, "day streak"),
            _figure(_figures.freezes, "freezes left"),
            class_name="grid grid-cols-3 gap-3",
        ),
        rx.el.p(
            rx.match(
                _figures.state,
                ("active", controls.icon("circle_check")),
                ("covered", controls.icon("snowflake")),
                ("losing", controls.icon("trending_down")),
                controls.icon("flame"),
            ),
            rx.el.span(_figures.sentence),
            role="status",
            class_name=rx.cond(
                _figures.state == "losing",
                f"{SENTENCE} text-hue-ink",
                f"{SENTENCE} text-ink",
            ),
        ),
        rx.el.details(
            rx.el.summary(
                "How points fade and streaks last",
                class_name="min-h-11 py-2.5 text-[14px] font-semibold text-ink2",
            ),
            rx.el.ul(
                *[rx.el.li(text, class_name="pl-1") for text in HOW_POINTS_FADE],
                class_name="list-disc pl-5 grid gap-1.5 text-ink2 max-w-[68ch]",
            ),
            class_name="mt-2",
        ),
    )


def _figure(value: Prop, words: Text) -> rx.Component:
    return rx.el.div(
        rx.el.dt(words, class_name="order-2 text-[13.5px] text-ink2"),
        rx.el.dd(
            value,
            class_name="display text-[28px] md:text-[34px] font-[650] leading-tight "
            "tabular-nums",
        ),
        class_name="flex flex-col",
    )


def calendar() -> rx.Component:
    """Show six weeks, a row a week, each day by shape and words."""
    return layout.card(
        layout.section(
            "Streak calendar",
            rx.el.div(
                *[rx.el.span(name) for name in WEEKDAYS],
                aria_hidden="true",
                class_name="grid grid-cols-7 gap-1.5 mb-1.5 text-center text-[12px] text-ink2",
            ),
            rx.el.ol(
                rx.foreach(OverviewState.calendar, _day),
                class_name="grid grid-cols-7 gap-1.5",
            ),
            rx.el.ul(
                *[_legend(state, words) for state, words in LEGEND],
                aria_hidden="true",
                class_name="flex flex-wrap gap-x-3 gap-y-1.5 mt-4 text-[12.5px] text-ink2",
            ),
            action="last 6 weeks",
        ),
    )


def _day(day: CalendarDay) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.cond(
                day.month != "",
                rx.el.span(day.month, class_name="block text-[10.5px] font-medium"),
            ),
            day.number,
            aria_hidden="true",
            class_name="text-center leading-[1.15]",
        ),
        rx.cond(
            day.state == "frozen",
            rx.el.span(
                controls.icon("snowflake", size=11), class_name="absolute top-0.5 right-0.5"
            ),
        ),
        rx.el.span(day.words, class_name="sr-only"),
        title=day.words,
        key=day.words,
        class_name=_looks[day.state],
    )


def _legend(state: str, words: str) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            class_name=CELLS[state].replace("h-11", "size-4").replace("[10px]", "[5px]")
        ),
        words,
        class_name="flex items-center gap-1.5",
    )
