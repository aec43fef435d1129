"""A group from the inside: its chat, when it meets, what it is about, who is in it."""

from typing import Final

import reflex as rx

from studymaster.features.campus.page.chat import GroupChat
from studymaster.features.campus.page.groups import course_chip, listed_field
from studymaster.features.campus.page.members import (
    MODERATES,
    OWNS,
    going,
    invitation,
    members,
)
from studymaster.features.campus.page.rows import SMALL
from studymaster.features.campus.rules.chat import MESSAGE_MOST
from studymaster.features.campus.rules.groups import ABOUT_MOST, NAME_MOST, NOTE_MOST
from studymaster.features.campus.state.chat import ChatState
from studymaster.features.campus.state.room import RoomState
from studymaster.ui import controls, layout
from studymaster.ui.asking import ask_first
from studymaster.ui.theme import Line

ROUTE: Final = "/campus/group/[group_id]"
TITLE: Final = "Study group"
LINE: Final = Line.CAMPUS

_group = RoomState.group


def page() -> rx.Component:
    """Show the group, or that it is not there for this student."""
    return rx.cond(
        RoomState.missing,
        _missing(),
        rx.cond(RoomState.loaded, _room(), _coming()),
    )


def _coming() -> rx.Component:
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        controls.skeleton("h-9 w-2/3", "h-[60dvh] w-full"),
    )


def _missing() -> rx.Component:
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        layout.card(
            controls.empty_state(
                "users",
                "You are not in this group",
                "It may be gone, or you are no member of it. With an invitation link you "
                "can come in.",
                controls.link_button("See your groups", "/campus"),
            )
        ),
    )


def _room() -> rx.Component:
    return rx.fragment(
        controls.text_link(
            "Campus Underground",
            "/campus",
            class_name="inline-flex items-center min-h-11 -mt-2 text-[14px]",
        ),
        layout.heading(_group.name),
        rx.el.div(
            rx.el.div(_chat(), class_name="min-w-0"),
            rx.el.div(
                _session(),
                _about(),
                members(),
                invitation(),
                going(),
                class_name="min-w-0 flex flex-col gap-6",
            ),
            class_name="grid gap-6 lg:grid-cols-[minmax(0,1fr)_340px] items-start",
        ),
    )


def _chat() -> rx.Component:
    return layout.section(
        "Chat",
        layout.card(
            GroupChat.create(
                messages=ChatState.messages,
                older=ChatState.older,
                removed=ChatState.removed,
                first_id=ChatState.first_id,
                sent=ChatState.sent,
                outbox=ChatState.outbox,
                zone=ChatState.zone,
                longest=MESSAGE_MOST,
                moderates=MODERATES,
                on_send=ChatState.send,
                on_older=ChatState.show_older,
                on_remove=ChatState.remove,
                on_seen=ChatState.seen,
                key=ChatState.outbox,
            ),
            class_name="max-md:px-3.5!",
        ),
    )


def _session() -> rx.Component:
    return layout.section(
        "Next session",
        layout.card(
            rx.cond(
                _group.when != "",
                rx.fragment(
                    rx.el.p(_group.when, class_name="display text-xl font-semibold"),
                    rx.el.p(
                        _group.next_session_note,
                        class_name="mt-1 text-ink2 empty:hidden",
                    ),
                ),
                rx.el.p("Nothing is planned.", class_name="text-ink2"),
            ),
            rx.cond(MODERATES, _planning()),
        ),
    )


def _planning() -> rx.Component:
    return rx.el.div(
        controls.dialog(
            "Next session",
            _session_form(),
            description="The members are told.",
            trigger=controls.button(
                rx.cond(_group.when != "", "Change", "Plan a session"),
                kind="ghost",
                class_name=SMALL,
            ),
            open=RoomState.asking == "session",
            on_open_change=RoomState.ask("session"),
        ),
        rx.cond(
            _group.when != "",
            ask_first(
                controls.button("Cancel it", kind="ghost", class_name=SMALL),
                title="Cancel the next session?",
                text="It disappears for all members. Say why in the chat.",
                label="Cancel the session",
                on_confirm=RoomState.clear_session,
            ),
        ),
        class_name="mt-4 flex flex-wrap gap-2.5",
    )


def _session_form() -> rx.Component:
    return rx.el.form(
        controls.text_field(
            "Day and time",
            name="moment",
            type="datetime-local",
            hint=f"By your clock ({ChatState.zone}). Everybody sees it by theirs.",
            problem=RoomState.problem,
            default_value=_group.wall_clock,
            required=True,
        ),
        controls.text_field(
            "Note",
            name="note",
            hint="Where you meet, what you take along.",
            default_value=_group.next_session_note,
            max_length=NOTE_MOST,
        ),
        controls.button("Save", type="submit"),
        on_submit=RoomState.save_session,
        class_name="grid gap-4",
    )


def _about() -> rx.Component:
    return layout.section(
        "About",
        layout.card(
            course_chip(_group),
            rx.el.p(
                _group.about,
                class_name="mt-3 text-ink2 whitespace-pre-line empty:hidden",
            ),
            rx.el.p(
                rx.cond(
                    _group.listed,
                    "Listed: whoever has the course can join.",
                    "Not listed: only the link leads in.",
                ),
                class_name="mt-3 text-[13px] text-ink2",
            ),
            rx.cond(OWNS, _edit()),
        ),
    )


def _edit() -> rx.Component:
    return controls.dialog(
        "Change the group",
        rx.el.form(
            controls.text_field(
                "Name",
                name="name",
                default_value=_group.name,
                required=True,
                max_length=NAME_MOST,
            ),
            controls.text_area(
                "What it is about",
                name="about",
                default_value=_group.about,
                max_length=ABOUT_MOST,
                rows=4,
            ),
            rx.cond(
                _group.course_name != "",
                listed_field(default_value=rx.cond(_group.listed, "yes", "no")),
            ),
            controls.button("Save", type="submit"),
            on_submit=RoomState.save_group,
            class_name="grid gap-4",
        ),
        trigger=controls.button(
            "Change the group",
            kind="ghost",
            icon_name="pencil",
            class_name=f"mt-4 {SMALL}",
        ),
        open=RoomState.asking == "group",
        on_open_change=RoomState.ask("group"),
    )
