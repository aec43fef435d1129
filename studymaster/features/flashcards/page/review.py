"""The review: one card after the other, its cited page beside it, four grades."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.page.editor import editor
from studymaster.features.flashcards.page.study import EditedSource, ReviewTable
from studymaster.features.flashcards.schemas import TIMEBOXES, Suggestion
from studymaster.features.flashcards.state.deeds import DeedState
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
            next_step_at=ReviewState.next_step_at,
            on_look_again=ReviewState.look_again,
            on_grade=ReviewState.grade,
            on_resend=ReviewState.resend,
            on_take_back=ReviewState.take_back,
            undo_count=ReviewState.undo_count,
            leech=ReviewState.leech,
            edited=CardEditorState.saved,
            timebox_minutes=ReviewState.timebox_minutes,
            timeboxes=list(TIMEBOXES),
            on_edit=CardEditorState.open_card,
            on_undo=DeedState.undo,
            on_flag=DeedState.flag,
            on_bury=DeedState.bury,
            on_suspend=DeedState.suspend,
            on_set_due=DeedState.set_due,
            on_reset=DeedState.reset_card,
            on_delete=DeedState.delete,
            on_bring_back=DeedState.bring_back,
            on_choose_timebox=DeedState.choose_timebox,
            on_dismiss_leech=DeedState.dismiss_leech,
        ),
        editor(beside=_beside()),
    )


def _beside() -> rx.Component:
    """Show the page that the opened card cites, and other words for it from there."""
    card = CardEditorState.draft.id
    return rx.el.div(
        EditedSource.create(card=card, cards=ReviewState.cards, leech=ReviewState.leech),
        rx.cond(
            ReviewState.can_suggest & (card != ""),
            rx.el.div(
                controls.button(
                    rx.cond(
                        DeedState.is_asking,
                        "The model is reading the page",
                        "Suggest words",
                    ),
                    kind="ghost",
                    disabled=DeedState.is_asking,
                    on_click=DeedState.suggest(card),
                ),
                rx.cond(
                    DeedState.suggested_for == card,
                    rx.el.ul(
                        rx.foreach(DeedState.suggestions, _suggestion),
                        aria_label="Suggestions",
                        class_name="flex flex-col gap-2 empty:hidden",
                    ),
                ),
                class_name="flex flex-col items-start gap-3 mt-4 [&>ul]:w-full",
            ),
        ),
        class_name="min-w-0",
    )


def _suggestion(one: ObjectVar[Suggestion]) -> rx.Component:
    return rx.el.li(
        rx.el.p(one.front, class_name="font-study text-ink"),
        rx.el.p(one.back, class_name="font-study text-ink2"),
        controls.button(
            "Take these words",
            kind="ghost",
            on_click=CardEditorState.take_words(one.front, one.back),
        ),
        class_name="flex flex-col items-start gap-2 rounded-xl border border-hairline2 p-3.5",
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
        rx.el.p(_what_comes(), class_name="text-ink2 mt-5"),
        rx.el.div(
            *_more(),
            controls.link_button("Back to the decks", "/smart-study", icon_name="layers"),
            controls.link_button("Dashboard", "/", kind="ghost"),
            class_name="flex flex-wrap gap-2.5 mt-6",
        ),
        class_name="max-w-[720px] mx-auto pt-[6dvh]",
    )


def _more() -> tuple[rx.Component, ...]:
    """Offer what the limits of today hold back; the words count as far as one press goes."""
    offers = (("new", ReviewState.held_new, "new"), ("due", ReviewState.held_due, "due"))
    return tuple(
        rx.cond(
            held > 0,
            controls.button(
                f"{held} more {word} today",
                kind="ghost",
                icon_name="plus",
                on_click=ReviewState.ask_more(kind),
            ),
        )
        for kind, held, word in offers
    )


def _what_was_done() -> rx.Var[str]:
    """Say what was answered today, and which points the ledger has for it."""
    report = ReviewState.report
    answers = rx.cond(report.answers == 1, "1 answer", f"{report.answers} answers")
    points = rx.cond(report.points == 1, "1 point", f"{report.points} points")
    return rx.Var.create(f"{answers} in about {report.minutes} min brought {points}.")


def _what_comes() -> rx.Var[str]:
    """Say how much was known, what would not stay, and what tomorrow brings."""
    report, leeches = ReviewState.report, ReviewState.leeches
    known = report.answers - report.again
    stuck = rx.cond(
        leeches == 0,
        "",
        rx.cond(leeches == 1, "1 card does not stay. ", f"{leeches} cards do not stay. "),
    )
    count = ReviewState.due_tomorrow
    due = rx.cond(
        count == 0,
        "Nothing comes back tomorrow.",
        rx.cond(
            count == 1, "1 card comes back tomorrow.", f"{count} cards come back tomorrow."
        ),
    )
    return rx.Var.create(f"You knew {known} of {report.answers}. {stuck}{due}")


def _figure(name: str, count: int, line: Line) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="text-[14px] font-semibold text-hue-ink"),
        rx.el.dd(count, class_name="display text-[30px] font-[650] leading-tight"),
        class_name=line.hue,
    )


def _rest() -> rx.Component:
    return rx.cond(
        ReviewState.held_new + ReviewState.held_due > 0,
        _empty(
            "That is enough for today",
            "More cards wait, beyond what your decks ask on a day.",
            *_more(),
        ),
        _empty(
            "Nothing is due",
            "Your cards rest. Each comes back on its day; until then you can make new ones "
            "from a lecture.",
        ),
    )


def _no_cards() -> rx.Component:
    return _empty(
        "No cards yet",
        "Open a lecture and choose Make cards. You decide which proposals become yours.",
    )


def _empty(title: str, text: str, *actions: rx.Component) -> rx.Component:
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        layout.card(
            controls.empty_state(
                "layers",
                title,
                text,
                rx.el.div(
                    *actions,
                    controls.link_button("Choose a lecture", "/smart-study"),
                    class_name="flex flex-wrap justify-center gap-2.5",
                ),
            ),
            class_name="max-w-[720px] mx-auto mt-[8dvh]",
        ),
    )
