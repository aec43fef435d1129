"""How full a student's coming days are, and how easy they want them. The account first."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Card, DayLoad, Preferences


async def day_load(session: AsyncSession, account_id: UUID, *, day: date) -> list[int]:
    """Return the counts that were made on the morning of a day; none: not yet."""
    statement = select(col(DayLoad.counts)).where(
        col(DayLoad.account_id) == account_id, col(DayLoad.day) == day
    )
    return list((await session.exec(statement)).one_or_none() or [])


async def keep_day_load(
    session: AsyncSession, account_id: UUID, *, day: date, counts: Sequence[int]
) -> list[int]:
    """Keep the counts of a day, or return those that somebody kept first."""
    statement = insert(DayLoad).values(account_id=account_id, day=day, counts=list(counts))
    statement = statement.on_conflict_do_update(
        index_elements=["account_id"],
        set_={"day": day, "counts": list(counts)},
        where=col(DayLoad.day) != day,
    )
    await session.exec(statement)
    return await day_load(session, account_id, day=day)


async def due_by_day(
    session: AsyncSession, account_id: UUID, *, after: date, days: int
) -> dict[date, int]:
    """Return how many cards come back on each of the days after one."""
    statement = (
        select(col(Card.due_on), func.count())
        .where(
            col(Card.account_id) == account_id,
            col(Card.due_on) > after,
            col(Card.due_on) <= after + timedelta(days=days),
            col(Card.suspended_at).is_(None),
        )
        .group_by(col(Card.due_on))
    )
    return dict((await session.exec(statement)).all())


async def easy_days(session: AsyncSession, account_id: UUID) -> list[int]:
    """Return percent of a usual day for each day of the week; none: nothing was chosen."""
    statement = select(col(Preferences.easy_days)).where(
        col(Preferences.account_id) == account_id
    )
    return list((await session.exec(statement)).one_or_none() or [])


async def keep_easy_days(
    session: AsyncSession, account_id: UUID, *, shares: Sequence[int]
) -> None:
    """Keep how easy each day of the week shall be."""
    row = Preferences(account_id=account_id, easy_days=list(shares))
    statement = insert(Preferences).values(row.model_dump())
    await session.exec(
        statement.on_conflict_do_update(
            index_elements=["account_id"], set_={"easy_days": list(shares)}
        )
    )


async def sibling_days(
    session: AsyncSession, account_id: UUID, note_ids: Collection[UUID], *, after: date
) -> Sequence[tuple[UUID, UUID, date]]:
    """Return the note, the card and the day of each card of some notes that comes after one.

    What was answered on that very day is left out: so it does not matter which card of a
    note is answered first.
    """
    statement = select(Card.note_id, Card.id, col(Card.due_on)).where(
        col(Card.account_id) == account_id,
        col(Card.note_id).in_(note_ids),
        col(Card.due_on) > after,
        func.coalesce(Card.reviewed_on, date.min) != after,
        col(Card.suspended_at).is_(None),
    )
    rows = (await session.exec(statement)).all()
    return [(note, card, day) for note, card, day in rows if note is not None]
