"""The Live Sync page: which Moodle, how the newest run goes, what is here, what is not."""

from typing import Final

import reflex as rx

from studymaster.features.sync.schemas import ConnectionView, CourseStatus, IssueView
from studymaster.features.sync.state import LiveSyncState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line, course_line

ROUTE: Final = "/live-sync"
TITLE: Final = "Live Sync"
LINE: Final = Line.SYNC
CONNECT_PATH: Final = "/api/v1/auth/moodle"

_run = LiveSyncState.run
_under_way = (_run.state == "queued") | (_run.state == "running")


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
                _newest_run(), _issues(), _courses(), class_name="min-w-0 grid gap-6"
            ),
            rx.el.div(_connections(), class_name="min-w-0"),
            class_name="grid gap-6 xl:grid-cols-[minmax(0,1fr)_340px] items-start",
        ),
        _connect(),
    )


def _waiting() -> rx.Component:
    return controls.skeleton("h-36 w-full", "h-64 w-full")


def _sync_button() -> rx.Component:
    return controls.button(
        "Sync now",
        on_click=LiveSyncState.sync_now,
        icon_name="refresh_cw",
        loading=_under_way,
    )


def _newest_run() -> rx.Component:
    return layout.card(
        rx.el.div(
            rx.cond(_run.id, _run_body(), rx.el.p("The first sync starts in a moment.")),
            role="status",
            aria_live="polite",
        ),
        custom_attrs={"data-run-state": _run.state},
    )


def _run_body() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.h2(_run.headline, class_name="display text-xl font-semibold"),
            rx.el.span(_run.started, class_name="text-[13px] text-ink2"),
            class_name="flex flex-wrap items-baseline justify-between gap-3",
        ),
        rx.el.p(_run.detail, class_name="mt-1.5 mb-4 text-ink2 break-words min-h-6"),
        controls.progress_bar(_run.percent, 100, label="Sync", line=LINE.hue),
        rx.el.dl(
            _figure("Courses", _of(_run.courses_done, _run.courses_total)),
            _figure("Files", _of(_run.files_done, _run.files_total)),
            _figure("Fetched", f"{_run.megabytes} MB"),
            _figure("New", f"{_run.new_count}"),
            _figure("Changed", f"{_run.changed_count}"),
            _figure("Missing", f"{_run.failed_count}"),
            class_name="mt-5 grid grid-cols-2 sm:grid-cols-3 lg:grid-cols-6 gap-4",
        ),
    )


def _of(done: int, total: int) -> rx.Var[str]:
    return rx.Var.create(f"{done} / {total}")


def _figure(name: str, value: str | rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="text-[13px] text-ink2"),
        rx.el.dd(value, class_name="display text-xl font-semibold tabular-nums"),
        class_name="flex flex-col-reverse",
    )


def _issues() -> rx.Component:
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
        rx.el.p(issue.item_name, class_name="font-medium break-words"),
        rx.el.p(issue.course_name, class_name="text-[13px] text-ink2"),
        rx.el.p(issue.sentence, class_name="mt-1 text-[14px] text-ink2 break-words"),
        class_name="py-3.5",
    )


def _courses() -> rx.Component:
    return layout.section(
        "Courses",
        rx.cond(
            LiveSyncState.courses,
            rx.el.ul(
                rx.foreach(LiveSyncState.courses, _course),
                class_name="grid gap-3 lg:grid-cols-2",
            ),
            layout.card(
                controls.empty_state(
                    "book_open",
                    "No courses yet",
                    "They appear here as soon as Moodle has listed them. If Moodle lists "
                    "none for you, this stays empty.",
                )
            ),
        ),
    )


def _course(course: CourseStatus) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            controls.chip(
                course.shortname,
                line=course_line(course.line),
                class_name="whitespace-nowrap",
            ),
            rx.cond(
                course.listed,
                rx.el.span("synced ", course.synced, class_name="text-[13px] text-ink2"),
                rx.el.span("not in Moodle any more", class_name="text-[13px] text-ink2"),
            ),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.p(course.fullname, class_name="display mt-2.5 font-semibold"),
        rx.el.p(
            f"{course.materials} materials · {course.stored} files here",
            rx.cond(course.waiting > 0, f" · {course.waiting} on their way", ""),
            class_name="mt-1 text-[13px] text-ink2",
        ),
        class_name="surface",
    )


