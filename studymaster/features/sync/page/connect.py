"""Connecting a Moodle: its address first, then the ways in that it offers."""

from typing import Final

import reflex as rx

from studymaster.features.accounts.page import browser_way
from studymaster.features.accounts.schemas import ProviderView
from studymaster.features.sync.state import ConnectState
from studymaster.features.sync.state.connecting import ADDRESS, FOUND, PROBLEM
from studymaster.features.sync.state.tabs import FIRST, PAGE, SyncTabsState
from studymaster.ui import controls, layout

CONNECT_PATH: Final = "/api/v1/auth/moodle"
TRUST: Final = (
    "StudyMaster only reads: nothing in Moodle is marked, sent or changed. Your password is "
    "used once to fetch a key, and is never kept."
)
ALERT: Final = "line-acct flex gap-3 rounded-xl border border-acct p-3.5"

_found = ConnectState.found


def connect() -> rx.Component:
    """Offer to connect the first Moodle."""
    return layout.card(
        rx.cond(
            ConnectState.browser.address,
            going_on(),
            rx.fragment(
                rx.el.h2("Connect your Moodle", class_name="display text-xl font-semibold"),
                rx.el.p(TRUST, class_name="mt-1.5 mb-5 text-ink2 max-w-[60ch]"),
                problem(),
                finder(),
            ),
        ),
        class_name="max-w-[640px]",
    )


def going_on() -> rx.Component:
    """Go on with the sign-in through the browser that was begun."""
    return rx.fragment(
        browser_way.steps(
            ConnectState.browser,
            action=CONNECT_PATH,
            hidden=(_way_back(),),
            problem=problem(),
        ),
        _back("Connect another way"),
    )


def problem() -> rx.Component:
    """Say why connecting failed just now; empty when it did not."""
    return rx.el.div(
        rx.cond(
            ConnectState.problem,
            rx.el.p(
                controls.icon("circle_alert"),
                rx.el.span(ConnectState.problem, class_name="min-w-0 break-words"),
                id=PROBLEM,
                tab_index=-1,
                class_name=f"{ALERT} mb-5 outline-none",
            ),
        ),
        role="alert",
    )


def finder() -> rx.Component:
    """Ask for the address, then show what the site there offers."""
    return rx.cond(_found.url, _offers(), _address_form())


def _address_form() -> rx.Component:
    return rx.el.form(
        controls.text_field(
            "Address of your Moodle",
            name="site",
            id=ADDRESS,
            default_value=ConnectState.site,
            placeholder="moodle.university.edu",
            hint="Copy it from the browser; what follows the name does not matter.",
            problem=_found.problem,
            required=True,
            input_mode="url",
            auto_capitalize="none",
            spell_check=False,
        ),
        controls.button(
            rx.cond(ConnectState.is_asking, "Asking it …", "Go on"),
            type="submit",
            disabled=ConnectState.is_asking,
            class_name="max-sm:w-full",
        ),
        # What a failure brings back comes after the first look: the new key draws it anew.
        key=ConnectState.offered + ConnectState.failed_site,
        on_submit=ConnectState.look_up,
        class_name="grid gap-4 sm:justify-items-start [&>div]:w-full",
    )


def _offers() -> rx.Component:
    return rx.el.div(
        *_site_found(),
        rx.cond(
            _found.browser,
            rx.el.div(
                rx.el.p(
                    "This Moodle signs its students in on a page of its own.",
                    class_name="mb-3 text-ink2",
                ),
                browser_form("Sign in through the browser", _found.url),
                class_name="mt-4",
            ),
        ),
        rx.cond(
            _found.password,
            password_form(_found.url, ConnectState.username, place="new"),
        ),
        rx.cond(_found.providers, _providers()),
        rx.el.details(
            rx.el.summary("Other ways", class_name="py-2.5 font-semibold cursor-pointer"),
            token_form(_found.url, place="new"),
            open=ConnectState.failed_way == "token",
            class_name="mt-5 rounded-xl bg-card2 px-3.5 py-1",
        ),
        _back("Another address"),
        role="region",
        aria_label="Ways to sign in",
        class_name="min-w-0",
    )


