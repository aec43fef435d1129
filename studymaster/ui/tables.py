"""Small tables of figures, which say what a chart shows."""

import reflex as rx

from studymaster.ui.controls import Text

CELL = "py-2 pr-4 text-left align-top"
HEAD = f"{CELL} text-[13px] font-semibold text-ink2"


def table(names: tuple[str, ...], rows: rx.Component) -> rx.Component:
    """Return a table with a name over each column."""
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(*[rx.el.th(name, scope="col", class_name=HEAD) for name in names])
        ),
        rx.el.tbody(rows),
        class_name="w-full tabular-nums text-[14px]",
    )


def row(*cells: Text | rx.Component, key: Text) -> rx.Component:
    """Return a line of a table; its first cell names it."""
    return rx.el.tr(
        rx.el.th(cells[0], scope="row", class_name=f"{CELL} font-medium"),
        *[rx.el.td(cell, class_name=CELL) for cell in cells[1:]],
        key=key,
        class_name="border-t border-hairline",
    )
