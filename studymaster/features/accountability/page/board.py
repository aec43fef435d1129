"""The week's leaderboard, and the switch to be on it."""

import reflex as rx

from studymaster.features.accountability.schemas import BoardRow
from studymaster.features.accountability.state import BoardState
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
        rx.fragment(
            rx.el.ol(
                rx.foreach(BoardState.rows, _place),
                role="list",
                aria_live="polite",
                aria_relevant="text",
            ),
            rx.cond(
                BoardState.below,
                rx.el.ol(
                    rx.foreach(BoardState.below, _place),
                    role="list",
                    class_name="mt-2 pt-2 border-t border-hairline",
                ),
            ),
        ),
        rx.el.p(
            "Nobody is on it this week yet. Switch yourself on below and review a card.",
            class_name="text-ink2",
        ),
    )


def _place(row: BoardRow) -> rx.Component:
    return rx.el.li(
        rx.el.span(f"{row.rank}", class_name="w-7 text-ink3 tabular-nums flex-none"),
        rx.el.span(
            row.name,
            rx.cond(row.is_you, rx.el.span(" (you)", class_name="text-ink2")),
            class_name="min-w-0 flex-1 truncate font-medium",
        ),
        rx.el.span(
            row.points,
            rx.el.span(" points", class_name="sr-only"),
            class_name="text-ink2 tabular-nums",
        ),
        class_name=rx.cond(
            row.is_you,
            "tint flex items-center gap-2 min-h-10 px-3 -mx-3 rounded-[10px]",
            "flex items-center gap-2 min-h-10",
        ),
    )
