"""Coming into a group and going, by the list, by a link or by others; and who may do what."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_urlsafe
from uuid import UUID

from studymaster.adapters import limits
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.queries import lock
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.queries import groups as queries
from studymaster.features.campus.queries.groups import GroupRow, MemberRow
from studymaster.features.campus.rules import groups as rules
from studymaster.features.campus.rules.groups import MOST_GROUPS, MOST_MEMBERS
from studymaster.features.campus.service.places import (
    NO_GROUP,
    group_path,
    list_places,
    lock_group,
    place_of,
    require_owner,
    tell,
)
from studymaster.features.campus.service.telling import tell_of
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify
from studymaster.models import (
    GroupMember,
    GroupRemoval,
    GroupRole,
    NotificationKind,
    StudyGroup,
)
from studymaster.paging import Window

NO_INVITATION = (
    "This invitation does not lead anywhere. It may have been replaced; "
    "ask the group for a new link."
)
FULL = f"This group is full: it has its {MOST_MEMBERS} members."
TOO_MANY = f"You are in {MOST_GROUPS} groups already. Leave one before you go on."
REMOVED = "A moderator removed you from this group. With a newer invitation link you can come back."
LAST_ONE = (
    "You are the last member, and leaving would delete the group with its chat. "
    "Delete it if that is what you want."
)
NOT_YOURSELF = "This is about other members. To go yourself, leave the group."
NOT_BY_YOU = "A moderator can remove members; moderators and owners only an owner can."

ROLE_NEWS = {
    GroupRole.OWNER: "You own the group {name} now",
    GroupRole.MODERATOR: "You are a moderator of {name} now",
}
CODE_BYTES = 12
TRIES_A_MINUTE = 20


def new_code() -> str:
    """Return an invitation code that nobody can guess: 96 bits in 16 letters."""
    return token_urlsafe(CODE_BYTES)


async def join_listed(
    work: UnitOfWork, *, student: Student, group_id: UUID, now: datetime
) -> None:
    """Join a group that is listed for one of the student's courses; joining twice is once.

    Raises:
        NotFoundError: it is not there for this student.
        ConflictError: it is full, or they were removed from it.
    """
    account_id = student.account_id
    await lock_group(work, group_id)
    if await queries.place(work.session, account_id, group_id=group_id) is not None:
        return
    if await queries.removal(work.session, account_id, group_id=group_id) is not None:
        raise ConflictError(REMOVED)
    found = await queries.discoverable_groups(
        work.session, account_id, window=Window(limit=1), group_id=group_id
    )
    if not found:
        raise NotFoundError(NO_GROUP)
    await enter(work, found[0].group, student=student, now=now)


async def join_by_code(
    work: UnitOfWork, *, student: Student, code: str, now: datetime
) -> UUID:
    """Join the group that a link invites to, and return its id; joining twice is once.

    Whoever was removed comes back by it: the link they knew stopped working then.

    Raises:
        NotFoundError: the link leads nowhere.
        ConflictError: the group is full.
    """
    account_id = student.account_id
    group_id = (await _invited(work, account_id=account_id, code=code)).group.id
    await lock_group(work, group_id)
    # The link may have been replaced while we waited.
    work.session.expire_all()
    row = await _invited(work, account_id=account_id, code=code)
    if row.role is None:
        await enter(work, row.group, student=student, now=now)
        removal = await queries.removal(work.session, account_id, group_id=group_id)
        if removal is not None:
            await work.session.delete(removal)
    return group_id


async def take_try(*, account_id: UUID) -> None:
    """Count one look behind a link, so that nobody tries them out by the thousand.

    Raises:
        TooManyRequestsError: the student looked behind as many as a minute allows.
    """
    await limits.take("invitation", str(account_id), per_minute=TRIES_A_MINUTE)


async def find_invited(work: UnitOfWork, *, account_id: UUID, code: str) -> GroupRow | None:
    """Return the group that a link invites to."""
    if not rules.is_code(code):
        return None
    return await queries.group_of_code(work.session, account_id, code=code)


async def _invited(work: UnitOfWork, *, account_id: UUID, code: str) -> GroupRow:
    row = await find_invited(work, account_id=account_id, code=code)
    if row is None:
        raise NotFoundError(NO_INVITATION)
    return row


async def enter(
    work: UnitOfWork, group: StudyGroup, *, student: Student, now: datetime
) -> None:
    """Give a student a place in a locked group; whoever comes into an empty one owns it.

    Raises:
        ConflictError: the group is full, or the student is in too many.
    """
    account_id, session = student.account_id, work.session
    await lock(session, f"groups:{account_id}")
    if await queries.count_groups(session, account_id) >= MOST_GROUPS:
        raise ConflictError(TOO_MANY)
    others = await queries.count_others(session, account_id, group_id=group.id)
    if others >= MOST_MEMBERS:
        raise ConflictError(FULL)
    role = GroupRole.MEMBER if others else GroupRole.OWNER
    session.add(
        GroupMember(group_id=group.id, account_id=account_id, role=role, joined_at=now)
    )
    await session.flush()
    members = await queries.members(session, account_id, group_id=group.id)
    tell(work, [one.place for one in members], group_id=group.id)
    await _notify_owners(work, members, group=group, student=student, now=now)


async def _notify_owners(
    work: UnitOfWork,
    members: Sequence[MemberRow],
    *,
    group: StudyGroup,
    student: Student,
    now: datetime,
) -> None:
    news = Notice(
        kind=NotificationKind.CAMPUS,
        title=f"{student.display_name} joined {group.name}",
        path=group_path(group.id),
        cause=f"group-joined:{group.id}:{student.account_id}",
    )
    for one in members:
        account_id = one.place.account_id
        if one.place.role is GroupRole.OWNER and account_id != student.account_id:
            await tell_of(
                work,
                sender_id=student.account_id,
                account_id=account_id,
                notice=news,
                now=now,
            )


async def leave(
    work: UnitOfWork, *, student: Student, group_id: UUID, now: datetime
) -> None:
    """Leave a group. When no owner stays, the longest-standing moderator or member is one.

    Raises:
        NotFoundError: the student is no member.
        ConflictError: the student is the last one in it.
    """
    account_id = student.account_id
    await lock_group(work, group_id)
    places = await list_places(work, account_id=account_id, group_id=group_id)
    others = [one for one in places if one.account_id != account_id]
    if not others:
        raise ConflictError(LAST_ONE)
    await _ensure_owner(work, others, now=now)
    await work.session.delete(place_of(places, account_id))
    tell(work, places, group_id=group_id)


async def find_heir(
    work: UnitOfWork, *, account_id: UUID, group_id: UUID, now: datetime
) -> None:
    """Give a group an owner whose last one is gone together with their account."""
    await lock_group(work, group_id)
    work.session.expire_all()
    places = await list_places(work, account_id=account_id, group_id=group_id)
    await _ensure_owner(work, places, now=now)


async def _ensure_owner(
    work: UnitOfWork, places: Sequence[GroupMember], *, now: datetime
) -> None:
    if not any(one.role is GroupRole.OWNER for one in places):
        heir = place_of(places, rules.successor(places))
        await _give_role(work, heir, role=GroupRole.OWNER, now=now)


async def remove_member(
    work: UnitOfWork, *, student: Student, group_id: UUID, other_id: UUID, now: datetime
) -> str:
    """Remove somebody, and replace the invitation link that they know; return the new one.

    Raises:
        NotFoundError: the student or the other one is no member.
        ConflictError: the student's role does not allow it.
    """
    account_id = student.account_id
    await lock_group(work, group_id)
    places = await list_places(work, account_id=account_id, group_id=group_id)
    you, other = place_of(places, account_id), place_of(places, other_id)
    if other is you:
        raise ConflictError(NOT_YOURSELF)
    if not rules.may_remove(you.role, other=other.role):
        raise ConflictError(NOT_BY_YOU)
    group = await work.session.get_one(StudyGroup, group_id)
    group.invite_code = new_code()
    await work.session.delete(other)
    removal = GroupRemoval(group_id=group_id, account_id=other_id, created_at=now)
    await work.session.merge(removal)
    tell(work, places, group_id=group_id)
    news = Notice(
        kind=NotificationKind.CAMPUS,
        title=f"You were removed from {group.name}",
        text="A moderator of the group did this. What you wrote there stays.",
        path="/campus",
        cause=f"group-removed:{group_id}:{now.isoformat()}",
    )
    await notify(work, account_id=other_id, notice=news, now=now)
    return group.invite_code


async def set_role(
    work: UnitOfWork,
    *,
    student: Student,
    group_id: UUID,
    other_id: UUID,
    role: str,
    now: datetime,
) -> None:
    """Make another member an owner, a moderator, or a member again.

    Raises:
        InvalidInputError: there is no such role.
        NotFoundError: the student or the other one is no member.
        ConflictError: the student is no owner, or means themselves.
    """
    account_id, wanted = student.account_id, GroupRole(rules.require_role(role))
    await lock_group(work, group_id)
    await require_owner(work, account_id=account_id, group_id=group_id)
    places = await list_places(work, account_id=account_id, group_id=group_id)
    other = place_of(places, other_id)
    if other_id == account_id:
        raise ConflictError(NOT_YOURSELF)
    if other.role is not wanted:
        await _give_role(work, other, role=wanted, now=now)
        tell(work, places, group_id=group_id)


async def _give_role(
    work: UnitOfWork, place: GroupMember, *, role: GroupRole, now: datetime
) -> None:
    """Change what a member may do; tell them unless it is less than before."""
    group = await work.session.get_one(StudyGroup, place.group_id)
    is_more = rules.ORDER[role] < rules.ORDER[place.role]
    place.role = role
    if is_more:
        news = Notice(
            kind=NotificationKind.CAMPUS,
            title=ROLE_NEWS[role].format(name=group.name),
            path=group_path(group.id),
            cause=f"group-role:{group.id}:{role}:{now.isoformat()}",
        )
        await notify(work, account_id=place.account_id, notice=news, now=now)
