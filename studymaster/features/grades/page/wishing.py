"""The what-if of a gradebook: assumed grades, a wished result, and what it takes."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.grades.schemas import ASSUMED, OpenLine
from studymaster.features.grades.state import GradesState
from studymaster.ui import controls, layout
from studymaster.ui.folding import folded


def what_if() -> rx.Component:
    """Let a student ask what is needed, as long as something is open."""
    return rx.cond(
        GradesState.book.open,
        layout.card(
            layout.section(
                "What if",
                rx.el.p(
                    GradesState.book.basis_words, class_name="max-w-[62ch] text-ink2 mb-4"
                ),
                _form(),
                _answer(),
            ),
            class_name="min-w-0",
        ),
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            controls.text_field(
                "Wished course result in percent",
                name="wished",
                input_mode="decimal",
                max_length=20,
                auto_complete="off",
                placeholder="80",
                problem=_problem("wished"),
            ),
            _which(),
            rx.cond(GradesState.book.may_share, _share()),
            class_name="grid grid-cols-1 gap-4 sm:grid-cols-2 xl:grid-cols-3",
        ),
        folded(
            "Assume grades for what is open",
            rx.el.div(
                rx.foreach(GradesState.book.open, _assumed),
                class_name="grid grid-cols-1 gap-4 sm:grid-cols-2 mt-2 break-words",
            ),
            class_name="mt-2",
        ),
        controls.button("Work it out", type="submit", class_name="mt-4 max-sm:w-full"),
        # Another course has other lines: what was typed for this one does not go along.
        key=GradesState.book.course.id,
        on_submit=GradesState.ask,
        no_validate=True,
    )


def _which() -> rx.Component:
    return rx.el.div(
        rx.el.label(
            "What shall bring it", html_for="field-which", class_name=controls.LABEL
        ),
        rx.el.select(
            rx.el.option("Everything that is still open", value=""),
            rx.foreach(GradesState.book.open, _choice),
            id="field-which",
            name="which",
            class_name=controls.FIELD,
        ),
        class_name="min-w-0",
    )


def _choice(line: ObjectVar[OpenLine]) -> rx.Component:
    return rx.el.option(line.name, value=line.id, key=line.id)


def _share() -> rx.Component:
    return controls.text_field(
        "It counts, in percent of the course",
        name="share",
        input_mode="decimal",
        max_length=20,
        auto_complete="off",
        hint="Leave it empty if you do not know.",
        problem=_problem("share"),
    )


def _assumed(line: ObjectVar[OpenLine]) -> rx.Component:
    name = f"{ASSUMED}{line.id}"
    return controls.text_field(
        f"{line.name} ({line.range_words})",
        name=name,
        input_mode="decimal",
        max_length=20,
        auto_complete="off",
        hint=rx.cond(
            GradesState.book.may_share,
            f"Taken for {line.share_words} of the course.",
            f"Counts {line.share_words} of the course.",
        ),
        problem=_problem(name),
    )


def _problem(field: str) -> rx.Var[str]:
    problem = GradesState.problem
    return rx.cond(problem.field == field, problem.sentence, "")


def _answer() -> rx.Component:
    answer = GradesState.answer
    return rx.el.div(
        rx.cond(answer.result != "", rx.el.p(answer.result, class_name="mt-4")),
        rx.cond(answer.need != "", rx.el.p(answer.need, class_name="mt-4")),
        rx.cond(
            GradesState.problem.field.startswith(ASSUMED),
            rx.el.p(GradesState.problem.sentence, class_name="mt-4"),
        ),
        role="status",
        class_name="display text-[17px] font-semibold text-ink max-w-[60ch] break-words",
    )
