"""A student's own schedule: how FSRS is fitted, what it costs, which days are easy."""

from asyncio import to_thread
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from studymaster.adapters.cache import Kept, kept
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import answers, loads, pace
from studymaster.features.flashcards.queries import fits as queries
from studymaster.features.flashcards.rules import balance, fsrs, workload
from studymaster.features.flashcards.rules.comparing import LEAST_TO_COMPARE, Score
from studymaster.features.flashcards.rules.fitting import LEAST_TO_FIT
from studymaster.features.flashcards.rules.sm2 import Grade, Schedule
from studymaster.features.flashcards.rules.workload import Cost, Habits, Known
from studymaster.features.flashcards.schemas import (
    CalibrationPoint,
    FitLine,
    SchedulerScore,
    ScheduleView,
    WorkloadPoint,
)
from studymaster.features.flashcards.service import fitting, review
from studymaster.features.flashcards.service.news import note_change
from studymaster.models import FitWish, SchedulerFit

SHOWN_FITS = 12
PACE_DAYS = 30
USUAL_FIRST = {Grade.AGAIN: 2, Grade.HARD: 1, Grade.GOOD: 6, Grade.EASY: 1}
USUAL_RECALLED = {Grade.HARD: 1, Grade.GOOD: 8, Grade.EASY: 1}
MS = 1_000
SQUARE_FROM = 50
"""The square of the calibration begins at so many percent; less lies on its edge."""


async def kept_schedule(*, student: Student, now: datetime) -> ScheduleView:
    """Return the schedule as it is kept, or make it; call it outside a unit of work."""

    async def make() -> ScheduleView:
        async with unit_of_work() as work:
            return await get_schedule(work, student=student, now=now)

    return await kept(
        Kept.STATISTICS,
        str(student.account_id),
        f"schedule:{student.day_of(now)}",
        shape=ScheduleView,
        make=make,
    )


async def get_schedule(
    work: UnitOfWork, *, student: Student, now: datetime
) -> ScheduleView:
    """Return all that the student's page of the schedule shows."""
    session, account_id = work.session, student.account_id
    rows = await queries.fits(session, account_id, limit=SHOWN_FITS)
    own = await queries.parameters(session, account_id)
    count = await queries.count_telling(session, account_id)
    compared = await queries.newest_comparison(session, account_id)
    found = fitting.SHAPE.validate_json(compared.comparison) if compared else None
    costs = await _costs(work, student=student, own=own, today=student.day_of(now))
    shares = await loads.easy_days(session, account_id)
    few = count < LEAST_TO_COMPARE
    return ScheduleView(
        fit_sentence=_fit_sentence(own=own, rows=rows),
        missing=fitting.missing(count, LEAST_TO_COMPARE) if few else "",
        is_running=any(row.state in queries.UNFINISHED for row in rows),
        is_own=bool(own),
        parameters=own,
        fits=[
            FitLine(str(row.id), row.created_at.isoformat(), _outcome(row)) for row in rows
        ],
        comparison_sentence=_comparison_sentence(found),
        scores=_scores([found.sm2, found.fsrs]) if found else [],
        newest_scores=_scores(found.of_newest) if found and found.of_newest else [],
        calibration=_calibration(found) if found else [],
        workload_sentence=_workload_sentence(costs),
        workload=_workload(costs),
        easy_days=[balance.name_of(one) for one in shares or balance.EVEN.easy_days],
    )


async def save_easy_days(work: UnitOfWork, *, student: Student, chosen: object) -> None:
    """Keep how easy each day of the week shall be; it holds for every answer from now on.

    Raises:
        InvalidInputError: these are not seven known choices.
    """
    shares = balance.parse_easy_days(chosen)
    await loads.keep_easy_days(work.session, student.account_id, shares=shares)
    work.outdate(Kept.PREFERENCES, str(student.account_id))
    note_change(work, account_id=student.account_id, subject="easy days")


def _fit_sentence(*, own: Sequence[float], rows: Sequence[SchedulerFit]) -> str:
    if own:
        return "FSRS goes by parameters that were fitted to your own answers."
    if rows:
        return "FSRS goes by its published parameters."
    return (
        "FSRS goes by its published parameters. With enough answers of yours they are fitted "
        "to you once a month, and taken only if they foresee your newest answers better."
    )


