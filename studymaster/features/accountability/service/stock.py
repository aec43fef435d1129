"""Taking stock: challenges that are done by now, achievements that are reached by now."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accountability import rules
from studymaster.features.accountability.queries import stock as queries
from studymaster.features.accountability.rules import Challenge, Goal, Tally
from studymaster.features.accountability.schemas import AchievementView, ChallengeView
from studymaster.features.accountability.service.counting import tally, whole_tallies
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


async def finish_challenges(
    work: UnitOfWork, *, today: Mapping[UUID, date], now: datetime
) -> None:
    """Book every challenge that the log has earned, each once.

    It happens when the page is looked at and when a day is closed. `today` is the day of
    each student: at least one.
    """
    since = {one: points_rules.monday_of(day) - rules.WEEK for one, day in today.items()}
    rows = await queries.unfinished_challenges(
        work.session, list(today), since=min(since.values())
    )
    for entry in rows:
        challenge = rules.find_challenge(entry.code)
        if challenge is not None and entry.week >= since[entry.account_id]:
            day = min(today[entry.account_id], rules.last_day_of(entry.week))
            await _finish_if_done(work, entry, challenge, day=day, now=now)


async def _finish_if_done(
    work: UnitOfWork,
    entry: ChallengeEntry,
    challenge: Challenge,
    *,
    day: date,
    now: datetime,
) -> None:
    counted = await tally(work, account_id=entry.account_id, since=entry.week, until=day)
    if counted[challenge.measure] >= challenge.goal:
        await _finish(work, entry, challenge, day=day, now=now)


async def reach_achievements(
    work: UnitOfWork, *, streaks: Mapping[UUID, int], now: datetime
) -> Mapping[UUID, Tally]:
    """Keep every achievement that the log has earned, each once; return the totals.

    `streaks` is the streak of each student that is going on.
    """
    totals = await whole_tallies(work, streaks=streaks)
    known: dict[UUID, list[str]] = {account_id: [] for account_id in streaks}
    for row in await queries.achievements(work.session, list(streaks)):
        known[row.account_id].append(row.code)
    for account_id, own in totals.items():
        for goal in rules.reached(own, already=known[account_id]):
            await _reach(work, goal, account_id=account_id, now=now)
    return totals


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
        _challenge(one, counted[one.measure], done=done.get(one.code))
        for one in rules.CHALLENGES
    ]


def _challenge(one: Challenge, count: int, *, done: bool | None) -> ChallengeView:
    """Draw a challenge of which the log holds `count`; `done` is None until it is joined."""
    progress = min(count, one.goal)
    return ChallengeView(
        code=one.code,
        title=one.title,
        how=one.how,
        points=one.points,
        progress=progress,
        goal=one.goal,
        words=rules.progress_words(one.measure, progress, goal=one.goal),
        joined=done is not None,
        met=count >= one.goal,
        done=done is True,
    )


async def list_achievements(
    work: UnitOfWork, *, student: Student, totals: Tally
) -> list[AchievementView]:
    """Return all achievements, locked ones with how far the student is."""
    rows = await queries.achievements(work.session, [student.account_id])
    return [
        _view(goal, rows, student=student, totals=totals) for goal in rules.ACHIEVEMENTS
    ]


def _view(
    goal: Goal, rows: Sequence[Achievement], *, student: Student, totals: Tally
) -> AchievementView:
    row = next((row for row in rows if row.code == goal.code), None)
    progress = min(totals[goal.measure], goal.goal)
    return AchievementView(
        code=goal.code,
        title=goal.title,
        how=goal.how,
        icon=goal.icon,
        progress=progress,
        goal=goal.goal,
        words=rules.progress_words(goal.measure, progress, goal=goal.goal),
        reached_on=f"{student.day_of(row.created_at):%-d %b %Y}" if row else "",
    )
