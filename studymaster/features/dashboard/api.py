"""Who is signed in, with their points and their streak, over HTTP."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.points import service as points

router = APIRouter(prefix="/auth", tags=["auth"])


class User(BaseModel):
    """A student, as they see themselves. Moments are UTC.

    `username` is the one at Moodle, else the e-mail address. `encrypted_token` is a short
    fingerprint of the sealed Moodle token, null without a Moodle: it only tells whether the
    token has changed.
    """

    id: str
    username: str
    email: str | None
    encrypted_token: str | None
    created_at: datetime
    last_login: datetime | None
    points: int
    streak_days: int
    display_name: str
    time_zone: str
    day_start_hour: int


@router.get("/me")
async def me(student: CurrentStudent) -> User:
    """Tell who is signed in."""
    async with unit_of_work() as work:
        identity = await accounts.identity(work, account_id=student.account_id)
        standing = await points.standing(work, student=student, now=clock.now())
    return User(
        id=str(student.account_id),
        username=identity.username,
        email=identity.email,
        encrypted_token=identity.fingerprint,
        created_at=identity.created_at,
        last_login=identity.last_login_at,
        points=standing.balance,
        streak_days=standing.streak.days,
        display_name=student.display_name,
        time_zone=student.time_zone,
        day_start_hour=student.day_start_hour,
    )
