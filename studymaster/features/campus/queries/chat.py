"""Every SELECT on a group's messages: each asks first whether the account is a member."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Account, GroupMember, GroupMessage
from studymaster.paging import Window


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message and its author's display name; None when the author's account is gone."""

    message: GroupMessage
    name: str | None


async def messages(
    session: AsyncSession,
    account_id: UUID,
    *,
    group_id: UUID,
    window: Window,
    before: GroupMessage | None = None,
) -> Sequence[MessageRow]:
    """Return messages, the newest first; with `before`, only those that came earlier."""
    statement = (
        select(GroupMessage, Account.display_name)
        .outerjoin(Account, col(Account.id) == col(GroupMessage.account_id))
        .where(GroupMessage.group_id == group_id, _is_member(account_id, group_id))
        .order_by(col(GroupMessage.created_at).desc(), col(GroupMessage.id).desc())
        .offset(window.offset)
        .limit(window.probe)
    )
    if before is not None:
        statement = statement.where(
            tuple_(col(GroupMessage.created_at), col(GroupMessage.id))
            < (before.created_at, before.id)
        )
    return [MessageRow(*row) for row in (await session.exec(statement)).all()]


async def removed_messages(
    session: AsyncSession, account_id: UUID, *, group_id: UUID, limit: int
) -> Sequence[MessageRow]:
    """Return the messages that lost their words last."""
    statement = (
        select(GroupMessage, Account.display_name)
        .outerjoin(Account, col(Account.id) == col(GroupMessage.account_id))
        .where(
            GroupMessage.group_id == group_id,
            col(GroupMessage.removed_at).is_not(None),
            _is_member(account_id, group_id),
        )
        .order_by(col(GroupMessage.removed_at).desc(), col(GroupMessage.id))
        .limit(limit)
    )
    return [MessageRow(*row) for row in (await session.exec(statement)).all()]


async def first_message_id(
    session: AsyncSession, account_id: UUID, *, group_id: UUID
) -> UUID | None:
    """Return the message with which the chat began."""
    statement = (
        select(GroupMessage.id)
        .where(GroupMessage.group_id == group_id, _is_member(account_id, group_id))
        .order_by(col(GroupMessage.created_at), col(GroupMessage.id))
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def message_by_id(
    session: AsyncSession, account_id: UUID, *, group_id: UUID, message_id: UUID
) -> GroupMessage | None:
    """Return a message of a group that the account is in."""
    statement = select(GroupMessage).where(
        GroupMessage.id == message_id,
        GroupMessage.group_id == group_id,
        _is_member(account_id, group_id),
    )
    return (await session.exec(statement)).one_or_none()


async def add_message(
    session: AsyncSession, account_id: UUID, *, message: GroupMessage
) -> bool:
    """Write a message unless its key has come before; tell whether it was written."""
    statement = (
        insert(GroupMessage)
        .values({**message.model_dump(), "account_id": account_id})
        .on_conflict_do_nothing(index_elements=["group_id", "account_id", "sent_key"])
        .returning(col(GroupMessage.id))
    )
    return (await session.exec(statement)).first() is not None


async def message_of_key(
    session: AsyncSession, account_id: UUID, *, group_id: UUID, sent_key: str
) -> GroupMessage:
    """Return the account's own message of a key."""
    statement = select(GroupMessage).where(
        GroupMessage.group_id == group_id,
        GroupMessage.account_id == account_id,
        GroupMessage.sent_key == sent_key,
    )
    return (await session.exec(statement)).one()


def _is_member(account_id: UUID, group_id: UUID) -> ColumnElement[bool]:
    return exists(
        select(GroupMember.group_id).where(
            GroupMember.group_id == group_id, GroupMember.account_id == account_id
        )
    )
