"""How it has gone so far: streak, focus, cards and points."""

import reflex as rx

from studymaster.features.dashboard.state import DashboardState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

_own = DashboardState.figures


def figures() -> rx.Component:
    """Show the student's numbers, and what an idle day would cost."""
    return layout.card(
        rx.el.h2("Your figures", class_name="sr-only"),
        rx.el.dl(
            _figure(_own.streak, "day streak", Line.ACCOUNT.hue),
            _figure(_own.focus_week, "focus this week", Line.FOCUS.hue),
            _figure(_own.reviewed_today, "cards today", Line.STUDY.hue),
            _figure(_own.points, "points", Line.HUB.hue),
            class_name="grid grid-cols-2 gap-x-3 gap-y-4",
        ),
        rx.cond(
            _own.decay != "",
            rx.el.p(
                controls.page_link(
                    _own.decay,
                    href="/accountability",
                    class_name="hover:text-ink inline-block py-1",
                ),
                class_name="mt-3 text-[13px] text-ink2",
            ),
        ),
    )


def _figure(value: str, words: str, line: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(words, class_name="order-2 text-[13.5px] text-ink2"),
        rx.el.dd(
            value,
            class_name=f"{line} display text-[28px] font-[650] leading-tight text-hue-ink",
        ),
        class_name="flex flex-col",
    )
