"""Taking back what was done with cards: the last step of today first, as many as there are."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID, uuid4

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import scheduling as scheduling_queries
from studymaster.features.flashcards.queries import undoing as queries
from studymaster.features.flashcards.queries.undoing import Step
from studymaster.features.flashcards.rules import browse
from studymaster.features.flashcards.rules.rewards import points_cause
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import UndoStep
from studymaster.features.flashcards.service import scheduling
from studymaster.features.flashcards.service.news import note_change
from studymaster.features.points import service as points
from studymaster.models import Card, CardUndo, LogKind, ReviewLog

LIFE: Final = timedelta(days=2)
"""How long a step is kept: its day is over by then, in whichever zone it was."""

MOST_LISTED: Final = 100
LONGEST_SENTENCE: Final = 200
LONGEST_NAME: Final = 60


async def remember(  # noqa: PLR0913  (a part of the step each)
    work: UnitOfWork,
    *,
    account_id: UUID,
    day: date,
    sentence: str,
    card_ids: Collection[UUID],
    made: Collection[UUID] = (),
    logs: Collection[UUID] = (),
    now: datetime,
) -> UUID:
    """Keep how cards are, before they change, so that it can be taken back; return the step.

    The cards are locked until the transaction ends. `sentence` says what is done ("3 cards
    buried"), `made` are cards and `logs` lines of the log that come of it. Decks are locked
    before cards: who needs one keeps it before this.
    """
    step = CardUndo(
        id=uuid4(),
        account_id=account_id,
        day=day,
        sentence=sentence[:LONGEST_SENTENCE],
        before=[],
        made=list(made),
        logs=list(logs),
        created_at=now,
    )
    with work.session.no_autoflush:
        await queries.lock_cards(work.session, account_id, card_ids)
        await queries.keep(work.session, account_id, step=step, card_ids=card_ids)
    return step.id


async def note_made(
    work: UnitOfWork, *, account_id: UUID, step_id: UUID, card_ids: Collection[UUID]
) -> None:
    """Add cards that a step made to it, where nobody knew them before."""
    if card_ids:
        await queries.add_made(work.session, account_id, step_id=step_id, made=card_ids)


def name_of(card: Card) -> str:
    """Return what a card is called in the sentence of a step."""
    short = browse.in_short(card.front, ordinal=card.ordinal)
    cut = short if len(short) <= LONGEST_NAME else f"{short[: LONGEST_NAME - 1].rstrip()}…"
    return f"“{cut}”"


async def list_steps(
    work: UnitOfWork, *, student: Student, now: datetime, limit: int = MOST_LISTED
) -> list[UndoStep]:
    """List what the student can take back, the last step first."""
    found = await queries.steps(
        work.session, student.account_id, day=student.day_of(now), limit=limit
    )
    return [UndoStep(step.sentence, step.created_at.isoformat()) for step in found]


async def undo_last(work: UnitOfWork, *, student: Student, now: datetime) -> str | None:
    """Take back the last step of the student's day and say which; None: there is none.

    Its cards are as they were, those that it deleted are there again, those that it made are
    gone, and so are its lines of the log with their points.
    """
    session, account_id = work.session, student.account_id
    await queries.hold(session, account_id)
    step = await _newest(work, student=student, now=now)
    while step is not None:
        await queries.lock_kept(session, account_id, step_id=step.id)
        # Who held one of its cards meanwhile has done something with it: that comes first.
        last, step = step, await _newest(work, student=student, now=now)
        if step is not None and step.id == last.id:
            return await _take_back_whole(work, student=student, step=step, now=now)
    return None


async def take_back_answer(
    work: UnitOfWork, *, student: Student, card_id: UUID, log_id: UUID, now: datetime
) -> str | None:
    """Take back the step that wrote the last line about a locked card; say which.

    What was done with the card since stays, and cannot be taken back any more.
    """
    session, account_id = work.session, student.account_id
    step = await queries.step_of_log(
        session, account_id, day=student.day_of(now), log_id=log_id
    )
    if step is None:
        return None
    if not await queries.has_later(session, account_id, step=step, card_id=card_id):
        return await _take_back_whole(work, student=student, step=step, now=now)
    await queries.put_back(session, account_id, step_id=step.id, columns=queries.PLACE)
    await queries.forget_later(session, account_id, step=step, card_id=card_id)
    await _finish(work, student=student, step=step, now=now)
    return _told(step.sentence, lost=0)


async def prune(work: UnitOfWork, *, now: datetime) -> int:
    """Delete everybody's steps of days that are over; tell how many."""
    return await queries.remove_old_steps(work.session, before=now - LIFE)


async def _newest(work: UnitOfWork, *, student: Student, now: datetime) -> Step | None:
    found = await queries.steps(
        work.session, student.account_id, day=student.day_of(now), limit=1
    )
    return next(iter(found), None)


async def _take_back_whole(
    work: UnitOfWork, *, student: Student, step: Step, now: datetime
) -> str:
    session, account_id = work.session, student.account_id
    await queries.remove_made(session, account_id, step_id=step.id)
    wanted = await queries.count_kept(session, account_id, step_id=step.id)
    back = await queries.put_back(session, account_id, step_id=step.id)
    await _finish(work, student=student, step=step, now=now)
    return _told(step.sentence, lost=wanted - back)


def _told(sentence: str, *, lost: int) -> str:
    said = f"Took back: {sentence.removesuffix('.')}."
    if not lost:
        return said
    cards = "1 card stays away, because its deck is" if lost == 1 else ""
    return f"{said} {cards or f'{lost} cards stay away, because their deck is'} gone."


async def _finish(work: UnitOfWork, *, student: Student, step: Step, now: datetime) -> None:
    """Let the log and the plans follow the cards that were put back, and drop the step."""
    session, account_id = work.session, student.account_id
    lines = await queries.remove_logs(session, account_id, step_id=step.id)
    await _replan(work, student=student, step=step, today=student.day_of(now))
    await queries.remove_step(session, account_id, step_id=step.id)
    if not step.made:  # What came with its cards from elsewhere brought no points.
        await _return_points(work, student=student, lines=lines, now=now)
    session.expire_all()
    note_change(work, account_id=account_id, subject="")


async def _replan(work: UnitOfWork, *, student: Student, step: Step, today: date) -> None:
    """Bring cards to where the plan of their deck has them, if it is another by now."""
    session, account_id = work.session, student.account_id
    stale = await queries.stale(session, account_id, step_id=step.id)
    if not stale:
        return
    plans = await scheduling_queries.plans(
        session, account_id, {one.deck_id for one in stale}
    )
    in_deck = attrgetter("deck_id")
    for deck_id, cards in groupby(sorted(stale, key=in_deck), key=in_deck):
        ids = [one.card_id for one in cards]
        await scheduling.replan(
            work, account_id=account_id, card_ids=ids, plan=plans[deck_id]
        )
    await queries.keep_due(
        session,
        account_id,
        step_id=step.id,
        card_ids=[one.card_id for one in stale],
        today=today,
    )


async def _return_points(
    work: UnitOfWork, *, student: Student, lines: Sequence[ReviewLog], now: datetime
) -> None:
    """Book away what answers of today brought; a drill brings nothing."""
    for line in lines:
        if line.kind is not LogKind.REVIEW or line.drill or line.day != student.day_of(now):
            continue
        name = Grade(line.grade).name.lower()
        await points.take_back(
            work,
            student=student,
            cause=points_cause(line.card_id, day=line.day),
            sentence=f"You took an answer back: a card called {name}.",
            now=now,
        )
