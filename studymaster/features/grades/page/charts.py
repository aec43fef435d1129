"""The charts of a gradebook: each grade by its date, and how the course moved."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.grades.schemas import GradeBar, Stood
from studymaster.features.grades.state import GradesState
from studymaster.ui import controls, layout
from studymaster.ui.folding import folded

FEW = 6
"""So many bars have room for their figures above them."""

SCALE = ("100%", "50%", "0%")
"""What stands beside every chart of percentages, from the top."""

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
                    _scaled(
                        rx.el.div(
                            rx.foreach(book.bars, _bar),
                            class_name="flex items-end gap-[2px] sm:gap-2 h-full",
                        ),
                        rx.el.div(
                            rx.foreach(book.bars, _day),
                            class_name="flex gap-[2px] sm:gap-2",
                        ),
                        summary=book.bars_sentence,
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
    has_room = rx.Var.create(GradesState.book.bars).length() <= FEW
    return rx.el.div(
        rx.cond(has_room, rx.el.span(bar.words, class_name="block -mt-5 text-center")),
        title=f"{bar.name}, {bar.when}: {bar.words}",
        class_name="flex-1 min-w-0 max-w-16 rounded-t-[4px] bg-hue",
        style={"height": f"{bar.height}%"},
        key=bar.key,
    )


def _day(bar: ObjectVar[GradeBar]) -> rx.Component:
    # A date may be wider than its bar: then it begins where the bar does.
    return rx.el.div(
        rx.el.span(bar.day, class_name="inline-block min-w-full text-center"),
        class_name="flex-1 min-w-0 max-w-16 whitespace-nowrap",
        key=bar.key,
    )


def _scaled(
    drawing: rx.Component, dates: rx.Component, *, summary: controls.Text
) -> rx.Component:
    """Put a drawing before lines at 0, 50 and 100%, with its dates below."""
    lines = [rx.el.div(class_name="border-t border-hairline2") for _ in SCALE]
    return rx.el.div(
        rx.el.div(
            *[rx.el.span(words, class_name="h-0 leading-[0]") for words in SCALE],
            class_name="flex flex-col justify-between text-right tabular-nums",
        ),
        rx.el.div(
            rx.el.div(*lines, class_name="absolute inset-0 flex flex-col justify-between"),
            rx.el.div(drawing, class_name="absolute inset-0"),
            class_name="relative h-32",
        ),
        rx.el.div(dates, class_name="col-start-2 min-w-0 h-5"),
        role="img",
        aria_label=summary,
        class_name="mt-6 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1.5 text-[12px] "
        "text-ink2",
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
                _scaled(
                    _line(),
                    rx.el.div(
                        rx.el.span(way.began),
                        rx.el.span(way.newest),
                        class_name="flex justify-between gap-3",
                    ),
                    summary=way.sentence,
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
        class_name="block size-full overflow-visible",
    )


def _way_row(stood: ObjectVar[Stood]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(stood.when, scope="row", class_name=f"{CELL} font-medium"),
        rx.el.td(stood.words, class_name=CELL),
        key=stood.key,
        class_name="border-t border-hairline",
    )


def _table(name: str, heads: tuple[str, ...], rows: rx.Component) -> rx.Component:
    return folded(
        f"{name} as a table",
        rx.el.table(
            rx.el.thead(
                rx.el.tr(*[rx.el.th(head, scope="col", class_name=HEAD) for head in heads])
            ),
            rx.el.tbody(rows),
            class_name="w-full table-fixed tabular-nums text-[14px]",
        ),
        class_name="mt-2",
    )
