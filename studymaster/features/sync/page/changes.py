"""What was found different lately, course by course."""

import reflex as rx

from studymaster.features.sync.schemas import ChangeView, CourseChanges
from studymaster.features.sync.state import LiveSyncState
from studymaster.ui import controls, layout
from studymaster.ui.theme import course_line


def recent_changes() -> rx.Component:
    """List the newest changes with the way to each lecture."""
    return rx.cond(
        LiveSyncState.changes,
        layout.section(
            "What changed",
            rx.el.div(
                rx.foreach(LiveSyncState.changes, _course),
                class_name="surface grid gap-5",
            ),
        ),
    )


def _course(group: CourseChanges) -> rx.Component:
    return rx.el.div(
        rx.el.h3(
            controls.chip(group.course, line=course_line(group.line)),
            class_name="mb-2",
        ),
        rx.el.ul(rx.foreach(group.changes, change_row), class_name="grid gap-2"),
    )


def change_row(change: ChangeView) -> rx.Component:
    """Show one thing that was different, and lead to it where it has a page."""
    return rx.el.li(
        rx.cond(
            change.href,
            controls.text_link(
                change.name,
                change.href,
                class_name="inline-flex items-center min-h-11 min-w-0",
            ),
            rx.el.span(change.name, class_name="inline-flex items-center min-h-11"),
        ),
        rx.el.span(
            change.what,
            " · ",
            controls.ago(change.moment),
            class_name="text-[13px] text-ink2 ml-auto text-right",
        ),
        class_name="flex flex-wrap items-center gap-x-3",
    )
