"""Due dates and announcements over HTTP, and the calendar that needs no signing in."""

from asyncio import to_thread
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from studymaster.adapters import clock, limits
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import client_of
from studymaster.features.deadlines.schemas import AnnouncementItem, DeadlineItem
from studymaster.features.deadlines.service import calendar, ical, listing
from studymaster.lending import UNCHANGED
from studymaster.paging import Stretch, Window

router = APIRouter(tags=["deadlines"])

READS, READS_A_MINUTE = "calendar", 60
GUESSES, GUESSES_A_MINUTE = "calendar-guess", 60
NOT_MODIFIED = 304
MEDIA_TYPE = "text/calendar; charset=utf-8"
CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The calendar.",
        "content": {"text/calendar": {"schema": {"type": "string"}}},
    }
}
KEEPING = {
    "Cache-Control": "private, max-age=300",
    "Content-Disposition": 'inline; filename="studymaster.ics"',
}

CourseNumber = Annotated[
    int | None, Query(description="The number of one course in Moodle.")
]
Site = Annotated[
    str | None,
    Query(max_length=300, description="Which Moodle, when several know this number."),
]
Known = Annotated[str, Header(alias="If-None-Match")]


@router.get("/deadlines")
async def deadlines(
    student: CurrentStudent,
    *,
    past: Annotated[bool, Query()] = False,
    course_id: CourseNumber = None,
    site: Site = None,
    offset: Annotated[int, Query()] = 0,
    limit: Annotated[int, Query()] = 50,
) -> Stretch[DeadlineItem]:
    """List what is still to do, the earliest first.

    With `past` it is the rest: handed in, closed or over, the latest first.
    """
    window = Window(offset, limit)
    async with unit_of_work() as work:
        return await listing.stretch_of_deadlines(
            work,
            student=student,
            course_id=await listing.find_course(
                work, account_id=student.account_id, moodle_id=course_id, site=site
            ),
            past=past,
            window=window,
            now=clock.now(),
        )


@router.get("/announcements")
async def announcements(
    student: CurrentStudent,
    course_id: CourseNumber = None,
    site: Site = None,
    offset: Annotated[int, Query()] = 0,
    limit: Annotated[int, Query()] = 50,
) -> Stretch[AnnouncementItem]:
    """List what teachers announced to their courses, the newest first."""
    window = Window(offset, limit)
    async with unit_of_work() as work:
        return await listing.stretch_of_announcements(
            work,
            account_id=student.account_id,
            course_id=await listing.find_course(
                work, account_id=student.account_id, moodle_id=course_id, site=site
            ),
            window=window,
        )


@router.head("/calendar/{key}.ics", include_in_schema=False)
@router.get("/calendar/{key}.ics", response_class=Response, responses=CALENDAR | UNCHANGED)
async def calendar_feed(request: Request, key: str, known: Known = "") -> Response:
    """Return the due dates of whoever gave this address to their calendar program."""
    client, now = client_of(request.client.host if request.client else ""), clock.now()
    await limits.take(GUESSES, client, per_minute=GUESSES_A_MINUTE)
    await limits.take(READS, key, per_minute=READS_A_MINUTE)
    async with unit_of_work() as work:
        feed = await calendar.read_feed(work, key=key, now=now)
    # Who knows a key was not guessing.
    await limits.give_back(GUESSES, client, per_minute=GUESSES_A_MINUTE)
    # Weak, because what stands around us may compress the answer.
    headers = KEEPING | {"ETag": f'W/"{ical.mark_of(feed)}"'}
    if ical.mark_of(feed) in known:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    text = await to_thread(ical.written, feed, now=now)
    return Response(text, media_type=MEDIA_TYPE, headers=headers)
