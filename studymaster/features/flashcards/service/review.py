"""Reviewing: which cards come next, and what one answer does."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from math import ceil
from uuid import UUID, uuid4

from studymaster.adapters import cache
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.flashcards.queries import answers
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.queries import day as day_queries
from studymaster.features.flashcards.rules import scheduling as rules
from studymaster.features.flashcards.rules import sm2
from studymaster.features.flashcards.rules.balance import Balance
from studymaster.features.flashcards.rules.limits import Asking
from studymaster.features.flashcards.rules.rewards import (
    POINTS,
    POINTS_CAUSE,
    points_cause,
)
from studymaster.features.flashcards.rules.scheduling import Answered, Place
from studymaster.features.flashcards.rules.sm2 import Grade, Schedule
from studymaster.features.flashcards.schemas import (
    ELAPSED_LIMIT_MS,
    EVERYTHING,
    NO_CARD,
    Answer,
    CardFace,
    Counts,
    DayReport,
    GradeResult,
    Pile,
    ReviewTable,
    pile_key,
)
from studymaster.features.flashcards.service import (
    balance,
    day,
    leeches,
    scheduling,
    sources,
    undoing,
)
from studymaster.features.flashcards.service.day import Day
from studymaster.features.flashcards.service.news import note_change
from studymaster.features.points import service as points
from studymaster.models import Card, Deck, ReviewLog
from studymaster.paging import Stretch, Window, stretch

ON_TABLE = Window(limit=3)
ENOUGH = 100
"""So many cards are counted where it only matters that there are some."""

PACE_COUNTS_FOR = timedelta(days=30)
ANSWER_MS = 12_000
"""What an answer takes until the student's own pace is known."""

LEAST_ANSWER_MS = 1_000

MS_PER_MINUTE = 60_000
OUTBOX_LETTERS = 24


async def get_table(
    work: UnitOfWork,
    *,
    student: Student,
    pile: Pile = EVERYTHING,
    now: datetime,
    window: Window = ON_TABLE,
) -> ReviewTable:
    """Return the next cards of a pile, what is left of it, and what today holds."""
    of_day = await day.open_day(work, student=student, pile=pile, now=now)
    next_cards = await _lay_out(work, of_day, pile=pile, window=window)
    counts = of_day.counts(pile)
    waits = None if next_cards.items else of_day.next_step_at(pile)
    return ReviewTable(
        cards=list(next_cards.items),
        more=next_cards.next_offset is not None,
        counts=counts,
        report=await get_report(work, student=student, pile=pile, now=now),
        minutes_left=await estimate_minutes(
            work, account_id=student.account_id, cards=counts.left, today=of_day.today.day
        ),
        total=await day_queries.count_some(
            work.session, student.account_id, list(of_day.within(pile)), most=ENOUGH
        ),
        next_step_at=waits.isoformat() if waits else "",
        held_new=of_day.held_back(Asking.NEW, pile),
        held_due=of_day.held_back(Asking.DUE, pile),
    )


async def list_due(
    work: UnitOfWork, *, student: Student, pile: Pile, now: datetime, window: Window
) -> tuple[Stretch[CardFace], Counts]:
    """Return the next cards of a pile in the order of a review, and what is left of it."""
    of_day = await day.open_day(work, student=student, pile=pile, now=now)
    found = await _lay_out(work, of_day, pile=pile, window=window)
    return found, of_day.counts(pile)


async def _lay_out(
    work: UnitOfWork, of_day: Day, *, pile: Pile, window: Window
) -> Stretch[CardFace]:
    account_id, today = of_day.account_id, of_day.today.day
    ids = await day.next_cards(work, of_day, pile=pile, count=window.offset + window.probe)
    rows = await queries.faces(work.session, account_id, ids[window.offset :])
    found = stretch(rows, window=window)
    cards = [row[0] for row in found.items]
    plans = {card.deck_id: scheduling.plan_of(of_day.decks[card.deck_id]) for card in cards}
    balances = await balance.balances(
        work, account_id=account_id, cards=cards, plans=plans, today=today
    )
    faces = [
        await _face(
            work,
            row,
            deck=of_day.decks[row[0].deck_id],
            balance=balances[row[0].id],
            today=today,
        )
        for row in found.items
    ]
    return Stretch(items=faces, next_offset=found.next_offset)


async def find_pile(work: UnitOfWork, *, account_id: UUID, keys: Collection[str]) -> str:
    """Return which of some keys is a course or an own deck of the student, or nothing."""
    mine = {
        pile_key(course_id=course.id, deck_id=None)
        for course in await courses.list_courses(work, account_id=account_id)
    }
    for deck in await queries.own_decks(work.session, account_id):
        mine.add(pile_key(course_id=None, deck_id=deck.id))
    return next((key for key in keys if key in mine), "")


