"""Flashcards over HTTP: list, what is due, answer one, have new ones proposed."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.flashcards.schemas import (
    CardFace,
    CardView,
    Counts,
    GenerationView,
    GradeResult,
    parse_answer,
)
from studymaster.features.flashcards.service import decks, generation, review
from studymaster.features.library.service import NO_MATERIAL

router = APIRouter(prefix="/flashcards", tags=["flashcards"])

NO_COURSE = "That course is not one of yours."
MOST_DUE = 50


class CardList(BaseModel):
    """A stretch of the student's cards; `next_offset` is null at the end."""

    items: list[CardView]
    next_offset: int | None


class DueList(BaseModel):
    """The next cards to review, and how many are left by stage."""

    items: list[CardFace]
    counts: Counts


class ReviewBody(BaseModel):
    """One answer: `turn` as given with the card, `grade` 2 to 5 as in SM-2."""

    turn: int
    grade: int
    elapsed_ms: int = 0


class GenerateBody(BaseModel):
    """The material to make proposals from."""

    material_id: str


@router.get("")
async def cards(
    student: CurrentStudent,
    course_id: str | None = None,
    offset: Annotated[int, Query()] = 0,
    limit: Annotated[int, Query()] = 50,
) -> CardList:
    """List the student's cards, oldest first."""
    async with unit_of_work() as work:
        page = await decks.list_cards(
            work,
            account_id=student.account_id,
            course_id=_course(course_id),
            offset=offset,
            limit=limit,
        )
    return CardList(items=page.items, next_offset=page.next_offset)


@router.get("/due")
async def due(student: CurrentStudent, course_id: str | None = None) -> DueList:
    """List what the student's day still holds, in the order of a review; at most 50."""
    async with unit_of_work() as work:
        table = await review.get_table(
            work,
            student=student,
            course_id=_course(course_id),
            now=clock.now(),
            cards=MOST_DUE,
        )
    return DueList(items=table.cards, counts=table.counts)


@router.post("/generate", status_code=HTTPStatus.ACCEPTED)
async def generate(student: CurrentStudent, body: GenerateBody) -> GenerationView:
    """Ask for proposals from a material; a worker makes them."""
    async with unit_of_work() as work:
        return await generation.request_generation(
            work,
            student=student,
            material_id=parse_id(body.material_id, missing=NO_MATERIAL),
            now=clock.now(),
        )


@router.post("/{card_id}/review")
async def answer(student: CurrentStudent, card_id: str, body: ReviewBody) -> GradeResult:
    """Count one answer to a card; the same turn sent twice counts once."""
    checked = parse_answer(
        card_id=card_id, turn=body.turn, grade=body.grade, elapsed_ms=body.elapsed_ms
    )
    async with unit_of_work() as work:
        return await review.grade(work, student=student, answer=checked, now=clock.now())


def _course(course_id: str | None) -> UUID | None:
    return None if course_id is None else parse_id(course_id, missing=NO_COURSE)
