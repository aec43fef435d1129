"""Flashcards over HTTP: make, find, change, review, have new ones proposed, figures."""

from http import HTTPStatus
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.errors import InvalidInputError
from studymaster.features.accounts.api import CurrentStudent, expensive
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.flashcards.rules.browse import parse_search
from studymaster.features.flashcards.rules.spreads import parse_span
from studymaster.features.flashcards.schemas import (
    NO_CARD,
    NO_DECK,
    CardFace,
    CardView,
    Counts,
    GenerationView,
    GradeResult,
    Pile,
    ScheduleView,
    StatisticsView,
    parse_answer,
    parse_new_card,
)
from studymaster.features.flashcards.service import (
    browse,
    decks,
    deeds,
    generation,
    review,
    schedule,
    statistics,
)
from studymaster.features.flashcards.service import cards as service
from studymaster.features.flashcards.service.cards import CardChange
from studymaster.features.library.service import NO_MATERIAL
from studymaster.paging import Stretch, Window

router = APIRouter(prefix="/flashcards", tags=["flashcards"])

WHERE = "Say in which course (course_id) or in which deck (deck_id), not both."


class DueList(Stretch[CardFace]):
    """The next cards to review, and how many are left by stage."""

    counts: Counts


class CardBody(BaseModel):
    """A card to be made: basic, reversed (two cards), typed, cloze or occlusion.

    A cloze has its gaps in the front, `{{c1::words::hint}}`, one card for each number. A
    covered picture stands first in the front, `![words](name.png)`, and its places in
    `masks`, in the notation of Anki, where `label=words` names a place. It goes into a course (its number in Moodle) or into a
    deck.
    """

    front: str
    back: str = ""
    extra: str = ""
    masks: str = ""
    kind: str = "basic"
    tags: list[str] = []
    course_id: int | None = None
    deck_id: str | None = None


class CardPatch(BaseModel):
    """What shall be different about a card and the others of its note.

    What is left out stays. A new gap makes a card, one that is gone takes its card with it.
    """

    front: str | None = None
    back: str | None = None
    extra: str | None = None
    masks: str | None = None
    kind: str | None = None
    tags: list[str] | None = None
    suspended: bool | None = None
    course_id: int | None = None
    deck_id: str | None = None


class ReviewBody(BaseModel):
    """One answer: `turn` as given with the card, `grade` 2 to 5 as in SM-2."""

    turn: int
    grade: int
    elapsed_ms: int = 0


class GenerateBody(BaseModel):
    """The material to make proposals from."""

    material_id: str


@router.get("")
async def cards(  # noqa: PLR0913, PLR0917  (a parameter each, as FastAPI documents them)
    student: CurrentStudent,
    course_id: int | None = None,
    deck_id: str | None = None,
    q: str = "",
    stage: str = "",
    tag: str = "",
    offset: int = 0,
    limit: int = 50,
) -> Stretch[CardView]:
    """List the student's cards, oldest first, by course, deck, search, stage and tag.

    The search `q` may be words, or a query in the language of Anki's browser, such as
    `is:due -tag:exam (mitosis or "cell wall")`.
    """
    window = Window(offset, limit)
    search = parse_search(text=q, stage=stage, tag=tag)
    async with unit_of_work() as work:
        return await browse.list_cards(
            work,
            student=student,
            search=search,
            pile=await _pile(work, student, course_id=course_id, deck_id=deck_id),
            window=window,
            now=clock.now(),
        )


@router.post("", status_code=HTTPStatus.CREATED)
async def add(student: CurrentStudent, body: CardBody) -> CardView:
    """Make a card by hand, due today; of several cards the first is returned."""
    new = parse_new_card(
        kind=body.kind,
        front=body.front,
        back=body.back,
        tags=body.tags,
        extra=body.extra,
        masks=body.masks,
    )
    if (body.course_id is None) == (body.deck_id is None):
        raise InvalidInputError(WHERE)
    async with unit_of_work() as work:
        made = await service.add(
            work,
            student=student,
            pile=await _pile(work, student, course_id=body.course_id, deck_id=body.deck_id),
            new=new,
            first_id=uuid4(),
            now=clock.now(),
        )
    return made[0]


