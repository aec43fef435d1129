"""The quick-questions board: ask, find, and open a question below its line."""

from typing import Final

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.campus.page.folding import FoldedChoice
from studymaster.features.campus.page.keeping import QUESTION, FormOpener, KeptForm
from studymaster.features.campus.page.rows import LIST, labelled, show_more
from studymaster.features.campus.page.thread import thread
from studymaster.features.campus.rules.questions import SEARCH_MAX, TEXT_MAX, TITLE_MAX
from studymaster.features.campus.schemas.audience import CourseChoice
from studymaster.features.campus.schemas.questions import QuestionOrder, QuestionView
from studymaster.features.campus.state.questions import QuestionsState
from studymaster.features.campus.state.thread import ThreadState
from studymaster.ui import controls, layout

TYPING_PAUSE_MS: Final = 300


def questions_panel() -> rx.Component:
    """Show the form, the choice of what to see, and the list."""
    return rx.cond(
        QuestionsState.loaded,
        rx.el.div(
            rx.cond(QuestionsState.courses, _asking(), layout.card(_no_courses())),
            _filters(),
            layout.section(
                "Questions",
                layout.card(
                    rx.cond(
                        QuestionsState.questions,
                        rx.el.ul(
                            rx.foreach(QuestionsState.questions, _question),
                            class_name=LIST,
                        ),
                        _nothing(),
                    ),
                    rx.cond(QuestionsState.more, show_more(QuestionsState.show_more)),
                ),
            ),
            class_name="flex flex-col gap-6",
        ),
        controls.skeleton("h-16 w-full", "h-20 w-full", "h-20 w-full", "h-20 w-full"),
    )


def _no_courses() -> rx.Component:
    return controls.empty_state(
        "message_circle_question",
        "No courses to ask in yet",
        "A question goes to everybody who has the course. Connect your Moodle first.",
        controls.link_button("Connect Moodle", "/live-sync", icon_name="refresh_cw"),
    )


def _asking() -> rx.Component:
    return rx.el.div(
        KeptForm.create(
            *_fields(),
            draft=QUESTION,
            sent=QuestionsState.sent,
            opener="Ask a question",
            on_send=QuestionsState.ask,
            class_name="surface mt-4 grid gap-5",
        )
    )


def _fields() -> tuple[rx.Component, ...]:
    return (
        labelled(
            "Ask the course",
            "question-course",
            rx.el.select(
                rx.el.option("Choose a course", value=""),
                rx.foreach(QuestionsState.courses, _course),
                id="question-course",
                name="course",
                required=True,
                class_name=controls.FIELD,
            ),
        ),
        controls.text_field(
            "Your question in a line",
            name="title",
            hint="Everybody who has the course sees it, with your name.",
            max_length=TITLE_MAX,
            required=True,
        ),
        controls.text_area(
            "What you know so far",
            name="text",
            hint="Markdown works: lists, **bold**, links.",
            max_length=TEXT_MAX,
            rows=4,
        ),
        controls.button("Ask", type="submit", class_name="w-fit"),
    )


def _course(one: ObjectVar[CourseChoice]) -> rx.Component:
    return rx.el.option(one.name, value=one.id)


def _filters() -> rx.Component:
    return FoldedChoice.create(
        labelled(
            "Course",
            "questions-course",
            rx.el.select(
                rx.el.option("All your courses", value=""),
                rx.foreach(QuestionsState.courses, _course),
                id="questions-course",
                value=QuestionsState.course,
                on_change=QuestionsState.choose_course,
                class_name=controls.FIELD,
            ),
        ),
        labelled(
            "Order",
            "questions-order",
            rx.el.select(
                rx.el.option("Unanswered first", value="unanswered"),
                rx.el.option("Newest first", value="newest"),
                id="questions-order",
                value=QuestionsState.order,
                on_change=QuestionsState.choose_order,
                class_name=controls.FIELD,
            ),
        ),
        _search(),
        label="Filter and order",
        active=[
            QuestionsState.course != "",
            QuestionsState.order != QuestionOrder.UNANSWERED.value,
            QuestionsState.words != "",
        ],
        class_name="grid gap-4 sm:grid-cols-2 lg:grid-cols-3 sm:max-lg:*:last:col-span-2",
    )


def _search() -> rx.Component:
    return labelled(
        "Search",
        "questions-words",
        rx.el.input(
            id="questions-words",
            type="search",
            max_length=SEARCH_MAX,
            default_value=QuestionsState.words,
            on_change=QuestionsState.search.debounce(TYPING_PAUSE_MS),
            class_name=controls.FIELD,
        ),
    )


def _nothing() -> rx.Component:
    return rx.cond(
        (QuestionsState.words != "") | (QuestionsState.course != ""),
        controls.empty_state(
            "search",
            "No question fits",
            "Try fewer words, or all your courses. If nobody has asked yet, you can.",
        ),
        controls.empty_state(
            "message_circle_question",
            "Nobody has asked yet",
            "Ask what you would ask your neighbour in the lecture. Somebody of the course "
            "knows.",
            rx.cond(
                QuestionsState.courses,
                FormOpener.create(
                    draft=QUESTION, field="question-course", label="Ask the first one"
                ),
            ),
        ),
    )


def _question(one: ObjectVar[QuestionView]) -> rx.Component:
    is_open = ThreadState.question.id == one.id
    return rx.el.li(
        rx.el.h3(
            rx.el.button(
                rx.el.span(one.title, class_name="flex-1 min-w-0 text-left"),
                rx.cond(
                    is_open, controls.icon("chevron_up"), controls.icon("chevron_down")
                ),
                type="button",
                aria_expanded=is_open,
                on_click=ThreadState.toggle(one.id),
                class_name="flex items-center gap-3 w-full min-h-11 font-semibold text-ink",
            )
        ),
        _facts(one),
        rx.cond(is_open, thread()),
        class_name="py-3",
        key=one.id,
    )


def _facts(one: ObjectVar[QuestionView]) -> rx.Component:
    return rx.el.div(
        controls.chip(one.course),
        rx.cond(
            one.answers == 0,
            controls.chip("No answer yet", line="line-focus"),
            controls.chip(rx.cond(one.answers == 1, "1 answer", f"{one.answers} answers")),
        ),
        rx.cond(one.solved, controls.chip("Solved", line="line-campus")),
        rx.cond(one.hidden, controls.chip("Hidden after three reports", line="line-acct")),
        rx.el.span(
            rx.cond(one.author == "", "A former student", one.author),
            " · ",
            controls.ago(one.created_at),
            class_name="text-[13px] text-ink2",
        ),
        class_name="flex flex-wrap items-center gap-2",
    )
