"""What can be taken back: rows of cards as they were, kept and put back in one statement.

The account comes first. Nothing of a step passes through the product, however many cards it has.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CursorResult,
    Date,
    DateTime,
    TextClause,
    Uuid,
    bindparam,
    delete,
    func,
    literal,
    text,
    update,
)
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Card, CardUndo, ReviewLog


class Step(NamedTuple):
    """One step: what was done, the cards it made, the lines of the log it wrote."""

    id: UUID
    created_at: datetime
    sentence: str
    made: Sequence[UUID]
    logs: Sequence[UUID]


class Replanned(NamedTuple):
    """A card that was put back, and its deck, which goes by another plan by now."""

    card_id: UUID
    deck_id: UUID


STEP: Final = (
    col(CardUndo.id),
    col(CardUndo.created_at),
    col(CardUndo.sentence),
    col(CardUndo.made),
    col(CardUndo.logs),
)
COLUMNS: Final = tuple(name for name in Card.model_fields if name != "id")
PLACE: Final = (
    *("easiness", "interval_days", "repetitions", "due_on", "lapses"),
    *("drill_on", "drill_at", "drill_step"),
    *("stability", "difficulty", "reviewed_on"),
    *("turn", "last_reviewed_at"),
)
"""What an answer changes about where a card stands."""

PLAN: Final = """CASE deck.scheduler WHEN 'sm2' THEN 'sm2'
    ELSE concat_ws(' ', deck.scheduler, deck.retention, deck.parameters) END"""
"""By what a deck goes, in one word: cards of two decks that share it stand alike."""

KEPT: Final = """SELECT one.* FROM cardundo, jsonb_populate_recordset(NULL::card, before) one
    WHERE cardundo.id = :step_id AND cardundo.account_id = :account_id"""
TYPES: Final = {
    "step_id": Uuid(),
    "account_id": Uuid(),
    "card_id": Uuid(),
    "day": Date(),
    "now": DateTime(timezone=True),
    "card_ids": ARRAY(Uuid()),
    "made": ARRAY(Uuid()),
    "logs": ARRAY(Uuid()),
}


def _typed(words: str) -> TextClause:
    named = set(re.findall(r":([a-z_]+)", words))
    types = {name: kind for name, kind in TYPES.items() if name in named}
    return text(words).bindparams(
        *[bindparam(name, type_=kind) for name, kind in types.items()]
    )


KEEP: Final = _typed(f"""
    INSERT INTO cardundo (id, account_id, created_at, day, sentence, made, logs, before)
    SELECT :step_id, :account_id,
        greatest(:now, (
            SELECT max(created_at) + interval '1 microsecond' FROM cardundo
            WHERE account_id = :account_id)),
        :day, :sentence, :made, :logs,
        coalesce((
            SELECT jsonb_agg(to_jsonb(card) || jsonb_build_object('plan', {PLAN}))
            FROM card JOIN deck ON deck.id = card.deck_id
            WHERE card.account_id = :account_id AND card.id = ANY(:card_ids)), '[]')
""")  # noqa: S608  (made of our own words)
"""Two steps never have the same moment, so that there is always a last one."""

LOCK_DECKS: Final = _typed(f"""
    SELECT id FROM deck
    WHERE account_id = :account_id AND id IN (SELECT deck_id FROM ({KEPT}) kept)
    ORDER BY id FOR KEY SHARE
""")  # noqa: S608
LOCK_CARDS: Final = _typed(f"""
    SELECT id FROM card
    WHERE account_id = :account_id AND (
        id IN (SELECT id FROM ({KEPT}) kept)
        OR id IN (SELECT unnest(made) FROM cardundo WHERE id = :step_id))
    ORDER BY id FOR UPDATE
""")  # noqa: S608
STALE: Final = _typed(f"""
    SELECT card.id, card.deck_id
    FROM cardundo
    CROSS JOIN jsonb_array_elements(before) one
    JOIN card ON card.id = CAST(one ->> 'id' AS uuid)
    JOIN deck ON deck.id = card.deck_id
    WHERE cardundo.id = :step_id AND cardundo.account_id = :account_id
        AND card.account_id = :account_id AND one ->> 'plan' <> {PLAN}
    ORDER BY card.id
""")  # noqa: S608
STILL_DUE: Final = _typed(f"""
    UPDATE card SET due_on = :day FROM ({KEPT}) kept
    WHERE card.id = kept.id AND card.account_id = :account_id
        AND card.id = ANY(:card_ids) AND kept.due_on <= :day AND card.due_on > :day
