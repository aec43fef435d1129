"""Every SELECT on study groups and their members; the account comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import (
    Account,
    Block,
    Course,
    GroupMember,
    GroupMessage,
    GroupRemoval,
    GroupRole,
    MoodleConnection,
    Resource,
    StudyGroup,
)
from studymaster.paging import Window

MOST_UNREAD = 100
"""Counting stops here; a page then says 99+."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group, the account's role in it, and its figures.

    `owner` is the longest-standing owner's name, where the row was found by its link.
    """

    group: StudyGroup
    role: GroupRole | None
    member_count: int
    unread: int
    owner: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member's place, their name, their time zone, and whether the account blocks them."""

    place: GroupMember
    name: str
    time_zone: str
    blocked: bool


async def own_groups(
    session: AsyncSession, account_id: UUID, *, window: Window
) -> Sequence[GroupRow]:
    """Return the account's groups by name."""
    statement = (
        select(StudyGroup, GroupMember, _member_count(), _unread())
        .join(GroupMember, col(GroupMember.group_id) == col(StudyGroup.id))
        .where(GroupMember.account_id == account_id)
        .order_by(func.lower(StudyGroup.name), col(StudyGroup.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return [
        GroupRow(group, own.role, count, unread)
        for group, own, count, unread in (await session.exec(statement)).all()
    ]


async def own_group(
    session: AsyncSession, account_id: UUID, *, group_id: UUID
) -> GroupRow | None:
    """Return a group of which the account is a member."""
    statement = (
        select(StudyGroup, GroupMember, _member_count(), _unread())
        .join(GroupMember, col(GroupMember.group_id) == col(StudyGroup.id))
        .where(GroupMember.account_id == account_id, StudyGroup.id == group_id)
    )
    row = (await session.exec(statement)).one_or_none()
    if row is None:
        return None
    group, own, count, unread = row
    return GroupRow(group, own.role, count, unread)


async def discoverable_groups(
    session: AsyncSession, account_id: UUID, *, window: Window, group_id: UUID | None = None
) -> Sequence[GroupRow]:
    """Return listed groups of the account's own courses that it may join, newest first."""
    statement = (
        select(StudyGroup, _member_count())
        .where(col(StudyGroup.listed), _has_course(account_id), _has_members())
        .where(~_is_member(account_id), ~_was_removed(account_id))
        .order_by(col(StudyGroup.created_at).desc(), col(StudyGroup.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    if group_id is not None:
        statement = statement.where(StudyGroup.id == group_id)
    rows = (await session.exec(statement)).all()
    return [GroupRow(group, None, count, 0) for group, count in rows]


async def group_of_code(
    session: AsyncSession, account_id: UUID, *, code: str
) -> GroupRow | None:
    """Return the group that a link invites to, and the account's role if it has joined.

    Its owner is named to everybody who has the link, as the list of its members names them:
    whoever misses the name would know of a block.
    """
    owner_name = func.coalesce(_owner(), "")
    statement = select(StudyGroup, _member_count(), owner_name).where(
        StudyGroup.invite_code == code
    )
    row = (await session.exec(statement)).one_or_none()
    if row is None:
        return None
    group, count, owner = row
    own = await place(session, account_id, group_id=group.id)
    return GroupRow(group, own.role if own else None, count, 0, owner)


async def place(
    session: AsyncSession, account_id: UUID, *, group_id: UUID
) -> GroupMember | None:
    """Return the account's place in a group."""
    statement = select(GroupMember).where(
        GroupMember.group_id == group_id, GroupMember.account_id == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def place_to_speak(
    session: AsyncSession, account_id: UUID, *, group_id: UUID
) -> GroupMember | None:
    """Return the account's place; nobody takes it away before the transaction ends."""
    statement = (
        select(GroupMember)
        .where(GroupMember.group_id == group_id, GroupMember.account_id == account_id)
        .with_for_update(read=True)
    )
    return (await session.exec(statement)).one_or_none()


async def members(
    session: AsyncSession, account_id: UUID, *, group_id: UUID
) -> Sequence[MemberRow]:
    """Return the members of a group that the account is in, the longest-standing first."""
    blocked = exists().where(
        col(Block.blocker_id) == account_id,
        col(Block.blocked_id) == col(GroupMember.account_id),
    )
    statement = (
        select(GroupMember, Account.display_name, Account.time_zone, blocked)
        .join(Account, col(Account.id) == col(GroupMember.account_id))
        .where(GroupMember.group_id == group_id, _shares_group(account_id, group_id))
        .order_by(col(GroupMember.joined_at), col(GroupMember.account_id))
    )
    return [MemberRow(*row) for row in (await session.exec(statement)).all()]


async def count_others(session: AsyncSession, account_id: UUID, *, group_id: UUID) -> int:
    """Return how many members a group has besides the account."""
    statement = (
        select(func.count())
        .select_from(GroupMember)
        .where(GroupMember.group_id == group_id, GroupMember.account_id != account_id)
    )
    return (await session.exec(statement)).one()


async def shared_files(
    session: AsyncSession, account_id: UUID, *, group_id: UUID
) -> Sequence[str]:
    """Return under which keys the bytes lie that were shared with a group of the account."""
    statement = select(Resource.storage_key).where(
        Resource.group_id == group_id,
        Resource.storage_key != "",
        _shares_group(account_id, group_id),
    )
    return (await session.exec(statement)).all()


async def ids_of_groups(session: AsyncSession, account_id: UUID) -> Sequence[UUID]:
    """Return the account's groups, always in the same order."""
    statement = (
        select(GroupMember.group_id)
        .where(GroupMember.account_id == account_id)
        .order_by(col(GroupMember.group_id))
    )
    return (await session.exec(statement)).all()


async def count_groups(session: AsyncSession, account_id: UUID) -> int:
    """Return in how many groups the account is."""
    statement = (
        select(func.count())
        .select_from(GroupMember)
        .where(GroupMember.account_id == account_id)
    )
    return (await session.exec(statement)).one()


async def removal(
    session: AsyncSession, account_id: UUID, *, group_id: UUID
) -> GroupRemoval | None:
    """Return that the account was removed from a group, if it was."""
    statement = select(GroupRemoval).where(
        GroupRemoval.group_id == group_id, GroupRemoval.account_id == account_id
    )
    return (await session.exec(statement)).one_or_none()


def _owner() -> ScalarSelect[str]:
    owning = aliased(GroupMember)
    owner = col(owning.account_id)
    return (
        select(Account.display_name)
        .join(owning, col(Account.id) == owner)
        .where(
            owning.group_id == StudyGroup.id,
            owning.role == GroupRole.OWNER,
            col(Account.deleting_since).is_(None),
        )
        .order_by(col(owning.joined_at), owner)
        .limit(1)
        .correlate(StudyGroup)
        .scalar_subquery()
    )


def _member_count() -> ScalarSelect[int]:
    counted = aliased(GroupMember)
    return (
        select(func.count())
        .select_from(counted)
        .where(counted.group_id == StudyGroup.id)
        .correlate(StudyGroup)
        .scalar_subquery()
    )


def _unread() -> ScalarSelect[int]:
    """Count what others said since the account read last, and what it can read of that."""
    waiting = (
        select(literal(1))
        .select_from(GroupMessage)
        .where(
            GroupMessage.group_id == StudyGroup.id,
            col(GroupMessage.created_at)
            > func.coalesce(GroupMember.read_at, GroupMember.joined_at),
            col(GroupMessage.account_id).is_distinct_from(col(GroupMember.account_id)),
            col(GroupMessage.removed_at).is_(None),
            ~_is_unheard(),
        )
        .correlate(StudyGroup, GroupMember)
        .limit(MOST_UNREAD)
        .subquery()
        .lateral()
    )
    return select(func.count()).select_from(waiting).scalar_subquery()


def _is_unheard() -> ColumnElement[bool]:
    """Say of a message that its author and the member do not meet; see `audience.unheard`."""
    author, member = col(GroupMessage.account_id), col(GroupMember.account_id)
    is_plain = col(GroupMember.role) == GroupRole.MEMBER
    blocks = and_(col(Block.blocker_id) == author, col(Block.blocked_id) == member)
    blocked = and_(col(Block.blocker_id) == member, col(Block.blocked_id) == author)
    return exists(
        select(Block.blocker_id)
        .where(or_(blocked, and_(blocks, is_plain)))
        .correlate(GroupMessage, GroupMember)
    )


def _has_course(account_id: UUID) -> ColumnElement[bool]:
    return exists(
        select(literal(1))
        .select_from(Course)
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(
            Course.account_id == account_id,
            col(Course.listed),
            Course.moodle_id == StudyGroup.moodle_course_id,
            MoodleConnection.site_url == StudyGroup.site_url,
        )
        .correlate(StudyGroup)
    )


def _has_members() -> ColumnElement[bool]:
    anyone = aliased(GroupMember)
    return exists(select(anyone.group_id).where(anyone.group_id == StudyGroup.id))


def _is_member(account_id: UUID) -> ColumnElement[bool]:
    mine = aliased(GroupMember)
    return exists(
        select(mine.group_id).where(
            mine.group_id == StudyGroup.id, mine.account_id == account_id
        )
    )


def _was_removed(account_id: UUID) -> ColumnElement[bool]:
    return exists(
        select(GroupRemoval.group_id).where(
            GroupRemoval.group_id == StudyGroup.id, GroupRemoval.account_id == account_id
        )
    )


def _shares_group(account_id: UUID, group_id: UUID) -> ColumnElement[bool]:
    mine = aliased(GroupMember)
    return exists(
        select(mine.group_id).where(
            mine.group_id == group_id, mine.account_id == account_id
        )
    )
