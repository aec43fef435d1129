"""The newest run as it goes on, and the runs before it."""

import reflex as rx

from studymaster.features.sync.page.changes import change_row
from studymaster.features.sync.schemas import FirstRead, IssueView, PastRunView
from studymaster.features.sync.state import LiveSyncState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line, course_line

LOOK_SECONDS = 20

_run = LiveSyncState.run
_has_ended = (_run.state == "done") | (_run.state == "failed")
_opened = LiveSyncState.opened


class LookAgain(rx.Component):
    """Asks every so many seconds how things stand, while the page is looked at."""

    library = f"$/public{rx.asset('look_again.jsx', shared=True)}"
    tag = "LookAgain"

    seconds: rx.Var[int]
    on_look: rx.EventHandler[rx.event.no_args_event_spec]


def newest_run() -> rx.Component:
    """Show how far the newest run is, live."""
    return layout.card(
        rx.cond(
            _run.waits,
            LookAgain.create(seconds=LOOK_SECONDS, on_look=LiveSyncState.refresh),
        ),
        rx.el.div(
            _told(
                rx.cond(
                    _run.headline,
                    rx.el.h2(_run.headline, class_name="display text-xl font-semibold"),
                    rx.el.p("No sync has run yet."),
                )
            ),
            rx.el.div(
                rx.el.span(_run.started, class_name="text-[13px] text-ink2"),
                _sync_button(),
                class_name="flex flex-wrap items-center gap-x-4 gap-y-2",
            ),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        _told(rx.cond(_has_ended, _detail())),
        rx.cond(_run.headline, _run_body()),
        custom_attrs={"data-run-state": _run.state},
    )


def _sync_button() -> rx.Component:
    return controls.button(
        "Sync now",
        on_click=LiveSyncState.sync_now,
        icon_name="refresh_cw",
        loading=LiveSyncState.under_way,
    )


def _told(words: rx.Component) -> rx.Component:
    """Have a screen reader say what happened once, not each minute or file of it."""
    return rx.el.div(words, role="status", aria_live="polite")


def _detail() -> rx.Component:
    return rx.el.p(_run.detail, class_name="mt-1.5 mb-4 text-ink2 min-h-6")


def _run_body() -> rx.Component:
    return rx.fragment(
        rx.cond(_has_ended, rx.fragment(), _detail()),
        controls.progress_bar(_run.percent, 100, label="Sync", line=Line.SYNC.hue),
        rx.cond(_has_ended, rx.fragment(), _under_way()),
        rx.el.dl(
            _figure("Courses", _of(_run.courses_done, _run.courses_total)),
            _figure(
                "Files to fetch",
                rx.cond(_run.files_total == 0, "0", _of(_run.files_done, _run.files_total)),
            ),
            _figure("Fetched", _run.fetched),
            _figure("New", f"{_run.new_count}"),
            _figure("Changed", f"{_run.changed_count}"),
            _figure("Missing", f"{_run.failed_count}"),
            class_name="mt-5 grid grid-cols-2 sm:grid-cols-3 lg:grid-cols-6 gap-4",
        ),
        rx.cond(
            (_run.state == "done") & LiveSyncState.courses.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]  # a Var on the class
            controls.text_link(
                "Make cards from a lecture",
                "/smart-study",
                class_name="mt-3 inline-flex items-center min-h-11",
            ),
        ),
    )


def _under_way() -> rx.Component:
    """Draw how far the run is in figures, how long it still takes, and how to stop it."""
    return rx.el.div(
        rx.el.p(
            rx.cond(_run.state == "running", f"{_run.percent} %", ""),
            rx.cond(_run.estimate, f" · {_run.estimate}", ""),
            class_name="text-[14px] text-ink2 tabular-nums",
        ),
        rx.cond(
            _run.stoppable | _run.stopping,
            controls.button(
                rx.cond(_run.stopping, "Stopping", "Stop"),
                kind="ghost",
                icon_name="square",
                aria_label=rx.cond(_run.stopping, "Stopping the sync", "Stop the sync"),
                loading=_run.stopping,
                on_click=LiveSyncState.cancel,
            ),
        ),
        class_name="mt-3 flex flex-wrap items-center justify-between gap-3 min-h-11",
    )


def _of(done: int, total: int) -> rx.Var[str]:
    return rx.Var.create(f"{done} / {total}")


def _figure(name: str, value: str | rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="text-[13px] text-ink2"),
        rx.el.dd(value, class_name="display text-xl font-semibold tabular-nums"),
        class_name="flex flex-col-reverse",
    )


def issues() -> rx.Component:
    """Say what the newest run could not bring in."""
    return rx.cond(
        LiveSyncState.issues,
        layout.section(
            "What did not come, and why",
            rx.el.ul(
                rx.foreach(LiveSyncState.issues, _issue),
                class_name="surface !py-1 divide-y divide-hairline",
            ),
        ),
    )


def _issue(issue: IssueView) -> rx.Component:
    return rx.el.li(
        rx.el.p(issue.item_name, class_name="font-medium"),
        rx.el.p(issue.course_name, class_name="text-[13px] text-ink2"),
        rx.el.p(issue.sentence, class_name="mt-1 text-[14px] text-ink2"),
        class_name="py-3.5",
    )


def past_runs() -> rx.Component:
    """List the runs that have ended; each opens to what it found."""
    return rx.cond(
        LiveSyncState.past,
        layout.section(
            "Past syncs",
            rx.el.ol(
                rx.foreach(LiveSyncState.past, _past_run),
                class_name="surface !py-1 divide-y divide-hairline",
            ),
            rx.cond(
                LiveSyncState.more_past,
                rx.el.div(
                    controls.button(
                        "Show more", kind="ghost", on_click=LiveSyncState.show_more
                    ),
                    class_name="mt-3",
                ),
            ),
        ),
    )


def _past_run(run: PastRunView) -> rx.Component:
    is_open = _opened.id == run.id
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(
                    rx.cond(
                        run.done,
                        controls.icon("check", size=16),
                        rx.cond(
                            run.cancelled,
                            controls.icon("square", size=16),
                            controls.icon("circle_alert", size=16),
                        ),
                    ),
                    controls.ago(run.moment),
                    rx.cond(run.took, f" · took {run.took}", ""),
                    rx.cond(run.about, f" · only {run.about}", ""),
                    class_name="flex flex-wrap items-center gap-x-1.5 text-[13px] text-ink2",
                ),
                rx.el.p(run.sentence, class_name="mt-1"),
                rx.el.p(run.amounts, class_name="text-[13px] text-ink2 empty:hidden"),
                class_name="min-w-0",
            ),
            controls.button(
                rx.cond(is_open, "Close", "Details"),
                kind="ghost",
                aria_expanded=is_open,
                on_click=rx.cond(
                    is_open, LiveSyncState.close_run, LiveSyncState.open_run(run.id)
                ),
            ),
            class_name="flex items-start justify-between gap-3",
        ),
        rx.cond(is_open, _details()),
        class_name="py-3.5",
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
                rx.foreach(_opened.issues, _issue),
                class_name="mt-3 divide-y divide-hairline border-t border-hairline",
            ),
        ),
        class_name="mt-3 rounded-xl bg-card2 p-3.5",
    )
