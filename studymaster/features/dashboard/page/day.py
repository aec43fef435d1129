"""The whole first page: its parts in their places, and what stands there before them."""

from typing import Final

import reflex as rx

from studymaster.features.dashboard.page.beginning import (
    cards_first,
    connect_first,
    no_courses,
    sync_first,
)
from studymaster.features.dashboard.page.figures import figures
from studymaster.features.dashboard.page.lists import courses, deadlines, leaderboard
from studymaster.features.dashboard.page.reviews import reviews
from studymaster.features.dashboard.page.route import route
from studymaster.features.dashboard.state import DashboardState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/"
TITLE: Final = "Dashboard"
LINE: Final = Line.HUB

SYNC: Final = "/live-sync"

_day = DashboardState
_sync = DashboardState.sync
_troubled = (_sync.state == "failed") | (_sync.state == "broken")


def page() -> rx.Component:
    """Show the day."""
    return rx.fragment(
        layout.heading(
            rx.cond(_day.loaded, _day.greeting, TITLE),
            rx.cond(_day.loaded, _day.sentence, "Looking up your day."),
            actions=rx.cond(
                _day.loaded, _actions(), controls.skeleton("h-11 w-[340px] max-w-full")
            ),
        ),
        rx.cond(_day.loaded, _content(), _waiting()),
    )


def _actions() -> rx.Component:
    return rx.fragment(
        _sync_chip(),
        rx.cond(
            _day.start.path != "",
            controls.link_button(
                rx.cond(
                    _day.start.first_cards, "Make your first cards", "Start today's route"
                ),
                _day.start.path,
                keys="S",
                class_name="max-md:w-full",
            ),
        ),
    )


def _sync_chip() -> rx.Component:
    return rx.el.div(
        controls.page_link(
            rx.cond(_troubled, controls.dot(Line.ACCOUNT.hue), controls.dot(Line.SYNC.hue)),
            rx.el.span(
                _sync.text,
                rx.cond(_sync.moment, rx.fragment(" ", controls.ago(_sync.moment))),
                rx.cond(_sync.note, rx.fragment(" · ", _sync.note)),
            ),
            href=SYNC,
            class_name="inline-flex items-center gap-2 min-h-11 px-3.5 rounded-xl bg-card2 "
            "text-[12.5px] font-medium text-ink2 hover:text-ink max-md:w-full",
        ),
        role="status",
        class_name="max-md:w-full",
    )


def _content() -> rx.Component:
    return rx.el.div(
        rx.cond(_day.stops, route()),
        rx.el.div(
            rx.el.div(
                rx.match(
                    _day.stage,
                    ("connect", connect_first()),
                    ("sync", sync_first()),
                    ("no_courses", no_courses()),
                    ("cards", rx.fragment(cards_first(), courses())),
                    courses(),
                ),
                reviews(),
                class_name="min-w-0 grid gap-5",
            ),
            rx.el.div(
                figures(), deadlines(), leaderboard(), class_name="min-w-0 grid gap-5"
            ),
            class_name="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_366px]",
        ),
        key="day",
        class_name="grid gap-5",
    )


def _waiting() -> rx.Component:
    tile = "h-[137px] w-full rounded-2xl"
    return rx.el.div(
        controls.skeleton("h-[206px] w-full rounded-2xl"),
        rx.el.div(
            rx.el.div(
                controls.skeleton("h-5 w-24"),
                rx.el.div(
                    *[controls.skeleton(tile) for _ in range(4)],
                    class_name="grid gap-3.5 sm:grid-cols-2",
                ),
                controls.skeleton("h-[176px] w-full rounded-2xl"),
                class_name="min-w-0 grid gap-5",
            ),
            controls.skeleton(
                "h-[97px] w-full rounded-2xl", "h-[280px] w-full rounded-2xl"
            ),
            class_name="grid gap-5 xl:grid-cols-[minmax(0,1fr)_366px]",
        ),
        # A key of its own: the day takes its place instead of growing out of it.
        key="waiting",
        class_name="grid gap-5",
    )
