"""Taking an answer back: the card lies there again as it was before it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import answers
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.rules.scheduling import Plan
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import NO_CARD
from studymaster.features.flashcards.service import decks, review, scheduling
from studymaster.features.points import service as points
from studymaster.models import Card, ReviewLog


async def take_back(
    work: UnitOfWork, *, student: Student, card_id: UUID, log_id: UUID, now: datetime
) -> bool:
    """Undo the answer `log_id` to a card, if it is its last and of today; tell whether.

    A repeated message finds that answer gone and changes nothing, whatever was answered in
    its place. The points that the answer brought go with it, and the ledger says so; the
    next answer brings its own.

    Raises:
        NotFoundError: the card is not the student's.
    """
    session, account_id = work.session, student.account_id
    card = await queries.card_for_update(session, account_id, card_id)
    if card is None:
        raise NotFoundError(NO_CARD)
    given = await answers.answers_to_card(session, account_id, card_id)
    last = next(iter(given), None)
    today = student.day_of(now)
    if last is None or last.id != log_id or last.day != today:
        return False
    plan = await scheduling.get_plan(work, card=card)
    _put_back(card, given, plan=plan, made_on=student.day_of(card.created_at))
    await session.delete(last)
    await session.flush()
    if not last.drill:
        await _return_points(work, student=student, answer=last, now=now)
    decks.note_change(work, account_id=account_id, subject=str(card_id))
    return True


async def _return_points(
    work: UnitOfWork, *, student: Student, answer: ReviewLog, now: datetime
) -> None:
    """Book away what the answer brought; a drill brings nothing."""
    await points.take_back(
        work,
        student=student,
        cause=review.points_cause(answer.card_id, day=answer.day),
        sentence=f"You took an answer back: a card called {Grade(answer.grade).name.lower()}.",
        now=now,
    )


def _put_back(card: Card, given: Sequence[ReviewLog], *, plan: Plan, made_on: date) -> None:
    """Set a card to where it stood before the last of its answers (newest first)."""
    last, *earlier = given
    scheduling.put_back(card, earlier[::-1], plan=plan, first=given[-1])
    card.turn = last.turn
    card.last_reviewed_at = earlier[0].created_at if earlier else None
    if not earlier:
        card.due_on = made_on
    if not last.drill:
        card.due_on = min(last.day, card.due_on)