def _outcome(row: SchedulerFit) -> str:
    if row.failure:
        return row.failure
    if row.state in queries.UNFINISHED:
        return "Under way."
    if row.wish is FitWish.PUBLISHED:
        return "Back to the published parameters."
    if row.loss_before is None or row.loss_after is None:
        return fitting.missing(row.answers, LEAST_TO_FIT)
    losses = f"log loss {row.loss_before:.4f} before, {row.loss_after:.4f} after"
    verdict = "Taken" if row.taken else "Not taken, because they foresaw no better"
    return f"{verdict}: on the newest {row.held_out:,} answers {losses}."


def _comparison_sentence(found: fitting.Comparison | None) -> str:
    if found is None:
        return ""
    better, other = ("FSRS", "SM-2")
    if found.sm2.log_loss < found.fsrs.log_loss:
        better, other = other, better
    return (
        f"On {found.fsrs.answers:,} answers of yours {better} foresaw better than {other} "
        f"what you would know: log loss {found.sm2.log_loss:.4f} by SM-2, "
        f"{found.fsrs.log_loss:.4f} by FSRS with the published parameters. Less is better."
    )


NAMES = ("SM-2", "FSRS, published", "FSRS, fitted to you")


def _scores(scores: Sequence[Score]) -> list[SchedulerScore]:
    return [
        SchedulerScore(name, f"{one.log_loss:.4f}", f"{one.rmse:.4f}", one.answers)
        for name, one in zip(NAMES, scores, strict=False)
    ]


def _calibration(found: fitting.Comparison) -> list[CalibrationPoint]:
    return [
        CalibrationPoint(
            name=f"{name} {place}",
            scheduler=name,
            foreseen=f"{one.foreseen:.0%}",
            known=f"{one.known:.0%}",
            count=one.count,
            left=_in_square(one.foreseen),
            bottom=_in_square(one.known),
        )
        for name, score in (("SM-2", found.sm2), ("FSRS", found.fsrs))
        for place, one in enumerate(score.bins, 1)
    ]


def _in_square(share: float) -> float:
    return max(round((share * 100 - SQUARE_FROM) / (100 - SQUARE_FROM) * 100, 1), 0.0)


async def _costs(
    work: UnitOfWork, *, student: Student, own: Sequence[float], today: date
) -> list[Cost]:
    session, account_id = work.session, student.account_id
    since = today - timedelta(days=PACE_DAYS)
    cards = await pace.reviewed_cards(session, account_id)
    first = await pace.first_grades(session, account_id, since=since)
    recalled = await pace.recalled_grades(session, account_id, since=since)
    if not cards and not first:
        return []
    middle = await answers.median_answer_ms(session, account_id, since=since)
    each = review.ANSWER_MS if middle is None else max(middle, review.LEAST_ANSWER_MS)
    habits = Habits(
        seconds=each / MS,
        new_per_day=sum(first.values()) / PACE_DAYS,
        first=first or USUAL_FIRST,
        recalled=recalled or USUAL_RECALLED,
    )
    known = [_known(card, parameters=tuple(own), today=today) for card in cards]
    return await to_thread(
        workload.costs, known, habits=habits, parameters=tuple(own), seed=account_id.int
    )


def _known(card: pace.Reviewed, *, parameters: tuple[float, ...], today: date) -> Known:
    """Return what FSRS knows of a card, or would make of its place in SM-2."""
    begun = card.due_on - timedelta(days=card.interval_days)
    rested = (today - (card.reviewed_on or begun)).days
    if card.stability is not None and card.difficulty is not None:
        return Known(card.stability, card.difficulty, rested)
    schedule = Schedule(card.easiness, card.interval_days, 1, card.due_on, drill_on=None)
    memory = fsrs.memory_of(schedule, parameters=parameters)
    # A card that has rested has a memory.
    difficulty = memory.difficulty if memory else fsrs.MAX_DIFFICULTY
    return Known(float(card.interval_days), difficulty, max(rested, 0))


def _workload(costs: Sequence[Cost]) -> list[WorkloadPoint]:
    most = max((one.minutes for one in costs), default=0)
    return [
        WorkloadPoint(
            one.retention,
            round(one.minutes),
            round(100 * one.minutes / most) if most else 0,
        )
        for one in costs
    ]


def _workload_sentence(costs: Sequence[Cost]) -> str:
    at = {one.retention: round(one.minutes) for one in costs}
    if not at:
        return ""
    return (
        f"At 90 % about {at[90]:,} min a day; at 95 % about {at[95]:,}; at 80 % about "
        f"{at[80]:,}. So it would be on average over the next {workload.DAYS} days, with your "
        "cards, your pace and as many new cards as in the last 30 days."
    )
