"""What is done to many cards at once; each deed is one step that can be taken back."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import bulk as queries
from studymaster.features.flashcards.queries.bulk import Setting
from studymaster.features.flashcards.rules.search import EVERY_CARD, Node
from studymaster.features.flashcards.schemas import EVERYTHING, FLAGS, NO_CARD, Pile
from studymaster.features.flashcards.service import browse, decks, scheduling, undoing
from studymaster.models import LogKind

ONE_DAY: Final = timedelta(days=1)

Log = Callable[[Sequence[UUID]], Awaitable[Sequence[UUID]]]
"""Writes lines of the log about cards, and returns their ids."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which cards are meant: those with these ids, or (None) all that a search finds.

    Of all that it finds, those `left_out` are not meant.
    """

    card_ids: Sequence[UUID] | None = None
    left_out: Collection[UUID] = ()
    search: Node = EVERY_CARD
    pile: Pile = EVERYTHING


async def suspend(
    work: UnitOfWork, *, student: Student, chosen: Chosen, on: bool, now: datetime
) -> str:
    """Leave cards out of reviews, or (`on` is False) ask them again, buried ones too."""
    done = "suspended" if on else "back in review"
    said, ids = await _begin(work, student=student, chosen=chosen, done=done, now=now)
    values = {"suspended_at": now} if on else {"suspended_at": None, "buried_until": None}
    await queries.change(work.session, student.account_id, card_ids=ids, values=values)
    return said


async def bury(work: UnitOfWork, *, student: Student, chosen: Chosen, now: datetime) -> str:
    """Leave cards out of reviews until tomorrow."""
    done = "buried until tomorrow"
    said, ids = await _begin(work, student=student, chosen=chosen, done=done, now=now)
    values = {"buried_until": student.day_of(now) + ONE_DAY}
    await queries.change(work.session, student.account_id, card_ids=ids, values=values)
    return said


async def flag(
    work: UnitOfWork, *, student: Student, chosen: Chosen, number: int, now: datetime
) -> str:
    """Mark cards with a flag (1 to 7), or take it off (0)."""
    done = f"flagged {FLAGS[number].lower()}" if number else "without a flag"
    said, ids = await _begin(work, student=student, chosen=chosen, done=done, now=now)
    values = {"flag": number}
    await queries.change(work.session, student.account_id, card_ids=ids, values=values)
    return said


async def tag(
    work: UnitOfWork, *, student: Student, chosen: Chosen, name: str, now: datetime
) -> str:
    """Add a tag to cards; one that has as many as it can stays as it is."""
    done = f"tagged {name}"
    said, ids = await _begin(work, student=student, chosen=chosen, done=done, now=now)
    await queries.add_tag(work.session, student.account_id, card_ids=ids, tag=name)
    return said


async def untag(
    work: UnitOfWork, *, student: Student, chosen: Chosen, name: str, now: datetime
) -> str:
    """Take a tag off cards."""
    done = f"without the tag {name}"
    said, ids = await _begin(work, student=student, chosen=chosen, done=done, now=now)
    await queries.remove_tag(work.session, student.account_id, card_ids=ids, tag=name)
    return said


async def set_due(
    work: UnitOfWork,
    *,
    student: Student,
    chosen: Chosen,
    days: tuple[int, int],
    now: datetime,
) -> str:
    """Let cards come so many days from today, spread over the days between the two.

    How well they are known stays as it is; one that is new counts as known for as long.
    """
    least, most = days
    when = {0: "due today", 1: "due tomorrow"}.get(least, f"due in {least} days")
    done = when if least == most else f"due in {least} to {most} days"
    setting = Setting(LogKind.SET_DUE, student.day_of(now), now, least, most)
    return await _set(work, student=student, chosen=chosen, done=done, setting=setting)


async def reset(
    work: UnitOfWork, *, student: Student, chosen: Chosen, now: datetime
) -> str:
    """Start cards anew: they are new, their answers stay in the log and count for nothing."""
    setting = Setting(LogKind.RESET, student.day_of(now), now)
    done = "started anew"
    return await _set(work, student=student, chosen=chosen, done=done, setting=setting)


async def _set(
    work: UnitOfWork, *, student: Student, chosen: Chosen, done: str, setting: Setting
) -> str:
    session, account_id = work.session, student.account_id

    async def log(ids: Sequence[UUID]) -> Sequence[UUID]:
        await queries.lock(session, account_id, card_ids=ids)
        return await queries.log_days(session, account_id, card_ids=ids, set_by=setting)

    said, ids = await _begin(
        work, student=student, chosen=chosen, done=done, now=setting.now, log=log
    )
    await queries.set_days(session, account_id, card_ids=ids, set_by=setting)
    return said


async def move(
    work: UnitOfWork, *, student: Student, chosen: Chosen, pile: Pile, now: datetime
) -> str:
    """Put cards into another deck, and under its scheduler.

    Raises:
        NotFoundError: none of the cards, or not the deck, is the student's.
    """
    account_id = student.account_id
    target = await decks.keep_deck(work, account_id=account_id, pile=pile, now=now)
    said, ids = await _begin(work, student=student, chosen=chosen, done="moved", now=now)
    await scheduling.move_all(work, account_id=account_id, card_ids=ids, deck_id=target)
    return said


async def delete(
    work: UnitOfWork, *, student: Student, chosen: Chosen, now: datetime
) -> str:
    """Delete cards; what was answered stays counted."""
    done = "deleted"
    said, ids = await _begin(work, student=student, chosen=chosen, done=done, now=now)
    await queries.remove(work.session, student.account_id, card_ids=ids)
    return said


async def _begin(
    work: UnitOfWork,
    *,
    student: Student,
    chosen: Chosen,
    done: str,
    now: datetime,
    log: Log | None = None,
) -> tuple[str, Sequence[UUID]]:
    """Keep the cards as they are, locked; return what is done with them, and their ids.

    What `log` writes of them goes when the deed is taken back.
    """
    account_id = student.account_id
    ids = await ids_of(work, student=student, chosen=chosen, now=now)
    if not ids:
        raise NotFoundError(NO_CARD)
    said = f"1 card {done}" if len(ids) == 1 else f"{len(ids):,} cards {done}"
    await undoing.remember(
        work,
        account_id=account_id,
        day=student.day_of(now),
        sentence=said,
        card_ids=ids,
        logs=await log(ids) if log else (),
        now=now,
    )
    decks.note_change(work, account_id=account_id, subject="")
    return f"{said}.", ids


async def ids_of(
    work: UnitOfWork, *, student: Student, chosen: Chosen, now: datetime
) -> Sequence[UUID]:
    """Return the ids of the cards that are meant."""
    session, account_id = work.session, student.account_id
    if chosen.card_ids is not None:
        return await queries.own(session, account_id, card_ids=chosen.card_ids)
    wanted = browse.search_of(chosen.search, student=student, now=now)
    found = await queries.found(session, account_id, pile=chosen.pile, search=wanted)
    return [one for one in found if one not in chosen.left_out]
