"""Small charts of one colour, drawn by the browser's own layout."""

from collections.abc import Sequence
from typing import Protocol

import reflex as rx

from studymaster.ui.controls import Prop, Text


class HeatCell(Protocol):
    """One day of a heat map.

    `level` is 0 (nothing) to 4 (the most), or -1 for a day that has not come;
    `title` says the day and the figure.
    """

    @property
    def level(self) -> int:
        """Return the strength."""
        ...

    @property
    def title(self) -> str:
        """Return the words."""
        ...


def heatmap(cells: Sequence[HeatCell], *, summary: Text, line: str = "") -> rx.Component:
    """Draw days as squares, a column a week from its first row; `summary` says it in words."""
    return rx.el.div(
        rx.foreach(rx.Var.create(cells), _cell),
        role="img",
        aria_label=summary,
        class_name=f"{line} heat w-full",
    )


def _cell(cell: HeatCell) -> rx.Component:
    return rx.el.i(
        title=cell.title, custom_attrs={"data-level": cell.level}, key=cell.title
    )


def curve(columns: rx.Component, *, summary: Text, line: str = "") -> rx.Component:
    """Stand columns beside each other; `summary` says in words what they show."""
    return rx.el.div(
        columns,
        role="img",
        aria_label=summary,
        class_name=f"{line} flex items-end gap-1 h-36",
    )


def column(name: Text, *, percent: rx.Var[int], title: Text) -> rx.Component:
    """Draw one column, `percent` of the highest, with its name under it."""
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                class_name="w-full rounded-t-[4px] bg-hue", style={"height": f"{percent}%"}
            ),
            class_name="flex items-end h-[116px] w-full border-b border-hairline2",
        ),
        rx.el.span(name, class_name="block h-5 text-[12px] text-ink2 text-center"),
        title=title,
        class_name="flex-1 min-w-0",
        key=name,
    )


def calibration(points: rx.Component, *, summary: Text, line: str = "") -> rx.Component:
    """Draw a square in which points on the rising line were foreseen well."""
    return rx.el.div(
        rx.el.svg(
            rx.el.svg.line(x1="0", y1="100", x2="100", y2="0", stroke="currentColor"),
            view_box="0 0 100 100",
            class_name="absolute inset-0 size-full text-ink3",
        ),
        points,
        role="img",
        aria_label=summary,
        class_name=f"{line} relative w-full max-w-[280px] aspect-square border-l border-b "
        "border-hairline2",
    )


def point(
    *, left: rx.Var[float], bottom: rx.Var[float], filled: rx.Var[bool], **props: Prop
) -> rx.Component:
    """Draw one point of a square, so many percent from its left and its bottom edge."""
    look = rx.cond(filled, "bg-hue", "bg-card")
    return rx.el.i(
        class_name=f"absolute size-3 -ml-1.5 -mb-1.5 rounded-full border-2 border-hue {look}",
        style={"left": f"{left}%", "bottom": f"{bottom}%"},
        **props,
    )
