"""Taking an answer back: the card lies there again as it was before it."""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import answers
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.queries import undoing as undo_queries
from studymaster.features.flashcards.schemas import NO_CARD
from studymaster.features.flashcards.service import undoing


async def take_back(
    work: UnitOfWork, *, student: Student, card_id: UUID, log_id: UUID, now: datetime
) -> str | None:
    """Undo the answer `log_id` to a card, if it is its last and of today; say so.

    A repeated message finds that answer gone and changes nothing, whatever was answered in
    its place. The points that the answer brought go with it, and the ledger says so; the
    next answer brings its own.

    Raises:
        NotFoundError: the card is not the student's.
    """
    session, account_id = work.session, student.account_id
    await undo_queries.hold(session, account_id)
    card = await queries.card_for_update(session, account_id, card_id)
    if card is None:
        raise NotFoundError(NO_CARD)
    last = await answers.last_line(session, account_id, card_id)
    if last is None or last.id != log_id or last.day != student.day_of(now):
        return None
    return await undoing.take_back_answer(
        work, student=student, card_id=card_id, log_id=log_id, now=now
    )
