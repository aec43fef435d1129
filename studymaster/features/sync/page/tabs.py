"""The parts of the Live Sync page, of which one is open by its address."""

import reflex as rx

from studymaster.features.deadlines.page import (
    announcements_part,
    calendar_part,
    deadlines_part,
)
from studymaster.features.grades.page import grades_part
from studymaster.features.sync.state.tabs import SyncTabsState
from studymaster.ui import controls


def parts(*, sync: rx.Component, connections: rx.Component) -> rx.Component:
    """Return the four parts; arrow keys go from one to the next."""
    return controls.tabs(
        "Parts of Live Sync",
        {
            "sync": ("Sync", sync),
            "grades": ("Grades", grades_part()),
            "deadlines": ("Deadlines", _dates()),
            "connections": ("Connections", connections),
        },
        value=SyncTabsState.tab,
        on_value_change=SyncTabsState.open_tab,
        class_name="min-w-0",
    )


def _dates() -> rx.Component:
    return rx.el.div(
        rx.el.div(deadlines_part(), class_name="min-w-0"),
        rx.el.div(
            announcements_part(), calendar_part(), class_name="min-w-0 flex flex-col gap-6"
        ),
        class_name="grid gap-6 xl:grid-cols-[minmax(0,1fr)_400px] items-start",
    )
