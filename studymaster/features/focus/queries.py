"""Every SELECT on focus sessions, their sounds and distractions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, or_, text, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from studymaster.models import (
    Account,
    Course,
    Distraction,
    FocusMix,
    FocusSession,
    FocusState,
    PointsEntry,
)
from studymaster.paging import Window

UNFINISHED = (FocusState.RUNNING, FocusState.PAUSED)


class SessionRow(NamedTuple):
    """A session, with its course where it has one."""

    session: FocusSession
    course: Course | None


class CourseSeconds(NamedTuple):
    """The seconds focused on a course, or on none."""

    course: Course | None
    seconds: int


async def unfinished(session: AsyncSession, account_id: UUID) -> SessionRow | None:
    """Return the session that is going on."""
    statement = (
        select(FocusSession, Course)
        .outerjoin(Course, col(Course.id) == col(FocusSession.course_id))
        .where(FocusSession.account_id == account_id, _is_unfinished())
    )
    row = (await session.exec(statement)).one_or_none()
    return row and SessionRow(*row)


def _is_unfinished() -> ColumnElement[bool]:
    return col(FocusSession.state).in_(UNFINISHED)


async def unfinished_for_update(
    session: AsyncSession, account_id: UUID
) -> FocusSession | None:
    """Return the session that is going on, locked until the transaction ends."""
    statement = select(FocusSession).where(
        FocusSession.account_id == account_id, _is_unfinished()
    )
    return (await session.exec(_locked(statement))).one_or_none()


async def session_for_update(
    session: AsyncSession, account_id: UUID, *, session_id: UUID
) -> FocusSession | None:
    """Return a session, locked until the transaction ends."""
    statement = select(FocusSession).where(
        FocusSession.id == session_id, FocusSession.account_id == account_id
    )
    return (await session.exec(_locked(statement))).one_or_none()


def _locked(statement: SelectOfScalar[FocusSession]) -> SelectOfScalar[FocusSession]:
    # What was read before the lock may have changed while it was waited for.
    return statement.with_for_update().execution_options(populate_existing=True)


async def session_by_id(
    session: AsyncSession, account_id: UUID, *, session_id: UUID
) -> SessionRow | None:
    """Return the session if it is the account's own."""
    statement = (
        select(FocusSession, Course)
        .outerjoin(Course, col(Course.id) == col(FocusSession.course_id))
        .where(FocusSession.id == session_id, FocusSession.account_id == account_id)
    )
    row = (await session.exec(statement)).one_or_none()
    return row and SessionRow(*row)


