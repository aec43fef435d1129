"""Students who study this week, with buddies to promise it to."""

from uuid import UUID

from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import rules, service
from studymaster.features.accountability.schemas import (
    AchievementView,
    ChallengeView,
    Overview,
    PledgeView,
)
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import service as points
from studymaster.models import BuddyLink, BuddyState
from tests.conftest import NOON
from tests.features.points.log import answers, keep


async def befriend(one: Student, other: Student) -> None:
    """Make two students buddies."""
    await keep(
        BuddyLink(
            asker_id=one.account_id,
            asked_id=other.account_id,
            pair_key=f"{one.account_id}:{other.account_id}",
            state=BuddyState.ACCEPTED,
            created_at=NOON,
            answered_at=NOON,
        )
    )


async def review(student: Student, count: int, *, at=NOON) -> None:
    await keep(*answers(student, at, count=count))


async def look(student: Student, *, now=NOON) -> Overview:
    return await service.find_overview(student=student, now=now)


async def challenge(student: Student, code: str, *, now=NOON) -> ChallengeView:
    found = (await look(student, now=now)).challenges
    return next(one for one in found if one.code == code)


async def achievement(student: Student, code: str, *, now=NOON) -> AchievementView:
    found = (await look(student, now=now)).achievements
    return next(one for one in found if one.code == code)


async def promise(
    student: Student,
    buddy: Student,
    *,
    kind: str = "reviews",
    amount: int = 20,
    days: int = 3,
    now=NOON,
) -> None:
    async with unit_of_work() as work:
        await service.make_pledge(
            work,
            student=student,
            buddy_id=buddy.account_id,
            promise=rules.require_promise(
                kind=kind, amount=str(amount), days=str(days), today=student.day_of(now)
            ),
            now=now,
        )


async def pledges(student: Student, *, now=NOON) -> tuple[list[PledgeView], ...]:
    """Return the student's own pledges, and those made to them."""
    async with unit_of_work() as work:
        found = await service.list_pledges(work, student=student, now=now)
    return found.own, found.theirs


async def close(student: Student, *, now) -> None:
    """Close the student's days as the worker does."""
    async with unit_of_work() as work:
        endings = await points.close_days(work, account_ids=[student.account_id], now=now)
        if endings:
            await service.settle(work, endings=endings, now=now)


async def balance(account_id: UUID) -> int:
    async with unit_of_work() as work:
        return await points.balance(work, account_id=account_id)
