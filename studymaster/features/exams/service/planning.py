"""The way to each exam of a student: looked at, found, kept, and followed day by day."""

from asyncio import to_thread
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.rules import day_of
from studymaster.features.exams.queries import exams as queries
from studymaster.features.exams.rules import planning as rules
from studymaster.features.exams.rules.planning import Aim, Found, Item
from studymaster.features.exams.schemas import PlanDay, PlanReport, WhatIf
from studymaster.features.exams.service import drawing
from studymaster.features.flashcards.service import ahead
from studymaster.features.flashcards.service.ahead import ScopeCard
from studymaster.features.notifications import service as notifications
from studymaster.features.notifications.schemas import Notice
from studymaster.jobs import JobName
from studymaster.models import Account, Deck, Exam, NotificationKind

PATH: Final = "/smart-study/exams"
LAST_ZONE: Final = timedelta(hours=14)
"""No place is farther ahead of UTC."""

SHARES: Final = (80, 85, 90, 95)
"""Shares (percent) of which is said what they would take."""

MOST_CARDS: Final = 2_000
"""To say what something would take, of more cards every so manieth stands for the rest."""


@dataclass(frozen=True, slots=True)
class Task:
    """An exam that is to be planned, as it was when somebody looked."""

    exam_id: UUID
    revision: int
    aim: Aim
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Looked:
    """All that plans of one student are made from; `turns` are those of their cards."""

    today: date
    tasks: Sequence[Task]
    turns: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The plan of one exam."""

    task: Task
    report: PlanReport
    asks: Mapping[UUID, date]


def request_plan(work: UnitOfWork, *, account_id: UUID) -> None:
    """Ask for the plans of all exams of a student."""
    work.enqueue(JobName.PLAN_EXAMS, account_id=str(account_id))
    work.announce(news_for(account_id, Topic.CARDS, subject="exams"))


async def request_due(work: UnitOfWork, *, now: datetime) -> int:
    """Ask for the plans of everybody whose day is a new one, or whose due date moved."""
    found = await queries.waiting(work.session, before=(now + LAST_ZONE).date())
    students = {one.account_id for one in found if _is_due(one, now)}
    for account_id in sorted(students):
        work.enqueue(JobName.PLAN_EXAMS, account_id=str(account_id))
    return len(students)


def _is_due(one: queries.Waiting, now: datetime) -> bool:
    today = day_of(now, time_zone=one.time_zone, day_start_hour=one.day_start_hour)
    return one.has_moved or one.planned_on is None or one.planned_on < today


async def settle(work: UnitOfWork, *, account_id: UUID, now: datetime) -> None:
    """Let exams go where their due dates went, and close those that are over."""
    account = await work.session.get(Account, account_id)
    if account is None or account.deleting_since is not None:
        return
    rows = await queries.open_for_update(work.session, account_id)
    ids = [row.deadline_id for row in rows if row.deadline_id is not None]
    moments = await queries.due_moments(work.session, account_id, ids)
    today = _day_of(account, now)
    for row in rows:
        if row.follows:
            await _follow(work, row, moments, account=account, now=now)
        if row.day < today:
            await _close(work, row, today=today, now=now)


async def _follow(
    work: UnitOfWork,
    row: Exam,
    moments: Mapping[UUID, datetime],
    *,
    account: Account,
    now: datetime,
) -> None:
    if row.deadline_id is None:
        row.follows, row.due_at = False, None
        title = f"The due date of {row.name} is gone from Moodle"
        text = f"The exam stays on {row.day:%-d %b}. Change it if that is wrong."
        await _tell(work, row, cause="gone", title=title, text=text, now=now)
        return
    due_at = moments.get(row.deadline_id)
    if due_at is None or due_at == row.due_at:
        return
    row.due_at = due_at
    day = _day_of(account, due_at)
    if day == row.day:
        return
    row.day, row.planned_on, row.revision = day, None, row.revision + 1
    title = f"{row.name} moved to {day:%-d %b}"
    text = "Its due date in Moodle moved. The plan goes by the new day."
    await _tell(work, row, cause=f"moved:{day}", title=title, text=text, now=now)


async def _close(work: UnitOfWork, row: Exam, *, today: date, now: datetime) -> None:
    row.closed_on = today
    await notifications.settle(
        work, account_id=row.account_id, cause=_cause(row.id, f"short:{row.day}"), now=now
    )
    await _tell(work, row, cause=f"over:{row.day}", title=f"{row.name} is over", now=now)


async def _tell(
    work: UnitOfWork, row: Exam, *, cause: str, title: str, now: datetime, text: str = ""
) -> None:
    text = text or "Its cards come back when their decks bring them."
    notice = Notice(
        kind=NotificationKind.CARDS,
        title=title,
        cause=_cause(row.id, cause),
        text=text,
        path=PATH,
    )
    await notifications.notify(work, account_id=row.account_id, notice=notice, now=now)


def _cause(exam_id: UUID, what: str) -> str:
    return f"exam:{exam_id}:{what}"


async def look(work: UnitOfWork, *, account_id: UUID, now: datetime) -> Looked | None:
    """Return what the plans of a student are made from; None: there is no such student."""
    account = await work.session.get(Account, account_id)
    if account is None or account.deleting_since is not None:
        return None
    today = _day_of(account, now)
    rows = [
        row
        for row in await queries.exams(work.session, account_id)
        if row.closed_on is None and row.day >= today
    ]
    habit = await ahead.get_habit(work, account_id=account_id, today=today)
    decks = await ahead.list_decks(work, account_id=account_id)
    scopes = {row.id: ahead.widen(decks, row.deck_ids) for row in rows}
    cards = await _cards(work, account_id, decks, scopes.values())
    tasks = [
        Task(
            row.id,
            row.revision,
            Aim(today, row.day, row.retention, habit.seconds, row.minutes, habit.easy_days),
            [_item(one) for one in cards if _counts(one, row, scopes[row.id])],
        )
        for row in rows
    ]
    return Looked(today, tasks, {one.card_id: one.turn for one in cards})


async def _cards(
    work: UnitOfWork,
    account_id: UUID,
    decks: Sequence[Deck],
    scopes: Iterable[set[UUID]],
) -> list[ScopeCard]:
    ids = {deck_id for scope in scopes for deck_id in scope}
    if not ids:
        return []
    wanted = [one for one in decks if one.id in ids]
    return await ahead.scope_cards(work, account_id=account_id, decks=wanted)


def _counts(card: ScopeCard, row: Exam, deck_ids: set[UUID]) -> bool:
    is_tagged = not row.tags or not set(row.tags).isdisjoint(card.tags)
    return card.deck_id in deck_ids and is_tagged


def _item(card: ScopeCard) -> Item:
    return Item(card.card_id, card.note_id, card.plan, card.schedule, card.memory)


async def find(looked: Looked) -> list[Outcome]:
    """Return the plans, made beside everything else that runs."""
    return await to_thread(lambda: [find_one(task) for task in looked.tasks])


def find_one(task: Task) -> Outcome:
    """Return the plan of one exam, and what else would take how long."""
    found = rules.find_plan(task.items, aim=task.aim)
    step = max(1, -(-len(task.items) // MOST_CARDS))
    some, aim = task.items[::step], replace(task.aim, seconds=task.aim.seconds * step)
    needed = None
    if task.aim.minutes and not found.holds:
        needed = rules.minutes_needed(some, aim=aim)
        if needed is not None:
            needed = max(needed, task.aim.minutes + 1)
    return Outcome(task, _report(task, found, needed, _what_if(some, aim)), found.asks)


def _what_if(items: Sequence[Item], aim: Aim) -> list[WhatIf]:
    if not items:
        return []
    free = [
        (share, rules.find_plan(items, aim=replace(aim, retention=share, minutes=0)))
        for share in SHARES
    ]
    return [
        WhatIf(
            share,
            round(sum(one.minutes for one in found.days) / len(found.days)),
            found.peak,
            found.holds,
        )
        for share, found in free
    ]


def _report(
    task: Task, found: Found, needed: int | None, what_if: list[WhatIf]
) -> PlanReport:
    return PlanReport(
        days=[PlanDay(one.day, one.new, one.reviews, one.minutes) for one in found.days],
        cards=found.cards,
        new=sum(not one.schedule.interval_days for one in task.items),
        unseen=found.unseen,
        below=found.below,
        foreseen=round(found.foreseen, 4),
        needed=needed,
        what_if=what_if,
    )


async def keep(
    work: UnitOfWork,
    *,
    account_id: UUID,
    looked: Looked,
    outcomes: Sequence[Outcome],
    now: datetime,
) -> None:
    """Keep plans, and want each card on the earliest day of any of them."""
    asks: dict[UUID, tuple[int, date]] = {}
    for outcome in outcomes:
        for card_id, day in outcome.asks.items():
            known = asks.get(card_id)
            if known is None or day < known[1]:
                asks[card_id] = looked.turns[card_id], day
    await ahead.put_ahead(work, account_id=account_id, asks=asks)
    for outcome in outcomes:
        await _keep_one(work, account_id, outcome, today=looked.today, now=now)
    work.announce(news_for(account_id, Topic.CARDS, subject="exams"))


async def _keep_one(
    work: UnitOfWork, account_id: UUID, outcome: Outcome, *, today: date, now: datetime
) -> None:
    task, report = outcome.task, outcome.report
    is_kept = await queries.keep_plan(
        work.session,
        account_id,
        exam_id=task.exam_id,
        revision=task.revision,
        plan=drawing.SHAPE.dump_python(report, mode="json"),
        planned_on=today,
    )
    row = await queries.exam(work.session, account_id, task.exam_id) if is_kept else None
    if row is None:
        return
    cause = f"short:{row.day}"
    if report.unseen or report.below:
        said = drawing.verdict_of(report, retention=row.retention, minutes=row.minutes)
        title = f"The plan for {row.name} does not work out"
        await _tell(work, row, cause=cause, title=title, text=said, now=now)
    else:
        whole = _cause(row.id, cause)
        await notifications.settle(work, account_id=account_id, cause=whole, now=now)


def _day_of(account: Account, moment: datetime) -> date:
    return day_of(
        moment, time_zone=account.time_zone, day_start_hour=account.day_start_hour
    )
