"""What the log holds of a student's days, by measure."""

from datetime import date
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accountability import queries
from studymaster.features.accountability.queries import ActiveFrom, LogCounts
from studymaster.features.accountability.rules import CARDS_PER_COURSE, Measure, Tally
from studymaster.features.points.rules import ACTIVE_FOCUS_SECONDS

ACTIVE = ActiveFrom(ACTIVE_FOCUS_SECONDS, CARDS_PER_COURSE)


async def tally(work: UnitOfWork, *, account_id: UUID, since: date, until: date) -> Tally:
    """Count what was learnt from one day to another, both included."""
    counts = await queries.log_counts(
        work.session, account_id, since=since, until=until, active=ACTIVE
    )
    return _tally(counts)


async def whole_tally(work: UnitOfWork, *, account_id: UUID, streak: int) -> Tally:
    """Count everything a student ever did; `streak` is the one that is going on."""
    counts = await queries.log_counts(work.session, account_id, active=ACTIVE)
    totals = await queries.totals(work.session, account_id)
    return {
        **_tally(counts),
        Measure.STREAK: max(streak, totals.best_streak),
        Measure.CHALLENGES: totals.challenges,
        Measure.PLEDGES: totals.pledges,
    }


def _tally(counts: LogCounts) -> Tally:
    return {
        Measure.REVIEWS: counts.reviews,
        Measure.FOCUS_MINUTES: counts.focus_minutes,
        Measure.DAYS: counts.days,
        Measure.COURSES: counts.courses,
    }
