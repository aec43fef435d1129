"""An invitation to a group: what it is, who owns it, how many are in it, whether to join."""

from typing import Final

import reflex as rx

from studymaster.features.campus.rules.groups import MOST_MEMBERS
from studymaster.features.campus.state.joining import JoinState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/campus/join/[code]"
TITLE: Final = "Invitation"
LINE: Final = Line.CAMPUS

_invitation = JoinState.invitation


def page() -> rx.Component:
    """Show what the link invites to, or that it leads nowhere."""
    return rx.cond(
        JoinState.loaded,
        rx.cond(JoinState.missing, _nowhere(), _offer()),
        rx.fragment(
            rx.el.h1(TITLE, class_name="sr-only"),
            controls.skeleton("h-9 w-2/3", "h-40 w-full max-w-[560px]"),
        ),
    )


def _offer() -> rx.Component:
    return rx.fragment(
        layout.heading(_invitation.name, "You are invited to this study group."),
        layout.card(
            rx.el.dl(
                _fact(
                    "Course",
                    rx.cond(
                        _invitation.course_name != "", _invitation.course_name, "No course"
                    ),
                ),
                rx.cond(_invitation.owner != "", _fact("Owner", _invitation.owner)),
                _fact(
                    "Members", f"{_invitation.member_count} of {MOST_MEMBERS} places taken"
                ),
                class_name="grid gap-3",
            ),
            rx.el.p(
                "Members see your name and what you write in the group. They do not see "
                "your courses, your e-mail address or your activity.",
                class_name="mt-5 mb-5 text-ink2 max-w-[56ch]",
            ),
            rx.cond(
                _invitation.full,
                rx.el.p("This group is full. Ask them to tell you when a place is free."),
                controls.button(
                    "Join the group", icon_name="log_in", on_click=JoinState.join
                ),
            ),
            class_name="max-w-[560px]",
        ),
    )


def _fact(label: str, value: controls.Text) -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="w-24 flex-none text-ink2"),
        rx.el.dd(value, class_name="min-w-0 font-medium text-ink"),
        class_name="flex flex-wrap gap-x-4",
    )


def _nowhere() -> rx.Component:
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        layout.card(
            controls.empty_state(
                "link_2_off",
                "This invitation leads nowhere",
                "It was replaced, or the group is gone. Ask somebody in the group for a "
                "new link.",
                controls.link_button("See your groups", "/campus"),
            )
        ),
    )
