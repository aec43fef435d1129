"""A quiz: one question after the other, each explained with its page, then the result."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.quizzes.schemas import ItemView, PairView
from studymaster.features.quizzes.state.play import QUESTION, QuizState
from studymaster.ui import controls, layout
from studymaster.ui.controls import FIELD
from studymaster.ui.theme import Line
from studymaster.ui.written import Written

ROUTE = "/smart-study/quiz/[quiz_id]"
TITLE = "Quiz"
LINE = Line.STUDY

ANSWER_ID = "quiz-given"
OPTION = (
    "flex items-center gap-3.5 w-full min-h-14 px-4 py-3 rounded-[14px] border text-left "
    "text-[16px] text-ink "
)


def page() -> rx.Component:
    """Show the question on the table, or the result."""
    return rx.cond(
        QuizState.missing,
        _missing(),
        rx.cond(QuizState.loaded, _quiz(), _coming()),
    )


def _coming() -> rx.Component:
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        controls.skeleton("h-8 w-1/2", "h-40 w-full", "h-14 w-full", "h-14 w-full"),
    )


def _missing() -> rx.Component:
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        layout.card(
            controls.empty_state(
                "list_checks",
                "This quiz is not one of yours",
                "The address may be mistyped. Your own quizzes are listed under Practice.",
                controls.link_button("Practice", "/smart-study/quiz"),
            ),
            class_name="max-w-[720px] mx-auto mt-[8dvh]",
        ),
    )


def _quiz() -> rx.Component:
    quiz = QuizState.quiz
    return rx.el.div(
        controls.text_link(
            "Practice",
            "/smart-study/quiz",
            class_name="inline-flex items-center min-h-11 -mt-2 text-[14px]",
        ),
        layout.heading(quiz.name, _where()),
        rx.el.div(
            controls.progress_bar(
                quiz.answered, quiz.total, label="Answered", line=Line.STUDY.hue
            ),
            class_name="mb-6",
        ),
        rx.el.section(
            rx.cond(QuizState.is_over, _result(), _question()),
            id=QUESTION,
            tab_index=-1,
            aria_label=rx.cond(QuizState.is_over, "Result", "Question"),
            class_name="outline-none",
        ),
        class_name="max-w-[760px] mx-auto",
    )


def _where() -> rx.Var[str]:
    quiz, item = QuizState.quiz, QuizState.item
    return rx.cond(
        QuizState.is_over,
        f"{quiz.right} of {quiz.total} right",
        f"Question {item.number} of {quiz.total}",
    )


def _question() -> rx.Component:
    item = QuizState.item
    return rx.fragment(
        layout.card(
            Written.create(
                text=item.prompt,
                class_name="font-study text-[20px] md:text-[24px] leading-[1.4]",
            ),
            class_name="mb-4",
        ),
        rx.match(item.kind, ("short", _typed()), ("matching", _matched()), _options()),
        rx.el.div(
            rx.cond(item.state != "open", _explained()),
            role="status",
        ),
        rx.cond(item.state != "open", _next()),
    )


def _options() -> rx.Component:
    return rx.el.div(
        rx.foreach(QuizState.item.options, _option),
        role="group",
        aria_label="Answers",
        class_name="flex flex-col gap-2.5",
        key=QuizState.item.position,
    )


def _option(option: rx.Var[str], index: rx.Var[int]) -> rx.Component:
    item = QuizState.item
    number = index.to(int) + 1
    is_answered = rx.Var.create(item.state != "open")
    is_answer = is_answered & (item.answer == option)
    is_slip = is_answered & (item.given == option) & (item.answer != option)
    return rx.el.button(
        rx.el.kbd(
            number,
            aria_hidden="true",
            class_name="max-md:hidden text-[12px] font-semibold border border-b-2 rounded-md "
            "px-1.5 font-body border-hairline2 text-ink2",
        ),
        Written.create(text=option, phrase=True, class_name="flex-1 min-w-0"),
        rx.cond(is_answer, _mark("Right", "check", Line.CAMPUS)),
        rx.cond(is_slip, _mark("Your answer", "x", Line.ACCOUNT)),
        type="button",
        on_click=QuizState.answer(item.position, option),
        aria_disabled=is_answered,
        aria_keyshortcuts=number.to(str),
        custom_attrs={"data-key": number.to(str)},
        class_name=rx.cond(
            is_answer,
            OPTION + "border-campus bg-card",
            rx.cond(
                is_slip,
                OPTION + "border-acct bg-card",
                OPTION + "border-hairline2 bg-card hover:bg-card2",
            ),
        ),
        key=option,
    )


def _mark(words: str, icon_name: str, line: Line) -> rx.Component:
    return rx.el.span(
        controls.icon(icon_name, size=16),
        words,
        class_name=f"{line.hue} inline-flex items-center gap-1.5 text-[13px] font-semibold "
        "text-hue-ink whitespace-nowrap",
    )


def _typed() -> rx.Component:
    item = QuizState.item
    return rx.cond(
        item.state == "open",
        rx.el.form(
            controls.text_field(
                "Your answer",
                name="given",
                id=ANSWER_ID,
                key=item.position,
                hint="Small slips and capital letters do not matter.",
                auto_complete="off",
                auto_focus=True,
                required=True,
                custom_attrs={"dir": "auto"},
            ),
            controls.button("Check", type="submit"),
            on_submit=QuizState.answer_typed,
            class_name="flex flex-col items-start gap-3 *:first:w-full",
        ),
        rx.el.p(
            "You typed: ",
            rx.el.span(item.given, class_name="font-semibold text-ink"),
            class_name="text-ink2",
        ),
    )


def _matched() -> rx.Component:
    item = QuizState.item
    return rx.cond(
        item.state == "open",
        rx.el.form(
            rx.foreach(item.pairs, _pair),
            controls.button("Check", type="submit"),
            on_submit=QuizState.answer_pairs,
            key=item.position,
            class_name="flex flex-col gap-3 *:last:self-start",
        ),
        rx.el.ul(
            rx.foreach(item.pairs, _paired), class_name="list-none flex flex-col gap-2.5"
        ),
    )


def _pair(pair: ObjectVar[PairView]) -> rx.Component:
    name = f"pair-{pair.place}"
    return rx.el.div(
        rx.el.label(
            pair.asked, html_for=name, class_name="font-medium min-w-0", dir="auto"
        ),
        rx.el.select(
            rx.el.option("Choose …", value=""),
            rx.foreach(QuizState.item.options, _choice),
            id=name,
            name=name,
            required=True,
            class_name=FIELD,
        ),
        class_name="grid gap-x-4 gap-y-1 sm:grid-cols-2 sm:items-center",
        key=name,
    )


def _choice(option: rx.Var[str]) -> rx.Component:
    return rx.el.option(option, value=option)


def _paired(pair: ObjectVar[PairView]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(pair.asked, ": ", class_name="text-ink2", dir="auto"),
            rx.el.span(pair.answer, class_name="font-medium", dir="auto"),
        ),
        rx.cond(
            pair.right,
            _mark("Right", "check", Line.CAMPUS),
            rx.fragment(_mark(f"You chose: {pair.given}", "x", Line.ACCOUNT), _links(pair)),
        ),
        class_name="rounded-[14px] border border-hairline2 bg-card px-4 py-3",
        key=pair.place,
    )


def _explained() -> rx.Component:
    item = QuizState.item
    return layout.card(
        rx.cond(
            item.state == "right",
            _mark("That is right.", "circle_check", Line.CAMPUS),
            _mark("Not this time.", "circle_x", Line.ACCOUNT),
        ),
        rx.cond(
            (item.state == "wrong") & (item.kind == "short"),
            _was("The answer: ", item.answer, "text-ink", class_name="mt-2"),
        ),
        rx.cond(
            item.kind != "matching",
            Written.create(
                text=item.explanation,
                class_name="mt-2 font-study text-[17px] leading-relaxed",
            ),
        ),
        _source(item),
        class_name="mt-4",
    )


def _source(item: ObjectVar[ItemView] | ItemView) -> rx.Component:
    cited = item.cited
    return rx.fragment(
        rx.cond(
            cited.quote != "",
            rx.el.blockquote(
                cited.quote,
                class_name="mt-3 bg-paper text-paper-ink font-study text-[15px] "
                "leading-relaxed rounded-[10px] px-4 py-3",
            ),
        ),
        _picture(item),
        _links(item),
    )


def _picture(item: ObjectVar[ItemView] | ItemView) -> rx.Component:
    cited = item.cited
    return rx.cond(
        cited.picture != "",
        rx.el.details(
            rx.el.summary(
                "The page it comes from",
                class_name="flex items-center min-h-11 text-[14px] font-medium text-ink2",
            ),
            rx.el.img(
                src=cited.picture,
                alt=f"Page {cited.page} of {cited.name}",
                loading="lazy",
                class_name="w-full h-auto rounded-[10px] bg-paper min-h-40",
            ),
        ),
    )


def _links(item: ObjectVar[ItemView] | ItemView | ObjectVar[PairView]) -> rx.Component:
    cited = item.cited
    return rx.cond(
        cited.lecture != "",
        rx.el.div(
            rx.cond(
                cited.file != "",
                rx.el.a(
                    f"{cited.name} · p. {cited.page}",
                    href=cited.file,
                    target="_blank",
                    rel="noreferrer",
                    class_name="text-[14px] font-medium underline underline-offset-4 "
                    "decoration-edge hover:decoration-ink inline-flex items-center min-h-11",
                ),
            ),
            controls.text_link(
                "Open the lecture",
                cited.lecture,
                class_name="text-[14px] inline-flex items-center min-h-11",
            ),
            class_name="flex flex-wrap gap-x-5 mt-1",
        ),
    )


def _next() -> rx.Component:
    """Draw the way on; it takes the focus, so that Enter goes on."""
    quiz = QuizState.quiz
    return controls.button(
        rx.cond(quiz.answered == quiz.total, "Show the result", "Next question"),
        on_click=QuizState.go_on,
        auto_focus=True,
        class_name="mt-4",
        key=f"next{QuizState.item.position}",
    )


def _result() -> rx.Component:
    quiz = QuizState.quiz
    wrong = quiz.total - quiz.right
    return rx.fragment(
        layout.card(
            rx.el.p(
                f"{quiz.percent}%",
                class_name="display text-[44px] font-[650] leading-none",
            ),
            rx.el.p(
                rx.cond(
                    wrong == 0,
                    "All right. The cards come back on their days as before.",
                    f"{quiz.right} right, {wrong} wrong. The cards come back on their days "
                    "as before.",
                ),
                class_name="mt-2 text-ink2",
            ),
            _after(wrong),
            class_name="mb-6",
        ),
        rx.cond(
            QuizState.wrong,
            layout.section(
                "What was wrong",
                rx.el.ol(
                    rx.foreach(QuizState.wrong, _wrong),
                    class_name="list-none flex flex-col gap-4",
                ),
            ),
        ),
    )


def _after(wrong: int) -> rx.Component:
    return rx.el.div(
        rx.cond(
            wrong > 0,
            rx.fragment(
                controls.button(
                    "Practise the wrong ones", on_click=QuizState.practise_again
                ),
                controls.link_button(
                    "Turn them as cards",
                    f"/smart-study/cram?quiz={QuizState.quiz.id}",
                    kind="ghost",
                    icon_name="layers",
                ),
            ),
        ),
        controls.link_button("Another quiz", "/smart-study/quiz", kind="ghost"),
        class_name="flex flex-wrap gap-2.5 mt-5",
    )


def _wrong(item: ObjectVar[ItemView]) -> rx.Component:
    return rx.el.li(
        layout.card(
            Written.create(
                text=item.prompt,
                class_name="font-study text-[17px] leading-snug",
            ),
            rx.cond(
                item.kind == "matching",
                rx.el.ul(
                    rx.foreach(item.pairs, _paired),
                    class_name="list-none flex flex-col gap-2.5 mt-2",
                ),
                rx.fragment(
                    _was("You answered: ", item.given, "text-acct-ink", class_name="mt-2"),
                    _was("Right: ", item.answer, "text-campus-ink"),
                    _source(item),
                ),
            ),
        ),
        key=item.position,
    )


def _was(
    words: str, answer: controls.Text, tone: str, *, class_name: str = ""
) -> rx.Component:
    return rx.el.div(
        words,
        Written.create(text=answer, phrase=True, class_name=f"{tone} font-medium"),
        class_name=f"{class_name} text-[14px] text-ink2 [&>.written]:inline",
    )
