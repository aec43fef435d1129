"""The way between the rooms of Smart Study: decks, cards, practice, exams, statistics."""

from typing import Final

import reflex as rx

from studymaster.ui import controls

ROOMS: Final = (
    ("/smart-study", "Decks", "layers"),
    ("/smart-study/cards", "Cards", "search"),
    ("/smart-study/quiz", "Practice", "list_checks"),
    ("/smart-study/exams", "Exams", "calendar_check"),
    ("/smart-study/statistics", "Statistics", "chart_column"),
)


def rooms(current: str) -> rx.Component:
    """Draw the five rooms; the one with the route `current` is marked."""
    return rx.el.nav(
        *[_room(*room, current=current) for room in ROOMS],
        aria_label="Smart Study",
        class_name="flex gap-1 -mt-2 mb-5 max-sm:justify-between",
    )


def _room(route: str, name: str, icon_name: str, *, current: str) -> rx.Component:
    is_here = route == current
    look = (
        "bg-card2 text-ink border-hue"
        if is_here
        else "text-ink2 border-transparent hover:text-ink hover:bg-card2"
    )
    mark = {"custom_attrs": {"aria-current": "page"}} if is_here else {}
    return controls.page_link(
        rx.el.span(
            controls.icon(icon_name, size=16), class_name="max-sm:hidden md:max-lg:hidden"
        ),
        name,
        href=route,
        class_name="inline-flex items-center gap-2 min-h-11 px-1 sm:px-3 rounded-[10px] border "
        f"text-[13px] sm:text-[14px] font-semibold whitespace-nowrap {look}",
        **mark,
    )
