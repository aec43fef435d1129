"""How one student stands: points, streak, calendar, challenges and achievements."""

from datetime import datetime
from functools import partial

from studymaster.adapters import cache
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import rules
from studymaster.features.accountability.schemas import CalendarDay, Figures, Overview
from studymaster.features.accountability.service import stock
from studymaster.features.accountability.service.verdicts import settle_pledges
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import service as points
from studymaster.features.points.schemas import DayMark, Standing

CALENDAR_WEEKS = 6


async def find_overview(*, student: Student, now: datetime) -> Overview:
    """Return what is counted for a student, kept until their next points.

    What the log has earned by now is booked on the way. Call it outside of a unit of work.
    """
    key = f"accountability:{student.day_of(now)}:{student.time_zone}"
    return await cache.kept(
        Kept.STATISTICS,
        str(student.account_id),
        key,
        shape=Overview,
        make=partial(_overview, student=student, now=now),
    )


async def _overview(*, student: Student, now: datetime) -> Overview:
    account_id, today = student.account_id, student.day_of(now)
    async with unit_of_work() as work:
        # In this order: pledges and challenges bring points, and an achievement needs the
        # streak.
        await settle_pledges(work, today={account_id: today}, now=now)
        await stock.finish_challenges(work, today={account_id: today}, now=now)
        present = await points.get_present(work, student=student, now=now)
        standing = points.standing_of(present)
        totals = await stock.reach_achievements(
            work, streaks={account_id: standing.streak.days}, now=now
        )
        days = await points.calendar(
            work, student=student, present=present, weeks=CALENDAR_WEEKS
        )
        return Overview(
            figures=_figures(standing),
            calendar=[_day(mark, first=days[0]) for mark in days],
            challenges=await stock.list_challenges(
                work, account_id=account_id, today=today
            ),
            achievements=await stock.list_achievements(
                work, student=student, totals=totals[account_id]
            ),
        )


def _day(mark: DayMark, *, first: DayMark) -> CalendarDay:
    begins = mark is first or mark.day.day == 1
    month = f"{mark.day:%b}" if begins else ""
    return CalendarDay(mark.state, mark.words, mark.day.day, month)


def _figures(standing: Standing) -> Figures:
    return Figures(
        points=f"{standing.balance:,}",
        streak=standing.streak.days,
        freezes=standing.streak.freezes,
        state=rules.state_of(standing),
        sentence=rules.day_sentence(standing),
    )
