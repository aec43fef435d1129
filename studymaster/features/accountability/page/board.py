"""The week's leaderboard, and the switch to be on it."""

import reflex as rx

from studymaster.features.accountability.state import BoardState
from studymaster.features.points.page import nobody_yet, place, place_list
from studymaster.ui import controls, layout


def leaderboard() -> rx.Component:
    """Show who earned most this week, of those who want to be seen."""
    return layout.card(
        layout.section(
            "Leaderboard · this week",
            rx.cond(BoardState.loaded, _places(), controls.skeleton("h-40 w-full")),
            rx.el.div(
                controls.switch(
                    "Show me on the leaderboard",
                    checked=BoardState.taking_part,
                    hint="Others see your name and this week's points, nothing else.",
                    on_change=BoardState.take_part,
                ),
                class_name="mt-4 pt-3 border-t border-hairline",
            ),
            action=BoardState.week,
        ),
    )


def _places() -> rx.Component:
    return rx.cond(
        BoardState.rows,
        place_list(rx.foreach(BoardState.rows, place), rx.foreach(BoardState.below, place)),
        nobody_yet(
            "Switch yourself on below and review a card.",
            taking_part=BoardState.taking_part,
        ),
    )
