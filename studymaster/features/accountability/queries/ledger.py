"""The ledger with the lines of a day that say the same as one, and who earned lately."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, cast
from sqlalchemy.dialects.postgresql import array
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.cards import CARD_OF_CAUSE
from studymaster.models import Card, Course, Deck, PointsEntry

ONE_DAY = timedelta(days=1)


class LedgerFold(NamedTuple):
    """Lines of one day that say the same, their sum, and the course or deck they are of."""

    day: date
    sentence: str
    place: str
    sums: Sequence[int]

    @property
    def points(self) -> int:
        """What they add up to."""
        return self.sums[0]

    @property
    def lines(self) -> int:
        """How many they are."""
        return self.sums[1]


async def ledger_folds(
    session: AsyncSession, account_id: UUID, *, reviews: str, limit: int
) -> Sequence[LedgerFold]:
    """Return the ledger, newest day first, with the lines that say the same as one.

    After `reviews`, a cause goes on with the id of a card, which tells the place.
    """
    entry, newest = PointsEntry, func.max(PointsEntry.created_at)
    of_review = col(entry.cause).startswith(reviews, autoescape=True)
    of_card = of_review & (col(Card.id) == CARD_OF_CAUSE)
    place = func.coalesce(Course.shortname, Deck.name, "")
    sums = cast(array([func.sum(entry.amount), func.count()]), ARRAY(BigInteger))
    statement = (
        select(col(entry.day), col(entry.sentence), place, sums)
        .outerjoin(Card, of_card & (col(Card.account_id) == account_id))
        .outerjoin(Deck, col(Deck.id) == col(Card.deck_id))
        .outerjoin(Course, col(Course.id) == col(Deck.course_id))
        .where(col(entry.account_id) == account_id)
        .group_by(col(entry.day), col(entry.sentence), col(entry.amount), place)
        .order_by(
            col(entry.day).desc(),
            newest.desc(),
            col(entry.sentence),
            place,
            col(entry.amount),
        )
        .limit(limit)
    )
    return [LedgerFold._make(row) for row in (await session.exec(statement)).all()]


async def earners(session: AsyncSession, *, since: datetime) -> Sequence[UUID]:
    """Return the accounts that have earned points from a moment on."""
    # A line's own day is near the moment it was written; the days have an index.
    statement = (
        select(col(PointsEntry.account_id))
        .where(
            col(PointsEntry.day) >= since.date() - ONE_DAY,
            col(PointsEntry.created_at) >= since,
            col(PointsEntry.amount) > 0,
        )
        .distinct()
        .order_by(col(PointsEntry.account_id))
    )
    return (await session.exec(statement)).all()
