"""The connected Moodles: what each needs, how to renew it, and how to end it."""

from collections.abc import Callable
from typing import cast

import reflex as rx

from studymaster.features.sync.page.connect import (
    browser_form,
    finder,
    going_on,
    password_form,
    problem,
    token_form,
)
from studymaster.features.sync.schemas import ConnectionView
from studymaster.features.sync.state import ConnectState, LiveSyncState
from studymaster.features.sync.state.connecting import CONNECTED, DISCONNECTED
from studymaster.ui import controls, layout

SUMMARY = "min-h-11 py-2.5 font-semibold cursor-pointer"
SHOWN_IF_FILLED = "hidden has-[li]:block"

SAME_KEY = (
    "Moodle gives out the same key until that one has run out. For a new one now, first "
    "reset the key of the mobile service in Moodle, then renew the connection here."
)

_close = cast("controls.Prop", rx.radix.primitives.dialog.close)


def connections() -> rx.Component:
    """Show each Moodle, a way to one more, and whether runs come by themselves."""
    return rx.el.div(
        rx.cond(ConnectState.browser.address, layout.card(going_on()), problem()),
        layout.section("Needs you", _sites(_needs_you), class_name=SHOWN_IF_FILLED),
        _part("Connected", _sites(_connected), name=CONNECTED),
        _part("Disconnected", _sites(_disconnected), name=DISCONNECTED),
        layout.card(_another()),
        layout.card(
            controls.switch(
                "Sync by itself",
                checked=LiveSyncState.automatic,
                hint="Every half hour. When off, only “Sync now” reads from Moodle.",
                on_change=LiveSyncState.switch_automatic,
            )
        ),
        class_name="grid gap-3",
    )


def _sites(show: Callable[[ConnectionView], rx.Component]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(LiveSyncState.connections, show), class_name="grid gap-3 mb-2"
    )


def _connected(connection: ConnectionView) -> rx.Component:
    return rx.cond(connection.broken, rx.fragment(), _connection(connection))


def _needs_you(connection: ConnectionView) -> rx.Component:
    """Show a Moodle that is not read before its student does something."""
    shown = rx.cond(connection.broken, _connection(connection), rx.fragment())
    return rx.cond(connection.disconnected, rx.fragment(), shown)


def _disconnected(connection: ConnectionView) -> rx.Component:
    return rx.cond(connection.disconnected, _connection(connection))


def _another() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Connect another Moodle", class_name=SUMMARY),
        rx.el.div(finder(), class_name="mt-3"),
        open=(ConnectState.found.url != "") | (ConnectState.found.problem != ""),
    )


def _connection(connection: ConnectionView) -> rx.Component:
    return rx.el.li(
        rx.el.p(connection.site_name, class_name="font-semibold break-words"),
        rx.el.p(connection.site_url, class_name="text-[13px] text-ink2 break-all"),
        rx.el.p(
            f"as {connection.username} · last sync {connection.synced}",
            class_name="mt-1 text-[13px] text-ink2 break-words",
        ),
        rx.cond(connection.broken, _broken(connection), _working(connection)),
        rx.cond(connection.disconnected, rx.fragment(), _disconnect(connection)),
        class_name="surface min-w-0",
    )


def _working(connection: ConnectionView) -> rx.Component:
    return rx.fragment(
        rx.cond(
            connection.failure,
            rx.el.p(
                connection.failure,
                class_name="mt-3 rounded-xl bg-card2 p-3.5 text-[14px]",
            ),
        ),
        rx.cond(connection.runs_out, _runs_out(connection)),
    )


def _part(title: str, sites: rx.Component, *, name: str) -> rx.Component:
    """Show Moodles under a heading that the focus can be led to."""
    return rx.el.section(
        rx.el.h2(
            title,
            id=name,
            tab_index=-1,
            class_name="mb-3.5 text-[14px] font-semibold text-ink2 outline-none",
        ),
        sites,
        class_name=SHOWN_IF_FILLED,
    )


def _runs_out(connection: ConnectionView) -> rx.Component:
    return rx.el.div(
        rx.el.p(connection.runs_out, class_name="font-medium"),
        _renewal("Renew it now", connection),
        rx.el.p(SAME_KEY, " ", _keys(connection), class_name="text-[13px] text-ink2"),
        class_name="mt-3 rounded-xl bg-card2 p-3.5",
    )


def _broken(connection: ConnectionView) -> rx.Component:
    return rx.el.div(
        rx.el.p(connection.failure, class_name="text-[14px]"),
        rx.el.p(connection.what_to_do, class_name="mt-1.5 text-[14px] text-ink2"),
        rx.cond(
            connection.may_try,
            rx.el.div(
                controls.button(
                    "Try again",
                    aria_label=f"Try again: {connection.site_name}",
                    loading=LiveSyncState.under_way,
                    on_click=LiveSyncState.try_again(connection.id),
                ),
                _outside(f"Open {connection.site_name}", connection.site_url),
                class_name="mt-3 flex flex-wrap items-center gap-x-5 gap-y-1",
            ),
        ),
        _renewal("Connect again", connection),
        class_name="mt-3 rounded-xl bg-card2 p-3.5",
    )


def _renewal(words: str, connection: ConnectionView) -> rx.Component:
    """Offer the way by which the connection was made, and the one that always works."""
    failed_here = ConnectState.failed_site == connection.site_url
    by_browser = browser_form(words, connection.site_url)
    return rx.el.div(
        rx.match(
            connection.way,
            ("browser", rx.el.div(by_browser, class_name="my-3")),
            (
                "token",
                rx.el.details(
                    rx.el.summary(words, class_name=SUMMARY),
                    token_form(connection.site_url, place=connection.id),
                    open=failed_here,
                ),
            ),
            rx.el.details(
                rx.el.summary(words, class_name=SUMMARY),
                password_form(
                    connection.site_url,
                    rx.cond(failed_here, ConnectState.username, connection.username),
                    place=connection.id,
                ),
                open=failed_here,
            ),
        )
    )


def _keys(connection: ConnectionView) -> rx.Component:
    return _outside("Keys in Moodle", connection.keys_url)


def _outside(words: controls.Text, address: controls.Text) -> rx.Component:
    return rx.el.a(
        words,
        href=address,
        target="_blank",
        rel="noopener noreferrer",
        class_name="inline-flex items-center min-h-11 font-medium text-ink underline "
        "underline-offset-4",
    )


def _disconnect(connection: ConnectionView) -> rx.Component:
    return rx.el.div(
        controls.dialog(
            "Disconnect this Moodle?",
            rx.el.ul(
                rx.el.li("Courses, files, notes and cards that are here stay."),
                rx.el.li("Nothing is read from it any more; a sync that goes on stops."),
                rx.el.li("The key that opened it is deleted here."),
                class_name="grid gap-1.5 list-disc pl-5",
            ),
            rx.el.p(
                "To make the key worthless in Moodle as well, reset it there: ",
                _keys(connection),
                class_name="mt-3 text-ink2",
            ),
            rx.el.div(
                _close(controls.button("Keep it", kind="ghost"), as_child=True),
                _close(
                    controls.button(
                        "Disconnect",
                        kind="danger",
                        on_click=LiveSyncState.disconnect(connection.id),
                    ),
                    as_child=True,
                ),
                class_name="flex flex-wrap gap-2.5 mt-4",
            ),
            description=connection.site_name,
            trigger=controls.button(
                "Disconnect",
                kind="ghost",
                aria_label=f"Disconnect {connection.site_name}",
            ),
        ),
        class_name="mt-3",
    )
