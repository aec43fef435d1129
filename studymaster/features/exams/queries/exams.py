"""Exams as they are kept. The account comes first."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Account, Deadline, Exam

SHOWN_CLOSED = 20


async def exams(session: AsyncSession, account_id: UUID) -> list[Exam]:
    """Return the exams of the account: those ahead, then what is over, the latest first."""
    mine = select(Exam).where(col(Exam.account_id) == account_id)
    ahead = mine.where(col(Exam.closed_on).is_(None)).order_by(
        col(Exam.day), col(Exam.created_at), col(Exam.id)
    )
    over = (
        mine.where(col(Exam.closed_on).is_not(None))
        .order_by(col(Exam.day).desc(), col(Exam.created_at), col(Exam.id))
        .limit(SHOWN_CLOSED)
    )
    return [*(await session.exec(ahead)).all(), *(await session.exec(over)).all()]


async def exam(session: AsyncSession, account_id: UUID, exam_id: UUID) -> Exam | None:
    """Return an exam of the account."""
    statement = select(Exam).where(
        col(Exam.id) == exam_id, col(Exam.account_id) == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def exam_for_update(
    session: AsyncSession, account_id: UUID, exam_id: UUID
) -> Exam | None:
    """Return an exam of the account, locked until the end."""
    statement = (
        select(Exam)
        .where(col(Exam.id) == exam_id, col(Exam.account_id) == account_id)
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def open_for_update(session: AsyncSession, account_id: UUID) -> Sequence[Exam]:
    """Return the account's exams that are not closed, the earliest first, locked."""
    statement = (
        select(Exam)
        .where(col(Exam.account_id) == account_id, col(Exam.closed_on).is_(None))
        .order_by(col(Exam.day), col(Exam.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all()


async def remove(session: AsyncSession, account_id: UUID, exam_id: UUID) -> bool:
    """Delete an exam of the account; tell whether it was there."""
    statement: Any = (
        delete(Exam)
        .where(col(Exam.id) == exam_id, col(Exam.account_id) == account_id)
        .returning(col(Exam.id))
    )
    return (await session.exec(statement)).one_or_none() is not None


async def due_moments(
    session: AsyncSession, account_id: UUID, deadline_ids: Sequence[UUID]
) -> dict[UUID, datetime]:
    """Return when due dates of the account are due."""
    statement = select(Deadline.id, Deadline.due_at).where(
        col(Deadline.account_id) == account_id, col(Deadline.id).in_(deadline_ids)
    )
    return dict((await session.exec(statement)).all())


async def keep_plan(
    session: AsyncSession,
    account_id: UUID,
    *,
    exam_id: UUID,
    revision: int,
    plan: Mapping[str, Any],
    planned_on: date,
) -> bool:
    """Keep what was planned, unless the exam was changed meanwhile; tell whether."""
    statement: Any = (
        update(Exam)
        .where(
            col(Exam.id) == exam_id,
            col(Exam.account_id) == account_id,
            col(Exam.revision) == revision,
        )
        .values(plan=dict(plan), planned_on=planned_on)
        .returning(col(Exam.id))
        .execution_options(synchronize_session=False)
    )
    return (await session.exec(statement)).one_or_none() is not None


class Waiting(NamedTuple):
    """An exam that may want a plan, and when its student's day starts."""

    account_id: UUID
    planned_on: date | None
    has_moved: bool
    time_zone: str
    day_start_hour: int


async def waiting(session: AsyncSession, *, before: date) -> list[Waiting]:
    """Return everybody's exams that were not planned since a day, or whose due date moved."""
    moved = and_(
        col(Exam.follows),
        or_(
            col(Exam.deadline_id).is_(None),
            col(Deadline.due_at).is_distinct_from(col(Exam.due_at)),
        ),
    )
    late = or_(col(Exam.planned_on).is_(None), col(Exam.planned_on) < before)
    statement = (
        select_columns(
            col(Exam.account_id),
            col(Exam.planned_on),
            moved,
            col(Account.time_zone),
            col(Account.day_start_hour),
        )
        .join(Account, col(Account.id) == col(Exam.account_id))
        .join(Deadline, col(Deadline.id) == col(Exam.deadline_id), isouter=True)
        .where(
            col(Exam.closed_on).is_(None),
            col(Account.deleting_since).is_(None),
            or_(late, moved),
        )
        .order_by(col(Exam.account_id))
    )
    connection = await session.connection()
    return [Waiting._make(row) for row in await connection.execute(statement)]
