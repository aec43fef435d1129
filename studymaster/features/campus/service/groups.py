"""Study groups: making one, finding one, seeing it from the inside, planning its session."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.queries import groups as queries
from studymaster.features.campus.queries.groups import GroupRow, MemberRow
from studymaster.features.campus.rules import groups as rules
from studymaster.features.campus.rules.groups import MOST_MEMBERS
from studymaster.features.campus.schemas.audience import CourseKey
from studymaster.features.campus.schemas.groups import (
    GroupChanges,
    GroupForm,
    GroupRoom,
    GroupView,
    Invitation,
    MemberView,
    SessionPlan,
)
from studymaster.features.campus.service import audience
from studymaster.features.campus.service.membership import (
    enter,
    find_heir,
    find_invited,
    new_code,
)
from studymaster.features.campus.service.places import (
    NO_GROUP,
    group_path,
    lock_group,
    require_membership,
    require_moderator,
    require_owner,
    tell,
    tell_members,
)
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify
from studymaster.models import GroupMember, GroupRole, NotificationKind, StudyGroup
from studymaster.paging import Stretch, Window, stretch

NOT_ALONE = "Others are still in this group. You can leave it, and they keep it."


async def create_group(
    work: UnitOfWork, *, student: Student, form: GroupForm, now: datetime
) -> GroupView:
    """Make a group that the student owns. Only a group of a course can be listed.

    Raises:
        InvalidInputError: its name or what it is about cannot be used.
        NotFoundError: the course is not one of the student's.
        ConflictError: the student is in too many groups.
    """
    account_id = student.account_id
    group = StudyGroup(
        name=rules.require_name(form.name),
        about=rules.require_about(form.about),
        created_by=account_id,
        listed=False,
        invite_code=new_code(),
        created_at=now,
    )
    if form.course_id:
        course_id = parse_id(form.course_id, missing=audience.NO_COURSE)
        course = await audience.get_course(work, account_id=account_id, course_id=course_id)
        group.site_url, group.moodle_course_id = course.site_url, course.moodle_id
        group.course_name, group.listed = course.name, form.listed
    work.session.add(group)
    await work.session.flush()
    await enter(work, group, student=student, now=now)
    if group.listed:
        await _tell_course(work, group, by=account_id)
    return await get_group(work, student=student, group_id=group.id, now=now)


async def list_groups(
    work: UnitOfWork, *, student: Student, window: Window, now: datetime
) -> Stretch[GroupView]:
    """List the student's groups by name."""
    rows = await queries.own_groups(work.session, student.account_id, window=window)
    return stretch(await _views(work, rows, student=student, now=now), window=window)


async def list_discoverable(
    work: UnitOfWork, *, student: Student, window: Window, now: datetime
) -> Stretch[GroupView]:
    """List the groups that others opened to a course which the student has too."""
    rows = await queries.discoverable_groups(
        work.session, student.account_id, window=window
    )
    return stretch(await _views(work, rows, student=student, now=now), window=window)


async def get_group(
    work: UnitOfWork, *, student: Student, group_id: UUID, now: datetime
) -> GroupView:
    """Return one of the student's groups.

    Raises:
        NotFoundError: there is none, or the student is no member.
    """
    row = await require_membership(work, account_id=student.account_id, group_id=group_id)
    (view,) = await _views(work, [row], student=student, now=now)
    return view


async def get_room(
    work: UnitOfWork, *, student: Student, group_id: UUID, now: datetime
) -> GroupRoom:
    """Return a group from the inside. One that has lost its owner gets another by it.

    Raises:
        NotFoundError: there is none, or the student is no member.
    """
    account_id, session = student.account_id, work.session
    members = await queries.members(session, account_id, group_id=group_id)
    if members and not any(one.place.role is GroupRole.OWNER for one in members):
        await find_heir(work, account_id=account_id, group_id=group_id, now=now)
        members = await queries.members(session, account_id, group_id=group_id)
    row = await require_membership(work, account_id=account_id, group_id=group_id)
    (view,) = await _views(work, [row], student=student, now=now)
    return GroupRoom(
        group=view,
        members=tuple(
            _member_view(one, you=row.role, account_id=account_id) for one in members
        ),
        invite_code=row.group.invite_code,
    )


async def find_room(
    work: UnitOfWork, *, student: Student, address: str, now: datetime
) -> GroupRoom | None:
    """Return the group that an address names, None where the student is no member."""
    try:
        group_id = parse_id(address, missing=NO_GROUP)
        return await get_room(work, student=student, group_id=group_id, now=now)
    except NotFoundError:
        return None


async def find_invitation(
    work: UnitOfWork, *, student: Student, code: str
) -> Invitation | None:
    """Return what a link invites to, None when it leads nowhere (any more)."""
    account_id = student.account_id
    row = await find_invited(work, account_id=account_id, code=code)
    if row is None:
        return None
    return Invitation(
        group_id=str(row.group.id) if row.role else "",
        name=row.group.name,
        course_name=row.group.course_name,
        owner=row.owner,
        member_count=row.member_count,
        is_member=row.role is not None,
        full=row.member_count >= MOST_MEMBERS,
    )


async def delete_group(
    work: UnitOfWork, *, student: Student, group_id: UUID
) -> Sequence[str]:
    """Delete a group in which nobody else is, with its chat and what was shared in it.

    Returns the storage keys of the bytes that nothing names any more.

    Raises:
        NotFoundError: the student is no member.
        ConflictError: others are still in it.
    """
    account_id, session = student.account_id, work.session
    await lock_group(work, group_id)
    row = await require_membership(work, account_id=account_id, group_id=group_id)
    if row.member_count > 1:
        raise ConflictError(NOT_ALONE)
    keys = await queries.shared_files(session, account_id, group_id=group_id)
    await tell_members(work, account_id=account_id, group_id=group_id)
    # The place goes first: whoever is saying something in here just now holds it.
    await session.delete(await session.get_one(GroupMember, (group_id, account_id)))
    await session.flush()
    await session.delete(row.group)
    return keys


