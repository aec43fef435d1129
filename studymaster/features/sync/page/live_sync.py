"""The Live Sync page: how the newest runs go, what is here, grades, due dates, sites."""

from typing import Final

import reflex as rx

from studymaster.features.sync.page.changes import recent_changes
from studymaster.features.sync.page.connect import connect
from studymaster.features.sync.page.connections import connections
from studymaster.features.sync.page.courses import courses
from studymaster.features.sync.page.history import past_runs
from studymaster.features.sync.page.panel import issues, newest_runs
from studymaster.features.sync.page.tabs import parts
from studymaster.features.sync.schemas import ConnectionView
from studymaster.features.sync.state import LiveSyncState
from studymaster.features.sync.state.tabs import SyncTabsState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/live-sync"
TITLE: Final = "Live Sync"
LINE: Final = Line.SYNC


def page() -> rx.Component:
    """Show how the sync stands, live, and what it brings beside the courses."""
    return rx.fragment(
        layout.heading(
            TITLE,
            "Your courses, files and deadlines, read from Moodle and never changed there.",
        ),
        parts(sync=_once_connected(_sync()), connections=_once_connected(_sites())),
    )


def _once_connected(content: rx.Component) -> rx.Component:
    """Return a part of the page, or the way to the first Moodle while there is none."""
    return rx.cond(
        LiveSyncState.loaded,
        rx.cond(LiveSyncState.connections, content, connect()),
        controls.skeleton("h-36 w-full", "h-64 w-full"),
    )


def _sync() -> rx.Component:
    return rx.el.div(
        rx.foreach(LiveSyncState.connections, _runs_out),
        newest_runs(),
        issues(),
        recent_changes(),
        courses(),
        past_runs(),
        class_name="min-w-0 grid gap-6",
    )


def _sites() -> rx.Component:
    return rx.el.div(connections(), class_name="min-w-0 max-w-[720px]")


def _runs_out(connection: ConnectionView) -> rx.Component:
    """Say that a connection runs out soon, and lead to where it is renewed."""
    return rx.cond(
        connection.runs_out,
        rx.el.div(
            controls.icon("plug_zap"),
            rx.el.p(
                rx.el.span(f"{connection.site_name}: ", class_name="font-semibold"),
                connection.runs_out,
                class_name="flex-1 min-w-[200px]",
            ),
            controls.button(
                "Renew it",
                kind="ghost",
                aria_label=f"Renew it: {connection.site_name}",
                on_click=SyncTabsState.open_tab("connections"),
            ),
            class_name="line-focus tint flex flex-wrap items-center gap-3 rounded-xl px-4 py-3",
        ),
    )
