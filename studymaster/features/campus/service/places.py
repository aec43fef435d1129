"""A place in a group: what its role allows, who else has one, and who is told of changes."""

from collections.abc import Iterable
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.queries import lock
from studymaster.features.campus.queries import groups as queries
from studymaster.features.campus.queries.groups import GroupRow
from studymaster.features.campus.rules import groups as rules
from studymaster.models import GroupMember, GroupRole, StudyGroup

NO_GROUP = "There is no such group, or you are not one of its members."
NO_MEMBER = "That student is not in this group."
OWNERS_ONLY = "Only an owner of the group can do this."
MODERATORS_ONLY = "Only an owner or a moderator of the group can do this."


def group_path(group_id: UUID) -> str:
    """Return where a group's room is."""
    return f"/campus/group/{group_id}"


async def lock_group(work: UnitOfWork, group_id: UUID) -> None:
    """Let only one transaction at a time change who is in a group, and what it is."""
    await lock(work.session, f"group:{group_id}")


async def require_membership(
    work: UnitOfWork, *, account_id: UUID, group_id: UUID
) -> GroupRow:
    """Return a group that the account is in.

    Raises:
        NotFoundError: there is none, or the account is no member.
    """
    row = await queries.own_group(work.session, account_id, group_id=group_id)
    if row is None:
        raise NotFoundError(NO_GROUP)
    return row


async def require_owner(
    work: UnitOfWork, *, account_id: UUID, group_id: UUID
) -> StudyGroup:
    """Return a group that the account owns.

    Raises:
        NotFoundError: there is none, or the account is no member.
        ConflictError: the account is no owner of it.
    """
    row = await require_membership(work, account_id=account_id, group_id=group_id)
    if row.role is not GroupRole.OWNER:
        raise ConflictError(OWNERS_ONLY)
    return row.group


async def require_moderator(
    work: UnitOfWork, *, account_id: UUID, group_id: UUID
) -> StudyGroup:
    """Return a group that the account owns or moderates.

    Raises:
        NotFoundError: there is none, or the account is no member.
        ConflictError: the account is neither owner nor moderator of it.
    """
    row = await require_membership(work, account_id=account_id, group_id=group_id)
    if row.role not in rules.MODERATORS:
        raise ConflictError(MODERATORS_ONLY)
    return row.group


async def list_places(
    work: UnitOfWork, *, account_id: UUID, group_id: UUID
) -> list[GroupMember]:
    """Return all places of a group that the account is in.

    Raises:
        NotFoundError: there is none, or the account is no member.
    """
    rows = await queries.members(work.session, account_id, group_id=group_id)
    if not rows:
        raise NotFoundError(NO_GROUP)
    return [one.place for one in rows]


def place_of(places: Iterable[GroupMember], account_id: UUID | None) -> GroupMember:
    """Return the place of one member.

    Raises:
        NotFoundError: they have none of these.
    """
    for one in places:
        if one.account_id == account_id:
            return one
    raise NotFoundError(NO_MEMBER)


def tell(work: UnitOfWork, places: Iterable[GroupMember], *, group_id: UUID) -> None:
    """Tell the tabs of these members that something in their group changed."""
    for one in places:
        work.announce(news_for(one.account_id, Topic.CAMPUS, subject=str(group_id)))


async def tell_members(work: UnitOfWork, *, account_id: UUID, group_id: UUID) -> None:
    """Tell the tabs of all members of the account's group that something changed."""
    tell(
        work,
        await list_places(work, account_id=account_id, group_id=group_id),
        group_id=group_id,
    )
