"""What a student is shown first: the next step, as long as there is no day to show."""

from typing import Final

import reflex as rx

from studymaster.features.dashboard.state import DashboardState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

STUDY: Final = "/smart-study"
SYNC: Final = "/live-sync"


def connect_first() -> rx.Component:
    """Ask for a Moodle."""
    return layout.card(
        controls.empty_state(
            "unplug",
            "Connect your Moodle.",
            "StudyMaster reads your courses, lectures and deadlines from it, and never writes.",
            controls.link_button("Connect Moodle", SYNC),
        ),
        class_name=Line.SYNC.hue,
    )


def sync_first() -> rx.Component:
    """Say that the courses are on their way."""
    return layout.card(
        controls.empty_state(
            "refresh_cw",
            "Your courses are on their way.",
            "They appear here by themselves. You can watch them arrive, or start the sync again.",
            controls.link_button("Watch the sync", SYNC),
        ),
        class_name=Line.SYNC.hue,
    )


def no_courses() -> rx.Component:
    """Say that Moodle lists none."""
    return layout.card(
        controls.empty_state(
            "book_open",
            "Moodle lists no courses for you.",
            "Once you are enrolled in one, the next sync brings it here. If one is missing, "
            "look for it under My courses in Moodle, or ask whoever teaches it.",
            controls.link_button("Open Live Sync", SYNC),
        ),
        class_name=Line.SYNC.hue,
    )


def cards_first() -> rx.Component:
    """Lead to the newest lecture and its first cards, or to where they can be made by hand."""
    has_lecture = DashboardState.start.first_cards
    return layout.card(
        controls.empty_state(
            "layers",
            "Make your first cards.",
            rx.cond(
                has_lecture,
                "StudyMaster proposes cards from a lecture, each with the page it comes "
                "from; you keep the ones you want.",
                "There is no lecture with text in your courses yet. Add a file of your own, "
                "or write cards by hand.",
            ),
            rx.cond(
                has_lecture,
                # The page's one primary button, in its heading, leads to the newest too.
                rx.el.div(
                    controls.link_button(
                        "Open the newest lecture", DashboardState.start.path, kind="ghost"
                    ),
                    controls.link_button("Choose another", STUDY, kind="ghost"),
                    class_name="flex flex-wrap justify-center gap-3",
                ),
                controls.link_button("Open Smart Study", STUDY),
            ),
        ),
        class_name=Line.STUDY.hue,
    )
