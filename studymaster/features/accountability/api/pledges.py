"""Pledges over HTTP: promised to a buddy, looked at from both sides, taken back."""

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, Field

from studymaster.adapters import clock, limits
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import rules, service
from studymaster.features.accountability.api.lists import Asked, part_of
from studymaster.features.accountability.schemas import Pledges, PledgeView
from studymaster.features.accountability.service.pledges import NO_PLEDGE
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.service.buddies import NO_BUDDY
from studymaster.models import PledgeKind
from studymaster.paging import Stretch

router = APIRouter()


class PledgeBody(BaseModel):
    """What is promised to whom: so much of something, from now on, today the first day."""

    buddy_id: str = Field(description="The account of a buddy.")
    measure: PledgeKind
    amount: int
    days: int


@router.get("/pledges")
async def own(student: CurrentStudent, window: Asked) -> Stretch[PledgeView]:
    """List what the student promised: open pledges first, then those settled lately."""
    found = (await _pledges(student)).own
    return part_of(found, window=window)


@router.get("/pledges/received")
async def received(student: CurrentStudent, window: Asked) -> Stretch[PledgeView]:
    """List what buddies promised to the student, in the same order."""
    found = (await _pledges(student)).theirs
    return part_of(found, window=window)


@router.post("/pledges", status_code=HTTPStatus.CREATED)
async def make(student: CurrentStudent, body: PledgeBody) -> PledgeView:
    """Promise something to a buddy; the same promise twice is one."""
    now = clock.now()
    promise = rules.require_promise(
        kind=body.measure.value,
        amount=str(body.amount),
        days=str(body.days),
        today=student.day_of(now),
    )
    buddy_id = parse_id(body.buddy_id, missing=NO_BUDDY)
    await limits.take("pledge", str(student.account_id))
    async with unit_of_work() as work:
        return await service.make_pledge(
            work, student=student, buddy_id=buddy_id, promise=promise, now=now
        )


@router.delete("/pledges/{pledge_id}", status_code=HTTPStatus.NO_CONTENT)
async def withdraw(student: CurrentStudent, pledge_id: str) -> None:
    """Take a promise back while it is open."""
    async with unit_of_work() as work:
        await service.withdraw_pledge(
            work,
            account_id=student.account_id,
            pledge_id=parse_id(pledge_id, missing=NO_PLEDGE),
            now=clock.now(),
        )


async def _pledges(student: Student) -> Pledges:
    async with unit_of_work() as work:
        return await service.list_pledges(work, student=student, now=clock.now())
