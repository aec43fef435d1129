"""The Campus Underground page: groups, buddies, resources, questions, and who is ahead."""

from typing import Final

import reflex as rx

from studymaster.features.campus.page.buddies import buddies_panel
from studymaster.features.campus.page.groups import groups_panel
from studymaster.features.campus.page.questions import questions_panel
from studymaster.features.campus.page.resources import resources_panel
from studymaster.features.campus.state.campus import CampusState
from studymaster.features.points.page import nobody_yet, places
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/campus"
TITLE: Final = "Campus Underground"
LINE: Final = Line.CAMPUS

_you = CampusState.you


def page() -> rx.Component:
    """Show the four parts, one of them open, and the leaderboard beside them."""
    return rx.fragment(
        layout.heading(
            TITLE,
            "Study with others. They see your name and what you write, not your e-mail or "
            "your activity.",
        ),
        rx.el.div(
            controls.tabs(
                "Parts of Campus Underground",
                {
                    "groups": ("Groups", groups_panel()),
                    "buddies": ("Buddies", buddies_panel()),
                    "resources": ("Resources", resources_panel()),
                    "questions": ("Questions", questions_panel()),
                },
                value=CampusState.tab,
                on_value_change=CampusState.open_tab,
                class_name="min-w-0",
            ),
            _leaderboard(),
            class_name="grid gap-6 xl:grid-cols-[minmax(0,1fr)_300px] items-start",
        ),
    )


def _leaderboard() -> rx.Component:
    return layout.section(
        "This week",
        layout.card(
            rx.cond(
                CampusState.loaded,
                rx.fragment(
                    rx.cond(
                        CampusState.rows,
                        places(CampusState.rows, you=_you),
                        nobody_yet(taking_part=_you.rank > 0),
                    ),
                    rx.cond(_you.rank == 0, _hint()),
                ),
                controls.skeleton("h-5 w-full", "h-5 w-full", "h-5 w-2/3"),
            )
        ),
        action=controls.text_link(
            "Whole leaderboard",
            "/accountability",
            class_name="inline-flex items-center min-h-11",
        ),
    )


def _hint() -> rx.Component:
    return rx.el.p(
        "You are not on it, because you did not choose to be. You can in the ",
        controls.text_link("settings", "/settings"),
        ".",
        class_name="mt-4 text-[13px] text-ink2",
    )