async def change_group(
    work: UnitOfWork,
    *,
    student: Student,
    group_id: UUID,
    changes: GroupChanges,
    now: datetime,
) -> GroupView:
    """Give a group another name or words, or list it to course mates.

    Raises:
        NotFoundError: the student is no member.
        ConflictError: the student is no owner.
        InvalidInputError: a text cannot be used.
    """
    account_id = student.account_id
    await lock_group(work, group_id)
    group = await require_owner(work, account_id=account_id, group_id=group_id)
    if changes.name is not None:
        group.name = rules.require_name(changes.name)
    if changes.about is not None:
        group.about = rules.require_about(changes.about)
    was_listed = group.listed
    if changes.listed is not None:
        group.listed = changes.listed and group.moodle_course_id is not None
    await tell_members(work, account_id=account_id, group_id=group_id)
    if was_listed or group.listed:
        await _tell_course(work, group, by=account_id)
    return await get_group(work, student=student, group_id=group_id, now=now)


async def set_session(
    work: UnitOfWork, *, student: Student, group_id: UUID, plan: SessionPlan, now: datetime
) -> GroupView:
    """Set when the group meets next, or that nothing is planned; tell the members.

    Raises:
        NotFoundError: the student is no member.
        ConflictError: the student is neither owner nor moderator.
        InvalidInputError: the moment does not lie ahead, or the note is too long.
    """
    account_id = student.account_id
    await lock_group(work, group_id)
    group = await require_moderator(work, account_id=account_id, group_id=group_id)
    group.next_session_at, group.next_session_note = None, ""
    if plan.moment is not None:
        group.next_session_at = rules.require_ahead(plan.moment, now=now)
        group.next_session_note = rules.require_note(plan.note)
    members = await queries.members(work.session, account_id, group_id=group_id)
    tell(work, [one.place for one in members], group_id=group_id)
    for one in members:
        if group.next_session_at is not None and one.place.account_id != account_id:
            await _notify_of_session(work, group, member=one, now=now)
    return await get_group(work, student=student, group_id=group_id, now=now)


async def _tell_course(work: UnitOfWork, group: StudyGroup, *, by: UUID) -> None:
    """Tell the tabs of all who have the group's course what they can join."""
    if group.moodle_course_id is not None:
        await audience.tell_classmates(
            work, account_id=by, site_url=group.site_url, moodle_id=group.moodle_course_id
        )


async def _notify_of_session(
    work: UnitOfWork, group: StudyGroup, *, member: MemberRow, now: datetime
) -> None:
    moment = group.next_session_at
    assert moment is not None
    news = Notice(
        kind=NotificationKind.CAMPUS,
        title=f"{group.name} meets "
        f"{rules.session_words(moment, time_zone=member.time_zone)}",
        text=group.next_session_note,
        path=group_path(group.id),
        cause=f"group-session:{group.id}:{moment.isoformat()}",
    )
    await notify(work, account_id=member.place.account_id, notice=news, now=now)


async def renew_code(work: UnitOfWork, *, student: Student, group_id: UUID) -> str:
    """Replace the invitation link; the old one leads nowhere from now on.

    Raises:
        NotFoundError: the student is no member.
        ConflictError: the student is neither owner nor moderator.
    """
    account_id = student.account_id
    await lock_group(work, group_id)
    group = await require_moderator(work, account_id=account_id, group_id=group_id)
    group.invite_code = new_code()
    await tell_members(work, account_id=account_id, group_id=group_id)
    return group.invite_code


async def _views(
    work: UnitOfWork, rows: Sequence[GroupRow], *, student: Student, now: datetime
) -> list[GroupView]:
    courses = await audience.own_courses(work, account_id=student.account_id)
    # Of two connections to one site the older one's colour counts: it stands first.
    own = {(one.site_url, one.moodle_id): one for one in reversed(courses)}
    return [_view(row, own=own, student=student, now=now) for row in rows]


def _view(
    row: GroupRow,
    *,
    own: dict[tuple[str, int], CourseKey],
    student: Student,
    now: datetime,
) -> GroupView:
    group, joined = row.group, row.role is not None
    moment = rules.upcoming(group.next_session_at, now=now) if joined else None
    course = own.get((group.site_url, group.moodle_course_id or 0))
    return GroupView(
        id=str(group.id),
        name=group.name,
        about=group.about,
        course_id=group.moodle_course_id,
        course_name=group.course_name,
        line=course.line if course else -1,
        listed=group.listed,
        created_by=str(group.created_by) if joined and group.created_by else None,
        member_count=row.member_count,
        full=row.member_count >= MOST_MEMBERS,
        role=row.role.value if row.role else "",
        unread=row.unread,
        next_session=moment,
        next_session_note=group.next_session_note if moment else "",
        when=rules.session_words(moment, time_zone=student.time_zone),
        wall_clock=rules.wall_clock(moment, time_zone=student.time_zone),
    )


def _member_view(row: MemberRow, *, you: GroupRole | None, account_id: UUID) -> MemberView:
    is_you = row.place.account_id == account_id
    role = you.value if you else ""
    return MemberView(
        account_id=str(row.place.account_id),
        name=row.name,
        role=row.place.role.value,
        is_you=is_you,
        blocked=row.blocked,
        may_remove=not is_you and rules.may_remove(role, other=row.place.role),
        may_change_role=not is_you and you is GroupRole.OWNER,
    )
