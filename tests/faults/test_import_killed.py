"""A worker that is killed in the middle of an import leaves what an undisturbed one does."""

import os
import signal
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from studymaster.adapters import clock
from studymaster.adapters.clock import now as real_now
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.exchange.schemas import TableWish
from studymaster.features.exchange.service import transfers
from studymaster.models import Card, ReviewLog, RunState, Transfer
from tests.conftest import make_student
from tests.faults.workers import Nursery, nursery
from tests.features.flashcards.pile import make_deck
from tests.jobs import carry_out
from workers import exchange

NOTES = 14_000
"""So many that no import keeps them in one transaction."""

KILLS = 4
LONGEST_WAIT_S = 0.25
FILL = """
    INSERT INTO card (id, created_at, account_id, deck_id, kind, front, back, easiness,
                      interval_days, repetitions, due_on, turn, tags, ordinal)
    SELECT gen_random_uuid(), cast(:now as timestamptz) - n * interval '1 second', :owner, :deck, 'basic',
           'word ' || n, 'meaning ' || n, 250, n % 40, 0, cast(:now as timestamptz)::date + 3 + n % 30,
           CASE WHEN n % 40 > 0 THEN 1 ELSE 0 END, ARRAY['tag-' || n % 7], 0
    FROM generate_series(1, :count) n
"""
ANSWER = """
    INSERT INTO reviewlog (id, created_at, account_id, card_id, turn, grade, day, drill,
                           elapsed_ms, easiness_before, easiness_after, interval_before,
                           interval_after, repetitions_before, repetitions_after)
    SELECT gen_random_uuid(), created_at - interval '9 days', account_id, id, 0, 4, created_at::date - 9, false,
           4000, 250, 250, 0, interval_days, 0, 1
    FROM card WHERE turn = 1
"""


async def write_table(folder: Path) -> Path:
    path = folder / "words.csv"
    rows = (f"word {n},meaning {n},tag-{n % 7}\n" for n in range(NOTES))
    path.write_text("front,back,tags\n" + "".join(rows), encoding="utf-8")
    return path


async def write_package(folder: Path) -> Path:
    """Have a package written of cards that were answered."""
    writer = await make_student("Wim")
    deck = await make_deck(writer, "Latin")
    async with unit_of_work() as work:
        connection = await work.session.connection()
        told = {
            "owner": writer.account_id,
            "deck": deck,
            "now": clock.now(),
            "count": NOTES,
        }
        await connection.execute(text(FILL), told)
        await connection.execute(text(ANSWER))
        made = await transfers.request_give(
            work,
            account_id=writer.account_id,
            deck_ids=(),
            with_media=False,
            with_schedule=True,
            now=clock.now(),
        )
    await keep(writer, UUID(made.id))
    async with unit_of_work() as work:
        row = await work.session.get_one(Transfer, UUID(made.id))
    path = folder / "words.apkg"
    async with exchange.get_storage().lend(row.storage_key) as written:
        path.write_bytes(written.read_bytes())
    return path


WRITERS = {"table": write_table, "package": write_package}


async def keep(student: Student, transfer_id: UUID) -> None:
    """Keep a promise in this process."""
    await carry_out(
        exchange.exchange,
        account_id=str(student.account_id),
        transfer_id=str(transfer_id),
    )


async def promise(student: Student, path: Path) -> UUID:
    """Have a file looked at and promise to take it in."""
    deck = await make_deck(student, "Words")
    made = await transfers.request_look(
        account_id=student.account_id, name=path.name, path=path, now=clock.now()
    )
    transfer_id = UUID(made.id)
    await keep(student, transfer_id)
    async with unit_of_work() as work:
        await transfers.request_take(
            work,
            account_id=student.account_id,
            transfer_id=transfer_id,
            table=TableWish(deck=f"deck:{deck}", form="basic"),
            now=clock.now(),
        )
    return transfer_id


async def until_more_is_done(transfer_id: UUID, *, than: int) -> int:
    """Return how much of a file came in, once that is more."""
    while True:
        async with unit_of_work() as work:
            row = await work.session.get_one(Transfer, transfer_id)
        if row.done > than or row.state is RunState.DONE:
            return row.done


async def holdings(student: Student) -> list[tuple[object, ...]]:
    """Return all that came of a file, and how many cards were answered how often."""
    owner = student.account_id
    async with unit_of_work() as work:
        cards = await work.session.exec(select(Card).where(col(Card.account_id) == owner))
        lines = await work.session.exec(
            select(ReviewLog.card_id).where(col(ReviewLog.account_id) == owner)
        )
        answered = Counter(lines.all())
        return [
            ("lines", *sorted(Counter(answered.values()).items())),
            *sorted(
                (card.front, card.back, *card.tags, card.interval_days, day_of(card))
                for card in cards.all()
            ),
        ]


def day_of(card: Card) -> str:
    """Return the day of a card that was answered; a new one comes on the day it is taken in."""
    return card.due_on.isoformat() if card.interval_days else ""


@pytest.mark.parametrize("kind", [*WRITERS])
async def test_an_import_killed_again_and_again_takes_every_note_in_once(
    kind, empty_database, tmp_path, monkeypatch
) -> None:
    # The workers that are killed are other processes: for them it is today.
    monkeypatch.setattr(clock, "now", real_now)
    path, random = await WRITERS[kind](tmp_path), Random(7)
    calm, shaken = await make_student("Carla"), await make_student("Sami")
    calm_id, shaken_id = await promise(calm, path), await promise(shaken, path)
    await keep(calm, calm_id)
    with nursery() as workers:
        done, killed = 0, 0
        for _ in range(KILLS):
            done = await kill_later(shaken, shaken_id, workers, done=done, random=random)
            killed += done < NOTES
        assert killed > 0, "The kills came after the end of the import."
        assert await end_of(shaken, shaken_id, workers) is RunState.DONE
    assert await holdings(shaken) == await holdings(calm)
    assert len(await holdings(calm)) > NOTES


async def kill_later(
    student: Student, transfer_id: UUID, workers: Nursery, *, done: int, random: Random
) -> int:
    """Kill a worker somewhere behind the next notes that it keeps; return how many it kept."""
    worker = workers.exchange(student.account_id, transfer_id)
    done = await until_more_is_done(transfer_id, than=done)
    threading.Event().wait(random.uniform(0, LONGEST_WAIT_S))
    os.kill(worker, signal.SIGKILL)
    assert workers.wait(worker) in {-signal.SIGKILL, 0}
    async with unit_of_work() as work:
        # Beat finds it silent, and it is sent again.
        late = clock.now() + timedelta(minutes=30)
        await transfers.resend_silent(work, before=late, now=clock.now())
        return (await work.session.get_one(Transfer, transfer_id)).done


async def end_of(student: Student, transfer_id: UUID, workers: Nursery) -> RunState:
    assert workers.wait(workers.exchange(student.account_id, transfer_id)) == 0
    async with unit_of_work() as work:
        return (await work.session.get_one(Transfer, transfer_id)).state
