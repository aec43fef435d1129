"""Which decks a pile means: the one place that knows, for statements and for sums."""

from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.schemas import EVERYTHING, Pile
from studymaster.models import Deck, within


def in_pile(pile: Pile) -> list[ColumnElement[bool]]:
    """Return the conditions that hold cards (joined with their deck) to a pile.

    A deck holds those that lie in it. Which these are is looked up once in a statement.
    """
    found: list[ColumnElement[bool]] = []
    if pile.course_id is not None:
        found.append(col(Deck.course_id) == pile.course_id)
    if pile.deck_id is not None:
        found.append(within(pile.deck_id))
    return found


async def deck_ids(
    session: AsyncSession, account_id: UUID, pile: Pile
) -> frozenset[UUID] | None:
    """Return the ids of the decks of a pile; None: all there are."""
    if pile == EVERYTHING:
        return None
    statement = select(Deck.id).where(col(Deck.account_id) == account_id, *in_pile(pile))
    return frozenset((await session.exec(statement)).all())
