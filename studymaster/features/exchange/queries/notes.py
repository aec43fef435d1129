"""Notes that are here already, and everything that an export takes along. The account first."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, any_, cast, column, func, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Card, CardMedia, Deck, Material, ReviewLog

NOTE_KEY = func.coalesce(Card.note_id, Card.id)


class LoggedLine(NamedTuple):
    """A line of the log as an export takes it."""

    card_id: UUID
    created_at: datetime
    turn: int
    grade: int
    day: date
    drill: bool
    elapsed_ms: int
    easiness_before: int
    easiness_after: int
    interval_before: int
    interval_after: int
    repetitions_before: int
    repetitions_after: int
    kind: str
    due_on_after: date | None


async def traces(
    session: AsyncSession, account_id: UUID, guids: Sequence[str]
) -> dict[str, str]:
    """Return of the notes that are here what they said when they came; empty: unknown."""
    statement = select_columns(col(Card.guid), func.coalesce(Card.trace, "")).where(
        col(Card.account_id) == account_id,
        col(Card.guid) == any_(cast(list(guids), ARRAY(String))),
    )
    connection = await session.connection()
    rows = await connection.execute(statement.order_by(col(Card.ordinal).desc()))
    return {str(guid): str(trace) for guid, trace in rows}


async def cards_of_notes(
    session: AsyncSession, account_id: UUID, guids: Sequence[str]
) -> dict[str, list[Card]]:
    """Return the cards of notes by what another program calls these, locked until the end."""
    statement = (
        select(Card)
        .where(
            col(Card.account_id) == account_id,
            col(Card.guid) == any_(cast(list(guids), ARRAY(String))),
        )
        .order_by(col(Card.id))
        .with_for_update()
    )
    found: dict[str, list[Card]] = {}
    for card in (await session.exec(statement)).all():
        found.setdefault(card.guid or "", []).append(card)
    return {
        guid: sorted(cards, key=lambda one: one.ordinal) for guid, cards in found.items()
    }


async def decks(session: AsyncSession, account_id: UUID) -> Sequence[Deck]:
    """Return every deck of the account."""
    statement = (
        select(Deck)
        .where(Deck.account_id == account_id)
        .order_by(col(Deck.created_at), col(Deck.id))
    )
    return (await session.exec(statement)).all()


async def count_cards(
    session: AsyncSession, account_id: UUID, deck_ids: Sequence[UUID]
) -> tuple[int, date | None]:
    """Return how many cards decks have, and the earliest day on which one is due."""
    statement = select(func.count(), func.min(Card.due_on)).where(
        col(Card.account_id) == account_id, col(Card.deck_id).in_(deck_ids)
    )
    return (await session.exec(statement)).one()


async def cards_after(
    session: AsyncSession,
    account_id: UUID,
    *,
    deck_ids: Sequence[UUID],
    after: UUID | None,
    limit: int,
) -> Sequence[tuple[UUID, Card]]:
    """Return cards by note, each with the key of its note, behind that of a note."""
    statement = select(NOTE_KEY, Card).where(
        col(Card.account_id) == account_id, col(Card.deck_id).in_(deck_ids)
    )
    if after is not None:
        statement = statement.where(NOTE_KEY.op(">")(after))
    statement = statement.order_by(NOTE_KEY, col(Card.ordinal), col(Card.id)).limit(limit)
    return (await session.exec(statement)).all()


async def log_of(
    session: AsyncSession, account_id: UUID, card_ids: Sequence[UUID]
) -> dict[UUID, list[LoggedLine]]:
    """Return the log of cards, by card, the first line first."""
    names = [col(getattr(ReviewLog, name)) for name in LoggedLine._fields]
    statement = (
        select_columns(*names)
        .where(
            col(ReviewLog.account_id) == account_id,
            col(ReviewLog.card_id) == any_(cast(list(card_ids), ARRAY(Uuid))),
        )
        .order_by(col(ReviewLog.card_id), col(ReviewLog.turn))
    )
    found: dict[UUID, list[LoggedLine]] = {}
    connection = await session.connection()
    for line in map(LoggedLine._make, await connection.execute(statement)):
        found.setdefault(line.card_id, []).append(line)
    return found


async def media(session: AsyncSession, account_id: UUID) -> Sequence[CardMedia]:
    """Return the pictures and sounds of the account by name."""
    statement = (
        select(CardMedia)
        .where(CardMedia.account_id == account_id)
        .order_by(col(CardMedia.name))
    )
    return (await session.exec(statement)).all()


async def keep_traces(
    session: AsyncSession, account_id: UUID, traced: Mapping[UUID, tuple[str, str]]
) -> None:
    """Write on cards what their notes are called outside, and what they say now."""
    if not traced:
        return
    rows = [(card_id, *names) for card_id, names in traced.items()]
    kinds: dict[str, Any] = {"id": Uuid(), "guid": String(), "trace": String()}
    columns = zip(zip(*rows, strict=True), kinds.values(), strict=True)
    came = (
        func.unnest(*[cast(list(values), ARRAY(kind)) for values, kind in columns])
        .table_valued(*[column(name, kind) for name, kind in kinds.items()])
        .render_derived(name="came")
    )
    await session.exec(
        update(Card)
        .where(col(Card.account_id) == account_id, col(Card.id) == came.c.id)
        .values(guid=came.c.guid, trace=came.c.trace)
        .execution_options(synchronize_session=False)
    )


async def source_names(session: AsyncSession, account_id: UUID) -> dict[UUID, str]:
    """Return what the materials of the account are called."""
    statement = select(Material.id, Material.name).where(
        col(Material.account_id) == account_id
    )
    return dict((await session.exec(statement)).all())
