"""Taking stock: challenges that are done by now, achievements that are reached by now."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accountability import queries, rules
from studymaster.features.accountability.rules import Challenge, Goal, Tally
from studymaster.features.accountability.schemas import AchievementView, ChallengeView
from studymaster.features.accountability.service.counting import tally, whole_tally
from studymaster.features.accounts.schemas import Student
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify
from studymaster.features.points import rules as points_rules
from studymaster.features.points import service as points
from studymaster.models import Achievement, ChallengeEntry, NotificationKind

PATH = "/accountability"
NO_CHALLENGE = "That challenge is not one of this week's."


async def join_challenge(
    work: UnitOfWork, *, student: Student, code: str, now: datetime
) -> None:
    """Take on one of this week's challenges; what was done since Monday counts.

    Raises:
        NotFoundError: there is no such challenge.
    """
    if rules.find_challenge(code) is None:
        raise NotFoundError(NO_CHALLENGE)
    account_id, today = student.account_id, student.day_of(now)
    await queries.join_challenge(
        work.session, account_id, code=code, week=points_rules.monday_of(today), now=now
    )
    work.outdate(Kept.STATISTICS, str(account_id))
    work.announce(news_for(account_id, Topic.POINTS))


async def take_stock(
    work: UnitOfWork, *, account_id: UUID, today: date, streak: int, now: datetime
) -> Tally:
    """Book every challenge and achievement that the log has earned; return the totals.

    It happens when the page is looked at and when a day is closed; each is booked once.
    """
    await _finish_challenges(work, account_id=account_id, today=today, now=now)
    totals = await whole_tally(work, account_id=account_id, streak=streak)
    known = await queries.achievements(work.session, account_id)
    for goal in rules.reached(totals, already=[row.code for row in known]):
        await _reach(work, goal, account_id=account_id, now=now)
    return totals


async def _finish_challenges(
    work: UnitOfWork, *, account_id: UUID, today: date, now: datetime
) -> None:
    since = points_rules.monday_of(today) - rules.WEEK
    rows = await queries.unfinished_challenges(work.session, account_id, since=since)
    for entry in rows:
        challenge = rules.find_challenge(entry.code)
        if challenge is None:
            continue
        last = min(today, rules.last_day_of(entry.week))
        counted = await tally(work, account_id=account_id, since=entry.week, until=last)
        if counted[challenge.measure] >= challenge.goal:
            await _finish(work, entry, challenge, day=last, now=now)


async def _finish(
    work: UnitOfWork,
    entry: ChallengeEntry,
    challenge: Challenge,
    *,
    day: date,
    now: datetime,
) -> None:
    account_id, cause = entry.account_id, f"challenge:{entry.week}:{entry.code}"
    if not await queries.finish_challenge(
        work.session, account_id, entry_id=entry.id, now=now
    ):
        return
    sentence = f"You finished the challenge “{challenge.title}”."
    line = points.Line(challenge.points, cause, sentence, day=day, at=now)
    await points.book(work, account_id=account_id, line=line)
    notice = Notice(
        kind=NotificationKind.POINTS,
        title=f"Challenge done: {challenge.title}",
        text=f"It brought you {points_rules.counted(challenge.points, 'point')}.",
        path=PATH,
        cause=cause,
    )
    await notify(work, account_id=account_id, notice=notice, now=now)


async def _reach(work: UnitOfWork, goal: Goal, *, account_id: UUID, now: datetime) -> None:
    if not await queries.add_achievement(work.session, account_id, code=goal.code, now=now):
        return
    work.outdate(Kept.STATISTICS, str(account_id))
    work.announce(news_for(account_id, Topic.POINTS))
    notice = Notice(
        kind=NotificationKind.POINTS,
        title=f"Achievement: {goal.title}",
        text=f"You did it: {goal.how}",
        path=PATH,
        cause=f"achievement:{goal.code}",
    )
    await notify(work, account_id=account_id, notice=notice, now=now)


async def list_challenges(
    work: UnitOfWork, *, account_id: UUID, today: date
) -> list[ChallengeView]:
    """Return this week's challenges with what the log holds for each."""
    week = points_rules.monday_of(today)
    entries = await queries.challenge_entries(work.session, account_id, week=week)
    done = {entry.code: entry.done_at is not None for entry in entries}
    counted = await tally(work, account_id=account_id, since=week, until=today)
    return [
        ChallengeView(
            code=one.code,
            title=one.title,
            how=one.how,
            points=one.points,
            progress=min(counted[one.measure], one.goal),
            goal=one.goal,
            joined=one.code in done,
            done=done.get(one.code, False),
        )
        for one in rules.CHALLENGES
    ]


async def list_achievements(
    work: UnitOfWork, *, student: Student, totals: Tally
) -> list[AchievementView]:
    """Return all achievements, locked ones with how far the student is."""
    rows = await queries.achievements(work.session, student.account_id)
    return [
        _view(goal, rows, student=student, totals=totals) for goal in rules.ACHIEVEMENTS
    ]


def _view(
    goal: Goal, rows: Sequence[Achievement], *, student: Student, totals: Tally
) -> AchievementView:
    row = next((row for row in rows if row.code == goal.code), None)
    return AchievementView(
        code=goal.code,
        title=goal.title,
        how=goal.how,
        icon=goal.icon,
        progress=min(totals[goal.measure], goal.goal),
        goal=goal.goal,
        reached_on=f"{student.day_of(row.created_at):%-d %b %Y}" if row else "",
    )
