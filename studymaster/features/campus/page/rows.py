"""The small parts that the lists of the campus share."""

import reflex as rx

from studymaster.features.campus.state.lists import PIECE
from studymaster.ui import controls

SMALL = "px-3.5! text-[14px]!"
"""What makes a button of a list row lighter; it stays as high as a thumb needs."""

LIST = "list-none divide-y divide-hairline [&>li:first-child]:pt-0 [&>li:last-child]:pb-0"
"""The rows of a list in a card: a hairline between two, no double space at the ends."""

STUDIED = "font-study text-[17px] leading-relaxed max-w-[68ch]"
"""What is read rather than looked at: notes, questions, answers."""

QUIET = f"{controls.BUTTON_KINDS['ghost']} {SMALL}"


def show_more(on_click: controls.Prop) -> rx.Component:
    """Return the button under a list that goes on."""
    return controls.button(
        f"Show {PIECE} more", kind="ghost", on_click=on_click, class_name="mt-4"
    )


def labelled(label: str, field: str, control: rx.Component) -> rx.Component:
    """Put a label on the control whose id is `field`."""
    return rx.el.div(rx.el.label(label, html_for=field, class_name=controls.LABEL), control)
