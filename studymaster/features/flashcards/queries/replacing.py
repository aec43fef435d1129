"""The words of many cards: read note by note, written all at once; which ask the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    String,
    Uuid,
    and_,
    any_,
    cast,
    column,
    func,
    not_,
    or_,
    update,
)
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.search import Search
from studymaster.features.flashcards.rules.replacing import CardText
from studymaster.features.flashcards.schemas import Pile
from studymaster.models import Card, CardKind, Course, Deck

MOST_GROUPS = 100


class TwinRow(NamedTuple):
    """A card of a group that asks the same, and how many groups there are."""

    key: str
    card_id: UUID
    note_id: UUID
    front: str
    back: str
    deck: str
    created_at: datetime
    groups: int


async def with_siblings(
    session: AsyncSession, account_id: UUID, card_ids: Sequence[UUID]
) -> Sequence[UUID]:
    """Return cards with all others of their notes."""
    wanted = any_(cast(list(card_ids), ARRAY(Uuid)))
    notes = select(Card.note_id).where(
        col(Card.account_id) == account_id,
        col(Card.id) == wanted,
        col(Card.note_id).is_not(None),
    )
    statement = select(Card.id).where(
        col(Card.account_id) == account_id,
        or_(col(Card.id) == wanted, col(Card.note_id).in_(notes)),
    )
    return (await session.exec(statement)).all()


async def texts(
    session: AsyncSession, account_id: UUID, card_ids: Sequence[UUID]
) -> Sequence[CardText]:
    """Return what cards say, note by note, the first card of each first."""
    statement = (
        select_columns(
            col(Card.id),
            col(Card.note_id),
            col(Card.ordinal),
            col(Card.kind),
            col(Card.front),
            col(Card.back),
            col(Card.extra),
        )
        .where(
            col(Card.account_id) == account_id,
            col(Card.id) == any_(cast(list(card_ids), ARRAY(Uuid))),
        )
        .order_by(func.coalesce(Card.note_id, Card.id), col(Card.ordinal), col(Card.id))
    )
    connection = await session.connection()
    return [CardText(*row) for row in await connection.execute(statement)]


async def put_texts(
    session: AsyncSession, account_id: UUID, cards: Sequence[CardText]
) -> None:
    """Write what cards say, all at once."""
    names = ("front", "back", "extra")
    values = [cast([getattr(one, name) for one in cards], ARRAY(String)) for name in names]
    ids = cast([one.id for one in cards], ARRAY(Uuid))
    came = (
        func.unnest(ids, *values)
        .table_valued(column("id", Uuid()), *[column(name, String()) for name in names])
        .render_derived(name="came")
    )
    await session.exec(
        update(Card)
        .where(col(Card.account_id) == account_id, col(Card.id) == came.c.id)
        .values({name: came.c[name] for name in names})
        .execution_options(synchronize_session=False)
    )


async def twins(
    session: AsyncSession, account_id: UUID, *, pile: Pile, search: Search
) -> Sequence[TwinRow]:
    """Return the cards of those that meet a search that ask what another note asks, too.

    Capitals, and how wide a space is, make no difference. The group with the most notes
    comes first, in it the oldest card; at most a hundred groups.
    """
    found = _asking(search.within(account_id, pile))
    groups = _asked_twice(found)
    statement = (
        select_columns(
            groups.c.asked,
            found.c.card_id,
            found.c.note_id,
            col(Card.front),
            col(Card.back),
            func.coalesce(Course.shortname, Deck.name),
            col(Card.created_at),
            groups.c.groups,
        )
        .select_from(groups)
        .join(found, found.c.asked == groups.c.asked)
        .join(Card, col(Card.id) == found.c.card_id)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .order_by(groups.c.notes.desc(), groups.c.asked, col(Card.created_at), col(Card.id))
    )
    connection = await session.connection()
    return [TwinRow._make(row) for row in await connection.execute(statement)]


def _asking(is_meant: ColumnElement[bool]) -> CTE:
    """Return cards with their notes and what they ask, but those that ask it turned round."""
    asked: ColumnElement[str] = func.lower(
        func.regexp_replace(func.btrim(Card.front), r"\s+", " ", "g")
    )
    is_turned = and_(
        col(Card.kind).in_([CardKind.BASIC, CardKind.TYPED]), col(Card.ordinal) > 0
    )
    told: list[Any] = [
        col(Card.id).label("card_id"),
        func.coalesce(Card.note_id, Card.id).label("note_id"),
        asked.label("asked"),
    ]
    return select_columns(*told).where(is_meant, not_(is_turned)).cte("found")


def _asked_twice(found: CTE) -> CTE:
    """Return what several notes ask, by how many, and how much of it there is in all."""
    count: ColumnElement[int] = func.count(found.c.note_id.distinct())
    return (
        select_columns(
            found.c.asked, count.label("notes"), func.count().over().label("groups")
        )
        .group_by(found.c.asked)
        .having(count > 1)
        .order_by(count.desc(), found.c.asked)
        .limit(MOST_GROUPS)
        .cte("groups")
    )
