"""A group's chat: saying something, reading on, taking words back."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from studymaster.adapters import limits
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.queries import audience, groups
from studymaster.features.campus.queries import chat as queries
from studymaster.features.campus.queries.chat import MessageRow
from studymaster.features.campus.rules import chat as rules
from studymaster.features.campus.rules.sending import require_sent_key
from studymaster.features.campus.schemas.chat import ChatWindow, MessageView
from studymaster.features.campus.service.places import NO_GROUP, tell_members
from studymaster.models import GroupMember, GroupMessage
from studymaster.paging import Stretch, Window, stretch

NO_MESSAGE = "That message is not in this group."
NOT_YOURS = "You can remove your own messages; those of others only a moderator can."
FORMER_STUDENT = "A former student"
NEWEST = 50
OUTBOX_LETTERS = 24
A_MINUTE = 30
"""How many messages a student may send to a group in a minute."""


def outbox_name(*, account_id: UUID, group_id: UUID) -> str:
    """Return under which name a browser keeps what a student has not sent to a group yet.

    It differs for every student of a shared computer and does not give the account away.
    """
    return sha256(account_id.bytes + group_id.bytes).hexdigest()[:OUTBOX_LETTERS]


async def take_turn(*, account_id: UUID, group_id: UUID) -> None:
    """Count a message against the student's pace in a group.

    Raises:
        TooManyRequestsError: they sent as many as a minute allows.
    """
    await limits.take(f"chat:{group_id}", str(account_id), per_minute=A_MINUTE)


async def send_message(
    work: UnitOfWork,
    *,
    student: Student,
    group_id: UUID,
    text: str,
    sent_key: str,
    now: datetime,
) -> MessageView:
    """Say something in a group; the same key twice is one message, the first.

    Raises:
        InvalidInputError: there are no words, too many, or the key is none.
        NotFoundError: the student is no member.
    """
    account_id, session = student.account_id, work.session
    message = GroupMessage(
        group_id=group_id,
        account_id=account_id,
        sent_key=require_sent_key(sent_key),
        text=rules.require_message(text),
        created_at=now,
    )
    place = await groups.place_to_speak(session, account_id, group_id=group_id)
    if place is None:
        raise NotFoundError(NO_GROUP)
    if await queries.add_message(session, account_id, message=message):
        await tell_members(work, account_id=account_id, group_id=group_id)
    else:
        message = await queries.message_of_key(
            session, account_id, group_id=group_id, sent_key=message.sent_key
        )
    row = MessageRow(message, student.display_name)
    return _view(row, account_id=account_id, hidden=set())


async def list_messages(
    work: UnitOfWork, *, account_id: UUID, group_id: UUID, window: Window
) -> Stretch[MessageView]:
    """List a group's messages, the newest first.

    Raises:
        NotFoundError: the account is no member.
    """
    await _require_place(work, account_id=account_id, group_id=group_id)
    rows = await queries.messages(
        work.session, account_id, group_id=group_id, window=window
    )
    views = await _views(work, rows, account_id=account_id, group_id=group_id)
    return stretch(views, window=window)


async def find_window(
    work: UnitOfWork, *, account_id: UUID, address: str
) -> ChatWindow | None:
    """Return the newest messages of the group that an address names, oldest first.

    None where the address names no group of the account's.
    """
    session = work.session
    try:
        group_id = parse_id(address, missing=NO_GROUP)
        await _require_place(work, account_id=account_id, group_id=group_id)
    except NotFoundError:
        return None
    newest = await queries.messages(
        session, account_id, group_id=group_id, window=Window(limit=NEWEST)
    )
    removed = await queries.removed_messages(
        session, account_id, group_id=group_id, limit=NEWEST
    )
    first = await queries.first_message_id(session, account_id, group_id=group_id)
    shown = list(reversed(newest[:NEWEST]))
    views = await _views(work, [*shown, *removed], account_id=account_id, group_id=group_id)
    return ChatWindow(
        messages=tuple(views[: len(shown)]),
        removed=tuple(views[len(shown) :]),
        first_id=str(first) if first else "",
    )


async def list_older(
    work: UnitOfWork, *, account_id: UUID, group_id: UUID, before_id: UUID
) -> list[MessageView]:
    """Return the fifty messages before one of a group, oldest first.

    Raises:
        NotFoundError: the account is no member, or the message is not in the group.
    """
    before = await _message(
        work, account_id=account_id, group_id=group_id, message_id=before_id
    )
    rows = await queries.messages(
        work.session,
        account_id,
        group_id=group_id,
        window=Window(limit=NEWEST),
        before=before,
    )
    shown = await _views(work, rows[:NEWEST], account_id=account_id, group_id=group_id)
    return list(reversed(shown))


async def remove_message(
    work: UnitOfWork, *, student: Student, group_id: UUID, message_id: UUID, now: datetime
) -> None:
    """Take the words of a message away; its place stays. Removing twice is once.

    Raises:
        NotFoundError: the student is no member, or the message is not in the group.
        ConflictError: it is somebody else's, and the student moderates nothing here.
    """
    account_id = student.account_id
    place = await _require_place(work, account_id=account_id, group_id=group_id)
    message = await _message(
        work, account_id=account_id, group_id=group_id, message_id=message_id
    )
    is_yours = message.account_id == account_id
    if not rules.may_take_back(place.role, is_yours=is_yours):
        raise ConflictError(NOT_YOURS)
    if message.removed_at is None:
        message.text, message.removed_at = "", now
        message.removed_by_author = is_yours
        await tell_members(work, account_id=account_id, group_id=group_id)


async def mark_read(
    work: UnitOfWork, *, account_id: UUID, group_id: UUID, message_id: UUID
) -> None:
    """Note that the student has seen a message and all before it; never backwards.

    Raises:
        NotFoundError: the account is no member, or the message is not in the group.
    """
    message = await _message(
        work, account_id=account_id, group_id=group_id, message_id=message_id
    )
    place = await _require_place(work, account_id=account_id, group_id=group_id)
    if place.read_at is None or place.read_at < message.created_at:
        place.read_at = message.created_at
        work.announce(news_for(account_id, Topic.CAMPUS, subject=str(group_id)))


async def _require_place(
    work: UnitOfWork, *, account_id: UUID, group_id: UUID
) -> GroupMember:
    place = await groups.place(work.session, account_id, group_id=group_id)
    if place is None:
        raise NotFoundError(NO_GROUP)
    return place


async def _message(
    work: UnitOfWork, *, account_id: UUID, group_id: UUID, message_id: UUID
) -> GroupMessage:
    message = await queries.message_by_id(
        work.session, account_id, group_id=group_id, message_id=message_id
    )
    if message is None:
        raise NotFoundError(NO_MESSAGE)
    return message


async def _views(
    work: UnitOfWork, rows: Sequence[MessageRow], *, account_id: UUID, group_id: UUID
) -> list[MessageView]:
    hidden = await audience.unheard(work.session, account_id, group_id=group_id)
    return [_view(row, account_id=account_id, hidden=hidden) for row in rows]


def _view(row: MessageRow, *, account_id: UUID, hidden: set[UUID]) -> MessageView:
    message = row.message
    fate = _fate(message, hidden=hidden)
    return MessageView(
        id=str(message.id),
        account_id=str(message.account_id or ""),
        name="" if fate == "hidden" else row.name or FORMER_STUDENT,
        text="" if fate else message.text,
        sent_at=message.created_at.isoformat(),
        is_yours=message.account_id == account_id,
        fate=fate,
    )


def _fate(message: GroupMessage, *, hidden: set[UUID]) -> str:
    if message.removed_at is not None:
        by_author = message.removed_by_author
        return "removed_by_author" if by_author else "removed_by_moderator"
    return "hidden" if message.account_id in hidden else ""