async def sessions(
    session: AsyncSession, account_id: UUID, *, window: Window
) -> Sequence[SessionRow]:
    """Return a stretch of the account's sessions, newest first, and one row more."""
    statement = (
        select(FocusSession, Course)
        .outerjoin(Course, col(Course.id) == col(FocusSession.course_id))
        .where(FocusSession.account_id == account_id)
        .order_by(col(FocusSession.started_at).desc(), col(FocusSession.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return [SessionRow(*row) for row in (await session.exec(statement)).all()]


async def add_unfinished(
    session: AsyncSession, account_id: UUID, *, row: FocusSession
) -> bool:
    """Store a new session unless another is going on; tell whether it was stored."""
    statement = (
        insert(FocusSession)
        .values({**row.model_dump(), "account_id": account_id})
        .on_conflict_do_nothing(
            index_elements=["account_id"],
            # As in the index: PostgreSQL compares words, so these cannot be parameters.
            index_where=text("state IN ('running', 'paused')"),
        )
        .returning(col(FocusSession.id))
    )
    return (await session.exec(statement)).first() is not None


async def distractions(
    session: AsyncSession, account_id: UUID, *, session_ids: Sequence[UUID]
) -> Sequence[Distraction]:
    """Return what distracted in some sessions, in the order in which it did."""
    statement = (
        select(Distraction)
        .where(
            Distraction.account_id == account_id,
            col(Distraction.session_id).in_(session_ids),
        )
        .order_by(col(Distraction.created_at), col(Distraction.id))
    )
    return (await session.exec(statement)).all()


async def seconds_by_day(
    session: AsyncSession, account_id: UUID, *, since: date
) -> Sequence[tuple[date, int]]:
    """Return the seconds focused on each day from `since` on."""
    statement = (
        select(col(FocusSession.day), func.sum(FocusSession.focused_seconds))
        .where(_counts(account_id, since))
        .group_by(col(FocusSession.day))
    )
    return (await session.exec(statement)).all()


async def seconds_by_course(
    session: AsyncSession, account_id: UUID, *, since: date
) -> Sequence[CourseSeconds]:
    """Return the seconds focused on each course from `since` on, the most first."""
    seconds = func.sum(FocusSession.focused_seconds)
    statement = (
        select(Course, seconds)
        .select_from(FocusSession)
        .outerjoin(Course, col(Course.id) == col(FocusSession.course_id))
        .where(_counts(account_id, since))
        .group_by(col(Course.id))
        .order_by(seconds.desc(), col(Course.id))
    )
    return [CourseSeconds(*row) for row in (await session.exec(statement)).all()]


def _counts(account_id: UUID, since: date) -> ColumnElement[bool]:
    return and_(
        col(FocusSession.account_id) == account_id,
        col(FocusSession.day) >= since,
        col(FocusSession.focused_seconds) > 0,
    )


async def sessions_of_day(session: AsyncSession, account_id: UUID, *, day: date) -> int:
    """Count the sessions of a day whose focus counts."""
    statement = select(func.count()).where(
        FocusSession.account_id == account_id,
        FocusSession.day == day,
        FocusSession.focused_seconds > 0,
    )
    return (await session.exec(statement)).one()


async def points_of_day(
    session: AsyncSession, account_id: UUID, *, day: date, prefix: str
) -> int:
    """Return the points for the sessions of a day; their causes are `prefix` and an id.

    The ledger books them on the day on which a session ended, which may be the next.
    """
    cause = func.concat(prefix, sql_cast(col(FocusSession.id), String))
    statement = (
        select(func.coalesce(func.sum(PointsEntry.amount), 0))
        .join(FocusSession, col(PointsEntry.cause) == cause)
        .where(
            PointsEntry.account_id == account_id,
            FocusSession.account_id == account_id,
            FocusSession.day == day,
        )
    )
    return (await session.exec(statement)).one()


async def mix(session: AsyncSession, account_id: UUID) -> dict[str, int]:
    """Return the sounds that the account mixed last; empty for silence."""
    statement = select(FocusMix).where(FocusMix.account_id == account_id)
    # It may have been written past this session's memory a moment ago.
    fresh = statement.execution_options(populate_existing=True)
    row = (await session.exec(fresh)).one_or_none()
    return row.sounds if row else {}


async def keep_mix(
    session: AsyncSession, account_id: UUID, *, sounds: dict[str, int]
) -> None:
    """Keep a mix as the last one, and with the session that is going on."""
    statement = insert(FocusMix).values(account_id=account_id, sounds=sounds)
    await session.exec(
        statement.on_conflict_do_update(
            index_elements=["account_id"], set_={"sounds": sounds}
        )
    )
    await session.exec(
        update(FocusSession)
        .where(col(FocusSession.account_id) == account_id, _is_unfinished())
        .values(sounds=sounds)
    )


async def overdue_accounts(
    session: AsyncSession, *, now: datetime, paused_before: datetime, begun_before: datetime
) -> Sequence[Account]:
    """Return whose session has reached its end, or was paused or begun by a moment."""
    # Whole minutes, breaks included; no break follows the last round.
    planned = (
        FocusSession.rounds * (FocusSession.focus_minutes + FocusSession.break_minutes)
        - FocusSession.break_minutes
    )
    left = func.make_interval(0, 0, 0, 0, 0, planned) - col(FocusSession.spent)
    statement = (
        select(Account)
        .join(FocusSession, col(FocusSession.account_id) == col(Account.id))
        .where(
            or_(
                and_(
                    col(FocusSession.state) == FocusState.RUNNING,
                    col(FocusSession.resumed_at) + left <= now,
                ),
                and_(
                    col(FocusSession.state) == FocusState.PAUSED,
                    col(FocusSession.paused_at) <= paused_before,
                ),
                and_(_is_unfinished(), col(FocusSession.started_at) <= begun_before),
            )
        )
    )
    return (await session.exec(statement)).all()
