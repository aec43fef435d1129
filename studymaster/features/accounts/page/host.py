"""The page for whoever runs the product: what answers, what waits, what failed."""

from typing import Final

import reflex as rx

from studymaster.features.accounts.schemas import Fact, FailureView, PartView
from studymaster.features.accounts.state import HostState
from studymaster.ui import controls, layout

ROUTE: Final = "/admin"
TITLE: Final = "Host"
LINE: Final = None


def page() -> rx.Component:
    """Show the host's page to hosts; for everybody else there is no page here."""
    return rx.cond(
        HostState.loaded,
        rx.cond(HostState.allowed, _overview(), layout.nowhere()),
        _coming(),
    )


def _coming() -> rx.Component:
    return rx.fragment(
        rx.el.h1("Looking up this page", class_name="sr-only"),
        controls.skeleton("h-9 w-2/3", "h-[60dvh] w-full"),
    )


def _overview() -> rx.Component:
    return rx.fragment(
        layout.heading(
            TITLE,
            "How this StudyMaster is doing. Only accounts named in ADMINS see it.",
            actions=controls.button(
                "Look again",
                kind="ghost",
                icon_name="refresh_cw",
                on_click=HostState.load,
            ),
        ),
        rx.el.div(_parts(), _waiting(), _failures(), class_name="grid gap-5"),
    )


def _parts() -> rx.Component:
    return layout.card(
        layout.section(
            "What it stands on",
            rx.el.ul(rx.foreach(HostState.parts, _part), _beat()),
        )
    )


def _part(one: PartView) -> rx.Component:
    return _line(one.name, one.detail, works=one.works)


def _beat() -> rx.Component:
    detail = rx.cond(
        HostState.ticked_at != "",
        rx.fragment("Last tick ", controls.ago(HostState.ticked_at), "."),
        "No tick yet.",
    )
    return _line("Beat and workers", detail, works=HostState.beats)


def _line(
    name: controls.Text, detail: controls.Prop, *, works: controls.Flag
) -> rx.Component:
    return rx.el.li(
        rx.el.span(name, class_name="font-semibold max-sm:flex-1 sm:min-w-[150px]"),
        rx.el.span(
            detail, class_name="text-ink2 max-sm:order-last max-sm:w-full sm:flex-1"
        ),
        _verdict(works),
        key=name,
        class_name="flex flex-wrap items-center gap-x-4 gap-y-1 py-3 border-t "
        "border-hairline",
    )


def _verdict(works: controls.Flag) -> rx.Component:
    return rx.cond(
        works,
        controls.chip("works", line="line-campus"),
        controls.chip("look into it", line="line-acct"),
    )


def _waiting() -> rx.Component:
    return layout.card(
        layout.section(
            "Figures",
            rx.el.dl(
                rx.foreach(HostState.waiting, _queue),
                rx.foreach(HostState.facts, _fact),
                class_name="grid gap-x-8 sm:grid-cols-2 lg:grid-cols-3",
            ),
        )
    )


def _queue(one: Fact) -> rx.Component:
    return _figure(f"Waiting in {one.name}", one.value)


def _fact(one: Fact) -> rx.Component:
    return _figure(one.name, one.value)


def _figure(name: controls.Text, value: controls.Text) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="text-ink2 min-w-0"),
        rx.el.dd(value, class_name="font-semibold tabular-nums"),
        class_name="flex justify-between gap-4 py-2.5 border-t border-hairline",
    )


def _failures() -> rx.Component:
    return layout.card(
        layout.section(
            "Failed tasks",
            rx.cond(
                HostState.failures,
                rx.fragment(
                    rx.el.ul(rx.foreach(HostState.failures, _failure)),
                    rx.el.p(
                        f"{HostState.failure_count} in all that nobody has seen.",
                        class_name="mt-3 text-[13.5px] text-ink2",
                    ),
                    controls.button(
                        "Mark all as seen",
                        kind="ghost",
                        on_click=HostState.mark_all_seen,
                        class_name="mt-3 max-sm:w-full",
                    ),
                ),
                rx.el.p("No task has failed.", class_name="text-ink2"),
            ),
        )
    )


def _failure(one: FailureView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                one.task,
                " ",
                rx.el.span(controls.ago(one.at), class_name="font-normal text-ink2"),
                class_name="font-semibold",
            ),
            rx.el.p(one.error, class_name="text-ink2"),
            rx.el.p(one.arguments, class_name="text-[13px] text-ink3 break-all"),
            class_name="min-w-0 flex-1",
        ),
        controls.icon_button(
            f"Mark {one.task} as seen", "check", on_click=HostState.mark_seen(one.id)
        ),
        key=one.id,
        class_name="flex items-start gap-4 py-3 border-t border-hairline",
    )