async def mark_of_cards(*, student: Student, now: datetime) -> str:
    """Return a mark that lasts until a card or an answer of the student changes.

    Taken before a table is read, it tells later whether the table is still as it was.
    Without Redis no mark lasts. Call it outside of a unit of work.
    """
    owner, key = str(student.account_id), f"cards:{student.day_of(now)}"
    return await cache.kept(Kept.STATISTICS, owner, key, shape=str, make=_new_mark)


async def _new_mark() -> str:
    return uuid4().hex


async def estimate_minutes(
    work: UnitOfWork, *, account_id: UUID, cards: int, today: date
) -> int:
    """Return the minutes that a number of cards takes, rounded up.

    The pace is the student's own median answer time of 30 days, 12 s before there is one; a
    card takes a second at least.
    """
    pace = await answers.median_answer_ms(
        work.session, account_id, since=today - PACE_COUNTS_FOR
    )
    each = ANSWER_MS if pace is None else max(pace, LEAST_ANSWER_MS)
    return ceil(cards * each / MS_PER_MINUTE)


async def count_waiting(
    work: UnitOfWork, *, student: Student, course_id: UUID, now: datetime
) -> int:
    """Return how many cards of a course the student's day still asks."""
    pile = Pile(course_id)
    of_day = await day.open_day(work, student=student, pile=pile, now=now)
    return of_day.counts(pile).left


async def count_tomorrow(work: UnitOfWork, *, student: Student, now: datetime) -> int:
    """Return how many cards of the student come back tomorrow."""
    tomorrow = student.day_of(now) + timedelta(days=1)
    return await answers.count_due_on(work.session, student.account_id, day=tomorrow)


def outbox_name(account_id: UUID) -> str:
    """Return under which name a browser keeps this student's unsent answers.

    It differs for every student of a shared computer and does not give the account away.
    """
    return sha256(account_id.bytes).hexdigest()[:OUTBOX_LETTERS]


async def get_report(
    work: UnitOfWork, *, student: Student, pile: Pile = EVERYTHING, now: datetime
) -> DayReport:
    """Return what the student has answered today, in one pile or all."""
    account_id, today = student.account_id, student.day_of(now)
    rows = await queries.answers_of_day(work.session, account_id, day=today, pile=pile)
    by_grade = {Grade(given): count for given, count, _ in rows}
    return DayReport(
        answers=sum(by_grade.values()),
        again=by_grade.get(Grade.AGAIN, 0),
        hard=by_grade.get(Grade.HARD, 0),
        good=by_grade.get(Grade.GOOD, 0),
        easy=by_grade.get(Grade.EASY, 0),
        minutes=ceil(sum(elapsed for _, _, elapsed in rows) / MS_PER_MINUTE),
        points=await queries.points_of_day(
            work.session, account_id, day=today, pile=pile, cause=POINTS_CAUSE
        ),
    )


async def grade(
    work: UnitOfWork, *, student: Student, answer: Answer, now: datetime
) -> GradeResult:
    """Count one answer: log it, move the card by its deck's scheduler, book its points.

    The card stays locked until all of it is stored. An answer to a turn that the card has
    left behind is a repeated message and changes nothing.

    Raises:
        NotFoundError: the card is not the student's.
        ConflictError: the turn is ahead of the card, or the card rests or is suspended.
    """
    card = await queries.card_for_update(work.session, student.account_id, answer.card_id)
    if card is None:
        raise NotFoundError(NO_CARD)
    today, before = student.day_of(now), scheduling.place_of(card)
    if answer.turn < card.turn:
        return _result(card, today=today, counted=False, booked=0)
    _require_shown(card, answer, today=today)
    after = await _after(work, card, answer=answer, today=today, now=now)
    await _remember(work, card, answer=answer, today=today, now=now)
    work.session.add(_log(card, answer, after.schedule, day=today, now=now))
    booked = 0
    if before.schedule.drill_on != today:
        booked = await _book(work, student=student, card=card, grade=answer.grade, now=now)
    _move(card, after, now=now)
    is_leech = await leeches.note_lapse(
        work, card, grade=answer.grade, before=before.schedule, today=today, now=now
    )
    note_change(work, account_id=student.account_id, subject=str(card.id))
    result = _result(card, today=today, counted=True, booked=booked)
    return replace(result, leech=is_leech)


async def _remember(
    work: UnitOfWork, card: Card, *, answer: Answer, today: date, now: datetime
) -> None:
    await undoing.remember(
        work,
        account_id=card.account_id,
        day=today,
        sentence=f"{undoing.name_of(card)} called {answer.grade.name.lower()}",
        card_ids=[card.id],
        logs=[answer.log_id],
        now=now,
    )


