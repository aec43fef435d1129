"""A group from the inside: its chat, when it meets, who is in it, and how others come in."""

from typing import Final

import reflex as rx

from studymaster.features.campus.page.chat import CopyLine, GroupChat
from studymaster.features.campus.page.confirming import SMALL, ask_first
from studymaster.features.campus.page.groups import course_chip, listed_field
from studymaster.features.campus.rules.chat import MESSAGE_MOST
from studymaster.features.campus.rules.groups import ABOUT_MOST, NAME_MOST, NOTE_MOST
from studymaster.features.campus.schemas.groups import MemberView
from studymaster.features.campus.state.chat import ChatState
from studymaster.features.campus.state.room import RoomState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/campus/group/[group_id]"
TITLE: Final = "Study group"
LINE: Final = Line.CAMPUS

_group = RoomState.group
_owns = _group.role == "owner"
_moderates = _owns | (_group.role == "moderator")


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
        layout.heading(_group.name, actions=rx.cond(_owns, _edit())),
        rx.el.div(
            rx.el.div(_chat(), class_name="min-w-0"),
            rx.el.div(
                _session(),
                _about(),
                _members(),
                _invitation(),
                _going(),
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
                moderates=_moderates,
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
                        class_name="mt-1 text-ink2 break-words empty:hidden",
                    ),
                ),
                rx.el.p("Nothing is planned.", class_name="text-ink2"),
            ),
            rx.cond(_moderates, _planning()),
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
                class_name="mt-3 text-ink2 whitespace-pre-line break-words empty:hidden",
            ),
            rx.el.p(
                rx.cond(
                    _group.listed,
                    "Listed: whoever has the course can join.",
                    "Not listed: only the link leads in.",
                ),
                class_name="mt-3 text-[13px] text-ink2",
            ),
        ),
    )


def _members() -> rx.Component:
    return layout.section(
        "Members",
        layout.card(
            rx.el.ul(
                rx.foreach(RoomState.members, _member),
                class_name="list-none divide-y divide-hairline -my-3",
            )
        ),
        action=f"{_group.member_count}",
    )


def _member(one: MemberView) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            one.name,
            rx.cond(one.is_you, rx.el.span(" (you)", class_name="text-ink2")),
            class_name="min-w-0 flex-1 font-medium break-words",
        ),
        rx.cond(one.role != "member", controls.chip(one.role, line="line-campus")),
        rx.cond(one.may_change_role | one.may_remove, _member_actions(one)),
        class_name="flex flex-wrap items-center gap-x-2.5 gap-y-1 py-3",
        key=one.account_id,
    )


def _member_actions(one: MemberView) -> rx.Component:
    return controls.dialog(
        one.name,
        rx.el.div(
            rx.cond(
                one.may_change_role,
                rx.fragment(
                    _role(one, "member", "Make a member"),
                    _role(one, "moderator", "Make a moderator"),
                    _role(one, "owner", "Make an owner"),
                ),
            ),
            rx.cond(one.may_remove, _remove(one)),
            class_name="flex flex-col gap-2.5",
        ),
        description="A moderator plans sessions, removes members and messages. An owner "
        "also changes the group and the roles.",
        trigger=controls.icon_button(f"Change {one.name}", "ellipsis_vertical"),
    )


def _role(one: MemberView, role: str, words: str) -> rx.Component:
    return rx.cond(
        one.role != role,
        rx.radix.primitives.dialog.close(
            controls.button(
                words, kind="ghost", on_click=RoomState.set_role(one.account_id, role)
            ),
            as_child=True,
        ),
    )


def _remove(one: MemberView) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Removing takes the group away from them and replaces the invitation link. "
            "What they wrote stays.",
            class_name="mt-3 mb-2.5 text-[14px] text-ink2",
        ),
        rx.radix.primitives.dialog.close(
            controls.button(
                "Remove from the group",
                kind="danger",
                on_click=RoomState.remove(one.account_id),
                class_name="w-full",
            ),
            as_child=True,
        ),
    )


def _invitation() -> rx.Component:
    return layout.section(
        "Invite",
        layout.card(
            CopyLine.create(label="Invitation link", value=RoomState.invitation),
            rx.el.p(
                "Whoever has it sees the name and the size of the group, and can join.",
                class_name="mt-2 text-[13px] text-ink2",
            ),
            rx.cond(
                _moderates,
                ask_first(
                    controls.button(
                        "Replace the link", kind="ghost", class_name=f"mt-4 {SMALL}"
                    ),
                    title="Replace the link?",
                    text="The old one stops working for everybody who has it.",
                    label="Replace it",
                    on_confirm=RoomState.renew_invitation,
                ),
            ),
        ),
    )


def _going() -> rx.Component:
    return rx.cond(
        _group.member_count > 1,
        ask_first(
            controls.button("Leave the group", kind="danger"),
            title="Leave this group?",
            text="You no longer see its chat. If no owner stays, the moderator or member "
            "who is there longest owns it.",
            label="Leave",
            on_confirm=RoomState.leave,
        ),
        ask_first(
            controls.button("Delete the group", kind="danger"),
            title="Delete this group?",
            text="You are the only member. The group, its chat and what was shared in it "
            "are gone for good.",
            label="Delete it",
            on_confirm=RoomState.delete,
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
            "Change",
            kind="ghost",
            icon_name="pencil",
        ),
        open=RoomState.asking == "group",
        on_open_change=RoomState.ask("group"),
    )
