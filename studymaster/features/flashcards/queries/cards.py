"""Every SELECT on decks and cards: what waits, what is there. The account comes first."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import (
    Case,
    ColumnElement,
    Uuid,
    and_,
    case,
    cast,
    func,
)
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.answers import ANSWER_MS, IS_ANSWER
from studymaster.features.flashcards.queries.piles import in_pile
from studymaster.features.flashcards.queries.search import Search
from studymaster.features.flashcards.schemas import Pile
from studymaster.models import (
    Account,
    Blob,
    BlobPage,
    Card,
    Course,
    Deck,
    Material,
    MoodleConnection,
    PointsEntry,
    ReviewLog,
)
from studymaster.paging import Window

FaceRow = tuple[Card, Course | None, Material | None, Blob | None]
"""A card, its course, its material, and that material's bytes as they are now."""

PlacedCard = tuple[Card, Deck, Course | None]

CARD_OF_CAUSE: Final[ColumnElement[UUID | None]] = case(
    (
        col(PointsEntry.cause).regexp_match(
            "^[a-z]+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:"
        ),
        cast(func.split_part(PointsEntry.cause, ":", 2), Uuid),
    )
)
"""The id that the cause of a line goes on with after its first word; NULL without one.

In a line for an answer it is the card's: whose causes are meant, a query says besides.
"""

LEARNING, NEW, DUE, RESTING = "learning", "new", "due", "resting"
SUSPENDED, BURIED = "suspended", "buried"

OLDEST_FIRST = (col(Card.created_at), col(Card.page), col(Card.id))


def stage_on(today: date) -> Case[str]:
    """Return where a card stands on a day; a drill of an earlier day is void."""
    return case(
        (col(Card.suspended_at).is_not(None), SUSPENDED),
        (col(Card.buried_until) > today, RESTING),
        (col(Card.drill_on) == today, LEARNING),
        (col(Card.interval_days) == 0, NEW),
        (col(Card.due_on) <= today, DUE),
        else_=RESTING,
    )


async def faces(
    session: AsyncSession, account_id: UUID, card_ids: Sequence[UUID]
) -> Sequence[FaceRow]:
    """Return those cards that are the account's own, in the order of their ids' list."""
    statement = (
        select(Card, Course, Material, Blob)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .join(Material, col(Material.id) == col(Card.material_id), isouter=True)
        .join(Blob, col(Blob.sha1) == col(Material.blob_sha1), isouter=True)
        .where(col(Card.account_id) == account_id, col(Card.id).in_(card_ids))
    )
    rows = {row[0].id: row for row in (await session.exec(statement)).all()}
    return [rows[card_id] for card_id in card_ids if card_id in rows]


async def answers_of_day(
    session: AsyncSession, account_id: UUID, *, day: date, pile: Pile
) -> Sequence[tuple[int, int, int]]:
    """Return for each grade given on a day: the grade, how often, the milliseconds.

    Answers to cards that are deleted by now count for everything, but for no pile.
    """
    statement = (
        select(ReviewLog.grade, func.count(), func.coalesce(func.sum(ANSWER_MS), 0))
        .select_from(ReviewLog)
        .join(Card, col(Card.id) == col(ReviewLog.card_id), isouter=True)
        .join(Deck, col(Deck.id) == col(Card.deck_id), isouter=True)
        .where(
            col(ReviewLog.account_id) == account_id,
            col(ReviewLog.day) == day,
            IS_ANSWER,
            *in_pile(pile),
        )
        .group_by(col(ReviewLog.grade))
    )
    return (await session.exec(statement)).all()


async def points_of_day(
    session: AsyncSession, account_id: UUID, *, day: date, pile: Pile, cause: str
) -> int:
    """Return what the ledger has for the answers of a day, as `answers_of_day` counts them.

    After the word `cause`, the cause of a line goes on with the id of a card.
    """
    statement = (
        select(func.coalesce(func.sum(PointsEntry.amount), 0))
        .join(Card, col(Card.id) == CARD_OF_CAUSE, isouter=True)
        .join(Deck, col(Deck.id) == col(Card.deck_id), isouter=True)
        .where(
            col(PointsEntry.account_id) == account_id,
            col(PointsEntry.day) == day,
            col(PointsEntry.cause).startswith(cause, autoescape=True),
            *in_pile(pile),
        )
    )
    return (await session.exec(statement)).one()


async def cited_text(session: AsyncSession, account_id: UUID, card_id: UUID) -> str | None:
    """Return the text of the page that a card of the account cites."""
    statement = (
        select(BlobPage.text)
        .join(
            Card,
            and_(
                col(Card.blob_sha1) == col(BlobPage.sha1),
                col(Card.page) == col(BlobPage.number),
            ),
        )
        .where(col(Card.id) == card_id, col(Card.account_id) == account_id)
    )
    return (await session.exec(statement)).one_or_none()


