"""What is due: the overdue, the next seven days, what comes later, and what is done."""

from typing import Final

import reflex as rx

from studymaster.features.deadlines.rules import WEEK_DAYS, Stage
from studymaster.features.deadlines.schemas import CourseChoice, DeadlineRow
from studymaster.features.deadlines.state import DeadlinesState
from studymaster.ui import controls, layout
from studymaster.ui.folding import folded
from studymaster.ui.theme import Line, course_line

LIST: Final = "list-none divide-y divide-hairline -my-2"
URGENT: Final = (Stage.LATE, Stage.CLOSED)
"""What is shown in the colour of the line that reminds."""

_groups_to_do = (DeadlinesState.overdue, DeadlinesState.week, DeadlinesState.later)
_to_do = sum(rx.Var.create(rows).length() for rows in _groups_to_do)


def deadlines_part() -> rx.Component:
    """Show the due dates in groups, or the next step where there are none."""
    return rx.cond(
        DeadlinesState.loaded,
        rx.cond(
            DeadlinesState.courses,
            rx.el.div(_head(), _groups(), class_name="flex flex-col gap-6"),
            layout.card(_no_courses()),
        ),
        layout.card(controls.skeleton("h-5 w-40", "h-12 w-full", "h-12 w-full")),
    )


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            DeadlinesState.sentence,
            role="status",
            class_name="display text-[18px] font-semibold text-ink",
        ),
        rx.el.div(
            rx.el.label("Course", html_for="due-course", class_name="sr-only"),
            rx.el.select(
                rx.el.option("All your courses", value=""),
                rx.foreach(DeadlinesState.courses, _choice),
                id="due-course",
                value=DeadlinesState.course,
                on_change=DeadlinesState.choose_course,
                class_name=controls.FIELD,
            ),
            class_name="w-full sm:w-72",
        ),
        class_name="flex flex-wrap items-center justify-between gap-x-4 gap-y-3",
    )


def _choice(one: CourseChoice) -> rx.Component:
    return rx.el.option(one.name, value=one.id)


def _groups() -> rx.Component:
    return rx.fragment(
        _group("Overdue", DeadlinesState.overdue),
        _group(f"Next {WEEK_DAYS} days", DeadlinesState.week),
        _group("Later", DeadlinesState.later),
        rx.cond(
            DeadlinesState.more,
            rx.el.div(_more("Show more", DeadlinesState.show_more)),
        ),
        rx.cond(_to_do == 0, layout.card(_nothing())),
        rx.cond(DeadlinesState.done, _done()),
    )


def _group(title: str, rows: list[DeadlineRow]) -> rx.Component:
    return rx.cond(
        rows,
        layout.section(
            title, layout.card(rx.el.ul(rx.foreach(rows, _row), class_name=LIST))
        ),
    )


def _done() -> rx.Component:
    return layout.card(
        folded(
            "Done and over",
            rx.el.ul(rx.foreach(DeadlinesState.done, _row), class_name=f"{LIST} mt-2"),
            rx.cond(
                DeadlinesState.more_done,
                _more("Show older ones", DeadlinesState.show_more_done),
            ),
        )
    )


def _more(label: str, on_click: controls.Prop) -> rx.Component:
    return controls.button(
        label, kind="ghost", on_click=on_click, class_name="mt-4 max-sm:w-full"
    )


def _row(row: DeadlineRow) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            aria_hidden="true",
            class_name=f"{course_line(row.line)} w-1 self-stretch my-0.5 rounded-sm bg-hue flex-none",
        ),
        rx.el.a(
            rx.el.span(
                rx.el.span(
                    row.title,
                    class_name="block font-semibold leading-snug break-words "
                    "group-hover:underline",
                ),
                rx.el.span(row.course, class_name="block text-[13.5px] text-ink3"),
                rx.el.span(row.when, class_name="block text-[13.5px] text-ink2"),
                class_name="min-w-0 flex-1 basis-52",
            ),
            rx.cond(row.state != "", _state(row)),
            rx.el.span(" (opens Moodle in a new tab)", class_name="sr-only"),
            href=row.address,
            target="_blank",
            rel="noreferrer",
            class_name="group relative flex flex-wrap flex-1 min-w-0 items-center "
            "gap-x-3.5 gap-y-1.5 min-h-11 underline-offset-4",
        ),
        key=row.id,
        class_name="flex items-center gap-3.5 py-2.5",
    )


def _state(row: DeadlineRow) -> rx.Component:
    urgent = controls.chip(row.state, line=Line.ACCOUNT.hue)
    looks = [(stage.value, urgent) for stage in URGENT]
    return rx.el.span(rx.match(row.stage, *looks, controls.chip(row.state)))


def _nothing() -> rx.Component:
    return controls.empty_state(
        "calendar_check",
        "Nothing is due",
        "Moodle wants nothing of you that is known today. A sync finds what is new.",
        controls.link_button(
            "Plan a focus session", "/focus", kind="ghost", icon_name="timer"
        ),
    )


def _no_courses() -> rx.Component:
    return controls.empty_state(
        "calendar_days",
        "No due dates yet",
        "They come from your Moodle with its courses: assignments, quizzes and whatever "
        "else has a date.",
        controls.link_button("Connect Moodle", "/live-sync", icon_name="refresh_cw"),
    )
