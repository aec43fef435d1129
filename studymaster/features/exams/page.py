"""Exams: each with its day, whether it works out, and what it takes until then."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.exams.schemas import (
    DeadlineChoice,
    ExamView,
    LoadBar,
    ScopeChoice,
    WhatIfRow,
)
from studymaster.features.exams.state import ExamsState
from studymaster.ui import charts, controls, layout, tables
from studymaster.ui.controls import FIELD, LABEL
from studymaster.ui.folding import folded
from studymaster.ui.rooms import rooms
from studymaster.ui.theme import Line

ROUTE = "/smart-study/exams"
TITLE = "Exams"
LINE = Line.STUDY


def page() -> rx.Component:
    """Show the exams, the earliest first."""
    return rx.fragment(
        layout.heading(
            TITLE,
            "Name the day. Your cards are spread over the time until then.",
            actions=controls.button(
                "New exam", icon_name="plus", on_click=ExamsState.ask_new
            ),
        ),
        rooms(ROUTE),
        rx.cond(
            ExamsState.loaded,
            rx.cond(
                ExamsState.exams,
                rx.el.ul(
                    rx.foreach(ExamsState.exams, _exam),
                    class_name="list-none flex flex-col gap-6",
                ),
                _none(),
            ),
            controls.skeleton("h-56 w-full", "h-56 w-full"),
        ),
        _form(),
        _deleting(),
    )


def _any(things: Sequence[object]) -> rx.Var[bool]:
    return rx.Var.create(things).to(list).length() > 0


def _none() -> rx.Component:
    return layout.card(
        controls.empty_state(
            "calendar_check",
            "No exam yet",
            "Say when it is and which cards it is about. You see at once whether there is "
            "enough time, and each day asks what it has to.",
            controls.button("New exam", icon_name="plus", on_click=ExamsState.ask_new),
        )
    )


def _exam(one: ObjectVar[ExamView]) -> rx.Component:
    return rx.el.li(
        layout.card(
            rx.el.div(
                rx.el.div(
                    rx.el.h2(
                        one.name, class_name="display text-lg font-semibold break-words"
                    ),
                    rx.el.p(
                        f"{one.when} · {one.scope}", class_name="text-ink2 break-words"
                    ),
                    rx.el.p(
                        one.goal,
                        rx.cond(one.follows != "", f". {one.follows}", "."),
                        class_name="text-[13px] text-ink2",
                    ),
                    class_name="min-w-0 flex-1",
                ),
                _menu(one),
                class_name="flex items-start gap-2",
            ),
            _verdict(one),
            _load(one),
            _what_if(one),
            class_name="min-w-0",
        ),
        key=one.id,
    )


def _menu(one: ObjectVar[ExamView]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            one.tone != "over",
            controls.icon_button(
                f"Plan {one.name} anew", "refresh_cw", on_click=ExamsState.replan
            ),
        ),
        controls.icon_button(
            f"Change {one.name}", "pencil", on_click=ExamsState.ask_change(one.id)
        ),
        controls.icon_button(
            f"Delete {one.name}", "trash_2", on_click=ExamsState.ask_delete(one.id)
        ),
        class_name="flex flex-none",
    )


def _verdict(one: ObjectVar[ExamView]) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.match(
                one.tone,
                ("good", controls.icon("circle_check")),
                ("short", controls.icon("triangle_alert")),
                ("over", controls.icon("flag")),
                controls.icon("loader"),
            ),
            class_name="flex-none mt-0.5 text-ink2",
        ),
        rx.el.div(
            rx.el.p(one.verdict, role="status", class_name="font-medium text-ink"),
            rx.el.p(one.effort, class_name="text-ink2 empty:hidden"),
            rx.el.p(one.foreseen, class_name="text-ink2 empty:hidden"),
            class_name="max-w-[68ch]",
        ),
        class_name="flex gap-2.5 mt-4",
    )


def _load(one: ObjectVar[ExamView]) -> rx.Component:
    names = ("When", "New", "To review", "Minutes")
    return rx.cond(
        one.chart_words != "",
        rx.el.div(
            rx.el.p(one.chart_words, class_name="mb-3 text-ink2 max-w-[68ch]"),
            charts.curve(
                rx.foreach(one.bars, _bar), summary=one.chart_words, line=LINE.hue
            ),
            folded(
                "The days as a table",
                tables.table(names, rx.foreach(one.bars, _line)),
                hidden=f" of {one.name}",
                class_name="mt-2",
            ),
            class_name="mt-5",
        ),
    )


def _bar(one: ObjectVar[LoadBar]) -> rx.Component:
    return charts.column(one.name, percent=one.percent, title=one.title)


def _line(one: ObjectVar[LoadBar]) -> rx.Component:
    return tables.row(
        one.span, f"{one.new}", f"{one.reviews}", f"{one.minutes}", key=one.span
    )


def _what_if(one: ObjectVar[ExamView]) -> rx.Component:
    names = ("Each card at", "On average", "On the fullest day", "Works out")
    return rx.cond(
        one.chart_words != "",
        folded(
            "What if you wanted to know more, or less?",
            rx.el.p(
                "Minutes a day, as long as it takes.",
                class_name="text-[13px] text-ink2 mb-1",
            ),
            tables.table(names, rx.foreach(one.what_if, _what_if_line)),
            hidden=f" For {one.name}",
        ),
    )


def _what_if_line(one: ObjectVar[WhatIfRow]) -> rx.Component:
    return tables.row(one.name, one.minutes, one.most, one.holds, key=one.name)


def _form() -> rx.Component:
    return controls.dialog(
        rx.cond(ExamsState.form.exam_id == "", "New exam", "Change the exam"),
        _fields(),
        roomy=True,
        open=ExamsState.is_open,
        on_open_change=ExamsState.close,
    )


def _fields() -> rx.Component:
    form = ExamsState.form
    return rx.el.form(
        controls.text_field(
            "What is it called?",
            name="name",
            id="exam-name",
            default_value=form.name,
            max_length=200,
            required=True,
            placeholder="Biology midterm",
        ),
        _when(),
        _scope(),
        controls.text_field(
            "Only cards with one of these tags",
            name="tags",
            id="exam-tags",
            default_value=form.tags,
            hint="Leave it empty for all of their cards.",
        ),
        _aim(),
        rx.el.div(
            controls.button("Save", type="submit"),
            controls.button("Cancel", kind="ghost", on_click=ExamsState.close(False)),  # noqa: FBT003
            class_name="flex flex-wrap gap-2.5",
        ),
        on_submit=ExamsState.save,
        key=ExamsState.visit,
        class_name="flex flex-col gap-4",
    )


def _aim() -> rx.Component:
    form = ExamsState.form
    return rx.el.div(
        controls.text_field(
            "Know each card at (percent)",
            name="retention",
            id="exam-retention",
            type="number",
            min=70,
            max=97,
            default_value=f"{form.retention}",
            required=True,
        ),
        controls.text_field(
            "At most, minutes a day",
            name="minutes",
            id="exam-minutes",
            type="number",
            min=5,
            max=720,
            default_value=form.minutes,
            hint="Empty: as long as it takes.",
        ),
        class_name="grid sm:grid-cols-2 gap-4",
    )


def _when() -> rx.Component:
    form = ExamsState.form
    return rx.el.div(
        controls.text_field(
            "On which day?",
            name="day",
            id="exam-day",
            type="date",
            min=form.least_day,
            default_value=form.day,
        ),
        rx.cond(
            _any(form.deadlines),
            rx.el.div(
                rx.el.label(
                    "Or as a due date of Moodle", html_for="exam-deadline", class_name=LABEL
                ),
                rx.el.select(
                    rx.el.option("No, on the day above", value=""),
                    rx.foreach(form.deadlines, _deadline),
                    id="exam-deadline",
                    name="deadline",
                    default_value=form.deadline_id,
                    class_name=FIELD,
                ),
                rx.el.p(
                    "The exam then moves when the due date moves.",
                    class_name="mt-1 text-[13px] text-ink2",
                ),
            ),
        ),
        class_name="grid sm:grid-cols-2 gap-4",
    )


def _deadline(one: ObjectVar[DeadlineChoice]) -> rx.Component:
    return rx.el.option(one.name, value=one.id)


def _scope() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Which cards is it about?", class_name=LABEL),
        rx.cond(
            _any(ExamsState.form.scope),
            rx.el.div(
                rx.foreach(ExamsState.form.scope, _scope_line),
                class_name="grid sm:grid-cols-2 gap-x-4 max-h-56 overflow-y-auto",
            ),
            rx.el.p(
                "You have no courses and no decks yet. Make a deck first.",
                class_name="text-ink2",
            ),
        ),
    )


def _scope_line(one: ObjectVar[ScopeChoice]) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            name=one.key,
            default_checked=one.chosen,
            class_name="size-5 flex-none accent-hue",
        ),
        rx.el.span(one.name, class_name="min-w-0 break-words"),
        key=one.key,
        class_name="flex items-center gap-3 min-h-11 cursor-pointer",
    )


def _deleting() -> rx.Component:
    return controls.dialog(
        "Delete this exam?",
        rx.el.div(
            controls.button("Delete it", kind="danger", on_click=ExamsState.delete),
            controls.button("Keep it", kind="ghost", on_click=ExamsState.close(False)),  # noqa: FBT003
            class_name="flex flex-wrap gap-2.5 mt-2",
        ),
        description=f"{ExamsState.deleting_name} and its plan go. Your cards stay, and come "
        "back when their decks bring them.",
        open=ExamsState.deleting != "",
        on_open_change=ExamsState.close,
    )
