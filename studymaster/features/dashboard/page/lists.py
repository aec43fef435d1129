"""The lists of the day: courses, deadlines, and the first places of the week."""

from typing import Final

import reflex as rx

from studymaster.features.dashboard.schemas import CourseTile, DeadlineRow
from studymaster.features.dashboard.state import DashboardState
from studymaster.features.points.page import places
from studymaster.ui import controls, layout
from studymaster.ui.folding import folded
from studymaster.ui.theme import course_line

STUDY: Final = "/smart-study"
NEXT: Final = 3
"""So many deadlines stand open; the later ones are folded."""

_day = DashboardState
_ahead = rx.Var.create(_day.deadlines).to(list[DeadlineRow])
_behind = rx.Var.create(_day.passed).to(list[DeadlineRow])


def courses() -> rx.Component:
    """Show the courses with the most to do, if there are any."""
    return rx.cond(_day.course_count > 0, _courses())


def _courses() -> rx.Component:
    return layout.section(
        "Courses",
        rx.el.ul(
            rx.foreach(_day.courses, _course),
            # One that is left over takes the whole row instead of leaving a gap.
            class_name="grid gap-3.5 sm:grid-cols-2 "
            "sm:[&>li:last-child:nth-child(odd)]:col-span-2",
        ),
        action=controls.page_link(
            f"All {_day.course_count}",
            href=STUDY,
            class_name="hover:text-ink inline-block px-2 -mx-2 py-3.5 -my-3.5",
        ),
    )


def _course(tile: CourseTile) -> rx.Component:
    return rx.el.li(
        controls.page_link(
            _course_head(tile),
            rx.el.h3(
                tile.fullname,
                class_name="display text-[17px] font-semibold tracking-normal leading-snug mt-3.5 mb-2 line-clamp-2",
            ),
            controls.progress_bar(
                rx.cond(tile.remembered > 0, tile.remembered, 0),
                100,
                label=f"Remembered in {tile.fullname}",
            ),
            _course_foot(tile),
            href=f"{STUDY}?course={tile.id}",
            class_name=f"surface {course_line(tile.line)} block h-full px-[18px] py-4 "
            "hover:bg-card2 transition-colors duration-150",
        ),
        key=tile.id,
    )


def _course_head(tile: CourseTile) -> rx.Component:
    return rx.el.div(
        controls.chip(tile.shortname, line="tint", class_name="truncate"),
        rx.cond(
            tile.fresh > 0,
            rx.el.span(
                f"{tile.fresh} new",
                title="Arrived or changed in the last 14 days, not opened yet",
                class_name="line-sync text-[12.5px] font-semibold text-hue-ink flex-none",
            ),
        ),
        class_name="flex items-center justify-between gap-3",
    )


def _course_foot(tile: CourseTile) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.cond(
                tile.remembered >= 0,
                f"{tile.remembered}% remembered",
                "not asked again yet",
            ),
            title="Of the answers to cards that had rested at least a day, in the last 30 days",
        ),
        rx.el.span(f"{tile.due} due"),
        class_name="flex justify-between gap-2 mt-2.5 text-[13px] text-ink2 "
        "tabular-nums whitespace-nowrap",
    )


def deadlines() -> rx.Component:
    """List what Moodle wants soon, and what has just passed."""
    return layout.card(
        layout.section(
            "Deadlines",
            rx.cond(
                _day.deadlines,
                rx.fragment(
                    rx.el.ul(rx.foreach(_ahead[:NEXT], _deadline)),
                    rx.cond(_ahead.length() > NEXT, _later()),
                ),
                rx.el.p("Nothing is due in the next 14 days.", class_name="text-ink2 pb-1"),
            ),
            action="next 14 days",
        ),
        rx.cond(_day.passed, _passed()),
    )


def _later() -> rx.Component:
    return folded(
        f"{_ahead.length() - NEXT} more",
        rx.el.ul(rx.foreach(_ahead[NEXT:], _deadline)),
        class_name="border-t border-hairline",
    )


def _passed() -> rx.Component:
    return folded(
        f"Passed: {_behind.length()}",
        rx.el.ul(
            rx.foreach(_day.passed, _deadline),
            class_name="[&_.when]:text-acct-ink",
        ),
        class_name="border-t border-hairline",
    )


def _deadline(row: DeadlineRow) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            aria_hidden="true",
            class_name=f"{course_line(row.line)} w-1 self-stretch my-0.5 rounded-sm bg-hue flex-none",
        ),
        rx.el.a(
            rx.el.span(
                rx.el.span(
                    row.title,
                    class_name="block font-semibold leading-snug group-hover:underline",
                ),
                rx.el.span(row.course, class_name="block text-[13.5px] text-ink3"),
                class_name="min-w-0 flex-1",
            ),
            rx.el.span(row.when, class_name="when text-[13.5px] text-ink2 text-right"),
            rx.el.span(" (opens Moodle in a new tab)", class_name="sr-only"),
            href=row.address,
            target="_blank",
            rel="noreferrer",
            class_name="group relative flex flex-1 min-w-0 items-center gap-3.5 min-h-11 "
            "underline-offset-4",
        ),
        key=row.id,
        class_name="flex items-center gap-3.5 py-2.5 border-t border-hairline",
    )


def leaderboard() -> rx.Component:
    """Show who is ahead this week."""
    return layout.card(
        layout.section(
            "Leaderboard",
            rx.cond(
                _day.place_count > 0,
                places(_day.places, you=_day.you),
                rx.el.p("Nobody is on it this week yet.", class_name="text-ink2 pb-1"),
            ),
            rx.cond(
                _day.you.rank == 0,
                rx.el.p(
                    controls.text_link(
                        "Show me on it",
                        "/accountability",
                        class_name="inline-flex items-center min-h-11",
                    ),
                    class_name="text-[13px] text-ink2",
                ),
            ),
            action="this week",
        ),
    )
