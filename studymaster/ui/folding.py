"""What is folded away until it is asked for, the same on every page."""

import reflex as rx

from studymaster.ui.controls import Prop, Text

SUMMARY = "w-fit min-h-11 py-2.5 cursor-pointer text-[14px] font-semibold text-ink2"
"""The browser draws its triangle only beside a summary that is no flex box."""


def folded(
    words: Text, *content: rx.Component, hidden: Text = "", **props: Prop
) -> rx.Component:
    """Return content under a line that unfolds it; `hidden` is for those who hear the line."""
    line = rx.el.summary(
        words, rx.el.span(hidden, class_name="sr-only empty:hidden"), class_name=SUMMARY
    )
    return rx.el.details(line, *content, **props)
