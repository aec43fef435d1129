"""The Live Sync page: how the newest run goes, what is here, grades, due dates, sites."""

from typing import Final

import reflex as rx

from studymaster.features.sync.page.changes import recent_changes
from studymaster.features.sync.page.connect import connect
from studymaster.features.sync.page.connections import connections
from studymaster.features.sync.page.courses import courses
from studymaster.features.sync.page.runs import issues, newest_run, past_runs
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
        rx.foreach(LiveSyncState.connections, _wanted),
        newest_run(),
        issues(),
        recent_changes(),
        courses(),
        past_runs(),
        class_name="min-w-0 grid gap-6",
    )


def _sites() -> rx.Component:
    return rx.el.div(connections(), class_name="min-w-0 max-w-[720px]")


def _wanted(connection: ConnectionView) -> rx.Component:
    """Say what a site needs of the student, and lead to where it is done."""
    is_broken = connection.broken & ~rx.Var.create(connection.disconnected)
    # Why it stopped stands with the run itself.
    words = rx.cond(is_broken, "It needs you before it syncs again.", connection.runs_out)
    return rx.cond(
        is_broken | (connection.runs_out != ""),
        rx.el.div(
            controls.icon("plug_zap"),
            rx.el.p(
                rx.el.span(f"{connection.site_name}: ", class_name="font-semibold"),
                words,
                class_name="flex-1 min-w-[200px]",
            ),
            controls.button(
                rx.cond(is_broken, "See what to do", "Renew it"),
                kind="ghost",
                aria_label=rx.cond(
                    is_broken,
                    f"See what to do: {connection.site_name}",
                    f"Renew it: {connection.site_name}",
                ),
                on_click=SyncTabsState.open_tab("connections"),
            ),
            class_name="line-focus tint flex flex-wrap items-center gap-3 rounded-xl px-4 py-3",
        ),
    )
