"""Which course something lies in: from its number in Moodle to ours, and back."""

from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.library import queries, rules
from studymaster.features.library.schemas import CoursePlace

NO_COURSE = "That course is not one of yours."


async def get_course_id(
    work: UnitOfWork, *, account_id: UUID, moodle_id: int, site: str | None
) -> UUID:
    """Return our id of the student's course with that number in Moodle.

    Where several sites know the number, it is that of `site`, else of the one connected
    first.

    Raises:
        NotFoundError: the student has no such course.
    """
    found = None
    if rules.is_number_of_moodle(moodle_id) and "\x00" not in (site or ""):
        found = await queries.course_of_number(
            work.session, account_id, number=moodle_id, site_url=site
        )
    if found is None:
        raise NotFoundError(NO_COURSE)
    return found


async def get_course_place(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID
) -> CoursePlace:
    """Return where one of the student's courses is.

    Raises:
        NotFoundError: it is not theirs.
    """
    row = await queries.course_place(work.session, account_id, course_id=course_id)
    if row is None:
        raise NotFoundError(NO_COURSE)
    course, site_url = row
    return CoursePlace(str(course.id), course.moodle_id, site_url, course.fullname)
