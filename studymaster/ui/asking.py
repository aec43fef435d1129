"""Asks before something is gone."""

import reflex as rx

from studymaster.ui import controls


def ask_first(
    trigger: rx.Component,
    *,
    title: controls.Text,
    text: str,
    label: str,
    on_confirm: controls.Prop,
) -> rx.Component:
    """Open a window from `trigger` that says what will happen, and do it when confirmed."""
    return controls.dialog(
        title,
        rx.el.div(
            rx.radix.primitives.dialog.close(
                controls.button("Keep it", kind="ghost"), as_child=True
            ),
            rx.radix.primitives.dialog.close(
                controls.button(label, kind="danger", on_click=on_confirm), as_child=True
            ),
            class_name="flex flex-wrap gap-2.5 mt-2",
        ),
        description=text,
        trigger=trigger,
    )