def _site_found() -> tuple[rx.Component, ...]:
    """Name the site, and say if it is connected already."""
    return (
        rx.el.p(
            _found.name,
            id=FOUND,
            tab_index=-1,
            class_name="font-semibold break-words outline-none",
        ),
        rx.el.p(_found.url, class_name="text-[13px] text-ink2 break-all"),
        rx.cond(
            ConnectState.known_as,
            rx.el.p(
                f"You have connected it as {ConnectState.known_as}. Sign in here only for "
                "another account of yours there; to renew that one, use its own card.",
                class_name="mt-3 rounded-xl bg-card2 p-3.5 text-[14px]",
            ),
        ),
    )


def _providers() -> rx.Component:
    return rx.el.div(
        rx.el.p("Or with an account of", class_name="mb-2 text-[14px] text-ink2"),
        rx.el.ul(
            rx.foreach(_found.providers, _provider), class_name="flex flex-wrap gap-2.5"
        ),
        class_name="mt-5",
    )


def _provider(provider: ProviderView) -> rx.Component:
    return rx.el.li(
        browser_way.begin(
            provider.name,
            _found.url,
            action=CONNECT_PATH,
            hidden=(_hidden("provider", provider.id), _way_back()),
            kind="ghost",
        )
    )


def _back(words: str) -> rx.Component:
    return controls.button(
        words, kind="ghost", on_click=ConnectState.look_elsewhere, class_name="mt-4"
    )


def password_form(
    site: controls.Text, username: controls.Text, *, place: controls.Text
) -> rx.Component:
    """Return the form that connects a known site with a password; `place` names its fields."""
    return _way_form(
        "moodle",
        site,
        controls.text_field(
            "User name",
            name="username",
            id=f"{place}-username",
            default_value=username,
            required=True,
            auto_complete="username",
            auto_capitalize="none",
            spell_check=False,
        ),
        controls.text_field(
            "Password",
            name="password",
            id=f"{place}-password",
            type="password",
            required=True,
            auto_complete="current-password",
        ),
        # A failure brings back what was typed: the new key draws the fields anew with it.
        key=ConnectState.problem + ConnectState.username,
    )


def token_form(site: controls.Text, *, place: controls.Text) -> rx.Component:
    """Return the form that connects a known site with a pasted token."""
    return _way_form(
        "token",
        site,
        controls.text_field(
            "Token",
            name="token",
            id=f"{place}-token",
            hint="Moodle shows it under Preferences, Security keys: the key of the mobile "
            "service. It is kept encrypted.",
            required=True,
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
        ),
    )


def browser_form(words: controls.Text, site: controls.Text) -> rx.Component:
    """Return the button that begins to connect a known site through the browser."""
    return browser_way.begin(words, site, action=CONNECT_PATH, hidden=(_way_back(),))


def _way_back() -> rx.Component:
    """Say on which part of the page the form stands: a failure leads back there."""
    is_first = SyncTabsState.tab == FIRST
    return _hidden("next", rx.cond(is_first, PAGE, f"{PAGE}?tab=connections"))


def _hidden(name: str, value: controls.Text) -> rx.Component:
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)


def _way_form(
    way: str, site: controls.Text, *fields: rx.Component, **props: controls.Prop
) -> rx.Component:
    return rx.el.form(
        _hidden("way", way),
        _hidden("site", site),
        _way_back(),
        *fields,
        controls.button("Connect", type="submit", class_name="max-sm:w-full"),
        action=CONNECT_PATH,
        method="post",
        on_submit=None,
        class_name="my-4 grid gap-4 sm:justify-items-start [&>div]:w-full",
        **props,
    )
