"""The week's leaderboard: a materialized view, and one student's own line from the ledger."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Date, String, Uuid, cast, column, table, text
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from studymaster.features.points.rules import DECAY_CAUSE
from studymaster.features.points.schemas import Earned
from studymaster.models import PointsEntry, Preferences

WEEK = timedelta(days=7)

view = table(
    "week_leaderboard",
    column("week", Date),
    column("account_id", Uuid),
    column("name", String),
    column("points", BigInteger),
)
"""One row per week and student who wants to be seen; see alembic/versions/0006."""


async def refresh_week(session: AsyncSession) -> None:
    """Bring the view up to date; who reads it meanwhile sees the old one."""
    await session.connection()
    await session.exec(text("REFRESH MATERIALIZED VIEW CONCURRENTLY week_leaderboard"))  # type: ignore[call-overload]


async def top_of_week(
    session: AsyncSession, *, monday: date, limit: int
) -> Sequence[Earned]:
    """Return the first places of a week; who left since the last refresh is not shown."""
    statement = (
        select(view.c.account_id, view.c.name, view.c.points)
        .join(Preferences, col(Preferences.account_id) == view.c.account_id)
        .where(view.c.week == monday, col(Preferences.on_leaderboard))
        .order_by(view.c.points.desc(), view.c.name)
        .limit(limit)
    )
    return [Earned(*row) for row in (await session.exec(statement)).all()]


async def own_place(
    session: AsyncSession, account_id: UUID, *, monday: date
) -> tuple[int, int]:
    """Return what the account earned in a week, and how many others have more.

    Its own points are those of the ledger itself, theirs those of the view.
    """
    earned = _earned_in_week(account_id, monday=monday).subquery()
    ahead = (
        select(func.count())
        .select_from(view)
        .join(Preferences, col(Preferences.account_id) == view.c.account_id)
        .where(
            view.c.week == monday,
            view.c.points > earned.c.points,
            view.c.account_id != account_id,
            col(Preferences.on_leaderboard),
        )
        .correlate(earned)
        .scalar_subquery()
    )
    points, others = (await session.exec(select(earned.c.points, ahead))).one()
    return points, others


def _earned_in_week(account_id: UUID, *, monday: date) -> SelectOfScalar[int]:
    total = cast(func.coalesce(func.sum(PointsEntry.amount), 0), BigInteger)
    return select(total.label("points")).where(
        col(PointsEntry.account_id) == account_id,
        ~col(PointsEntry.cause).startswith(DECAY_CAUSE),
        col(PointsEntry.day) >= monday,
        col(PointsEntry.day) < monday + WEEK,
    )