async def _after(
    work: UnitOfWork, card: Card, *, answer: Answer, today: date, now: datetime
) -> Place:
    """Return where an answer brings a locked card."""
    plan = await scheduling.get_plan(work, card=card)
    balances = await balance.balances(
        work,
        account_id=card.account_id,
        cards=[card],
        plans={card.deck_id: plan},
        today=today,
    )
    return rules.review(
        scheduling.place_of(card),
        Answered(card.turn, answer.grade, today, at=now),
        card_id=card.id,
        plan=plan,
        balance=balances[card.id],
    )


async def grade_late(
    work: UnitOfWork, *, student: Student, answer: Answer, now: datetime
) -> GradeResult | None:
    """Count an answer that waited in a browser, on the day it arrives.

    None: its card is gone or rests by now, so there is nothing left to answer.
    """
    try:
        return await grade(work, student=student, answer=answer, now=now)
    except (NotFoundError, ConflictError):
        return None


def _require_shown(card: Card, answer: Answer, *, today: date) -> None:
    if answer.turn > card.turn:
        msg = "That answer is ahead of its card. Reload the page and answer it again."
        raise ConflictError(msg)
    if card.suspended_at is not None:
        msg = "That card is suspended. Bring it back first, among your cards."
        raise ConflictError(msg)
    is_ahead = card.ahead_on is not None and card.ahead_on <= today
    if not (is_ahead or sm2.is_due(scheduling.place_of(card).schedule, today=today)):
        msg = f"That card rests until {card.due_on:%-d %B}. It comes back by itself."
        raise ConflictError(msg)


async def _book(
    work: UnitOfWork, *, student: Student, card: Card, grade: Grade, now: datetime
) -> int:
    booked = await points.award(
        work,
        student=student,
        amount=POINTS[grade],
        cause=points_cause(card.id, day=student.day_of(now)),
        sentence=f"You reviewed a card and called it {grade.name.lower()}.",
        now=now,
    )
    return POINTS[grade] if booked else 0


def _log(
    card: Card, answer: Answer, after: Schedule, *, day: date, now: datetime
) -> ReviewLog:
    return ReviewLog(
        id=answer.log_id,
        account_id=card.account_id,
        card_id=card.id,
        turn=card.turn,
        grade=answer.grade,
        day=day,
        drill=card.drill_on == day,
        elapsed_ms=min(answer.elapsed_ms, ELAPSED_LIMIT_MS),
        easiness_before=card.easiness,
        easiness_after=after.easiness,
        interval_before=card.interval_days,
        interval_after=after.interval_days,
        repetitions_before=card.repetitions,
        repetitions_after=after.repetitions,
        created_at=now,
    )


def _move(card: Card, after: Place, *, now: datetime) -> None:
    scheduling.put(card, after)
    card.turn += 1
    card.last_reviewed_at = now
    card.ahead_on = None


def _result(card: Card, *, today: date, counted: bool, booked: int) -> GradeResult:
    return GradeResult(
        card_id=str(card.id),
        turn=card.turn,
        due_on=card.due_on.isoformat(),
        again_today=card.drill_on == today,
        counted=counted,
        points=booked,
    )


async def _face(
    work: UnitOfWork, row: queries.FaceRow, *, deck: Deck, balance: Balance, today: date
) -> CardFace:
    card = row[0]
    labels = rules.preview(
        scheduling.place_of(card),
        card_id=card.id,
        turn=card.turn,
        today=today,
        plan=scheduling.plan_of(deck),
        balance=balance,
    )
    intervals = [labels[grade] for grade in Grade]
    stage = _stage(card, today=today)
    return await draw(work, row, deck=deck, stage=stage, intervals=intervals)


async def draw(
    work: UnitOfWork,
    row: queries.FaceRow,
    *,
    deck: Deck,
    stage: str,
    intervals: list[str],
) -> CardFace:
    """Return a card as it lies on a table, with its source."""
    card, course, material, blob = row
    return CardFace(
        id=str(card.id),
        turn=card.turn,
        kind=card.kind,
        stage=stage,
        front=card.front,
        back=card.back,
        course=course.shortname if course else deck.name,
        line=course.line if course else 0,
        intervals=intervals,
        source=await sources.source_of(work, card, material, blob),
        ordinal=card.ordinal,
        masks=card.masks or "",
        extra=card.extra,
        note_id=str(card.note_id or ""),
        flag=card.flag,
        language=deck.language,
    )


def _stage(card: Card, *, today: date) -> str:
    if card.drill_on == today:
        return "learning"
    return "due" if card.interval_days else "new"
