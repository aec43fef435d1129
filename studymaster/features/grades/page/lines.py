"""The lines of a gradebook in Moodle's order, each with its grade and what was said of it."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.grades.schemas import GradeLineView
from studymaster.features.grades.state import GradesState
from studymaster.ui import controls, layout
from studymaster.ui.folding import folded


def gradebook_lines() -> rx.Component:
    """List the gradebook as Moodle does."""
    return layout.card(
        layout.section(
            "Gradebook",
            rx.el.ul(
                rx.foreach(GradesState.book.lines, _line),
                class_name="list-none divide-y divide-hairline -my-3",
            ),
        ),
        class_name="min-w-0",
    )


def _line(line: ObjectVar[GradeLineView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(
                    line.name,
                    rx.cond(_is_total(line), rx.fragment(" ", controls.chip("total"))),
                    class_name="font-medium text-ink break-words",
                ),
                rx.el.p(
                    rx.foreach(_facts(line), _fact),
                    class_name="flex flex-wrap gap-x-3 text-[13px] text-ink2",
                ),
                class_name="flex-1 min-w-[180px]",
            ),
            rx.cond(
                line.shown != "",
                rx.el.p(
                    rx.el.span(line.shown, class_name="font-semibold text-ink break-words"),
                    rx.cond(
                        line.percent_words != "",
                        rx.el.span(f" · {line.percent_words}", class_name="text-ink2"),
                    ),
                    class_name="text-[15px] tabular-nums",
                ),
                rx.el.p("not graded", class_name="text-[14px] text-ink2"),
            ),
            class_name="flex flex-wrap items-baseline gap-x-6 gap-y-1",
        ),
        rx.cond(line.feedback != "", _feedback(line)),
        key=line.id,
        class_name="py-3",
    )


def _is_total(line: ObjectVar[GradeLineView]) -> rx.Var[bool]:
    kind = rx.Var.create(line.kind).to(str)
    return (kind == "course") | (kind == "category")


def _facts(line: ObjectVar[GradeLineView]) -> rx.Var[list[str]]:
    return rx.Var.create(line.facts).to(list[str])


def _fact(words: rx.Var[str]) -> rx.Component:
    return rx.el.span(words, key=words)


def _feedback(line: ObjectVar[GradeLineView]) -> rx.Component:
    return folded(
        "Feedback",
        rx.el.p(
            line.feedback,
            class_name="font-study text-[17px] whitespace-pre-wrap break-words max-w-[66ch]",
        ),
        hidden=f" on {line.name}",
    )