async def cards(
    session: AsyncSession, account_id: UUID, *, pile: Pile, search: Search, window: Window
) -> Sequence[tuple[Card, Deck, Course | None]]:
    """Return a stretch of the cards that meet a search, oldest first."""
    statement = (
        select(Card, Deck, Course)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .where(col(Card.account_id) == account_id, *in_pile(pile), search.condition())
        .order_by(*OLDEST_FIRST)
        .offset(window.offset)
        .limit(window.probe)
    )
    return (await session.exec(statement)).all()


async def tags(session: AsyncSession, account_id: UUID, *, limit: int) -> Sequence[str]:
    """Return the tags of the account's cards, the most used first."""
    tag = func.unnest(Card.tags).label("tag")
    every = select(tag).where(col(Card.account_id) == account_id).subquery()
    statement = (
        select(every.c.tag)
        .group_by(every.c.tag)
        .order_by(func.count().desc(), every.c.tag)
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def card_by_id(
    session: AsyncSession, account_id: UUID, card_id: UUID
) -> PlacedCard | None:
    """Return the card with its deck and course if it is the account's own."""
    statement = (
        select(Card, Deck, Course)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .where(col(Card.id) == card_id, col(Card.account_id) == account_id)
    )
    return (await session.exec(statement)).one_or_none()


async def card_for_update(
    session: AsyncSession, account_id: UUID, card_id: UUID
) -> Card | None:
    """Return the card if it is the account's own, locked until the transaction ends."""
    statement = (
        select(Card)
        .where(col(Card.id) == card_id, col(Card.account_id) == account_id)
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def cards_for_update(
    session: AsyncSession, account_id: UUID, card_ids: Sequence[UUID]
) -> Sequence[Card]:
    """Return those cards that are the account's own, locked in one order for everybody."""
    statement = (
        select(Card)
        .where(col(Card.account_id) == account_id, col(Card.id).in_(card_ids))
        .order_by(col(Card.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all()


async def blob_of_material(
    session: AsyncSession, account_id: UUID, material_id: UUID
) -> str | None:
    """Return the SHA-1 of the bytes of a material that is the account's own."""
    statement = select(Material.blob_sha1).where(
        col(Material.id) == material_id, col(Material.account_id) == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def newest_moodle(session: AsyncSession, account_id: UUID) -> MoodleConnection | None:
    """Return the connection to a Moodle that the account made last."""
    statement = (
        select(MoodleConnection)
        .where(col(MoodleConnection.account_id) == account_id)
        .order_by(col(MoodleConnection.created_at).desc(), col(MoodleConnection.id))
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def deck_of_course(
    session: AsyncSession, account_id: UUID, course_id: UUID
) -> Deck | None:
    """Return the deck of a course, if a card was ever put into it."""
    statement = select(Deck).where(
        col(Deck.account_id) == account_id, col(Deck.course_id) == course_id
    )
    return (await session.exec(statement)).one_or_none()


async def decks_of_cards(
    session: AsyncSession, account_id: UUID, cards: Iterable[Card]
) -> dict[UUID, Deck]:
    """Return the decks that cards lie in, by their ids."""
    statement = select(Deck).where(
        col(Deck.account_id) == account_id,
        col(Deck.id).in_({card.deck_id for card in cards}),
    )
    return {deck.id: deck for deck in (await session.exec(statement)).all()}


async def own_decks(session: AsyncSession, account_id: UUID) -> Sequence[Deck]:
    """Return the decks without a course, by name."""
    statement = (
        select(Deck)
        .where(col(Deck.account_id) == account_id, col(Deck.course_id).is_(None))
        .order_by(func.lower(Deck.name), col(Deck.id))
    )
    return (await session.exec(statement)).all()


async def deck_by_id(session: AsyncSession, account_id: UUID, deck_id: UUID) -> Deck | None:
    """Return the deck if it is the account's own."""
    statement = select(Deck).where(Deck.id == deck_id, Deck.account_id == account_id)
    return (await session.exec(statement)).one_or_none()


async def deck_kept(session: AsyncSession, account_id: UUID, deck_id: UUID) -> Deck | None:
    """Return the deck if it is the account's own; it cannot go away meanwhile."""
    statement = (
        select(Deck)
        .where(col(Deck.id) == deck_id, col(Deck.account_id) == account_id)
        .with_for_update(read=True, key_share=True)
    )
    return (await session.exec(statement)).one_or_none()


async def deck_for_update(
    session: AsyncSession, account_id: UUID, deck_id: UUID
) -> Deck | None:
    """Return the deck as it is now if it is the account's own, locked until the end."""
    statement = (
        select(Deck)
        .where(col(Deck.id) == deck_id, col(Deck.account_id) == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).one_or_none()


async def cards_of_deck_for_update(
    session: AsyncSession, account_id: UUID, deck_id: UUID
) -> Sequence[Card]:
    """Return the cards of a deck, locked in one order for everybody."""
    statement = (
        select(Card)
        .where(col(Card.account_id) == account_id, col(Card.deck_id) == deck_id)
        .order_by(col(Card.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all()


async def lock_account(session: AsyncSession, account_id: UUID) -> None:
    """Let nobody else name a deck of the account until the transaction ends."""
    statement = (
        select(Account.id)
        .where(col(Account.id) == account_id)
        .with_for_update(key_share=True)
    )
    await session.exec(statement)
