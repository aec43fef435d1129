"""Custom study: cards gone through by choice; neither schedule, log nor points hear of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import cram as queries
from studymaster.features.flashcards.queries.cards import FaceRow, decks_of_cards
from studymaster.features.flashcards.rules import cram as rules
from studymaster.features.flashcards.rules.cram import Cram
from studymaster.features.flashcards.schemas import (
    EVERYTHING,
    NO_DECK,
    CardFace,
    Pile,
    pile_key,
)
from studymaster.features.flashcards.schemas.cram import CramTable, Wish
from studymaster.features.flashcards.service import browse, review

ON_TABLE = 3
COMES_OF_IT = ["In this round", "Done"]
"""What an answer brings: again, known."""

NONE_FOUND = "No card is like that. Choose other ones."


async def choose(
    work: UnitOfWork, *, student: Student, wish: Wish, now: datetime
) -> list[UUID]:
    """Return the cards that a student wishes to go through.

    Raises:
        ConflictError: there is none.
        NotFoundError: the deck or the course is not the student's.
        WrongSearchError: the search cannot be read.
    """
    await _require_pile(work, account_id=student.account_id, pile=wish.pile)
    tree = rules.wanted(wish.what, days=wish.days, text=wish.text)
    found = await queries.chosen_cards(
        work.session,
        student.account_id,
        wish=wish,
        search=browse.search_of(tree, student=student, now=now),
        seed=now.isoformat(),
    )
    if not found:
        raise ConflictError(NONE_FOUND)
    return list(found)


async def choose_wrong(work: UnitOfWork, *, account_id: UUID, quiz: str) -> list[UUID]:
    """Return the cards whose questions were answered wrong in a quiz of the student's.

    `quiz` comes from an address: what names none, or one without mistakes, has no cards.
    """
    try:
        quiz_id = parse_id(quiz, missing=NONE_FOUND)
    except NotFoundError:
        return []
    return list(await queries.wrong_in_quiz(work.session, account_id, quiz_id))


async def _require_pile(work: UnitOfWork, *, account_id: UUID, pile: Pile) -> None:
    if pile == EVERYTHING:
        return
    key = pile_key(course_id=pile.course_id, deck_id=pile.deck_id)
    if not await review.find_pile(work, account_id=account_id, keys=[key]):
        raise NotFoundError(NO_DECK)


async def lay_out(work: UnitOfWork, *, student: Student, cram: Cram) -> CramTable:
    """Return the next cards of a session; those that were deleted meanwhile leave it."""
    while cram.waiting:
        first = [one.card_id for one in cram.waiting[: rules.GAP + 1]]
        rows = await queries.faces(work.session, student.account_id, first)
        of = {row[0].id: row for row in rows}
        kept = rules.keep(cram, of)
        if kept == cram:
            passes = cram.waiting[:ON_TABLE]
            return CramTable(await _draw(work, student, passes, of), cram)
        cram = kept
    return CramTable([], cram)


async def _draw(
    work: UnitOfWork,
    student: Student,
    passes: Sequence[rules.Pass],
    of: Mapping[UUID, FaceRow],
) -> list[CardFace]:
    cards = [of[one.card_id][0] for one in passes]
    decks = await decks_of_cards(work.session, student.account_id, cards)
    faces: list[CardFace] = []
    for one in passes:
        row = of[one.card_id]
        face = await review.draw(
            work, row, deck=decks[row[0].deck_id], stage="learning", intervals=COMES_OF_IT
        )
        faces.append(replace(face, turn=one.lap))
    return faces
