"""Who is in a group, how others come in, and how one goes."""

from typing import Final

import reflex as rx

from studymaster.features.campus.page.rows import SMALL
from studymaster.features.campus.schemas.groups import MemberView
from studymaster.features.campus.state.room import RoomState
from studymaster.ui import controls, layout
from studymaster.ui.asking import ask_first
from studymaster.ui.copying import CopyLine

_group = RoomState.group
OWNS: Final = _group.role == "owner"
MODERATES: Final = OWNS | (_group.role == "moderator")
"""Whether the student may do what only owners do, and what moderators do too."""


def members() -> rx.Component:
    """List who is in the group, with what the student may do about each."""
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
            class_name="min-w-0 flex-1 font-medium",
        ),
        rx.cond(one.blocked, controls.chip("Blocked by you", line="line-acct")),
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


def invitation() -> rx.Component:
    """Show the link that leads in."""
    return layout.section(
        "Invite",
        layout.card(
            CopyLine.create(label="Invitation link", value=RoomState.invitation),
            rx.el.p(
                "Whoever has it sees the group's name, course and size and who owns it, "
                "and can join.",
                class_name="mt-2 text-[13px] text-ink2",
            ),
            rx.cond(
                MODERATES,
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


def going() -> rx.Component:
    """Offer to leave the group or, to its last member, to delete it."""
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