""")  # noqa: S608
FORGET_LATER: Final = _typed("""
    UPDATE cardundo SET before = coalesce((
        SELECT jsonb_agg(one) FROM jsonb_array_elements(before) one
        WHERE one ->> 'id' <> CAST(:card_id AS text)), '[]')
    WHERE account_id = :account_id AND created_at > :now
        AND before @> jsonb_build_array(jsonb_build_object('id', :card_id))
""")


async def hold(session: AsyncSession, account_id: UUID) -> None:
    """Let nobody else take back a step of the account until the transaction ends."""
    name = f"undo:{account_id}"
    await session.exec(select(func.pg_advisory_xact_lock(func.hashtext(name))))


async def lock_cards(
    session: AsyncSession, account_id: UUID, card_ids: Collection[UUID]
) -> None:
    """Keep cards as they are until the transaction ends."""
    wanted = func.any(bindparam("card_ids", list(card_ids), type_=ARRAY(Uuid)))
    statement = (
        select(Card.id)
        .where(col(Card.account_id) == account_id, col(Card.id) == wanted)
        .order_by(col(Card.id))
        .with_for_update()
    )
    await session.exec(statement)


async def keep(
    session: AsyncSession, account_id: UUID, *, step: CardUndo, card_ids: Collection[UUID]
) -> None:
    """Write a step with the rows of cards as they are."""
    told = step.model_dump(include={"day", "sentence", "made", "logs"})
    told |= {"step_id": step.id, "now": step.created_at, "card_ids": list(card_ids)}
    await _run(session, KEEP, account_id=account_id, **told)


async def add_made(
    session: AsyncSession, account_id: UUID, *, step_id: UUID, made: Iterable[UUID]
) -> None:
    """Add cards that a step made."""
    statement = (
        update(CardUndo)
        .where(col(CardUndo.account_id) == account_id, col(CardUndo.id) == step_id)
        .values(made=func.array_cat(CardUndo.made, list(made), type_=ARRAY(Uuid)))
        .execution_options(synchronize_session=False)
    )
    await session.exec(statement)


async def steps(
    session: AsyncSession, account_id: UUID, *, day: date, limit: int
) -> list[Step]:
    """Return the steps of a day, the newest first."""
    statement = (
        select_columns(*STEP)
        .where(col(CardUndo.account_id) == account_id, col(CardUndo.day) == day)
        .order_by(col(CardUndo.created_at).desc())
        .limit(limit)
    )
    connection = await session.connection()
    return [Step._make(row) for row in await connection.execute(statement)]


async def step_of_log(
    session: AsyncSession, account_id: UUID, *, day: date, log_id: UUID
) -> Step | None:
    """Return the step of a day that wrote a line of the log."""
    statement = select_columns(*STEP).where(
        col(CardUndo.account_id) == account_id,
        col(CardUndo.day) == day,
        literal(log_id, Uuid()) == func.any(CardUndo.logs),
    )
    connection = await session.connection()
    row = (await connection.execute(statement)).first()
    return None if row is None else Step._make(row)


async def lock_kept(session: AsyncSession, account_id: UUID, *, step_id: UUID) -> None:
    """Keep the decks and the cards of a step as they are until the transaction ends."""
    for statement in (LOCK_DECKS, LOCK_CARDS):
        await _run(session, statement, account_id=account_id, step_id=step_id)


async def count_kept(session: AsyncSession, account_id: UUID, *, step_id: UUID) -> int:
    """Return how many cards a step would put back."""
    statement = select(func.jsonb_array_length(CardUndo.before)).where(
        col(CardUndo.account_id) == account_id, col(CardUndo.id) == step_id
    )
    return (await session.exec(statement)).one()


async def put_back(
    session: AsyncSession,
    account_id: UUID,
    *,
    step_id: UUID,
    columns: Sequence[str] = COLUMNS,
) -> int:
    """Let the cards of a locked step be as they were, deleted ones too; tell how many.

    What they point at may be gone by now: without a lecture a card lives, and one whose deck
    is gone stays in the deck where it lies now, or stays away.
    """
    statement = _typed(_put_back(columns))
    found = await _run(session, statement, account_id=account_id, step_id=step_id)
    return found.rowcount


def _put_back(columns: Sequence[str]) -> str:
    here = {
        "deck_id": "coalesce(deck.id, here.deck_id)",
        "material_id": "material.id",
        "blob_sha1": "blob.sha1",
    }
    every = ", ".join(["id", *COLUMNS])
    values = ", ".join(here.get(name, f"kept.{name}") for name in ["id", *COLUMNS])
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return f"""
        INSERT INTO card ({every})
        SELECT {values} FROM ({KEPT}) kept
        LEFT JOIN deck ON deck.id = kept.deck_id AND deck.account_id = :account_id
        LEFT JOIN card here ON here.id = kept.id AND here.account_id = :account_id
        LEFT JOIN material ON material.id = kept.material_id
        LEFT JOIN blob ON blob.sha1 = kept.blob_sha1
        WHERE coalesce(deck.id, here.deck_id) IS NOT NULL AND kept.account_id = :account_id
        ON CONFLICT (id) DO UPDATE SET {changes} WHERE card.account_id = :account_id
    """  # noqa: S608  (made of our own words)


async def stale(
    session: AsyncSession, account_id: UUID, *, step_id: UUID
) -> list[Replanned]:
    """Return the cards of a step whose deck has changed its plan since."""
    found = await _run(session, STALE, account_id=account_id, step_id=step_id)
    return [Replanned._make(row) for row in found]


async def keep_due(
    session: AsyncSession,
    account_id: UUID,
    *,
    step_id: UUID,
    card_ids: Sequence[UUID],
    today: date,
) -> None:
    """Let those of some cards be due today that were due before a step."""
    told = {"step_id": step_id, "card_ids": card_ids, "day": today}
    await _run(session, STILL_DUE, account_id=account_id, **told)


async def has_later(
    session: AsyncSession, account_id: UUID, *, step: Step, card_id: UUID
) -> bool:
    """Tell whether something was done with a card after a step."""
    statement = select(CardUndo.id).where(
        col(CardUndo.account_id) == account_id,
        col(CardUndo.created_at) > step.created_at,
        col(CardUndo.before).contains([{"id": str(card_id)}]),
    )
    return (await session.exec(statement.limit(1))).first() is not None


async def forget_later(
    session: AsyncSession, account_id: UUID, *, step: Step, card_id: UUID
) -> None:
    """Leave a card out of the steps after one; those that are empty then go."""
    told = {"card_id": card_id, "now": step.created_at}
    await _run(session, FORGET_LATER, account_id=account_id, **told)
    statement = delete(CardUndo).where(
        col(CardUndo.account_id) == account_id,
        col(CardUndo.created_at) > step.created_at,
        func.jsonb_array_length(CardUndo.before) == 0,
        func.cardinality(CardUndo.made) == 0,
        func.cardinality(CardUndo.logs) == 0,
    )
    await session.exec(statement.execution_options(synchronize_session=False))


async def remove_made(session: AsyncSession, account_id: UUID, *, step_id: UUID) -> None:
    """Delete the cards that a step made."""
    made = select(func.unnest(CardUndo.made)).where(col(CardUndo.id) == step_id)
    statement = delete(Card).where(
        col(Card.account_id) == account_id, col(Card.id).in_(made)
    )
    await session.exec(statement.execution_options(synchronize_session=False))


async def remove_logs(
    session: AsyncSession, account_id: UUID, *, step_id: UUID
) -> Sequence[ReviewLog]:
    """Delete the lines of the log that a step wrote, and return them."""
    written = select(func.unnest(CardUndo.logs)).where(col(CardUndo.id) == step_id)
    is_written = col(ReviewLog.account_id) == account_id, col(ReviewLog.id).in_(written)
    lines = (await session.exec(select(ReviewLog).where(*is_written))).all()
    if lines:
        statement = delete(ReviewLog).where(*is_written)
        await session.exec(statement.execution_options(synchronize_session=False))
    return lines


async def remove_step(session: AsyncSession, account_id: UUID, *, step_id: UUID) -> None:
    """Delete a step, which cannot be taken back any more."""
    statement = delete(CardUndo).where(
        col(CardUndo.account_id) == account_id, col(CardUndo.id) == step_id
    )
    await session.exec(statement.execution_options(synchronize_session=False))


async def remove_old_steps(session: AsyncSession, *, before: datetime) -> int:
    """Delete everybody's steps of days that are over."""
    statement = delete(CardUndo).where(col(CardUndo.created_at) < before)
    return (
        await session.exec(statement.execution_options(synchronize_session=False))
    ).rowcount


async def _run(
    session: AsyncSession, statement: TextClause, **told: object
) -> CursorResult[Any]:
    connection = await session.connection()
    return await connection.execute(statement, told)
