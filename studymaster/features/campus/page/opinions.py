"""How a student says that something is useful, or that it should not be here."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.campus.page.rows import QUIET, SMALL
from studymaster.features.campus.rules.reports import REASON_MAX
from studymaster.features.campus.schemas.questions import AnswerView
from studymaster.features.campus.schemas.resources import ResourceView
from studymaster.ui import controls
from studymaster.ui.asking import ask_first


def votes(
    one: ObjectVar[ResourceView] | ObjectVar[AnswerView], *, on_vote: controls.Prop
) -> rx.Component:
    """Show how many find it useful; everybody but its author can join them."""
    words = rx.cond(one.votes == 1, "1 useful", f"{one.votes} useful")
    return rx.cond(
        one.mine,
        controls.chip(controls.icon("thumbs_up", size=14), words),
        rx.el.button(
            controls.icon("thumbs_up", size=16),
            words,
            type="button",
            aria_pressed=one.voted,
            on_click=on_vote,
            class_name=rx.cond(one.voted, f"{QUIET} tint", QUIET),
        ),
    )


def against(
    author: controls.Text,
    author_id: controls.Text,
    *,
    is_reporting: controls.Prop,
    is_reported: controls.Prop = False,
    on_report: controls.Prop,
    on_block: controls.Prop,
) -> rx.Component:
    """Offer to report something once, and to see nothing more of its author."""
    return rx.fragment(
        rx.el.button(
            controls.icon("flag", size=16),
            rx.cond(is_reported, "Reported", rx.cond(is_reporting, "Cancel", "Report")),
            type="button",
            aria_expanded=is_reporting,
            disabled=is_reported,
            on_click=on_report,
            class_name=QUIET,
        ),
        rx.cond(
            rx.Var.create(author_id) != "",
            ask_first(
                controls.button(
                    "Block",
                    kind="ghost",
                    icon_name="ban",
                    aria_label=f"Block {author}",
                    class_name=SMALL,
                ),
                title=f"Block {author}?",
                text="Neither of you sees what the other asks, shares or writes any more. You "
                "can lift it under Buddies.",
                label="Block",
                on_confirm=on_block,
            ),
        ),
    )


def report_form(
    *, hint: str, on_submit: controls.Prop, class_name: str = "mt-3"
) -> rx.Component:
    """Return the form that says why something should not be here."""
    return rx.el.form(
        controls.text_field(
            "What is wrong with it?",
            name="reason",
            hint=hint,
            max_length=REASON_MAX,
            auto_focus=True,
            required=True,
        ),
        controls.button("Send report", type="submit", class_name="mt-3"),
        on_submit=on_submit,
        class_name=class_name,
    )
