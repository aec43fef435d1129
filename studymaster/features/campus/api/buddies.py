"""Buddies and blocks over HTTP."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.campus.rules.buddies import NOTE_MAX
from studymaster.features.campus.schemas.buddies import (
    BlockedView,
    BuddyView,
    Standing,
    SuggestionView,
)
from studymaster.features.campus.service import buddies
from studymaster.features.campus.service.pace import Act, take_turn
from studymaster.paging import Stretch, Window

router: Final = APIRouter()

Number = Annotated[int, Query()]


class AskBody(BaseModel):
    """Whom to ask, by the id from a suggestion, and a few words to them."""

    account_id: str
    note: str = Field(default="", description=f"At most {NOTE_MAX} characters.")


class BlockBody(BaseModel):
    """Whom not to meet any more."""

    account_id: str


@router.get("/buddies")
async def list_buddies(
    student: CurrentStudent,
    state: Standing = Standing.BUDDY,
    offset: Number = 0,
    limit: Number = 50,
) -> Stretch[BuddyView]:
    """List buddies by name, or the requests that wait, newest first."""
    window = Window(offset, limit)
    async with unit_of_work() as work:
        return await buddies.list_links(
            work, account_id=student.account_id, standing=state, window=window
        )


@router.get("/buddies/suggestions")
async def suggestions(
    student: CurrentStudent, offset: Number = 0, limit: Number = 50
) -> Stretch[SuggestionView]:
    """List students who are open to buddies too, most shared courses first."""
    window = Window(offset, limit)
    async with unit_of_work() as work:
        return await buddies.suggest(
            work, account_id=student.account_id, now=clock.now(), window=window
        )


@router.post("/buddies", status_code=HTTPStatus.CREATED)
async def ask(student: CurrentStudent, body: AskBody) -> BuddyView:
    """Ask somebody, at most 10 times a minute; when they have asked, the two are buddies."""
    await take_turn(Act.ASK_BUDDY, account_id=student.account_id)
    async with unit_of_work() as work:
        return await buddies.ask(
            work,
            student=student,
            other_id=parse_id(body.account_id, missing=buddies.NO_STUDENT),
            note=body.note,
            now=clock.now(),
        )


@router.post("/buddies/{link_id}/accept")
async def accept(student: CurrentStudent, link_id: str) -> BuddyView:
    """Say yes to a request."""
    async with unit_of_work() as work:
        return await buddies.accept(
            work,
            student=student,
            link_id=parse_id(link_id, missing=buddies.NO_LINK),
            now=clock.now(),
        )


@router.delete("/buddies/{link_id}", status_code=HTTPStatus.NO_CONTENT)
async def end(student: CurrentStudent, link_id: str) -> None:
    """Decline a request, withdraw one's own, or be buddies no more."""
    async with unit_of_work() as work:
        await buddies.end(
            work,
            account_id=student.account_id,
            link_id=parse_id(link_id, missing=buddies.NO_LINK),
            now=clock.now(),
        )


@router.get("/blocks")
async def list_blocked(
    student: CurrentStudent, offset: Number = 0, limit: Number = 50
) -> Stretch[BlockedView]:
    """List whom the student blocks, newest first."""
    window = Window(offset, limit)
    async with unit_of_work() as work:
        return await buddies.list_blocked(
            work, account_id=student.account_id, window=window
        )


@router.post("/blocks", status_code=HTTPStatus.NO_CONTENT)
async def block(student: CurrentStudent, body: BlockBody) -> None:
    """Meet somebody nowhere any more; a second time changes nothing."""
    async with unit_of_work() as work:
        await buddies.block(
            work,
            account_id=student.account_id,
            other_id=parse_id(body.account_id, missing=buddies.NOBODY),
            now=clock.now(),
        )


@router.delete("/blocks/{account_id}", status_code=HTTPStatus.NO_CONTENT)
async def unblock(student: CurrentStudent, account_id: str) -> None:
    """Let somebody be met again."""
    async with unit_of_work() as work:
        await buddies.unblock(
            work,
            account_id=student.account_id,
            other_id=parse_id(account_id, missing=buddies.NOT_BLOCKED),
        )
