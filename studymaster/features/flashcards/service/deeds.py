"""What is done with a card besides answering it; every deed can be taken back.

Each returns the sentence that says what was done, as it stands among the steps.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from studymaster.adapters.database import UnitOfWork
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.rules import leeches, sm2
from studymaster.features.flashcards.rules.scheduling import Place
from studymaster.features.flashcards.schemas import FLAGS
from studymaster.features.flashcards.service import notes, scheduling, undoing
from studymaster.features.flashcards.service.news import note_change
from studymaster.features.flashcards.service.notes import Note
from studymaster.models import Card, LogKind, ReviewLog

ONE_DAY: Final = timedelta(days=1)
KNOWN: Final = 2
"""As often in a row SM-2 has a card remembered before it stretches its interval."""


async def bury(
    work: UnitOfWork, *, student: Student, card_id: UUID, siblings: bool, now: datetime
) -> str:
    """Leave a card, or all of its note, out of reviews until tomorrow."""
    note = await _chosen(work, student, card_id, siblings=siblings)
    said = f"{_named(note)} buried until tomorrow"
    await _remember(work, student, note[1], said=said, now=now)
    for card in note[1]:
        card.buried_until = student.day_of(now) + ONE_DAY
    return said


async def suspend(
    work: UnitOfWork, *, student: Student, card_id: UUID, siblings: bool, now: datetime
) -> str:
    """Leave a card, or all of its note, out of reviews until it is brought back."""
    note = await _chosen(work, student, card_id, siblings=siblings)
    said = f"{_named(note)} suspended"
    await _remember(work, student, note[1], said=said, now=now)
    for card in note[1]:
        card.suspended_at = card.suspended_at or now
    return said


async def bring_back(
    work: UnitOfWork, *, student: Student, card_id: UUID, now: datetime
) -> str:
    """Ask a card again that was suspended or buried; a leech is none any more."""
    note = await _chosen(work, student, card_id, siblings=False)
    said = f"{_named(note)} brought back"
    await _remember(work, student, note[1], said=said, now=now)
    for card in note[1]:
        card.suspended_at = card.buried_until = None
        card.tags = leeches.unmarked(card.tags)
    return said


async def flag(
    work: UnitOfWork, *, student: Student, card_id: UUID, number: int, now: datetime
) -> str:
    """Mark a card with a flag (1 to 7), or take it off (0)."""
    note = await _chosen(work, student, card_id, siblings=False)
    done = f"flagged {FLAGS[number].lower()}" if number else "without a flag"
    said = f"{_named(note)} {done}"
    await _remember(work, student, note[1], said=said, now=now)
    for card in note[1]:
        card.flag = number
    return said


async def set_due(
    work: UnitOfWork, *, student: Student, card_id: UUID, due_on: date, now: datetime
) -> str:
    """Let a card come on a day; how well it is known stays as it is, and the log has the day.

    A card that was never answered counts as known for as long, as in Anki.
    """
    note, today = await _chosen(work, student, card_id, siblings=False), student.day_of(now)
    said = f"{_named(note)} comes {_day_words(due_on, today=today)}"
    card, line_id = note[0], uuid4()
    await _remember(work, student, note[1], said=said, now=now, logs=[line_id])
    line = _line(card, LogKind.SET_DUE, line_id=line_id, day=today, now=now)
    if not card.interval_days:
        card.interval_days, card.repetitions = max(1, (due_on - today).days), KNOWN
    card.due_on, card.buried_until = due_on, None
    _leave_drill(card)
    line.interval_after, line.repetitions_after = card.interval_days, card.repetitions
    line.due_on_after = due_on
    work.session.add(line)
    return said


async def reset(work: UnitOfWork, *, student: Student, card_id: UUID, now: datetime) -> str:
    """Start a card anew: it is new, its answers stay in the log and count for nothing."""
    note, today = await _chosen(work, student, card_id, siblings=False), student.day_of(now)
    said = f"{_named(note)} started anew"
    card, line_id = note[0], uuid4()
    await _remember(work, student, note[1], said=said, now=now, logs=[line_id])
    line = _line(card, LogKind.RESET, line_id=line_id, day=today, now=now)
    scheduling.put(card, Place(sm2.new_schedule(today)))
    card.lapses, card.buried_until = 0, None
    _leave_drill(card)
    line.easiness_after, line.interval_after = card.easiness, card.interval_days
    line.repetitions_after, line.due_on_after = card.repetitions, today
    work.session.add(line)
    return said


async def delete(
    work: UnitOfWork, *, student: Student, card_id: UUID, siblings: bool, now: datetime
) -> str:
    """Delete a card, or all of its note; what was answered stays counted."""
    note = await _chosen(work, student, card_id, siblings=siblings)
    said = f"{_named(note)} deleted"
    await _remember(work, student, note[1], said=said, now=now)
    for card in note[1]:
        await work.session.delete(card)
    return said


async def _chosen(
    work: UnitOfWork, student: Student, card_id: UUID, *, siblings: bool
) -> Note:
    card, note = await notes.lock_note(work, account_id=student.account_id, card_id=card_id)
    return card, note if siblings else [card]


def _named(note: Note) -> str:
    card, cards = note
    others = len(cards) - 1
    if not others:
        return undoing.name_of(card)
    count = "its sibling" if others == 1 else f"its {others} siblings"
    return f"{undoing.name_of(card)} and {count}"


def _day_words(day: date, *, today: date) -> str:
    days = (day - today).days
    soon = {0: "today", 1: "tomorrow"}
    return soon.get(days, f"on {day:%-d %B %Y}")


async def _remember(
    work: UnitOfWork,
    student: Student,
    cards: Sequence[Card],
    *,
    said: str,
    now: datetime,
    logs: Sequence[UUID] = (),
) -> None:
    await undoing.remember(
        work,
        account_id=student.account_id,
        day=student.day_of(now),
        sentence=said,
        card_ids=[card.id for card in cards],
        logs=logs,
        now=now,
    )
    note_change(work, account_id=student.account_id, subject=str(cards[0].id))


def _line(
    card: Card, kind: LogKind, *, line_id: UUID, day: date, now: datetime
) -> ReviewLog:
    """Return a line of the log that is no answer, and count it as one of the card's turns."""
    card.turn += 1
    return ReviewLog(
        id=line_id,
        account_id=card.account_id,
        card_id=card.id,
        turn=card.turn - 1,
        grade=0,
        day=day,
        drill=False,
        elapsed_ms=0,
        easiness_before=card.easiness,
        easiness_after=card.easiness,
        interval_before=card.interval_days,
        interval_after=card.interval_days,
        repetitions_before=card.repetitions,
        repetitions_after=card.repetitions,
        kind=kind,
        created_at=now,
    )


def _leave_drill(card: Card) -> None:
    card.drill_on = card.drill_at = None
    card.drill_step = 0
