"""Study groups and their chat over HTTP."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.campus.schemas.chat import MessageView
from studymaster.features.campus.schemas.groups import (
    GroupChanges,
    GroupForm,
    GroupRoom,
    GroupView,
    SessionPlan,
)
from studymaster.features.campus.service import (
    audience,
    chat,
    groups,
    membership,
    resources,
)
from studymaster.features.campus.service.places import NO_GROUP, NO_MEMBER
from studymaster.paging import Stretch, Window

router = APIRouter(prefix="/groups")


class NewGroup(BaseModel):
    """A group to make; `course_id` is Moodle's number of one of the student's courses."""

    name: str
    about: str = ""
    course_id: int | None = None
    listed: bool = False


class GroupPatch(BaseModel):
    """What shall change. `next_session_note` belongs to the `next_session` beside it.

    `next_session: null` says that nothing is planned.
    """

    name: str | None = None
    about: str | None = None
    listed: bool | None = None
    next_session: AwareDatetime | None = None
    next_session_note: str = ""


class Code(BaseModel):
    """The code at the end of an invitation link."""

    code: str


class NewMessage(BaseModel):
    """What to say; with a `sent_key` of one's own it can safely be sent again."""

    text: str
    sent_key: str | None = None


class Seen(BaseModel):
    """The newest message that the student has seen."""

    message_id: str


class Role(BaseModel):
    """`owner`, `moderator` or `member`."""

    role: str


@router.get("")
async def list_groups(
    student: CurrentStudent,
    discover: Annotated[bool, Query()] = False,  # noqa: FBT002 - a query has no keyword
    offset: int = 0,
    limit: int = 50,
) -> Stretch[GroupView]:
    """List the student's groups, or with `discover` those they could join by course."""
    listing = groups.list_discoverable if discover else groups.list_groups
    window = Window(offset, limit)
    async with unit_of_work() as work:
        return await listing(work, student=student, window=window, now=clock.now())


@router.post("", status_code=HTTPStatus.CREATED)
async def create_group(student: CurrentStudent, body: NewGroup) -> GroupView:
    """Make a group that the student owns."""
    async with unit_of_work() as work:
        course_id = ""
        if body.course_id is not None:
            course = await audience.course_of_moodle_id(
                work, account_id=student.account_id, moodle_id=body.course_id
            )
            course_id = course.id
        form = GroupForm(
            name=body.name, about=body.about, course_id=course_id, listed=body.listed
        )
        return await groups.create_group(work, student=student, form=form, now=clock.now())


@router.post("/join")
async def join_by_code(student: CurrentStudent, body: Code) -> GroupView:
    """Join the group that an invitation leads to."""
    await membership.take_try(account_id=student.account_id)
    now = clock.now()
    async with unit_of_work() as work:
        group_id = await membership.join_by_code(
            work, student=student, code=body.code, now=now
        )
        return await groups.get_group(work, student=student, group_id=group_id, now=now)


@router.get("/{group_id}")
async def get_group(student: CurrentStudent, group_id: str) -> GroupRoom:
    """Return a group of the student's from the inside."""
    async with unit_of_work() as work:
        return await groups.get_room(
            work, student=student, group_id=_group(group_id), now=clock.now()
        )


@router.patch("/{group_id}")
async def change_group(
    student: CurrentStudent, group_id: str, body: GroupPatch
) -> GroupView:
    """Change a group (its owners) or its next session (its moderators too)."""
    found, now = _group(group_id), clock.now()
    changes = GroupChanges(name=body.name, about=body.about, listed=body.listed)
    async with unit_of_work() as work:
        if changes != GroupChanges():
            await groups.change_group(
                work, student=student, group_id=found, changes=changes, now=now
            )
        if "next_session" in body.model_fields_set:
            plan = SessionPlan(body.next_session, body.next_session_note)
            await groups.set_session(
                work, student=student, group_id=found, plan=plan, now=now
            )
        return await groups.get_group(work, student=student, group_id=found, now=now)


