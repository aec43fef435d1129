"""The week's challenges and the achievements for good."""

from typing import Final

import reflex as rx

from studymaster.features.accountability.schemas import AchievementView, ChallengeView
from studymaster.features.accountability.state import OverviewState
from studymaster.ui import controls, layout
from studymaster.ui.controls import Text
from studymaster.ui.theme import Line

HOW_CARDS_COUNT: Final = "A card counts once a day, however often you answer it."

ICONS: Final = ("layers", "timer", "flame", "book_open", "trophy", "handshake")


def challenges() -> rx.Component:
    """List what can be done this week, with how far it is."""
    return layout.card(
        layout.section(
            "Challenges",
            _how_cards_count(),
            rx.el.ul(rx.foreach(OverviewState.challenges, _challenge)),
            action="this week, Monday to Sunday",
        ),
    )


def _how_cards_count() -> rx.Component:
    return rx.el.p(HOW_CARDS_COUNT, class_name="mb-3.5 text-[13.5px] text-ink2")


def _challenge(one: ChallengeView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(one.title, class_name="font-semibold"),
            rx.el.p(one.how, class_name="text-[14px] text-ink2"),
            rx.el.div(
                controls.progress_bar(
                    one.progress, one.goal, label=f"Progress of {one.title}"
                ),
                class_name="mt-2.5",
            ),
            rx.el.p(
                f"{one.words} · {one.points} points",
                class_name="mt-1.5 text-[13px] text-ink2 tabular-nums",
            ),
            class_name="min-w-0 flex-1 basis-full sm:basis-0",
        ),
        _standing(one),
        key=one.code,
        class_name="flex flex-wrap items-center gap-x-5 gap-y-3 py-3.5 border-t "
        "border-hairline first:border-t-0 first:pt-0",
    )


def _standing(one: ChallengeView) -> rx.Component:
    return rx.cond(
        one.done,
        controls.chip(controls.icon("check", size=14), "done", line=Line.CAMPUS.hue),
        rx.cond(
            one.joined,
            controls.chip("taken on"),
            rx.cond(
                one.met,
                _join(one, f"Collect {one.points} points"),
                _join(one, "Take it on"),
            ),
        ),
    )


def _join(one: ChallengeView, words: Text) -> rx.Component:
    return controls.button(
        words,
        kind="ghost",
        aria_label=f"{words}: {one.title}",
        on_click=OverviewState.join(one.code),
    )


def achievements() -> rx.Component:
    """Show every achievement; locked ones say how to reach them."""
    return layout.card(
        layout.section(
            "Achievements",
            _how_cards_count(),
            rx.el.ul(
                rx.foreach(OverviewState.achievements, _achievement),
                class_name="grid gap-3 sm:grid-cols-2",
            ),
        ),
    )


def _achievement(one: AchievementView) -> rx.Component:
    is_reached = one.reached_on != ""
    return rx.el.li(
        rx.el.span(
            rx.cond(is_reached, _picture(one), controls.icon("lock", size=20)),
            class_name=rx.cond(
                is_reached,
                "tint grid place-items-center size-11 rounded-full flex-none",
                "bg-card2 text-ink3 grid place-items-center size-11 rounded-full flex-none",
            ),
        ),
        rx.el.div(
            rx.el.h3(one.title, class_name="font-semibold leading-snug"),
            rx.el.p(one.how, class_name="text-[13.5px] text-ink2"),
            rx.el.p(
                rx.cond(
                    is_reached,
                    f"reached on {one.reached_on}",
                    one.words,
                ),
                class_name="text-[13px] text-ink3 tabular-nums",
            ),
            class_name="min-w-0",
        ),
        key=one.code,
        class_name="flex items-start gap-3",
    )


def _picture(one: AchievementView) -> rx.Component:
    return rx.fragment(
        *[rx.cond(one.icon == name, controls.icon(name, size=20)) for name in ICONS]
    )
