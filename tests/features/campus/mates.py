"""Students who share courses and groups, put into the database by hand."""

from uuid import UUID, uuid4

from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.models import (
    Course,
    GroupMember,
    GroupRole,
    MoodleConnection,
    Notification,
    StudyGroup,
)
from tests.conftest import NOON, make_student

SITE = "https://moodle.example.edu"
BIOLOGY = 101


async def enrol(
    student: Student,
    *,
    moodle_id: int = BIOLOGY,
    shortname: str = "BIO 101",
    site: str = SITE,
    listed: bool = True,
) -> Course:
    """Give a student a course, by a Moodle connection of its own."""
    connection = MoodleConnection(
        account_id=student.account_id,
        site_url=site,
        site_name="Example University",
        moodle_user_id=uuid4().int % 2**31,
        moodle_username="someone",
        sealed_token="sealed",
        token_obtained_at=NOON,
        created_at=NOON,
    )
    course = Course(
        account_id=student.account_id,
        connection_id=connection.id,
        moodle_id=moodle_id,
        shortname=shortname,
        fullname=f"{shortname} in full",
        line=3,
        followed_since=NOON,
        listed=listed,
        created_at=NOON,
    )
    async with unit_of_work() as work:
        work.session.add(connection)
        await work.session.flush()
        work.session.add(course)
    return course


async def open_up(*students: Student, on: bool = True) -> None:
    """Let students be found as buddies."""
    async with unit_of_work() as work:
        for student in students:
            await accounts.save_preference(
                work, account_id=student.account_id, name="open_to_buddies", on=on
            )


async def gather(owner: Student, *members: Student, name: str = "Night shift") -> UUID:
    """Make a group of an owner and members; return its id."""
    group = StudyGroup(
        name=name, created_by=owner.account_id, invite_code=uuid4().hex, created_at=NOON
    )
    async with unit_of_work() as work:
        work.session.add(group)
        await work.session.flush()
        for student in (owner, *members):
            role = GroupRole.OWNER if student is owner else GroupRole.MEMBER
            work.session.add(
                GroupMember(
                    group_id=group.id,
                    account_id=student.account_id,
                    role=role,
                    joined_at=NOON,
                )
            )
    return group.id


async def classmates(count: int) -> list[Student]:
    """Make students who all have the same course."""
    students = [await make_student(f"Student {number}") for number in range(count)]
    for one in students:
        await enrol(one)
    return students


async def titles_told(student: Student) -> list[str]:
    """What a student was notified of."""
    statement = select(Notification.title).where(
        Notification.account_id == student.account_id
    )
    async with unit_of_work() as work:
        return list((await work.session.exec(statement)).all())


async def paths_told(student: Student) -> list[str]:
    """Where what a student was notified of leads."""
    statement = select(Notification.path).where(
        Notification.account_id == student.account_id
    )
    async with unit_of_work() as work:
        return list((await work.session.exec(statement)).all())
