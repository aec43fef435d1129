"""Decks by course, and the cards in them as a list."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import InvalidInputError
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.courses.schemas import CourseView
from studymaster.features.flashcards import queries
from studymaster.features.flashcards.schemas import CardPage, CardView, DeckView
from studymaster.models import Card, Deck

LONGEST_PAGE = 100
LAST_OFFSET = 1_000_000


async def list_decks(
    work: UnitOfWork, *, student: Student, now: datetime
) -> list[DeckView]:
    """List the student's courses with how many of their cards wait today."""
    account_id = student.account_id
    counts: dict[str, dict[str, int]] = {}
    for course_id, stage, count in await queries.stage_counts(
        work.session, account_id, today=student.day_of(now)
    ):
        counts.setdefault(str(course_id), {})[stage] = count
    listed = await courses.list_courses(work, account_id=account_id)
    decks = [_deck(course, counts.get(course.id, {})) for course in listed]
    gone = {course.id for course in listed if not course.listed}
    return [deck for deck in decks if deck.total or deck.course_id not in gone]


async def list_cards(
    work: UnitOfWork,
    *,
    account_id: UUID,
    course_id: UUID | None = None,
    offset: int = 0,
    limit: int = 50,
) -> CardPage:
    """Return a stretch of the student's cards, oldest first.

    Raises:
        InvalidInputError: offset or limit are out of range.
    """
    if not (0 <= offset <= LAST_OFFSET and 1 <= limit <= LONGEST_PAGE):
        msg = f"Ask for 1 to {LONGEST_PAGE} cards, from offset 0 to {LAST_OFFSET:,}."
        raise InvalidInputError(msg)
    stretch = slice(offset, offset + limit + 1)
    rows = await queries.cards(work.session, account_id, course_id=course_id, page=stretch)
    views = [_view(card, course) for card, course in rows[:limit]]
    return CardPage(views, offset + limit if len(rows) > limit else None)


async def get_or_make_deck(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID, now: datetime
) -> UUID:
    """Return the id of a course's deck, made when its first card comes."""
    deck = await queries.deck_of_course(work.session, account_id, course_id)
    if deck is not None:
        return deck.id
    course = await courses.get_course(work, account_id=account_id, course_id=course_id)
    row = Deck(
        account_id=account_id, course_id=course_id, name=course.fullname, created_at=now
    )
    # Two tabs may accept the first card at once: the one that comes second finds the deck.
    await work.session.exec(insert(Deck).values(row.model_dump()).on_conflict_do_nothing())
    deck = await queries.deck_of_course(work.session, account_id, course_id)
    return deck.id if deck else row.id


def _deck(course: CourseView, counts: dict[str, int]) -> DeckView:
    resting = counts.get(queries.RESTING, 0)
    total = sum(counts.values())
    return DeckView(
        course_id=course.id,
        shortname=course.shortname,
        fullname=course.fullname,
        line=course.line,
        new=counts.get(queries.NEW, 0),
        learning=counts.get(queries.LEARNING, 0),
        due=counts.get(queries.DUE, 0),
        waiting=total - resting,
        total=total,
    )


def _view(card: Card, course_id: UUID | None) -> CardView:
    return CardView(
        id=str(card.id),
        course_id=str(course_id or ""),
        kind=card.kind,
        front=card.front,
        back=card.back,
        material_id=str(card.material_id or ""),
        page=card.page or 0,
        quote=card.quote or "",
        due_on=card.due_on.isoformat(),
        turn=card.turn,
    )
