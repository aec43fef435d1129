"""Small charts of one colour, drawn by the browser's own layout."""

from collections.abc import Sequence
from typing import Protocol

import reflex as rx

from studymaster.ui.controls import Text


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
