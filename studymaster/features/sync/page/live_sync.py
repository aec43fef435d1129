"""The Live Sync page: which Moodle, how the newest run goes, what is here, what is not."""

from typing import Final

import reflex as rx

from studymaster.features.sync.page.changes import recent_changes
from studymaster.features.sync.page.connections import connect, connections
from studymaster.features.sync.page.courses import courses
from studymaster.features.sync.page.runs import issues, newest_run, past_runs
from studymaster.features.sync.state import LiveSyncState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/live-sync"
TITLE: Final = "Live Sync"
LINE: Final = Line.SYNC


def page() -> rx.Component:
    """Show how the sync stands, live."""
    return rx.fragment(
        layout.heading(
            TITLE,
            "Your courses, files and deadlines, read from Moodle and never changed there.",
            actions=rx.cond(LiveSyncState.connections, _sync_button()),
        ),
        rx.cond(LiveSyncState.loaded, _content(), _waiting()),
    )


def _content() -> rx.Component:
    return rx.cond(
        LiveSyncState.connections,
        rx.el.div(
            rx.el.div(
                newest_run(),
                issues(),
                recent_changes(),
                courses(),
                past_runs(),
                class_name="min-w-0 grid gap-6",
            ),
            rx.el.div(connections(), class_name="min-w-0"),
            class_name="grid gap-6 xl:grid-cols-[minmax(0,1fr)_340px] items-start",
        ),
        connect(),
    )


def _waiting() -> rx.Component:
    return controls.skeleton("h-36 w-full", "h-64 w-full")


def _sync_button() -> rx.Component:
    return controls.button(
        "Sync now",
        on_click=LiveSyncState.sync_now,
        icon_name="refresh_cw",
        loading=LiveSyncState.under_way,
    )
