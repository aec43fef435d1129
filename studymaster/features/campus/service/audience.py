"""Which courses a student shares with others; nobody learns another one's courses here."""

from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.campus.queries import audience as queries
from studymaster.features.campus.schemas.audience import CourseChoice, CourseKey

NO_COURSE = "That course is not one of yours."


async def own_courses(work: UnitOfWork, *, account_id: UUID) -> list[CourseKey]:
    """List the courses that Moodle lists for the student now, by short name."""
    rows = await queries.listed_courses(work.session, account_id)
    return [
        CourseKey(str(row.id), site_url, row.moodle_id, row.shortname, row.line)
        for row, site_url in rows
    ]


async def course_choices(work: UnitOfWork, *, account_id: UUID) -> list[CourseChoice]:
    """List the student's own courses, to choose one from."""
    courses = await own_courses(work, account_id=account_id)
    return [CourseChoice(one.id, one.name, one.line) for one in courses]


async def get_course(work: UnitOfWork, *, account_id: UUID, course_id: UUID) -> CourseKey:
    """Return one of the student's own courses.

    Raises:
        NotFoundError: it is not theirs, or Moodle does not list it any more.
    """
    for course in await own_courses(work, account_id=account_id):
        if course.id == str(course_id):
            return course
    raise NotFoundError(NO_COURSE)


async def course_of_moodle_id(
    work: UnitOfWork, *, account_id: UUID, moodle_id: int
) -> CourseKey:
    """Return the student's own course of this number, the oldest connection's first.

    Raises:
        NotFoundError: the student has no such course.
    """
    for course in await own_courses(work, account_id=account_id):
        if course.moodle_id == moodle_id:
            return course
    raise NotFoundError(NO_COURSE)


async def tell_classmates(
    work: UnitOfWork, *, account_id: UUID, site_url: str, moodle_id: int
) -> None:
    """Tell the tabs of all who have a course, the student's own too, that something changed."""
    others = await queries.classmates(
        work.session, account_id, site_url=site_url, moodle_id=moodle_id
    )
    for one in (account_id, *others):
        work.announce(news_for(one, Topic.CAMPUS))


async def tell_all_classmates(work: UnitOfWork, *, account_id: UUID) -> None:
    """Tell the tabs of all who have any of the student's courses that something changed."""
    for one in await queries.all_classmates(work.session, account_id):
        work.announce(news_for(one, Topic.CAMPUS))
