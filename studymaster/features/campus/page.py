"""The Campus Underground page while its line is being built: what groups will do."""

from typing import Final

import reflex as rx

from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/campus"
TITLE: Final = "Campus Underground"
LINE: Final = Line.CAMPUS

PROMISES: Final = (
    "Study groups by course, with roles, invitations, a next session and a chat.",
    "A shared focus room on one clock, where you see who is there.",
    "Decks and resources of the group: a card fixed once is fixed for everyone.",
    "Nobody sees your courses or your activity unless you choose so.",
)


def page() -> rx.Component:
    """Say what will be here."""
    return layout.opens_soon(
        TITLE,
        "Study groups, rooms and buddies of your courses.",
        icon_name="users",
        promises=PROMISES,
        meanwhile=controls.link_button("Review cards meanwhile", "/smart-study"),
    )
