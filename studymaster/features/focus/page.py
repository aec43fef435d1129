"""The Focus Mode page while its line is being built: how focus sessions will work."""

from typing import Final

import reflex as rx

from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/focus"
TITLE: Final = "Focus"
LINE: Final = Line.FOCUS

PROMISES: Final = (
    "A timer of 15, 25 or 50 minutes, or your own, with breaks and rounds. The server keeps the clock, so a reload or a second device shows the same time.",
    "Sounds such as rain and brown noise that you mix yourself.",
    "Sessions tied to a course or a deck, a log of what distracted you, and statistics by day and week.",
)


def page() -> rx.Component:
    """Say what will be here."""
    return layout.opens_soon(
        TITLE,
        "A timer that keeps its promise, and company that does not talk.",
        icon_name="timer",
        promises=PROMISES,
        meanwhile=controls.link_button("Review cards meanwhile", "/smart-study"),
    )
