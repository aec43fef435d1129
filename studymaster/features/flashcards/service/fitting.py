"""Fitting FSRS to a student and comparing it with SM-2: promised as a row, kept by a worker."""

from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, StudyMasterError
from studymaster.features.accounts.rules import day_of
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import cards as card_queries
from studymaster.features.flashcards.queries import fits as queries
from studymaster.features.flashcards.rules import comparing, fitting
from studymaster.features.flashcards.rules.comparing import LEAST_TO_COMPARE, Score
from studymaster.features.flashcards.rules.histories import (
    History,
    count_scored,
    histories,
)
from studymaster.features.flashcards.service import scheduling
from studymaster.features.flashcards.service.news import note_change
from studymaster.jobs import JobName
from studymaster.models import FitWish, RunState, SchedulerFit

EVERY: Final = timedelta(days=30)
AT_ONCE: Final = 50
"""So many students are asked for in one run of the monthly job; the next takes the others."""

OUR_FAULT: Final = "Fitting failed because of a fault on our side. Ask for it again."


@dataclass(frozen=True, slots=True)
class Comparison:
    """How SM-2 and FSRS with the published parameters foresaw all answers of a student.

    `of_newest` has the two again, and FSRS as fitted, on answers that the fit has not seen.
    """

    sm2: Score
    fsrs: Score
    of_newest: tuple[Score, Score, Score] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a worker found: how many answers tell something, and what came of them."""

    answers: int
    fitted: fitting.Fitted | None = None
    comparison: Comparison | None = None


SHAPE: Final = TypeAdapter(Comparison)


async def request_fit(work: UnitOfWork, *, student: Student, now: datetime) -> bool:
    """Ask for a fit and a comparison; while one is being made, that is the one.

    Raises:
        ConflictError: there are too few answers to say anything; the sentence says how many.
    """
    count = await queries.count_telling(work.session, student.account_id)
    if count < LEAST_TO_COMPARE:
        raise ConflictError(missing(count, LEAST_TO_COMPARE))
    return await _promise(work, student=student, wish=FitWish.FITTED, now=now)


async def request_published(work: UnitOfWork, *, student: Student, now: datetime) -> bool:
    """Ask for the published parameters again; a worker replays the decks."""
    return await _promise(work, student=student, wish=FitWish.PUBLISHED, now=now)


def missing(count: int, least: int) -> str:
    """Say how many answers are still missing."""
    return (
        f"{least - count:,} more reviews of cards that had rested a day are needed: "
        f"{count:,} of {least:,} are there."
    )


async def _promise(
    work: UnitOfWork, *, student: Student, wish: FitWish, now: datetime
) -> bool:
    account_id = student.account_id
    row = SchedulerFit(
        id=uuid4(),
        account_id=account_id,
        wish=wish,
        state=RunState.QUEUED,
        beat_at=now,
        day=student.day_of(now),
        created_at=now,
    )
    if not await queries.add(work.session, account_id, fit=row):
        return False
    _send(work, row)
    note_change(work, account_id=account_id, subject=str(row.id))
    return True


def _send(work: UnitOfWork, row: SchedulerFit) -> None:
    work.enqueue(JobName.FIT_SCHEDULER, account_id=str(row.account_id), fit_id=str(row.id))


async def request_due(work: UnitOfWork, *, now: datetime) -> int:
    """Ask for the fit of everybody who goes by FSRS and whose last one is a month old."""
    since = now.date() - EVERY
    found = await queries.accounts_to_fit(work.session, since=since, limit=AT_ONCE)
    for account in found:
        row = SchedulerFit(
            id=uuid4(),
            account_id=account.id,
            wish=FitWish.FITTED,
            state=RunState.QUEUED,
            beat_at=now,
            day=day_of(
                now, time_zone=account.time_zone, day_start_hour=account.day_start_hour
            ),
            created_at=now,
        )
        if await queries.add(work.session, account.id, fit=row):
            _send(work, row)
    return len(found)


async def resend_silent(work: UnitOfWork, *, before: datetime, now: datetime) -> int:
    """Send again what a dead worker left, and tell how much that was."""
    rows = await queries.silent_fits(work.session, before=before)
    for row in rows:
        row.beat_at = now
        _send(work, row)
    return len(rows)


async def start(
    work: UnitOfWork, *, account_id: UUID, fit_id: UUID, now: datetime
) -> FitWish | None:
    """Take up promised work; None when it is kept already or was withdrawn."""
    row = await queries.fit_for_update(work.session, account_id, fit_id)
    if row is None or row.state not in queries.UNFINISHED:
        return None
    row.state, row.beat_at = RunState.RUNNING, now
    return row.wish


async def look(work: UnitOfWork, *, account_id: UUID) -> tuple[list[History], list[float]]:
    """Return what was answered to each card, and the parameters that hold now."""
    lines = await queries.asked(work.session, account_id)
    parameters = await queries.parameters(work.session, account_id)
    return await to_thread(histories, lines), parameters


def find(found: Sequence[History], parameters: Sequence[float]) -> Found:
    """Fit and compare; what there are too few answers for is left out."""
    answers = count_scored(found)
    if answers < LEAST_TO_COMPARE:
        return Found(answers)
    foreseen = (
        comparing.guesses(found, comparing.by_sm2),
        comparing.guesses(found, comparing.by_fsrs()),
    )
    sm2, fsrs = map(comparing.score, foreseen)
    cut = fitting.find_cut(found)
    if cut is None:
        return Found(answers, comparison=Comparison(sm2, fsrs))
    fitted = fitting.fit(found, cut=cut, before=tuple(parameters))
    older, newer = (
        comparing.score([guess for guess in guesses if guess.day >= cut])
        for guesses in foreseen
    )
    own = fitting.loss(found, parameters=fitted.parameters, since=cut)
    return Found(answers, fitted, Comparison(sm2, fsrs, (older, newer, own)))


async def keep(
    work: UnitOfWork, *, account_id: UUID, fit_id: UUID, found: Found, now: datetime
) -> None:
    """Write what was found; better parameters hold from now on."""
    await queries.hold_parameters(work.session, account_id)
    row = await queries.fit_for_update(work.session, account_id, fit_id)
    if row is None or row.state not in queries.UNFINISHED:
        return
    row.answers, row.beat_at = found.answers, now
    if found.comparison is not None:
        row.comparison = SHAPE.dump_json(found.comparison).decode()
    if found.fitted is not None:
        row.held_out = found.fitted.held_out
        row.loss_before, row.loss_after = found.fitted.loss_before, found.fitted.loss_after
        row.parameters, row.taken = list(found.fitted.parameters), found.fitted.is_better


async def take_published(
    work: UnitOfWork, *, account_id: UUID, fit_id: UUID, now: datetime
) -> None:
    """Let the published parameters hold from now on."""
    await queries.hold_parameters(work.session, account_id)
    row = await queries.fit_for_update(work.session, account_id, fit_id)
    if row is not None and row.state in queries.UNFINISHED:
        row.taken, row.beat_at = True, now


async def list_stale(work: UnitOfWork, *, account_id: UUID) -> Sequence[UUID]:
    """Return the decks whose cards do not stand by the parameters that hold."""
    wanted = await queries.parameters(work.session, account_id)
    return await queries.stale_decks(work.session, account_id, wanted=wanted)


async def settle_deck(
    work: UnitOfWork, *, account_id: UUID, deck_id: UUID, fit_id: UUID, now: datetime
) -> None:
    """Put the cards of one deck to where the parameters that hold would have brought them."""
    session = work.session
    row = await queries.fit_for_update(session, account_id, fit_id)
    deck = await card_queries.deck_for_update(session, account_id, deck_id)
    if row is not None:
        row.beat_at = now
    if deck is None:
        return
    deck.parameters = await queries.parameters(session, account_id)
    await session.flush()
    await scheduling.replan_deck(
        work, account_id=account_id, deck_id=deck_id, plan=scheduling.plan_of(deck)
    )
    note_change(work, account_id=account_id, subject=str(deck_id))


async def finish(
    work: UnitOfWork, *, account_id: UUID, fit_id: UUID, now: datetime
) -> None:
    """Note that all is done."""
    row = await queries.fit_for_update(work.session, account_id, fit_id)
    if row is not None and row.state in queries.UNFINISHED:
        row.state, row.beat_at, row.failure = RunState.DONE, now, None
        note_change(work, account_id=account_id, subject=str(fit_id))


async def fail(
    work: UnitOfWork, *, account_id: UUID, fit_id: UUID, error: Exception, now: datetime
) -> None:
    """Note why a promise could not be kept."""
    row = await queries.fit_for_update(work.session, account_id, fit_id)
    if row is None or row.state not in queries.UNFINISHED:
        return
    is_known = isinstance(error, StudyMasterError)
    row.state, row.beat_at = RunState.FAILED, now
    row.failure = error.message if is_known else OUR_FAULT
    note_change(work, account_id=account_id, subject=str(fit_id))
