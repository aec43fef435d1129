"""One open question: its words, its answers, and the box to add one."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.campus.page.keeping import KeptForm
from studymaster.features.campus.page.opinions import against, report_form, votes
from studymaster.features.campus.page.rows import QUIET, STUDIED, show_more
from studymaster.features.campus.rules.questions import TEXT_MAX
from studymaster.features.campus.schemas.questions import AnswerView
from studymaster.features.campus.state.thread import ThreadState
from studymaster.ui import controls
from studymaster.ui.asking import ask_first
from studymaster.ui.written import Written


def thread() -> rx.Component:
    """Show the open question whole, its answers, and the box for one's own."""
    question = ThreadState.question
    return rx.el.div(
        rx.cond(question.text != "", _words(question.text)),
        rx.el.div(
            rx.cond(
                question.mine,
                _remove(
                    "Remove the question",
                    text="It is gone for good, with all its answers.",
                    on_confirm=ThreadState.remove_question(question.id),
                ),
                _against(question.id, question.author, question.author_id),
            ),
            class_name="flex flex-wrap gap-2 mt-3",
        ),
        rx.cond(ThreadState.reporting == question.id, _report_form()),
        rx.el.ul(
            rx.foreach(ThreadState.answers, _answer),
            aria_label="Answers",
            aria_live="polite",
            class_name="list-none mt-4 divide-y divide-hairline",
        ),
        rx.cond(ThreadState.more, show_more(ThreadState.show_more)),
        _box(),
        class_name="pl-4 ml-1 mt-3 border-l-2 border-hairline2",
    )


def _answer(one: ObjectVar[AnswerView]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            one.helped,
            rx.el.p(
                controls.icon("circle_check", size=16),
                "This helped",
                class_name="flex items-center gap-2 mb-1.5 text-[13px] font-semibold "
                "text-campus-ink",
            ),
        ),
        _words(one.text),
        rx.el.p(
            rx.cond(one.author == "", "A former student", one.author),
            " · ",
            controls.ago(one.created_at),
            rx.cond(one.hidden, " · Hidden after three reports", ""),
            class_name="mt-1.5 text-[13px] text-ink2",
        ),
        rx.el.div(
            votes(one, on_vote=ThreadState.vote(one.id, ~one.voted.to(bool))),
            rx.cond(ThreadState.question.mine, _mark(one)),
            rx.cond(
                one.mine,
                _remove(
                    "Remove the answer",
                    text="It is gone for good, with its votes.",
                    on_confirm=ThreadState.remove_answer(one.id),
                ),
                _against(one.id, one.author, one.author_id),
            ),
            class_name="flex flex-wrap items-center gap-2 mt-2",
        ),
        rx.cond(ThreadState.reporting == one.id, _report_form()),
        class_name="py-4",
        key=one.id,
    )


def _words(text: controls.Text) -> rx.Component:
    return Written.create(text=text, class_name=STUDIED)


def _mark(one: ObjectVar[AnswerView]) -> rx.Component:
    return rx.el.button(
        controls.icon("circle_check", size=16),
        "This helped",
        type="button",
        aria_pressed=one.helped,
        on_click=ThreadState.mark_helped(one.id, ~one.helped.to(bool)),
        class_name=rx.cond(one.helped, f"{QUIET} tint", QUIET),
    )


def _against(
    about: controls.Text, author: controls.Text, author_id: controls.Text
) -> rx.Component:
    return against(
        author,
        author_id,
        is_reporting=ThreadState.reporting == about,
        on_report=ThreadState.toggle_report(about),
        on_block=ThreadState.block(author_id),
    )


def _report_form() -> rx.Component:
    return report_form(
        hint="Three reports hide it. Whoever wrote it does not learn who reported.",
        on_submit=ThreadState.report,
    )


def _remove(label: str, *, text: str, on_confirm: controls.Prop) -> rx.Component:
    return ask_first(
        controls.icon_button(label, "trash_2"),
        title=f"{label}?",
        text=text,
        label="Remove",
        on_confirm=on_confirm,
    )


def _box() -> rx.Component:
    return KeptForm.create(
        controls.text_area(
            rx.cond(ThreadState.question.mine, "Add to it", "Your answer"),
            name="text",
            hint="Markdown works: lists, **bold**, links.",
            max_length=TEXT_MAX,
            rows=3,
            required=True,
        ),
        controls.button("Answer", type="submit", class_name="mt-3"),
        draft=f"answer:{ThreadState.question.id}",
        sent=ThreadState.sent,
        on_send=ThreadState.answer,
        key=ThreadState.question.id,
        class_name="mt-4",
    )
