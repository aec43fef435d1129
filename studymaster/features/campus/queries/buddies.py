"""Every SELECT on buddies, on who could become one, and on blocks."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, exists, or_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from studymaster.features.campus.rules.buddies import pair_key
from studymaster.features.campus.schemas.buddies import Standing
from studymaster.models import (
    Account,
    Block,
    BuddyLink,
    BuddyState,
    Course,
    GroupMember,
    MoodleConnection,
    Preferences,
)
from studymaster.paging import Window

Mate = tuple[UUID, str, Sequence[str]]
"""Another student's id and name, and the short names of the courses that both have."""


async def lock_pair(session: AsyncSession, account_id: UUID, *, other_id: UUID) -> None:
    """Let nobody else change how two students stand until the transaction ends."""
    name = f"buddies:{pair_key(account_id, other_id)}"
    await session.exec(select(func.pg_advisory_xact_lock(func.hashtext(name))))


async def lock_asking(session: AsyncSession, account_id: UUID) -> None:
    """Let a student send one request after the other; take it before a pair's lock."""
    name = f"buddies:{account_id}"
    await session.exec(select(func.pg_advisory_xact_lock(func.hashtext(name))))


async def link_of_pair(
    session: AsyncSession, account_id: UUID, *, other_id: UUID
) -> BuddyLink | None:
    """Return the tie between two students, whatever its state."""
    key = pair_key(account_id, other_id)
    return (
        await session.exec(select(BuddyLink).where(BuddyLink.pair_key == key))
    ).one_or_none()


async def other_of_link(
    session: AsyncSession, account_id: UUID, *, link_id: UUID
) -> UUID | None:
    """Return who is at the other end of one of the account's ties."""
    statement = select(BuddyLink.asker_id, BuddyLink.asked_id).where(
        BuddyLink.id == link_id, _is_side(account_id)
    )
    row = (await session.exec(statement)).one_or_none()
    if row is None:
        return None
    return row[1] if row[0] == account_id else row[0]


