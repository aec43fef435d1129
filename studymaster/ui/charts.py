"""Small charts of one colour, drawn by the browser's own layout."""

from dataclasses import dataclass

import reflex as rx

from studymaster.ui.controls import Text


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One day of a heat map.

    `level` is 0 (nothing) to 4 (the most), or -1 for a day that has not come;
    `title` says the day and the figure.
    """

    level: int
    title: str


def heatmap(
    cells: rx.Var[list[HeatCell]], *, summary: Text, line: str = ""
) -> rx.Component:
    """Draw days as squares, a column a week from its first row; `summary` says it in words."""
    return rx.el.div(
        rx.foreach(cells, _cell),
        role="img",
        aria_label=summary,
        class_name=f"{line} heat w-full",
    )


def _cell(cell: HeatCell) -> rx.Component:
    return rx.el.i(
        title=cell.title, custom_attrs={"data-level": cell.level}, key=cell.title
    )
