"""The insight into a gradebook: off until the student switches it on, made by rules here."""

from typing import Final

import reflex as rx

from studymaster.features.grades.state import GradesState
from studymaster.ui import controls, layout

WHAT_LEAVES: Final = (
    "Made by rules on this server. Your grades never go to a language model, to another "
    "student or anywhere else."
)
NOTHING_TO_SAY: Final = (
    "There is too little graded yet to say what moves this course most. Look again after the "
    "next grade."
)


def insight() -> rx.Component:
    """Say what moves the course most, to those who want it."""
    book = GradesState.book
    return layout.card(
        layout.section(
            "Insight",
            controls.switch(
                "Say what moves my grade most",
                hint=WHAT_LEAVES,
                checked=book.has_insight,
                on_change=GradesState.switch_insight,
            ),
            rx.cond(
                book.has_insight,
                rx.cond(
                    book.insight,
                    rx.el.ul(
                        rx.foreach(book.insight, _sentence),
                        class_name="mt-4 grid gap-2 max-w-[62ch]",
                    ),
                    rx.el.p(NOTHING_TO_SAY, class_name="mt-4 max-w-[62ch] text-ink2"),
                ),
            ),
        ),
        class_name="min-w-0",
    )


def _sentence(words: rx.Var[str]) -> rx.Component:
    return rx.el.li(words, key=words, class_name="break-words")