async def links(
    session: AsyncSession, account_id: UUID, *, standing: Standing, window: Window
) -> Sequence[tuple[BuddyLink, Account]]:
    """Return ties of one kind with who is at their other end: buddies by name, else newest."""
    by_name = col(Account.display_name)
    newest = col(BuddyLink.created_at).desc()
    statement = (
        select(BuddyLink, Account)
        .join(Account, _is_other_end(account_id))
        .where(_stands(account_id, standing))
        .order_by(by_name if standing is Standing.BUDDY else newest, col(BuddyLink.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return (await session.exec(statement)).all()


async def buddies(
    session: AsyncSession, account_id: UUID
) -> Sequence[tuple[BuddyLink, Account]]:
    """Return all accepted ties with who is at their other end, by name."""
    statement = (
        select(BuddyLink, Account)
        .join(Account, _is_other_end(account_id))
        .where(_stands(account_id, Standing.BUDDY))
        .order_by(col(Account.display_name), col(BuddyLink.id))
    )
    return (await session.exec(statement)).all()


async def count_asked(session: AsyncSession, account_id: UUID) -> int:
    """Return how many of the account's requests wait for an answer."""
    statement = (
        select(func.count())
        .select_from(BuddyLink)
        .where(_stands(account_id, Standing.OUTGOING))
    )
    return (await session.exec(statement)).one()


async def mates(
    session: AsyncSession, account_id: UUID, *, forgotten_before: datetime, window: Window
) -> Sequence[Mate]:
    """Return open students by the number of courses that both have, most first.

    Who is tied to the account already is left out; a no counts until `forgotten_before`.
    """
    shared = _shared(account_id)
    tied = exists().where(
        _joins(account_id, col(BuddyLink.asker_id), col(BuddyLink.asked_id)),
        or_(
            col(BuddyLink.state) != BuddyState.DECLINED,
            col(BuddyLink.answered_at) > forgotten_before,
        ),
    )
    statement = (
        _mates(shared)
        .where(~tied, *_is_meetable(account_id))
        .order_by(func.count().desc(), col(Account.display_name), col(Account.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return (await session.exec(statement)).all()


async def mate(session: AsyncSession, account_id: UUID, *, other_id: UUID) -> Mate | None:
    """Return an open student who shares a course with the account, unless one blocks."""
    statement = _mates(_shared(account_id)).where(
        col(Account.id) == other_id, *_is_meetable(account_id)
    )
    return (await session.exec(statement)).one_or_none()


async def shared_courses(
    session: AsyncSession, account_id: UUID, *, others: Sequence[UUID]
) -> dict[UUID, list[str]]:
    """Return the short names of the courses that the account has with each of `others`."""
    shared = _shared(account_id, others=others)
    statement = select(shared.c.account_id, shared.c.name).order_by(shared.c.name)
    found: dict[UUID, list[str]] = {other: [] for other in others}
    for other_id, name in (await session.exec(statement)).all():
        found[other_id].append(name)
    return found


async def is_known(session: AsyncSession, account_id: UUID, *, other_id: UUID) -> bool:
    """Say whether two students can have met: in a course, in a group, or by asking."""
    shared = _shared(account_id, others=[other_id])
    mine, theirs = aliased(GroupMember), aliased(GroupMember)
    in_group = exists().where(
        col(mine.group_id) == col(theirs.group_id),
        col(mine.account_id) == account_id,
        col(theirs.account_id) == other_id,
        col(theirs.account_id) != account_id,
    )
    tied = exists().where(col(BuddyLink.pair_key) == pair_key(account_id, other_id))
    in_course = exists().where(shared.c.account_id == other_id)
    return bool((await session.exec(select(or_(in_course, in_group, tied)))).one())


async def blocked(
    session: AsyncSession, account_id: UUID, *, window: Window
) -> Sequence[tuple[UUID, str]]:
    """Return whom the account blocks, with their names, newest first."""
    statement = (
        select(Account.id, Account.display_name)
        .join(Block, col(Block.blocked_id) == col(Account.id))
        .where(col(Block.blocker_id) == account_id)
        .order_by(col(Block.created_at).desc(), col(Account.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return (await session.exec(statement)).all()


async def block_of(
    session: AsyncSession, account_id: UUID, *, other_id: UUID
) -> Block | None:
    """Return the account's block of another one."""
    return await session.get(Block, (account_id, other_id))


def _shared(account_id: UUID, *, others: Sequence[UUID] | None = None) -> Subquery:
    """Select (account_id, name) once for each course that another account has as well."""
    mine, theirs = aliased(Course), aliased(Course)
    here, there = aliased(MoodleConnection), aliased(MoodleConnection)
    statement = (
        select(
            theirs.account_id,
            func.min(mine.shortname).label("name"),
        )
        .select_from(mine)
        .join(here, col(here.id) == col(mine.connection_id))
        .join(there, col(there.site_url) == col(here.site_url))
        .join(
            theirs,
            and_(
                col(theirs.connection_id) == col(there.id),
                col(theirs.moodle_id) == col(mine.moodle_id),
            ),
        )
        .where(
            col(mine.account_id) == account_id,
            col(mine.listed),
            col(theirs.listed),
            col(theirs.account_id) != account_id,
        )
        .group_by(col(theirs.account_id), col(here.site_url), col(mine.moodle_id))
    )
    if others is not None:
        statement = statement.where(col(theirs.account_id).in_(others))
    return statement.subquery()


def _mates(shared: Subquery) -> Select[UUID, str, Sequence[str]]:
    names = func.array_agg(aggregate_order_by(shared.c.name, shared.c.name))
    return (
        select(Account.id, Account.display_name, names)
        .join(shared, shared.c.account_id == col(Account.id))
        .join(Preferences, col(Preferences.account_id) == col(Account.id))
        .group_by(col(Account.id))
    )


def _is_meetable(account_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Say of an account that it is open to buddies, stays, and blocks or is blocked by none."""
    between = exists().where(
        _joins(account_id, col(Block.blocker_id), col(Block.blocked_id))
    )
    return (
        col(Preferences.open_to_buddies).is_(True),
        col(Account.deleting_since).is_(None),
        ~between,
    )


def _joins(account_id: UUID, one: Mapped[UUID], other: Mapped[UUID]) -> ColumnElement[bool]:
    """Say that one of two columns names the account, and the other one somebody else."""
    return or_(
        and_(one == account_id, other == col(Account.id)),
        and_(other == account_id, one == col(Account.id)),
    )


def _is_side(account_id: UUID) -> ColumnElement[bool]:
    return or_(col(BuddyLink.asker_id) == account_id, col(BuddyLink.asked_id) == account_id)


def _is_other_end(account_id: UUID) -> ColumnElement[bool]:
    return and_(
        col(Account.id) != account_id,
        col(Account.id).in_((col(BuddyLink.asker_id), col(BuddyLink.asked_id))),
    )


def _stands(account_id: UUID, standing: Standing) -> ColumnElement[bool]:
    asked = col(BuddyLink.state) == BuddyState.ASKED
    ways: dict[Standing, ColumnElement[bool]] = {
        Standing.BUDDY: and_(
            col(BuddyLink.state) == BuddyState.ACCEPTED, _is_side(account_id)
        ),
        Standing.INCOMING: and_(asked, col(BuddyLink.asked_id) == account_id),
        Standing.OUTGOING: and_(asked, col(BuddyLink.asker_id) == account_id),
    }
    return ways[standing]
