"""The week's places as a list, for every page that shows an excerpt of the leaderboard."""

import reflex as rx

from studymaster.features.points.schemas import LeaderboardRow


def places(rows: list[LeaderboardRow], *, you: LeaderboardRow) -> rx.Component:
    """Return the rows in their order, and the student's own below when it is not among them.

    `you` has rank 0 while the student is not on the leaderboard.
    """
    below = (you.rank > 0) & ~rx.Var.create(rows).contains(you)
    return rx.el.ol(
        rx.foreach(rows, _place),
        rx.cond(below, _place(you)),
        class_name="list-none -mx-2.5",
    )


def _place(row: LeaderboardRow) -> rx.Component:
    return rx.el.li(
        rx.el.span(row.rank, class_name="w-5 flex-none text-ink3 tabular-nums"),
        rx.el.span(
            row.name,
            rx.cond(row.is_you, rx.el.span(" (you)", class_name="text-ink2")),
            class_name="min-w-0 flex-1 truncate font-semibold",
        ),
        rx.el.span(
            row.points,
            rx.el.span(" points", class_name="sr-only"),
            class_name="tabular-nums text-ink2",
        ),
        class_name=rx.cond(
            row.is_you,
            "flex gap-3 px-2.5 py-1.5 rounded-[10px] line-acct tint",
            "flex gap-3 px-2.5 py-1.5",
        ),
    )
