"""What a run knows of its courses from before, and that it has read one now."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import StudyMasterError
from studymaster.features.courses.schemas import CourseView
from studymaster.features.sync.queries import holdings as queries
from studymaster.features.sync.queries import runs
from studymaster.features.sync.schemas import CourseReading, Errand
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


async def keep_readings(
    work: UnitOfWork, *, errand: Errand, readings: Sequence[CourseReading]
) -> None:
    """Note that courses are kept as the answers about them say."""
    if not readings:
        return
    await get_run(work, errand)
    rows = await runs.courses_by_id(
        work.session, errand.account_id, course_ids=[one.course_id for one in readings]
    )
    for one in readings:
        row = rows.get(one.course_id)
        if row is not None:
            row.listing_sha1 = one.digest
            row.last_synced_at = one.read_at or row.last_synced_at


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
