"""How the campus asks before something is gone, and the small parts its lists share."""

import reflex as rx

from studymaster.features.campus.state.lists import PIECE
from studymaster.ui import controls

SMALL = "px-3.5! text-[14px]!"
"""What makes a button of a list row lighter; it stays as high as a thumb needs."""


def ask_first(
    trigger: rx.Component,
    *,
    title: controls.Text,
    text: str,
    label: str,
    on_confirm: controls.Prop,
) -> rx.Component:
    """Open a window from `trigger` that says what will happen, and do it when confirmed."""
    return controls.dialog(
        title,
        rx.el.div(
            rx.radix.primitives.dialog.close(
                controls.button("Keep it", kind="ghost"), as_child=True
            ),
            rx.radix.primitives.dialog.close(
                controls.button(label, kind="danger", on_click=on_confirm), as_child=True
            ),
            class_name="flex flex-wrap gap-2.5 mt-2",
        ),
        description=text,
        trigger=trigger,
    )


def show_more(on_click: controls.Prop) -> rx.Component:
    """Return the button under a list that goes on."""
    return controls.button(
        f"Show {PIECE} more", kind="ghost", on_click=on_click, class_name="mt-4"
    )
