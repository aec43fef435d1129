"""The runs that have ended, a stretch at a time; each opens to what it found."""

import reflex as rx

from studymaster.features.sync.page.changes import change_row
from studymaster.features.sync.page.panel import issue_row
from studymaster.features.sync.page.tone import mark
from studymaster.features.sync.schemas import FirstRead, PastRunView
from studymaster.features.sync.state import LiveSyncState
from studymaster.ui import controls, layout
from studymaster.ui.theme import course_line

_opened = LiveSyncState.opened


def past_runs() -> rx.Component:
    """List the runs that have ended, the newest first."""
    return rx.cond(
        (LiveSyncState.past_page > 0) | (LiveSyncState.past.length() > 0),  # pyright: ignore[reportAttributeAccessIssue]  # a Var on the class
        layout.section(
            "Past syncs",
            rx.el.ol(
                rx.foreach(LiveSyncState.past, _past_run),
                class_name="surface !py-1 divide-y divide-hairline",
            ),
            _pages(),
        ),
    )


def _pages() -> rx.Component:
    """Offer the stretches before and after; a button that has nothing to turn to stays."""
    return rx.cond(
        LiveSyncState.more_past | (LiveSyncState.past_page > 0),
        rx.el.div(
            controls.button(
                "Newer",
                kind="ghost",
                icon_name="chevron_left",
                aria_label="Newer syncs",
                aria_disabled=LiveSyncState.past_page == 0,
                on_click=LiveSyncState.show_newer,
            ),
            controls.button(
                "Older",
                kind="ghost",
                icon_name="chevron_right",
                aria_label="Older syncs",
                aria_disabled=rx.cond(LiveSyncState.more_past, False, True),  # noqa: FBT003 - values
                on_click=LiveSyncState.show_older,
            ),
            class_name="mt-3 flex flex-wrap gap-3",
        ),
    )


def _past_run(run: PastRunView) -> rx.Component:
    is_open = _opened.id == run.id
    what, press = f"sync-{run.id}", f"sync-{run.id}-details"
    return rx.el.li(
        rx.el.div(
            rx.el.div(_line(run), id=what, class_name="min-w-0"),
            controls.button(
                rx.cond(is_open, "Close", "Details"),
                kind="ghost",
                id=press,
                # Its name is its word and the line it stands beside.
                aria_labelledby=f"{press} {what}",
                aria_expanded=is_open,
                on_click=rx.cond(
                    is_open, LiveSyncState.close_run, LiveSyncState.open_run(run.id)
                ),
                class_name="flex-none",
            ),
            class_name="flex items-start justify-between gap-3",
        ),
        rx.cond(is_open, _details()),
        class_name="py-3.5",
    )


def _line(run: PastRunView) -> rx.Component:
    return rx.fragment(
        rx.el.p(
            mark(run.tone, size=16),
            controls.ago(run.moment),
            rx.cond(run.site, f" · {run.site}", ""),
            rx.cond(run.about, f" · only {run.about}", ""),
            rx.cond(run.took, f" · took {run.took}", ""),
            class_name="flex flex-wrap items-center gap-x-1.5 text-[13px] text-ink2",
        ),
        rx.el.p(run.sentence, class_name="mt-1 break-words"),
        rx.el.p(run.amounts, class_name="text-[13px] text-ink2 empty:hidden"),
    )


def _first_read(course: FirstRead) -> rx.Component:
    return rx.el.li(
        controls.chip(course.course, line=course_line(course.line)),
        rx.el.span(course.amount, class_name="text-[13px] text-ink2"),
        class_name="flex flex-wrap items-center justify-between gap-3",
    )


def _details() -> rx.Component:
    return rx.el.div(
        rx.cond(
            _opened.summary,
            rx.el.p(_opened.summary, class_name="text-[14px] text-ink2"),
        ),
        rx.cond(
            _opened.firsts,
            rx.el.ul(rx.foreach(_opened.firsts, _first_read), class_name="mt-3 grid gap-2"),
        ),
        rx.cond(
            _opened.changes,
            rx.el.ul(
                rx.foreach(_opened.changes, change_row),
                class_name="mt-3 first:mt-0 grid gap-2",
            ),
        ),
        rx.cond(
            _opened.issues,
            rx.el.ul(
                rx.foreach(_opened.issues, issue_row),
                class_name="mt-3 divide-y divide-hairline border-t border-hairline",
            ),
        ),
        class_name="mt-3 rounded-xl bg-card2 p-3.5",
    )
