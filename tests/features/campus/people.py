"""Students with courses, and groups of theirs, put into the database."""

from datetime import datetime
from uuid import UUID, uuid4

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.schemas.groups import GroupForm, GroupView
from studymaster.features.campus.service import chat, groups, membership
from studymaster.models import Course
from tests import tabs
from tests.conftest import NOON
from tests.tabs import SomeState


async def make_group(
    student: Student,
    *,
    name: str = "Night owls",
    course: Course | None = None,
    listed: bool = True,
    now: datetime = NOON,
) -> GroupView:
    form = GroupForm(name=name, course_id=str(course.id) if course else "", listed=listed)
    async with unit_of_work() as work:
        return await groups.create_group(work, student=student, form=form, now=now)


async def code_of(student: Student, group: GroupView) -> str:
    async with unit_of_work() as work:
        room = await groups.get_room(
            work, student=student, group_id=UUID(group.id), now=NOON
        )
    return room.invite_code


async def join(
    student: Student, group: GroupView, *, code: str, now: datetime = NOON
) -> None:
    async with unit_of_work() as work:
        group_id = await membership.join_by_code(work, student=student, code=code, now=now)
    assert str(group_id) == group.id


async def group_of(owner: Student, *others: Student, name: str = "Night owls") -> GroupView:
    """A group that `owner` made and the others joined, one after the other."""
    group = await make_group(owner, name=name)
    code = await code_of(owner, group)
    for minutes, one in enumerate(others, start=1):
        await join(one, group, code=code, now=NOON.replace(minute=minutes))
    return group


async def say(
    student: Student,
    group: GroupView,
    text: str,
    *,
    key: str | None = None,
    now: datetime = NOON,
) -> str:
    async with unit_of_work() as work:
        view = await chat.send_message(
            work,
            student=student,
            group_id=UUID(group.id),
            text=text,
            sent_key=key or uuid4().hex,
            now=now,
        )
    return view.id


async def roles_of(student: Student, group: GroupView) -> dict[str, str]:
    """Who has which role in the group, as this student sees it."""
    async with unit_of_work() as work:
        room = await groups.get_room(
            work, student=student, group_id=UUID(group.id), now=NOON
        )
    return {one.name: one.role for one in room.members}


def tab_of(student: Student, kind: type[SomeState], path: str = "/campus") -> SomeState:
    """Return a tab that is told apart from other students' tabs."""
    return tabs.tab_of(student, kind, path, token=str(student.session_id))