@router.get("/due")
async def due(
    student: CurrentStudent,
    course_id: int | None = None,
    deck_id: str | None = None,
    offset: int = 0,
    limit: int = 50,
) -> DueList:
    """List what the student's day still holds, in the order of a review."""
    window, now = Window(offset, limit), clock.now()
    async with unit_of_work() as work:
        pile = await _pile(work, student, course_id=course_id, deck_id=deck_id)
        found, counts = await review.list_due(
            work, student=student, pile=pile, now=now, window=window
        )
    return DueList(items=found.items, next_offset=found.next_offset, counts=counts)


@router.get("/stats")
async def stats(
    student: CurrentStudent,
    span: str | None = None,
    course_id: int | None = None,
    deck_id: str | None = None,
) -> StatisticsView:
    """Return what the student's cards and answers add up to, of a course, a deck or all.

    `span` is `month`, `quarter` (where nothing is said), `year` or `all`.
    """
    wanted = parse_span(span)
    async with unit_of_work() as work:
        pile = await _pile(work, student, course_id=course_id, deck_id=deck_id)
    return await statistics.kept_statistics(
        student=student, now=clock.now(), span=wanted, pile=pile
    )


@router.get("/schedule")
async def own_schedule(student: CurrentStudent) -> ScheduleView:
    """Return how FSRS is fitted to the student, how it compares with SM-2, what it costs."""
    return await schedule.kept_schedule(student=student, now=clock.now())


@router.post(
    "/generate",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[Depends(expensive("generate"))],
)
async def generate(student: CurrentStudent, body: GenerateBody) -> GenerationView:
    """Ask for proposals from a material; a worker makes them."""
    async with unit_of_work() as work:
        return await generation.request_generation(
            work,
            student=student,
            material_id=parse_id(body.material_id, missing=NO_MATERIAL),
            now=clock.now(),
        )


@router.get("/{card_id}")
async def card(student: CurrentStudent, card_id: str) -> CardView:
    """Return one card."""
    async with unit_of_work() as work:
        return await service.get_card(work, student=student, card_id=_card(card_id))


@router.patch("/{card_id}")
async def change(student: CurrentStudent, card_id: str, body: CardPatch) -> CardView:
    """Change a card: its sides, its tags, its deck, whether it is suspended."""
    async with unit_of_work() as work:
        pile = await _pile(work, student, course_id=body.course_id, deck_id=body.deck_id)
        wanted = CardChange(
            front=body.front,
            back=body.back,
            extra=body.extra,
            masks=body.masks,
            kind=body.kind,
            tags=body.tags,
            pile=None if pile == Pile() else pile,
            suspended=body.suspended,
        )
        return await service.edit(
            work,
            student=student,
            card_id=_card(card_id),
            change=wanted,
            now=clock.now(),
        )


@router.delete("/{card_id}", status_code=HTTPStatus.NO_CONTENT)
async def delete(student: CurrentStudent, card_id: str) -> None:
    """Delete a card; what was answered stays counted. Until tomorrow it can be taken back."""
    async with unit_of_work() as work:
        await deeds.delete(
            work,
            student=student,
            card_id=_card(card_id),
            siblings=False,
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


def _card(card_id: str) -> UUID:
    return parse_id(card_id, missing=NO_CARD)


async def _pile(
    work: UnitOfWork, student: Student, *, course_id: int | None, deck_id: str | None
) -> Pile:
    """Return which cards are meant; a course is named by its number in Moodle."""
    if course_id is not None and deck_id is not None:
        raise InvalidInputError(WHERE)
    if deck_id is not None:
        pile = Pile(deck_id=parse_id(deck_id, missing=NO_DECK))
        await decks.keep_deck(
            work, account_id=student.account_id, pile=pile, now=clock.now()
        )
        return pile
    if course_id is None:
        return Pile()
    course = await courses.course_of_moodle_id(
        work, account_id=student.account_id, moodle_id=course_id
    )
    return Pile(course_id=UUID(course.id))
