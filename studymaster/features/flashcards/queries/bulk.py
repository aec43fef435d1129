"""Many cards at once: which they are, and one statement for what is done to all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    String,
    Uuid,
    any_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    not_,
    update,
)
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.search import Search
from studymaster.features.flashcards.rules import sm2
from studymaster.features.flashcards.rules.typed import MOST_TAGS
from studymaster.features.flashcards.schemas import Pile
from studymaster.models import Card, LogKind, ReviewLog
from studymaster.models._base import MOMENT

POSITIVE: Final = 0x7FFFFFFF
"""The bits of a whole number without its sign."""

KNOWN: Final = 2
"""As often in a row SM-2 has a card remembered before it stretches its interval."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is set by hand: a day, so many days from today (`least` to `most`), or a new start."""

    kind: LogKind
    today: date
    now: datetime
    least: int = 0
    most: int = 0


async def found(
    session: AsyncSession, account_id: UUID, *, pile: Pile, search: Search
) -> Sequence[UUID]:
    """Return the ids of all cards that meet a search."""
    statement = select(Card.id).where(search.within(account_id, pile))
    return (await session.exec(statement)).all()


async def own(
    session: AsyncSession, account_id: UUID, *, card_ids: Sequence[UUID]
) -> Sequence[UUID]:
    """Return those of the ids that are cards of the account."""
    statement = select(Card.id).where(_are(account_id, card_ids))
    return (await session.exec(statement)).all()


async def lock(
    session: AsyncSession, account_id: UUID, *, card_ids: Sequence[UUID]
) -> None:
    """Let nobody answer or change cards until the end; in one order, so nobody waits for ever."""
    statement = select(Card.id).where(_are(account_id, card_ids)).order_by(col(Card.id))
    await session.exec(statement.with_for_update())


async def change(
    session: AsyncSession,
    account_id: UUID,
    *,
    card_ids: Sequence[UUID],
    values: Mapping[str, Any],
) -> None:
    """Give columns of cards these values."""
    statement = update(Card).where(_are(account_id, card_ids)).values(values)
    await session.exec(statement.execution_options(synchronize_session=False))


async def add_tag(
    session: AsyncSession, account_id: UUID, *, card_ids: Sequence[UUID], tag: str
) -> None:
    """Add a tag to those cards that lack it and have room for one more."""
    has_it = col(Card.tags).op("@>", is_comparison=True)(cast([tag], ARRAY(String)))
    statement = (
        update(Card)
        .where(_are(account_id, card_ids), not_(has_it))
        .where(func.cardinality(Card.tags) < MOST_TAGS)
        .values(tags=func.array_append(Card.tags, tag, type_=ARRAY(String)))
    )
    await session.exec(statement.execution_options(synchronize_session=False))


async def remove_tag(
    session: AsyncSession, account_id: UUID, *, card_ids: Sequence[UUID], tag: str
) -> None:
    """Take a tag off cards."""
    without = func.array_remove(Card.tags, tag, type_=ARRAY(String))
    await change(session, account_id, card_ids=card_ids, values={"tags": without})


async def remove(
    session: AsyncSession, account_id: UUID, *, card_ids: Sequence[UUID]
) -> None:
    """Delete cards; what was answered stays in the log."""
    statement = delete(Card).where(_are(account_id, card_ids))
    await session.exec(statement.execution_options(synchronize_session=False))


async def log_days(
    session: AsyncSession, account_id: UUID, *, card_ids: Sequence[UUID], set_by: Setting
) -> Sequence[UUID]:
    """Write into the log that cards are set to a day, or begin anew; return the lines' ids."""
    after = _after(set_by)
    told: dict[str, Any] = {
        "id": func.gen_random_uuid(),
        "created_at": cast(set_by.now, MOMENT),
        "account_id": col(Card.account_id),
        "card_id": col(Card.id),
        "turn": col(Card.turn),
        "grade": literal(0),
        "day": cast(set_by.today, Date),
        "drill": literal(value=False),
        "elapsed_ms": literal(0),
        "easiness_before": col(Card.easiness),
        "easiness_after": after["easiness"],
        "interval_before": col(Card.interval_days),
        "interval_after": after["interval_days"],
        "repetitions_before": col(Card.repetitions),
        "repetitions_after": after["repetitions"],
        "kind": literal(set_by.kind.value),
        "due_on_after": after["due_on"],
    }
    lines = select_columns(*told.values()).where(_are(account_id, card_ids))
    statement = insert(ReviewLog).from_select(list(told), lines)
    connection = await session.connection()
    found = await connection.execute(statement.returning(col(ReviewLog.id)))
    return found.scalars().all()


async def set_days(
    session: AsyncSession, account_id: UUID, *, card_ids: Sequence[UUID], set_by: Setting
) -> None:
    """Put cards where the lines of the log say, out of every drill and grave."""
    values = _after(set_by) | {
        "turn": Card.turn + 1,
        "buried_until": None,
        "drill_on": None,
        "drill_at": None,
        "drill_step": 0,
    }
    if set_by.kind is LogKind.RESET:
        values |= dict.fromkeys(("stability", "difficulty", "reviewed_on")) | {"lapses": 0}
    await change(session, account_id, card_ids=card_ids, values=values)


def _after(set_by: Setting) -> dict[str, Any]:
    """Return where cards stand afterwards, as one place after another as their ids have it."""
    if set_by.kind is LogKind.RESET:
        start = sm2.new_schedule(set_by.today)
        return {
            "easiness": literal(start.easiness),
            "interval_days": literal(start.interval_days),
            "repetitions": literal(start.repetitions),
            "due_on": cast(start.due_on, Date),
        }
    lot = func.hashtext(cast(Card.id, String)).op("&")(POSITIVE)
    away = literal(set_by.least) + lot % literal(set_by.most - set_by.least + 1)
    is_new = col(Card.interval_days) == 0
    return {
        "easiness": col(Card.easiness),
        "interval_days": case((is_new, func.greatest(away, 1)), else_=Card.interval_days),
        "repetitions": case((is_new, literal(KNOWN)), else_=Card.repetitions),
        "due_on": cast(set_by.today, Date) + away,
    }


def _are(account_id: UUID, card_ids: Sequence[UUID]) -> ColumnElement[bool]:
    # An array, not a list of values: there may be 50,000 of them.
    wanted = any_(cast(list(card_ids), ARRAY(Uuid)))
    return (col(Card.account_id) == account_id) & (col(Card.id) == wanted)
