"""The places of the week as a list, for every page that shows a leaderboard or a part of it."""

from typing import Final

import reflex as rx
from reflex.vars import FunctionStringVar

from studymaster.features.points.schemas import LeaderboardRow
from studymaster.ui.controls import Prop

WRITTEN: Final = FunctionStringVar.create("(points => points.toLocaleString('en'))")
"""Writes a number out in the browser: 1,284."""


def places(rows: list[LeaderboardRow], *, you: LeaderboardRow) -> rx.Component:
    """Return an excerpt, with the student's own place below when it is not among the rows.

    `you` has rank 0 while the student is not on the leaderboard.
    """
    below = (you.rank > 0) & ~holds_you(rows)
    return place_list(rx.foreach(rows, place), rx.cond(below, place(you)))


def nobody_yet(*how: Prop, taking_part: Prop) -> rx.Component:
    """Say that the week's leaderboard is empty, and to who is not on it `how` to be."""
    return rx.el.p(
        rx.cond(
            taking_part,
            "Nobody has points this week yet. Review a card, and you are the first.",
            rx.fragment("Nobody is on it this week yet. ", *how),
        ),
        class_name="text-ink2",
    )


def holds_you(rows: Prop) -> rx.Var[bool]:
    """Tell in the browser whether the student's own place is among the rows.

    Two objects are never equal there, whatever they say: each row tells it itself.
    """
    found = rx.Var.create(rows).to(list[LeaderboardRow])
    return found.map(_is_you).contains(other=True)


def _is_you(row: LeaderboardRow) -> bool:
    return row.is_you


def place_list(*found: Prop) -> rx.Component:
    """Return a list of places that changes by itself as the week goes on."""
    return rx.el.ol(
        *found,
        role="list",
        aria_live="polite",
        aria_relevant="text",
        class_name="list-none -mx-2.5",
    )


def place(row: LeaderboardRow) -> rx.Component:
    """Return one place; the student's own is named and set off."""
    return rx.el.li(
        rx.el.span(row.rank, class_name="w-7 flex-none text-ink3 tabular-nums"),
        rx.el.span(
            row.name,
            rx.cond(row.is_you, rx.el.span(" (you)", class_name="text-ink2")),
            class_name="min-w-0 flex-1 truncate font-semibold",
        ),
        rx.el.span(
            WRITTEN.call(row.points),
            rx.el.span(" points", class_name="sr-only"),
            class_name="tabular-nums text-ink2",
        ),
        class_name=rx.cond(
            row.is_you,
            "flex gap-2 px-2.5 py-1.5 rounded-[10px] line-acct tint",
            "flex gap-2 px-2.5 py-1.5",
        ),
    )
