"""A student's own schedule: FSRS fitted to them, against SM-2, its minutes, easy days."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.schemas import (
    CalibrationPoint,
    FitLine,
    SchedulerScore,
    WorkloadPoint,
)
from studymaster.features.flashcards.state.schedule import WEEK, ScheduleState
from studymaster.ui import charts, controls, layout, tables
from studymaster.ui.folding import folded
from studymaster.ui.rooms import rooms
from studymaster.ui.theme import Line

ROUTE = "/smart-study/schedule"
TITLE = "Your schedule"
LINE = Line.STUDY

CHOICES = (("usual", "As usual"), ("fewer", "Fewer"), ("none", "None"))


def page() -> rx.Component:
    """Show the four parts of the schedule."""
    return rx.fragment(
        layout.heading(TITLE, "When your cards come back, fitted to how you forget."),
        rooms(ROUTE),
        rx.cond(
            ScheduleState.loaded,
            rx.el.div(
                _fit(),
                _workload(),
                _comparison(),
                _easy_days(),
                class_name="grid gap-6 xl:grid-cols-2 items-start",
            ),
            controls.skeleton("h-44 w-full", "h-44 w-full", "h-44 w-full"),
        ),
    )


def _part(title: str, *content: rx.Component) -> rx.Component:
    return layout.card(layout.section(title, *content), class_name="min-w-0")


def _said(words: rx.Var[str] | str, **props: controls.Prop) -> rx.Component:
    return rx.el.p(words, class_name="mb-4 max-w-[62ch] empty:hidden", **props)


def _any(things: Sequence[object]) -> rx.Var[bool]:
    return rx.Var.create(things).to(list).length() > 0


def _fit() -> rx.Component:
    view = ScheduleState.view
    return _part(
        "FSRS, fitted to you",
        _said(view.fit_sentence, role="status"),
        _said(view.missing),
        rx.el.div(
            rx.cond(
                view.missing == "",
                controls.button(
                    "Fit now", loading=view.is_running, on_click=ScheduleState.fit
                ),
            ),
            rx.cond(
                view.is_own,
                controls.button(
                    "Back to the published parameters",
                    kind="ghost",
                    loading=view.is_running,
                    on_click=ScheduleState.go_back,
                ),
            ),
            class_name="flex flex-wrap gap-2.5 empty:hidden",
        ),
        rx.cond(
            _any(view.fits),
            rx.el.ul(
                rx.foreach(view.fits, _fit_line), class_name="mt-4 flex flex-col gap-2"
            ),
        ),
    )


def _fit_line(one: ObjectVar[FitLine]) -> rx.Component:
    return rx.el.li(
        rx.el.span(controls.ago(one.tried_at), class_name="text-ink2 text-[13px]"),
        rx.el.span(one.words, class_name="block"),
        key=one.id,
    )


def _workload() -> rx.Component:
    view = ScheduleState.view
    return _part(
        "What knowing more costs",
        rx.cond(
            _any(view.workload),
            rx.fragment(
                _said(view.workload_sentence),
                charts.curve(
                    rx.foreach(view.workload, _cost_bar),
                    summary=view.workload_sentence,
                    line=LINE.hue,
                ),
                folded(
                    "Minutes a day as a table",
                    tables.table(
                        ("Known", "Minutes a day"), rx.foreach(view.workload, _cost)
                    ),
                    class_name="mt-2",
                ),
            ),
            _said("Review some cards first. Then this shows what each share costs a day."),
        ),
    )


def _cost_bar(one: ObjectVar[WorkloadPoint]) -> rx.Component:
    return charts.column(
        f"{one.retention}",
        percent=one.percent,
        title=f"{one.retention} %: {one.minutes} min",
    )


def _cost(one: ObjectVar[WorkloadPoint]) -> rx.Component:
    return tables.row(f"{one.retention} %", f"{one.minutes}", key=f"{one.retention}")


def _comparison() -> rx.Component:
    view = ScheduleState.view
    return _part(
        "Which is better for you",
        rx.cond(
            _any(view.scores),
            rx.fragment(
                _said(view.comparison_sentence),
                _scores(view.scores),
                rx.cond(
                    _any(view.newest_scores),
                    rx.el.div(
                        _said("On your newest answers, which the fit has not seen:"),
                        _scores(view.newest_scores),
                        class_name="mt-4",
                    ),
                ),
                rx.el.p(
                    "Foreseen (across) against known (up), from 50 to 100 %. On the line, what "
                    "was foreseen came true. Hollow: SM-2. Filled: FSRS.",
                    class_name="mt-4 mb-2 text-[13px] text-ink2 max-w-[62ch]",
                ),
                charts.calibration(
                    rx.foreach(view.calibration, _point),
                    summary="Foreseen against known, as the table below has it.",
                    line=LINE.hue,
                ),
                folded(
                    "Foreseen and known as a table",
                    tables.table(
                        ("Scheduler", "Foreseen", "Known", "Answers"),
                        rx.foreach(view.calibration, _bin),
                    ),
                    class_name="mt-2",
                ),
            ),
            _said("SM-2 and FSRS are compared on your own answers when you fit FSRS."),
        ),
    )


def _point(one: ObjectVar[CalibrationPoint]) -> rx.Component:
    return charts.point(
        left=one.left,
        bottom=one.bottom,
        filled=one.scheduler == "FSRS",
        title=f"{one.scheduler}: {one.foreseen} foreseen, {one.known} known",
        key=one.name,
    )


def _bin(one: ObjectVar[CalibrationPoint]) -> rx.Component:
    return tables.row(one.scheduler, one.foreseen, one.known, f"{one.count}", key=one.name)


def _scores(scores: list[SchedulerScore]) -> rx.Component:
    names = ("Scheduler", "Log loss", "RMSE", "Answers")
    return tables.table(names, rx.foreach(rx.Var.create(scores), _score))


def _score(one: ObjectVar[SchedulerScore]) -> rx.Component:
    return tables.row(one.name, one.log_loss, one.rmse, f"{one.answers}", key=one.name)


def _easy_days() -> rx.Component:
    return _part(
        "Easy days",
        _said(
            "Cards in decks by FSRS avoid these days where another suits them as well. A card "
            "that comes back within two days cannot move, and SM-2 knows one day alone."
        ),
        rx.el.form(
            rx.el.div(
                *[_day(place, name) for place, name in enumerate(WEEK)],
                class_name="grid sm:grid-cols-2 gap-3",
            ),
            controls.button("Save easy days", type="submit"),
            on_submit=ScheduleState.save_easy_days,
            class_name="flex flex-col gap-4 *:last:self-start",
        ),
    )


def _day(place: int, name: str) -> rx.Component:
    chosen = ScheduleState.view.easy_days[place]
    return controls.select(
        name.capitalize(),
        name=name,
        options=CHOICES,
        default_value=chosen,
        key=f"{name}-{chosen}",
    )