@router.delete("/{group_id}", status_code=HTTPStatus.NO_CONTENT)
async def delete_group(student: CurrentStudent, group_id: str) -> None:
    """Delete a group in which nobody else is, with its chat."""
    async with unit_of_work() as work:
        keys = await groups.delete_group(work, student=student, group_id=_group(group_id))
    for key in keys:
        await resources.forget_file(get_storage(), key)


@router.post("/{group_id}/join")
async def join_listed(student: CurrentStudent, group_id: str) -> GroupView:
    """Join a group that is listed for one of the student's courses."""
    found, now = _group(group_id), clock.now()
    async with unit_of_work() as work:
        await membership.join_listed(work, student=student, group_id=found, now=now)
        return await groups.get_group(work, student=student, group_id=found, now=now)


@router.post("/{group_id}/leave", status_code=HTTPStatus.NO_CONTENT)
async def leave(student: CurrentStudent, group_id: str) -> None:
    """Leave a group in which others stay."""
    async with unit_of_work() as work:
        await membership.leave(
            work, student=student, group_id=_group(group_id), now=clock.now()
        )


@router.post("/{group_id}/code")
async def renew_code(student: CurrentStudent, group_id: str) -> Code:
    """Replace the invitation of a group; the old one leads nowhere from now on."""
    async with unit_of_work() as work:
        code = await groups.renew_code(work, student=student, group_id=_group(group_id))
    return Code(code=code)


@router.put("/{group_id}/members/{account_id}", status_code=HTTPStatus.NO_CONTENT)
async def set_role(
    student: CurrentStudent, group_id: str, account_id: str, body: Role
) -> None:
    """Give another member a role."""
    async with unit_of_work() as work:
        await membership.set_role(
            work,
            student=student,
            group_id=_group(group_id),
            other_id=parse_id(account_id, missing=NO_MEMBER),
            role=body.role,
            now=clock.now(),
        )


@router.delete("/{group_id}/members/{account_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_member(student: CurrentStudent, group_id: str, account_id: str) -> None:
    """Remove another member; the invitation is replaced."""
    async with unit_of_work() as work:
        await membership.remove_member(
            work,
            student=student,
            group_id=_group(group_id),
            other_id=parse_id(account_id, missing=NO_MEMBER),
            now=clock.now(),
        )


@router.get("/{group_id}/messages")
async def list_messages(
    student: CurrentStudent, group_id: str, offset: int = 0, limit: int = 50
) -> Stretch[MessageView]:
    """List a group's messages, the newest first."""
    window = Window(offset, limit)
    async with unit_of_work() as work:
        return await chat.list_messages(
            work, account_id=student.account_id, group_id=_group(group_id), window=window
        )


@router.post("/{group_id}/messages", status_code=HTTPStatus.CREATED)
async def send_message(
    student: CurrentStudent, group_id: str, body: NewMessage
) -> MessageView:
    """Say something in a group; at most 30 times a minute."""
    found = _group(group_id)
    await chat.take_turn(account_id=student.account_id, group_id=found)
    async with unit_of_work() as work:
        return await chat.send_message(
            work,
            student=student,
            group_id=found,
            text=body.text,
            sent_key=uuid4().hex if body.sent_key is None else body.sent_key,
            now=clock.now(),
        )


@router.delete("/{group_id}/messages/{message_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_message(student: CurrentStudent, group_id: str, message_id: str) -> None:
    """Take the words of a message away; its place stays."""
    async with unit_of_work() as work:
        await chat.remove_message(
            work,
            student=student,
            group_id=_group(group_id),
            message_id=parse_id(message_id, missing=chat.NO_MESSAGE),
            now=clock.now(),
        )


@router.post("/{group_id}/read", status_code=HTTPStatus.NO_CONTENT)
async def mark_read(student: CurrentStudent, group_id: str, body: Seen) -> None:
    """Note how far the student has read a chat."""
    async with unit_of_work() as work:
        await chat.mark_read(
            work,
            account_id=student.account_id,
            group_id=_group(group_id),
            message_id=parse_id(body.message_id, missing=chat.NO_MESSAGE),
        )


def _group(group_id: str) -> UUID:
    return parse_id(group_id, missing=NO_GROUP)
