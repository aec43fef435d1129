"""Makes Moodle connections without a Moodle."""

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.models import MoodleConnection
from tests.conftest import NOON


async def connect(student: Student) -> MoodleConnection:
    """Connect a student to a site that nobody asks."""
    row = MoodleConnection(
        account_id=student.account_id,
        site_url="https://moodle.uni.edu",
        site_name="Uni",
        moodle_user_id=7,
        moodle_username="mina",
        sealed_token="sealed",
        created_at=NOON,
    )
    async with unit_of_work() as work:
        work.session.add(row)
    return row
