"""Every SELECT on shared resources: only what the account's courses and groups may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, false, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from studymaster.features.campus.schemas.resources import Audience, Order, Wanted
from studymaster.models import (
    Account,
    Block,
    Course,
    GroupMember,
    GroupRole,
    MoodleConnection,
    Resource,
    ResourceReport,
    ResourceVote,
    StudyGroup,
)
from studymaster.paging import Window

JUDGES = (GroupRole.OWNER, GroupRole.MODERATOR)

Place = aliased(GroupMember)
"""The account's own place in the group of a resource."""

Found = Select[Resource, Account, StudyGroup, GroupMember, bool]
"""Of the first four, all but the first may be missing."""


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A resource, its author, its group and the account's place in that, as far as there are.

    `reported` when the account said that it should not be here.
    """

    resource: Resource
    author: Account | None
    group: StudyGroup | None
    place: GroupMember | None
    reported: bool

    @property
    def is_judge(self) -> bool:
        """Tell whether the account keeps the resource's group clean."""
        return self.place is not None and self.place.role in JUDGES


@dataclass(frozen=True, slots=True)
class Votes:
    """How many found something useful, and whether the account is one of them."""

    count: int = 0
    own: bool = False


async def resources(
    session: AsyncSession, account_id: UUID, *, wanted: Wanted, window: Window
) -> Sequence[ResourceRow]:
    """Return what the account may see of an audience, or of all of its own."""
    newest = col(Resource.created_at).desc()
    useful = (_votes().desc(), newest) if wanted.order is Order.USEFUL else (newest,)
    statement = (
        _visible(account_id)
        .where(*_of(wanted.audience))
        .order_by(*useful, col(Resource.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return [ResourceRow(*row) for row in (await session.exec(statement)).all()]


async def resource_by_id(
    session: AsyncSession, account_id: UUID, *, resource_id: UUID
) -> ResourceRow | None:
    """Return a resource if the account may see it."""
    statement = _visible(account_id).where(col(Resource.id) == resource_id)
    row = (await session.exec(statement)).one_or_none()
    return ResourceRow(*row) if row else None


async def lock_resource(
    session: AsyncSession, account_id: UUID, *, resource_id: UUID
) -> ResourceRow | None:
    """Return a resource that the account may see, locked until the transaction ends."""
    # In this order: what was read before the lock may have changed while waiting for it.
    locked = select(Resource.id).where(Resource.id == resource_id).with_for_update()
    if (await session.exec(locked)).one_or_none() is None:
        return None
    return await resource_by_id(session, account_id, resource_id=resource_id)


async def votes(
    session: AsyncSession, account_id: UUID, *, resource_ids: Sequence[UUID]
) -> dict[UUID, Votes]:
    """Return the votes of resources; what nobody voted for is left out."""
    own = func.bool_or(col(ResourceVote.account_id) == account_id)
    statement = (
        select(ResourceVote.resource_id, func.count(), own)
        .where(col(ResourceVote.resource_id).in_(resource_ids))
        .group_by(col(ResourceVote.resource_id))
    )
    rows = (await session.exec(statement)).all()
    return {resource_id: Votes(count, is_own) for resource_id, count, is_own in rows}


async def count_reports(
    session: AsyncSession, account_id: UUID, *, resource: Resource
) -> int:
    """Return how many others than the account reported a resource since it was judged."""
    statement = (
        select(func.count())
        .select_from(ResourceReport)
        .where(
            ResourceReport.resource_id == resource.id,
            ResourceReport.account_id != account_id,
        )
    )
    if resource.judged_at is not None:
        statement = statement.where(col(ResourceReport.created_at) > resource.judged_at)
    return (await session.exec(statement)).one()


async def own_groups(session: AsyncSession, account_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Return the account's groups by name."""
    statement = (
        select(StudyGroup.id, StudyGroup.name)
        .join(GroupMember, col(GroupMember.group_id) == col(StudyGroup.id))
        .where(GroupMember.account_id == account_id)
        .order_by(func.lower(StudyGroup.name), col(StudyGroup.id))
    )
    return (await session.exec(statement)).all()


async def own_group_name(
    session: AsyncSession, account_id: UUID, *, group_id: UUID
) -> str | None:
    """Return the name of a group if the account is a member."""
    statement = (
        select(StudyGroup.name)
        .join(GroupMember, col(GroupMember.group_id) == col(StudyGroup.id))
        .where(GroupMember.account_id == account_id, StudyGroup.id == group_id)
    )
    return (await session.exec(statement)).one_or_none()


async def judges(
    session: AsyncSession, account_id: UUID | None, *, group_id: UUID
) -> Sequence[UUID]:
    """Return who else than `account_id`, the author, keeps a group clean."""
    statement = select(GroupMember.account_id).where(
        GroupMember.group_id == group_id, col(GroupMember.role).in_(JUDGES)
    )
    everybody = (await session.exec(statement)).all()
    return [judge for judge in everybody if judge != account_id]


async def remove_orphans(session: AsyncSession) -> Sequence[str]:
    """Delete what reports hid from a course whose author is gone: nobody can see it again.

    Returns the storage keys of what had bytes.
    """
    statement = (
        delete(Resource)
        .where(
            col(Resource.account_id).is_(None),
            col(Resource.group_id).is_(None),
            col(Resource.hidden_at).is_not(None),
        )
        .returning(col(Resource.storage_key))
    )
    return [key for key in (await session.exec(statement)).scalars() if key]


def _visible(account_id: UUID) -> Found:
    whole = (
        select(Resource, Account, StudyGroup, Place)
        .add_columns(_has_reported(account_id))
        .join(Account, col(Account.id) == col(Resource.account_id), isouter=True)
        .join(StudyGroup, col(StudyGroup.id) == col(Resource.group_id), isouter=True)
        .join(
            Place,
            and_(
                col(Place.group_id) == col(Resource.group_id),
                col(Place.account_id) == account_id,
            ),
            isouter=True,
        )
        .where(or_(col(Resource.account_id) == account_id, _is_for(account_id)))
    )
    return cast("Found", whole)  # `select` knows the types of four columns at most


def _is_for(account_id: UUID) -> ColumnElement[bool]:
    """Say of a resource that the account is its audience and may see it as it stands.

    Nobody shuts out who keeps their group clean.
    """
    blocker, blocked = col(Block.blocker_id), col(Block.blocked_id)
    author = col(Resource.account_id)
    is_judge = func.coalesce(col(Place.role).in_(JUDGES), false())
    return and_(
        or_(col(Place.account_id).is_not(None), _has_course(account_id)),
        or_(col(Resource.hidden_at).is_(None), is_judge),
        ~exists().where(blocker == account_id, blocked == author),
        or_(is_judge, ~exists().where(blocker == author, blocked == account_id)),
    )


def _has_course(account_id: UUID) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            col(Course.account_id) == account_id,
            col(Course.listed),
            col(Course.moodle_id) == col(Resource.moodle_course_id),
            col(MoodleConnection.id) == col(Course.connection_id),
            col(MoodleConnection.site_url) == col(Resource.site_url),
        )
        .correlate(Resource)
    )


def _has_reported(account_id: UUID) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            col(ResourceReport.resource_id) == col(Resource.id),
            col(ResourceReport.account_id) == account_id,
        )
        .correlate(Resource)
    )


def _votes() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(ResourceVote)
        .where(col(ResourceVote.resource_id) == col(Resource.id))
        .correlate(Resource)
        .scalar_subquery()
    )


def _of(audience: Audience | None) -> tuple[ColumnElement[bool], ...]:
    if audience is None:
        return ()
    if audience.course is None:
        return (col(Resource.group_id) == audience.group_id,)
    return (
        col(Resource.site_url) == audience.course.site_url,
        col(Resource.moodle_course_id) == audience.course.moodle_id,
    )
