"""Practice: what to be asked about, and the quizzes so far."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.quizzes.schemas import FEWEST, MOST, PileChoice, QuizRow
from studymaster.features.quizzes.state.start import QuizStartState
from studymaster.ui import controls, layout
from studymaster.ui.controls import FIELD, LABEL
from studymaster.ui.rooms import rooms
from studymaster.ui.theme import Line

ROUTE = "/smart-study/quiz"
TITLE = "Practice"
LINE = Line.STUDY

FEWEST_CARDS = 4


def page() -> rx.Component:
    """Show the form for a new quiz above the history."""
    return rx.fragment(
        layout.heading(
            TITLE,
            "A quiz from your own cards. It changes nothing about when they come back.",
        ),
        rooms(ROUTE),
        rx.el.p(
            "Rather turn cards than answer questions? ",
            controls.text_link("Custom study", "/smart-study/cram"),
            " goes through the ones you choose.",
            class_name="mb-5 text-ink2",
        ),
        rx.cond(
            QuizStartState.loaded,
            rx.el.div(
                rx.cond(QuizStartState.cards < FEWEST_CARDS, _too_few(), _form()),
                _history(),
                class_name="grid gap-6 lg:grid-cols-2 items-start",
            ),
            controls.skeleton("h-56 w-full", "h-40 w-full"),
        ),
        _discarding(),
    )


def _too_few() -> rx.Component:
    cards = QuizStartState.cards
    some = rx.cond(cards == 1, "You have 1 card", f"You have {cards} cards")
    there = rx.cond(cards == 0, "You have no cards", some)
    return layout.card(
        controls.empty_state(
            "list_checks",
            "Not enough cards yet",
            f"{there} that can be asked. A quiz needs {FEWEST_CARDS}, so that there are "
            "wrong answers to choose among.",
            controls.link_button("Make cards", "/smart-study"),
        )
    )


def _form() -> rx.Component:
    return layout.card(
        rx.el.form(
            rx.el.input(
                type="hidden", name="visit", value=QuizStartState.visit, read_only=True
            ),
            rx.el.div(
                rx.el.label("Ask me about", html_for="quiz-pile", class_name=LABEL),
                rx.el.select(
                    rx.foreach(QuizStartState.piles, _pile),
                    id="quiz-pile",
                    name="pile",
                    class_name=FIELD,
                ),
            ),
            controls.text_field(
                "Questions",
                name="count",
                id="quiz-count",
                type="number",
                min=FEWEST,
                max=MOST,
                default_value="10",
                required=True,
                hint=f"{FEWEST} to {MOST}; with fewer cards there are fewer.",
            ),
            controls.button("Start", type="submit", icon_name="play"),
            on_submit=QuizStartState.start,
            class_name="flex flex-col gap-4",
        )
    )


def _pile(pile: ObjectVar[PileChoice]) -> rx.Component:
    return rx.el.option(f"{pile.name} ({pile.cards})", value=pile.key)


def _history() -> rx.Component:
    return layout.section(
        "Quizzes so far",
        rx.cond(
            QuizStartState.quizzes,
            rx.el.ul(
                rx.foreach(QuizStartState.quizzes, _row),
                class_name="list-none flex flex-col gap-2",
            ),
            rx.el.p("None yet.", class_name="text-ink2"),
        ),
        rx.cond(
            QuizStartState.more,
            controls.button(
                "Show more",
                kind="ghost",
                on_click=QuizStartState.show_more,
                class_name="mt-4",
            ),
        ),
    )


def _row(row: ObjectVar[QuizRow]) -> rx.Component:
    result = rx.cond(
        row.finished,
        f"{row.right} of {row.total} right",
        f"{row.answered} of {row.total} answered, go on",
    )
    return rx.el.li(
        controls.page_link(
            rx.el.span(row.name, class_name="block font-medium text-ink"),
            rx.el.span(f"{row.when} · {result}", class_name="block text-[13px] text-ink2"),
            href=f"/smart-study/quiz/{row.id}",
            class_name="block flex-1 min-w-0 surface py-3! min-h-11 hover:bg-card2",
        ),
        rx.cond(
            row.finished,
            rx.fragment(),
            controls.icon_button(
                f"Discard {row.name} of {row.when}",
                "trash_2",
                on_click=QuizStartState.ask_discard(row.id),
            ),
        ),
        class_name="flex items-center gap-1.5",
        key=row.id,
    )


def _discarding() -> rx.Component:
    state = QuizStartState
    return controls.dialog(
        "Discard this quiz?",
        rx.el.div(
            controls.button("Discard it", kind="danger", on_click=state.discard),
            controls.button("Keep it", kind="ghost", on_click=state.close(False)),  # noqa: FBT003
            class_name="flex flex-wrap gap-2.5 mt-2",
        ),
        description=f"{state.discarding_name} is not finished. What you answered in it goes "
        "with it; your cards and their days stay as they are.",
        open=state.discarding != "",
        on_open_change=state.close,
    )
