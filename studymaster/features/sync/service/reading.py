"""What a run knows of its courses from before, and that it has read one now."""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import StudyMasterError
from studymaster.features.courses.schemas import CourseView
from studymaster.features.sync.queries import holdings as queries
from studymaster.features.sync.queries import runs
from studymaster.features.sync.schemas import Errand
from studymaster.features.sync.service.runs import get_run, note_issue


async def digests(work: UnitOfWork, *, errand: Errand) -> dict[UUID, str | None]:
    """Return the name of the answers from which each course was last kept."""
    return await queries.digests(
        work.session, errand.account_id, connection_id=errand.connection_id
    )


async def graded_work(
    work: UnitOfWork, *, errand: Errand
) -> dict[tuple[int, int], datetime]:
    """Return when graded work was due, by (course, module), both as Moodle counts them."""
    return await queries.graded_work(
        work.session, errand.account_id, connection_id=errand.connection_id
    )


async def keep_reading(
    work: UnitOfWork,
    *,
    errand: Errand,
    course: CourseView,
    digest: str | None,
    read_at: datetime | None,
) -> None:
    """Note that a course is kept as its answers say, which `digest` names.

    Without a digest some of them were missing: the next run looks at them all again. Without
    `read_at` what lies in the course was among those.
    """
    await get_run(work, errand)
    row = await runs.course_by_id(
        work.session, errand.account_id, course_id=UUID(course.id)
    )
    if row is not None:
        row.listing_sha1 = digest
        row.last_synced_at = read_at or row.last_synced_at


async def note_missing(
    work: UnitOfWork,
    *,
    errand: Errand,
    names: tuple[str, str],
    error: StudyMasterError,
    now: datetime,
) -> None:
    """Note that something did not come; `names` are its course's and its own."""
    # Held before the row that refers to it: whoever counts progress meanwhile waits.
    await get_run(work, errand)
    course_name, item_name = names
    await note_issue(
        work,
        errand=errand,
        course_name=course_name,
        item_name=item_name,
        error=error,
        now=now,
    )


async def note_unread(
    work: UnitOfWork,
    *,
    errand: Errand,
    course: CourseView,
    error: StudyMasterError,
    now: datetime,
) -> None:
    """Note that a run could not read a course, and why."""
    run = await get_run(work, errand)
    run.unread_courses = [*run.unread_courses, course.moodle_id]
    names = (course.fullname, course.fullname)
    await note_missing(work, errand=errand, names=names, error=error, now=now)
