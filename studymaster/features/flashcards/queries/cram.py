"""Every SELECT of cards that are gone through by choice. The account comes first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.cards import OLDEST_FIRST, FaceRow
from studymaster.features.flashcards.queries.search import Search
from studymaster.features.flashcards.rules.cram import Order
from studymaster.features.flashcards.schemas.cram import Wish
from studymaster.models import Blob, Card, Course, Deck, Material, QuizItem


async def chosen_cards(
    session: AsyncSession,
    account_id: UUID,
    *,
    wish: Wish,
    search: Search,
    seed: str,
) -> Sequence[UUID]:
    """Return the ids of cards that meet a search, in the order that was chosen."""
    statement = (
        select(Card.id)
        .where(search.within(account_id, wish.pile))
        .order_by(*_placed(wish.order, seed), *OLDEST_FIRST)
        .limit(wish.count)
    )
    return (await session.exec(statement)).all()


def _placed(order: Order, seed: str) -> list[ColumnElement[Any]]:
    if order is Order.RANDOM:
        return [func.md5(cast(col(Card.id), String) + seed)]
    if order is Order.WEAKEST:
        rest = func.coalesce(col(Card.stability), col(Card.interval_days))
        return [rest.asc(), col(Card.easiness).asc()]
    return []


async def faces(
    session: AsyncSession, account_id: UUID, card_ids: Sequence[UUID]
) -> Sequence[FaceRow]:
    """Return those cards of the account that are there, with what they come from."""
    statement = (
        select(Card, Course, Material, Blob)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .join(Material, col(Material.id) == col(Card.material_id), isouter=True)
        .join(Blob, col(Blob.sha1) == col(Material.blob_sha1), isouter=True)
        .where(col(Card.account_id) == account_id, col(Card.id).in_(card_ids))
    )
    return (await session.exec(statement)).all()


async def wrong_in_quiz(
    session: AsyncSession, account_id: UUID, quiz_id: UUID
) -> Sequence[UUID]:
    """Return the cards of the questions that were answered wrong in a quiz, in its order."""
    statement = (
        select(QuizItem)
        .where(
            col(QuizItem.account_id) == account_id,
            col(QuizItem.quiz_id) == quiz_id,
            col(QuizItem.right).is_(False),
        )
        .order_by(col(QuizItem.position))
    )
    rows = (await session.exec(statement)).all()
    named = [[row.card_id] if row.card_id else row.matched_ids for row in rows]
    ids = list(dict.fromkeys(card_id for some in named for card_id in some))
    kept = select(Card.id).where(col(Card.account_id) == account_id, col(Card.id).in_(ids))
    here = set((await session.exec(kept)).all())
    return [card_id for card_id in ids if card_id in here]
