"""What is done with a card besides answering it, over HTTP, and taking it back."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.flashcards.schemas import (
    NO_CARD,
    CardView,
    UndoStep,
    parse_due,
    parse_flag,
)
from studymaster.features.flashcards.service import cards, deeds, undoing

router = APIRouter(prefix="/flashcards", tags=["flashcards"])


class PutAwayBody(BaseModel):
    """Whether the other cards of the note go with it."""

    siblings: bool = False


class FlagBody(BaseModel):
    """The flag: 1 (red) to 7 (purple), 0 for none."""

    number: int


class DueBody(BaseModel):
    """When the card shall come: in so many `days`, or `on` a date (ISO 8601)."""

    days: int | None = None
    on: str | None = None


class UndoView(BaseModel):
    """What was taken back, in a sentence; null: there was nothing."""

    sentence: str | None


@router.get("/undo")
async def steps(student: CurrentStudent) -> list[UndoStep]:
    """List what can be taken back: the steps of the student's day, the last one first."""
    async with unit_of_work() as work:
        return await undoing.list_steps(work, student=student, now=clock.now())


@router.post("/undo")
async def undo(student: CurrentStudent) -> UndoView:
    """Take back the last step of the student's day."""
    async with unit_of_work() as work:
        said = await undoing.undo_last(work, student=student, now=clock.now())
    return UndoView(sentence=said)


@router.post("/{card_id}/bury")
async def bury(student: CurrentStudent, card_id: str, body: PutAwayBody) -> CardView:
    """Leave a card out of reviews until tomorrow."""
    chosen = _card(card_id)
    async with unit_of_work() as work:
        await deeds.bury(
            work, student=student, card_id=chosen, siblings=body.siblings, now=clock.now()
        )
        return await cards.get_card(work, student=student, card_id=chosen)


@router.post("/{card_id}/suspend")
async def suspend(student: CurrentStudent, card_id: str, body: PutAwayBody) -> CardView:
    """Leave a card out of reviews until it is brought back."""
    chosen = _card(card_id)
    async with unit_of_work() as work:
        await deeds.suspend(
            work, student=student, card_id=chosen, siblings=body.siblings, now=clock.now()
        )
        return await cards.get_card(work, student=student, card_id=chosen)


@router.post("/{card_id}/bring-back")
async def bring_back(student: CurrentStudent, card_id: str) -> CardView:
    """Ask a card again that was buried or suspended; a leech is none any more."""
    chosen = _card(card_id)
    async with unit_of_work() as work:
        await deeds.bring_back(work, student=student, card_id=chosen, now=clock.now())
        return await cards.get_card(work, student=student, card_id=chosen)


@router.post("/{card_id}/flag")
async def flag(student: CurrentStudent, card_id: str, body: FlagBody) -> CardView:
    """Mark a card with a flag, or take it off."""
    chosen, number = _card(card_id), parse_flag(body.number)
    async with unit_of_work() as work:
        await deeds.flag(
            work, student=student, card_id=chosen, number=number, now=clock.now()
        )
        return await cards.get_card(work, student=student, card_id=chosen)


@router.post("/{card_id}/due")
async def set_due(student: CurrentStudent, card_id: str, body: DueBody) -> CardView:
    """Let a card come on a day; how well it is known stays as it is."""
    chosen, now = _card(card_id), clock.now()
    wanted = body.days if body.on is None else body.on
    due_on = parse_due(wanted, today=student.day_of(now))
    async with unit_of_work() as work:
        await deeds.set_due(work, student=student, card_id=chosen, due_on=due_on, now=now)
        return await cards.get_card(work, student=student, card_id=chosen)


@router.post("/{card_id}/reset")
async def reset(student: CurrentStudent, card_id: str) -> CardView:
    """Start a card anew; its answers stay in the log."""
    chosen = _card(card_id)
    async with unit_of_work() as work:
        await deeds.reset(work, student=student, card_id=chosen, now=clock.now())
        return await cards.get_card(work, student=student, card_id=chosen)


def _card(card_id: str) -> UUID:
    return parse_id(card_id, missing=NO_CARD)