def _connections() -> rx.Component:
    return layout.section(
        "Connected",
        rx.el.ul(
            rx.foreach(LiveSyncState.connections, _connection), class_name="grid gap-3"
        ),
    )


def _connection(connection: ConnectionView) -> rx.Component:
    return rx.el.li(
        rx.el.p(connection.site_name, class_name="font-semibold"),
        rx.el.p(connection.site_url, class_name="text-[13px] text-ink2 break-all"),
        rx.el.p(
            f"as {connection.username} · last sync {connection.synced}",
            class_name="mt-1 text-[13px] text-ink2",
        ),
        rx.cond(
            connection.broken,
            _connect_again(connection),
            rx.cond(
                _is_news(connection),
                rx.el.p(
                    connection.failure,
                    class_name="mt-3 rounded-xl bg-card2 p-3.5 text-[14px]",
                ),
            ),
        ),
        class_name="surface",
    )


def _is_news(connection: ConnectionView) -> rx.Var[bool]:
    # The newest run says its own failure, large, at the top of the page.
    failure = rx.Var.create(connection.failure)
    return (failure != "") & (failure != _run.detail)


def _connect_again(connection: ConnectionView) -> rx.Component:
    failed_here = LiveSyncState.problem_at == connection.id
    return rx.el.div(
        rx.cond(
            _is_news(connection),
            rx.el.p(connection.failure, class_name="mb-3 text-[14px]"),
        ),
        rx.el.details(
            rx.el.summary(
                "Connect again",
                class_name="py-2.5 font-semibold cursor-pointer",
            ),
            rx.cond(failed_here, _problem(class_name="mt-3")),
            _connect_form(
                rx.cond(failed_here, LiveSyncState.site, connection.site_url),
                rx.cond(failed_here, LiveSyncState.username, connection.username),
                place=connection.id,
            ),
            open=failed_here,
        ),
        class_name="mt-3 rounded-xl bg-card2 p-3.5",
    )


def _problem(class_name: str) -> rx.Component:
    return rx.el.p(
        controls.icon("circle_alert"),
        LiveSyncState.problem,
        role="alert",
        class_name=f"line-acct flex gap-3 rounded-xl border border-acct p-3.5 {class_name}",
    )


def _connect() -> rx.Component:
    return layout.card(
        rx.el.h2("Connect your Moodle", class_name="display text-xl font-semibold"),
        rx.el.p(
            "Your password is used once to fetch a token and is never kept. StudyMaster "
            "only reads: nothing in Moodle is marked, sent or changed.",
            class_name="mt-1.5 mb-5 text-ink2 max-w-[60ch]",
        ),
        rx.cond(
            LiveSyncState.problem,
            _problem(class_name="mb-5"),
        ),
        _connect_form(
            rx.cond(LiveSyncState.site, LiveSyncState.site, LiveSyncState.demo_url),
            LiveSyncState.username,
            place="new",
        ),
        class_name="max-w-[560px]",
    )


def _connect_form(
    site: controls.Text, username: controls.Text, *, place: controls.Text
) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="way", value="moodle"),
        controls.text_field(
            "Moodle address",
            name="site",
            id=f"{place}-site",
            default_value=site,
            placeholder="moodle.university.edu",
            required=True,
            input_mode="url",
        ),
        controls.text_field(
            "User name",
            name="username",
            id=f"{place}-username",
            default_value=username,
            required=True,
            auto_complete="username",
        ),
        controls.text_field(
            "Password",
            name="password",
            id=f"{place}-password",
            type="password",
            required=True,
            auto_complete="current-password",
        ),
        controls.button("Connect Moodle", type="submit"),
        # A failure brings back what was typed: the new key draws the fields anew with it.
        key=LiveSyncState.problem + LiveSyncState.site + LiveSyncState.username,
        action=CONNECT_PATH,
        method="post",
        on_submit=None,
        class_name="mt-3 grid gap-4",
    )
