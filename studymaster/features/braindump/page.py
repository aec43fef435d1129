"""The Brain Dump page while its line is being built: what the box will take."""

from typing import Final

import reflex as rx

from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/brain-dump"
TITLE: Final = "Brain Dump"
LINE: Final = Line.DUMP

PROMISES: Final = (
    "Text, to-dos, questions and voice memos in one place, found again by tag and search.",
    "Drafts that survive a closed tab and an expired session.",
    "A note becomes cards; a question goes to your group.",
)


def page() -> rx.Component:
    """Say what will be here."""
    return layout.opens_soon(
        TITLE,
        "One box that takes a thought before it is gone.",
        icon_name="lightbulb",
        promises=PROMISES,
        meanwhile=controls.link_button("Review cards meanwhile", "/smart-study"),
    )
