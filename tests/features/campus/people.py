"""Students with courses, and groups of theirs, put into the database."""

from datetime import datetime
from uuid import UUID, uuid4

from studymaster.adapters import vault
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.vault import SessionToken, TokenUse
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.schemas.groups import GroupForm, GroupView
from studymaster.features.campus.service import chat, groups, membership
from studymaster.models import Course, MoodleConnection
from tests.conftest import NOON
from tests.tabs import SomeState, open_tab

SITE = "https://moodle.example.edu"
BIOLOGY = 101


async def enrol(
    student: Student,
    *,
    moodle_id: int = BIOLOGY,
    site_url: str = SITE,
    listed: bool = True,
    line: int = 3,
) -> Course:
    connection = MoodleConnection(
        account_id=student.account_id,
        site_url=site_url,
        site_name="Example University",
        moodle_user_id=uuid4().int % 2**31,
        moodle_username="student",
        sealed_token="sealed",
        created_at=NOON,
    )
    course = Course(
        account_id=student.account_id,
        connection_id=connection.id,
        moodle_id=moodle_id,
        shortname="BIO 101",
        fullname="Biology",
        line=line,
        listed=listed,
        created_at=NOON,
    )
    async with unit_of_work() as work:
        work.session.add(connection)
        await work.session.flush()
        work.session.add(course)
    return course


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
    token = SessionToken(
        account_id=student.account_id,
        session_id=student.session_id,
        use=TokenUse.ACCESS,
        generation=1,
        expires_at=NOON.replace(year=NOON.year + 1),
    )
    return open_tab(
        kind,
        access=vault.sign(token, issued_at=NOON),
        token=str(student.session_id),
        path=path,
    )
