"""The charts of a gradebook: each grade by its date, and how the course moved."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.grades.schemas import GradeBar, Stood
from studymaster.features.grades.state import GradesState
from studymaster.ui import layout

CELL = "py-2 pr-4 text-left align-top break-words"
HEAD = f"{CELL} text-[13px] font-semibold text-ink2"


def single_grades() -> rx.Component:
    """Draw a bar for each grade that has a date, the oldest first; 100% is full height."""
    book = GradesState.book
    return layout.card(
        layout.section(
            "Grades by date",
            rx.el.p(book.bars_sentence, class_name="max-w-[62ch]"),
            rx.cond(
                book.bars,
                rx.fragment(
                    rx.el.div(
                        rx.foreach(book.bars, _bar),
                        role="img",
                        aria_label=book.bars_sentence,
                        class_name="mt-4 flex items-end gap-[2px] sm:gap-1 h-32 border-b "
                        "border-hairline2",
                    ),
                    _table(
                        "Grades by date",
                        ("Grade", "Date", "Result"),
                        rx.foreach(book.bars, _bar_row),
                    ),
                ),
            ),
        ),
        class_name="min-w-0",
    )


def _bar(bar: ObjectVar[GradeBar]) -> rx.Component:
    return rx.el.div(
        title=f"{bar.name}, {bar.when}: {bar.words}",
        class_name="flex-1 min-w-0 max-w-16 rounded-t-[4px] bg-hue",
        style={"height": f"{bar.height}%"},
        key=bar.key,
    )


def _bar_row(bar: ObjectVar[GradeBar]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(bar.name, scope="row", class_name=f"{CELL} font-medium"),
        rx.el.td(bar.when, class_name=CELL),
        rx.el.td(bar.words, class_name=CELL),
        key=bar.key,
        class_name="border-t border-hairline",
    )


def moved() -> rx.Component:
    """Draw how the course stood after each grade, as a line from 0 to 100%."""
    way = GradesState.book.way
    return rx.cond(
        way.path != "",
        layout.card(
            layout.section(
                "How the course moved",
                rx.el.p(way.sentence, class_name="max-w-[62ch]"),
                rx.el.div(
                    _scale("100%"),
                    _line(),
                    _scale("0%"),
                    role="img",
                    aria_label=way.sentence,
                    class_name="mt-4",
                ),
                _table(
                    "How the course moved",
                    ("Since", "Course"),
                    rx.foreach(way.rows, _way_row),
                ),
            ),
            class_name="min-w-0",
        ),
    )


def _scale(words: str) -> rx.Component:
    return rx.el.p(words, class_name="text-[12px] leading-4 text-ink2")


def _line() -> rx.Component:
    return rx.el.svg(
        rx.el.svg.polyline(
            points=GradesState.book.way.path,
            class_name="fill-none stroke-hue",
            stroke_width="2",
            custom_attrs={"vectorEffect": "non-scaling-stroke"},
        ),
        view_box="0 0 100 100",
        custom_attrs={"preserveAspectRatio": "none", "aria-hidden": "true"},
        class_name="block w-full h-28 overflow-visible border-y border-hairline2",
    )


def _way_row(stood: ObjectVar[Stood]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(stood.when, scope="row", class_name=f"{CELL} font-medium"),
        rx.el.td(stood.words, class_name=CELL),
        key=stood.key,
        class_name="border-t border-hairline",
    )


def _table(name: str, heads: tuple[str, ...], rows: rx.Component) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            f"{name} as a table",
            class_name="flex items-center min-h-11 text-[14px] font-medium text-ink2",
        ),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(*[rx.el.th(head, scope="col", class_name=HEAD) for head in heads])
            ),
            rx.el.tbody(rows),
            class_name="w-full table-fixed tabular-nums text-[14px]",
        ),
        class_name="mt-2",
    )
