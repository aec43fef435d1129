"""Makes Moodle connections, courses and runs without a Moodle."""

from datetime import timedelta
from itertools import count

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.models import Course, MoodleConnection, RunState, SyncRun
from tests.conftest import NOON

UNI = "https://moodle.uni.edu"
FINISHED = (RunState.DONE, RunState.FAILED)
_numbers = count(1_000)


async def connect(student: Student, *, site_url: str = UNI) -> MoodleConnection:
    """Connect a student to a site that nobody asks."""
    number = next(_numbers)
    row = MoodleConnection(
        account_id=student.account_id,
        site_url=site_url,
        site_name="Uni",
        moodle_user_id=number,
        moodle_username="mina",
        sealed_token="sealed",
        token_obtained_at=NOON,
        created_at=NOON + timedelta(microseconds=number),
    )
    async with unit_of_work() as work:
        work.session.add(row)
    return row


async def make_run(
    connection: MoodleConnection,
    *,
    state: RunState = RunState.DONE,
    minutes_ago: int = 0,
    course: Course | None = None,
    **fields,
) -> SyncRun:
    """Put a run into a connection's past, or one that is under way."""
    asked = NOON - timedelta(minutes=minutes_ago)
    run = SyncRun(
        account_id=connection.account_id,
        connection_id=connection.id,
        course_id=course.id if course else None,
        state=state,
        created_at=asked,
        beat_at=asked,
        **{"finished_at": asked if state in FINISHED else None} | fields,
    )
    async with unit_of_work() as work:
        work.session.add(run)
    return run
