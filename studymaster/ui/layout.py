"""The frame around every page, and the blocks a page is put together from."""

from collections.abc import Callable
from typing import Final

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from studymaster.ui import connection, controls, keys, navigation, notice, session
from studymaster.ui.controls import Prop, Text
from studymaster.ui.navigation import Shell
from studymaster.ui.theme import Line

STYLESHEETS: Final = ["/css/studymaster.css"]
PRELOADED_FONTS: Final = ("inter-latin", "bricolage-grotesque-latin")
BESIDE_THE_MAP: Final = "left-4 right-4 md:left-[252px] lg:left-[284px]"


def frame(content: rx.Component, *, line: Line | None, shell: Shell) -> rx.Component:
    """Put a page into the line map: navigation, main landmark, notices, keys, session.

    `line` is the station the page belongs to; a page beside the map (settings) has none.
    """
    return rx.el.div(
        rx.el.a(
            "Skip to the page",
            href="#content",
            reload_document=True,  # the browser's own jump moves the focus too
            class_name="sr-only focus:not-sr-only focus:fixed focus:z-[70] focus:left-4 focus:top-4 "
            "focus:bg-ink focus:text-bg focus:px-4 focus:py-3 focus:rounded-xl focus:font-semibold",
        ),
        navigation.side_map(line, shell),
        rx.el.main(
            content,
            id="content",
            tab_index=-1,
            class_name="flex-1 min-w-0 px-4 pt-6 pb-24 md:px-8 md:pb-10 lg:px-10 md:pt-[34px]",
        ),
        navigation.bottom_bar(line, shell),
        notice.notices(inset=BESIDE_THE_MAP),
        keys.keys(shell),
        session.keeper(ended=shell.ended),
        _Arrival.create(landmark="content"),
        navigation.teller(shell.newest),
        _ThemeKeeper.create(theme=shell.theme),
        # What opens over the page lies outside of this frame, and takes its colour from here.
        custom_attrs={"data-line": (line or Line.HUB).value},
        class_name=f"{(line or Line.HUB).hue} md:flex min-h-dvh",
    )


def bare_frame(content: rx.Component, *, line: Line = Line.HUB) -> rx.Component:
    """Put a page for visitors into the middle, without navigation."""
    return rx.el.div(
        rx.el.main(content, id="content", class_name="w-full"),
        notice.notices(),
        class_name=f"{line.hue} min-h-dvh flex flex-col",
    )


def heading(
    title: Text, sub: Text | None = None, *, actions: rx.Component | None = None
) -> rx.Component:
    """Open a page with its only h1, a sentence under it and its actions at the right."""
    return rx.el.div(
        rx.el.div(
            rx.el.h1(
                title,
                class_name="display text-[26px] md:text-[32px] font-[650] leading-[1.15]",
            ),
            rx.el.p(sub, class_name="text-ink2 mt-1.5")
            if sub is not None
            else rx.fragment(),
            class_name="min-w-0",
        ),
        rx.el.div(actions, class_name="flex flex-wrap items-center gap-2.5 max-md:w-full")
        if actions
        else rx.fragment(),
        class_name="flex flex-wrap items-end justify-between gap-4 mb-6",
    )


def card(*children: Prop, **props: Prop) -> rx.Component:
    """Return a surface with a hairline around it."""
    extra = props.pop("class_name", "")
    return rx.el.div(*children, class_name=f"surface {extra}", **props)


def section(
    title: Text, *children: Prop, action: Prop = None, **props: Prop
) -> rx.Component:
    """Return a part of a page with its h2 and, at the right, one link or small fact."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title, class_name="text-[14px] font-semibold text-ink2"),
            rx.el.div(action, class_name="text-[13px] font-medium text-ink3")
            if action is not None
            else rx.fragment(),
            class_name="flex items-center justify-between gap-3 mb-3.5",
        ),
        *children,
        **props,
    )


class _ThemeKeeper(rx.Component):
    """Applies the look that the account keeps, on a device that has not seen it yet."""

    library = f"$/public{rx.asset('theme.jsx', shared=True)}"
    tag = "ThemeKeeper"

    theme: rx.Var[str]


class _Arrival(rx.Component):
    """Moves the focus to a page that was reached inside the tab."""

    library = f"$/public{rx.asset('arrival.jsx', shared=True)}"
    tag = "Arrival"

    landmark: rx.Var[str]


def head() -> list[rx.Component]:
    """Return what stands in the head of every page: fonts, icon, manifest, theme colours."""
    fonts = [
        rx.el.link(
            rel="preload",
            href=f"/fonts/{name}.woff2",
            cross_origin="anonymous",
            custom_attrs={"as": "font"},
            type="font/woff2",
        )
        for name in PRELOADED_FONTS
    ]
    colours = [
        rx.el.meta(
            name="theme-color",
            content=colour,
            custom_attrs={"media": f"(prefers-color-scheme: {scheme})"},
        )
        for scheme, colour in (("dark", "#0b0d12"), ("light", "#f6f5f1"))
    ]
    return [
        *fonts,
        *colours,
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.script(src="/keeping.js", defer=True),
    ]


def app_wraps() -> dict[tuple[int, str], Callable[[bool], rx.Component | None]]:
    """Return what stands around every page: our own failure page and connection bar."""
    return {
        (55, "ErrorBoundary"): lambda _stateful: ErrorBoundary.create(
            fallback_render=rx.Var.create(_broken_page())
        ),
        (5, "Overlay"): lambda stateful: connection.bar() if stateful else None,
    }


def not_found() -> rx.Component:
    """Say that there is no page under this address."""
    return bare_frame(rx.el.div(nowhere(), class_name="grid min-h-dvh"))


def nowhere() -> rx.Component:
    """Return what stands in place of a page that does not exist, with a way back."""
    return _lonely(
        "This station does not exist.",
        "The address may be mistyped, or the page has moved. Your cards are where they were.",
        controls.link_button("Go to the dashboard", "/", icon_name="map"),
    )


def _broken_page() -> rx.Component:
    return rx.el.main(
        _lonely(
            "This page broke on our side.",
            "Your work is safe on the server. Load the page again; if it stays broken, "
            "go back to the dashboard.",
            rx.el.a(
                "Load the dashboard",
                href="/",
                reload_document=True,
                class_name=controls.BUTTON_KINDS["primary"],
            ),
        ),
        class_name="grid min-h-dvh",
    )


def _lonely(title: str, text: str, action: rx.Component) -> rx.Component:
    return rx.el.div(
        navigation.mark(),
        rx.el.h1(
            title,
            class_name="display text-[28px] font-[650] leading-tight text-balance mt-6",
        ),
        rx.el.p(text, class_name="text-ink2 mt-2 mb-7 max-w-[46ch]"),
        action,
        class_name="min-h-[70dvh] flex flex-col items-center justify-center text-center px-6",
    )
