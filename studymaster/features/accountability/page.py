"""The Accountability page while its line is being built: what the points will stand for."""

from typing import Final

import reflex as rx

from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/accountability"
TITLE: Final = "Accountability"
LINE: Final = Line.ACCOUNT

PROMISES: Final = (
    "A ledger with a sentence for every point.",
    "Streaks with freezes, challenges and achievements.",
    "A weekly leaderboard and pledges to a buddy, both only if you want them.",
)


def page() -> rx.Component:
    """Say what will be here."""
    return layout.opens_soon(
        TITLE,
        "Where every point comes from, and what keeps you honest.",
        icon_name="flame",
        promises=PROMISES,
        meanwhile=rx.fragment(
            rx.el.p(
                "Your reviews earn points already; the dashboard shows how many.",
                class_name="text-ink2 mb-4",
            ),
            controls.link_button("Go to the dashboard", "/"),
        ),
    )
