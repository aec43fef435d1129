"""The whole Accountability page: its parts in their places."""

from typing import Final

import reflex as rx

from studymaster.features.accountability.page.board import leaderboard
from studymaster.features.accountability.page.figures import calendar, points
from studymaster.features.accountability.page.goals import achievements, challenges
from studymaster.features.accountability.page.ledger import ledger
from studymaster.features.accountability.page.pledges import pledges
from studymaster.features.accountability.state import OverviewState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/accountability"
TITLE: Final = "Accountability"
LINE: Final = Line.ACCOUNT


def page() -> rx.Component:
    """Show what the student earned, keeps and promised."""
    return rx.fragment(
        layout.heading(TITLE, "Where every point comes from, and what keeps you honest."),
        rx.cond(OverviewState.loaded, _content(), _waiting()),
    )


def _content() -> rx.Component:
    return rx.el.div(
        rx.el.div(points(), challenges(), class_name="min-w-0 grid gap-5"),
        rx.el.div(
            calendar(),
            leaderboard(),
            pledges(),
            class_name="min-w-0 grid gap-5 xl:col-start-2 xl:row-span-2",
        ),
        # What is long stands last where all of it is one column.
        rx.el.div(achievements(), ledger(), class_name="min-w-0 grid gap-5"),
        key="page",
        class_name="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_366px] "
        "xl:grid-rows-[auto_1fr]",
    )


def _waiting() -> rx.Component:
    tall = "h-[320px] w-full rounded-2xl"
    return rx.el.div(
        controls.skeleton("h-[190px] w-full rounded-2xl", tall, tall),
        controls.skeleton(tall, tall),
        key="waiting",
        class_name="grid gap-5 xl:grid-cols-[minmax(0,1fr)_366px]",
    )
