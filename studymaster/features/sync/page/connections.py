"""The connected Moodles, and the form that connects one."""

from typing import Final

import reflex as rx

from studymaster.features.sync.schemas import ConnectionView
from studymaster.features.sync.state import LiveSyncState
from studymaster.ui import controls, layout

CONNECT_PATH: Final = "/api/v1/auth/moodle"

_run = LiveSyncState.run


def connections() -> rx.Component:
    """Show each connected Moodle, what it needs, and whether runs come by themselves."""
    return layout.section(
        "Connected",
        rx.el.ul(
            rx.foreach(LiveSyncState.connections, _connection), class_name="grid gap-3"
        ),
        layout.card(
            controls.switch(
                "Sync by itself",
                checked=LiveSyncState.automatic,
                hint="Every half hour. When off, only “Sync now” reads from Moodle.",
                on_change=LiveSyncState.switch_automatic,
            ),
            class_name="mt-3",
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


def connect() -> rx.Component:
    """Offer to connect the first Moodle."""
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
