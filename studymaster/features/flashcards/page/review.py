"""The review: one card after the other, its cited page beside it, four grades."""

import reflex as rx

from studymaster.features.flashcards.page.editor import editor
from studymaster.features.flashcards.page.study import EditedSource, ReviewTable
from studymaster.features.flashcards.state.editor import CardEditorState
from studymaster.features.flashcards.state.review import ReviewState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE = "/smart-study/review"
TITLE = "Review"
LINE = Line.STUDY


def page() -> rx.Component:
    """Show the table, and after the last card what was done."""
    return rx.cond(
        ReviewState.loaded,
        _table(),
        rx.fragment(
            rx.el.h1(TITLE, class_name="sr-only"),
            controls.skeleton("h-2 w-full", "h-[46dvh] w-full", "h-14 w-full"),
        ),
    )


def _table() -> rx.Component:
    return rx.fragment(
        rx.cond(ReviewState.counts.left > 0, rx.el.h1(TITLE, class_name="sr-only")),
        ReviewTable.create(
            _end(),
            cards=ReviewState.cards,
            counts=ReviewState.counts,
            report=ReviewState.report,
            minutes_left=ReviewState.minutes_left,
            outbox=ReviewState.outbox,
            settled=ReviewState.settled,
            on_grade=ReviewState.grade,
            on_resend=ReviewState.resend,
            on_take_back=ReviewState.take_back,
            on_edit=CardEditorState.open_card,
        ),
        editor(
            beside=EditedSource.create(
                card=CardEditorState.draft.id, cards=ReviewState.cards
            )
        ),
    )


def _end() -> rx.Component:
    return rx.cond(
        ReviewState.report.answers > 0,
        _summary(),
        rx.cond(ReviewState.total > 0, _rest(), _no_cards()),
    )


def _summary() -> rx.Component:
    report = ReviewState.report
    figures = (
        ("Again", report.again, Line.ACCOUNT),
        ("Hard", report.hard, Line.FOCUS),
        ("Good", report.good, Line.CAMPUS),
        ("Easy", report.easy, Line.SYNC),
    )
    return rx.el.div(
        layout.heading(
            rx.cond(ReviewState.one_course, "Done with this deck", "Done for today"),
            _what_was_done(),
        ),
        layout.card(
            rx.el.dl(
                *[_figure(name, count, line) for name, count, line in figures],
                class_name="grid grid-cols-2 sm:grid-cols-4 gap-5",
            ),
        ),
        rx.el.p(
            "A card brings points once a day, and comes back by itself on its day.",
            class_name="text-ink2 mt-5",
        ),
        rx.el.div(
            controls.link_button("Back to the decks", "/smart-study", icon_name="layers"),
            controls.link_button("Dashboard", "/", kind="ghost"),
            class_name="flex flex-wrap gap-2.5 mt-6",
        ),
        class_name="max-w-[720px] mx-auto pt-[6dvh]",
    )


def _what_was_done() -> rx.Var[str]:
    """Say what was answered today, and which points the ledger has for it."""
    report = ReviewState.report
    answers = rx.cond(report.answers == 1, "1 answer", f"{report.answers} answers")
    points = rx.cond(report.points == 1, "1 point", f"{report.points} points")
    return rx.Var.create(f"{answers} in about {report.minutes} min brought {points}.")


def _figure(name: str, count: int, line: Line) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="text-[14px] font-semibold text-hue-ink"),
        rx.el.dd(count, class_name="display text-[30px] font-[650] leading-tight"),
        class_name=line.hue,
    )


def _rest() -> rx.Component:
    return _empty(
        "Nothing is due",
        "Your cards rest. Each comes back on its day; until then you can make new ones "
        "from a lecture.",
    )


def _no_cards() -> rx.Component:
    return _empty(
        "No cards yet",
        "Open a lecture and choose Make cards. You decide which proposals become yours.",
    )


def _empty(title: str, text: str) -> rx.Component:
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        layout.card(
            controls.empty_state(
                "layers",
                title,
                text,
                controls.link_button("Choose a lecture", "/smart-study"),
            ),
            class_name="max-w-[720px] mx-auto mt-[8dvh]",
        ),
    )
