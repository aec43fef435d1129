"""The ledger with neighbours that say the same as one line, and who earned lately."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Subquery, cast
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import array
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.cards import CARD_OF_CAUSE
from studymaster.models import Card, Course, Deck, PointsEntry

ONE_DAY = timedelta(days=1)


class LedgerFold(NamedTuple):
    """Neighbours of one day that say the same, and the course or deck they are of."""

    day: date
    sentence: str
    place: str
    figures: Sequence[int]

    @property
    def points(self) -> int:
        """What they add up to."""
        return self.figures[0]

    @property
    def lines(self) -> int:
        """How many they are."""
        return self.figures[1]

    @property
    def first(self) -> int:
        """The number of the oldest of them, counted from the student's first line."""
        return self.figures[2]


async def day_of_line(
    session: AsyncSession, account_id: UUID, *, number: int
) -> date | None:
    """Return the day of a line, counted from the newest (0); None beyond the oldest."""
    statement = (
        select(col(PointsEntry.day))
        .where(PointsEntry.account_id == account_id)
        .order_by(col(PointsEntry.day).desc())
        .offset(number)
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def ledger_folds(
    session: AsyncSession, account_id: UUID, *, reviews: str, since: date, limit: int
) -> Sequence[LedgerFold]:
    """Return the ledger from a day on, newest first, neighbours that say the same as one.

    After `reviews`, a cause goes on with the id of a card, which tells the place.
    """
    lines = _placed_lines(account_id, reviews=reviews, since=since)
    first = func.min(lines.c.rank)
    alike = (lines.c.day, lines.c.sentence, lines.c.amount, lines.c.place)
    figures = array([func.sum(lines.c.amount), func.count(), first])
    statement = (
        select(
            lines.c.day,
            lines.c.sentence,
            lines.c.place,
            cast(figures, ARRAY(BigInteger)),
        )
        # Neighbours stand as far from each other in the whole list as among their like.
        .group_by(*alike, lines.c.rank - lines.c.rank_among_like)
        .order_by(first.desc())
        .limit(limit)
    )
    return [LedgerFold._make(row) for row in (await session.exec(statement)).all()]


def _placed_lines(account_id: UUID, *, reviews: str, since: date) -> Subquery:
    """Return the student's lines with their place and their rank, the oldest first."""
    entry = PointsEntry
    own = col(entry.account_id) == account_id
    earlier = select(func.count()).where(own, col(entry.day) < since).scalar_subquery()
    of_review = col(entry.cause).startswith(reviews, autoescape=True)
    of_card = of_review & (col(Card.id) == CARD_OF_CAUSE)
    place = func.coalesce(Course.shortname, Deck.name, "")
    alike = (col(entry.day), col(entry.sentence), place, col(entry.amount))
    # What was booked at one moment has no order of its own: there the like stand together.
    order = (col(entry.day), col(entry.created_at), *alike[1:], col(entry.id))
    return (
        select_columns(
            col(entry.day),
            col(entry.sentence),
            place.label("place"),
            col(entry.amount),
            (earlier + func.row_number().over(order_by=order)).label("rank"),
            func.row_number()
            .over(partition_by=alike, order_by=order)
            .label("rank_among_like"),
        )
        .select_from(entry)
        .outerjoin(Card, of_card & (col(Card.account_id) == account_id))
        .outerjoin(Deck, col(Deck.id) == col(Card.deck_id))
        .outerjoin(Course, col(Course.id) == col(Deck.course_id))
        .where(own, col(entry.day) >= since)
        .subquery()
    )


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
