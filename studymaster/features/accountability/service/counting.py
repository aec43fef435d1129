"""What the log holds of a student's days, by measure."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accountability.queries import counting as queries
from studymaster.features.accountability.queries.counting import ActiveFrom, LogCounts
from studymaster.features.accountability.rules import CARDS_PER_COURSE, Measure, Tally
from studymaster.features.points.rules import ACTIVE_FOCUS_SECONDS

ACTIVE = ActiveFrom(ACTIVE_FOCUS_SECONDS, CARDS_PER_COURSE)


async def tally(
    work: UnitOfWork,
    *,
    account_id: UUID,
    since: date,
    until: date,
    after: datetime | None = None,
) -> Tally:
    """Count what was learnt from one day to another, both included.

    With `after`, only what was begun from that moment on counts.
    """
    counts = await queries.log_counts(
        work.session, [account_id], since=since, until=until, after=after, active=ACTIVE
    )
    return _tally(counts[account_id])


async def whole_tallies(
    work: UnitOfWork, *, streaks: Mapping[UUID, int]
) -> dict[UUID, Tally]:
    """Count everything students ever did; `streaks` are those that are going on."""
    account_ids = list(streaks)
    counts = await queries.log_counts(work.session, account_ids, active=ACTIVE)
    totals = await queries.totals(work.session, account_ids)
    return {
        account_id: {
            **_tally(counts[account_id]),
            Measure.STREAK: max(streak, totals[account_id].best_streak),
            Measure.CHALLENGES: totals[account_id].challenges,
            Measure.PLEDGES: totals[account_id].pledges,
        }
        for account_id, streak in streaks.items()
    }


def _tally(counts: LogCounts) -> Tally:
    return {
        Measure.REVIEWS: counts.reviews,
        Measure.FOCUS_MINUTES: counts.focus_minutes,
        Measure.DAYS: counts.days,
        Measure.COURSES: counts.courses,
    }
