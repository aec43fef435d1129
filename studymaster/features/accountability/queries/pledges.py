"""What students promised each other, open and settled."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Account, Pledge, PledgeState


async def add_pledge(session: AsyncSession, account_id: UUID, *, pledge: Pledge) -> bool:
    """Keep a pledge unless one of its kind is open; tell whether it was kept."""
    statement = (
        insert(Pledge)
        .values({**pledge.model_dump(), "account_id": account_id})
        .on_conflict_do_nothing()
        .returning(col(Pledge.id))
    )
    return (await session.exec(statement)).first() is not None


async def find_same_pledge(
    session: AsyncSession, account_id: UUID, *, pledge: Pledge, state: PledgeState
) -> Pledge | None:
    """Return the very same promise if there is one in a state."""
    statement = select(Pledge).where(
        col(Pledge.account_id) == account_id,
        col(Pledge.state) == state,
        col(Pledge.buddy_id) == pledge.buddy_id,
        col(Pledge.kind) == pledge.kind,
        col(Pledge.amount) == pledge.amount,
        col(Pledge.from_day) == pledge.from_day,
        col(Pledge.until_day) == pledge.until_day,
    )
    return (await session.exec(statement)).first()


async def own_pledges(
    session: AsyncSession, account_id: UUID, *, settled_since: datetime
) -> Sequence[tuple[Pledge, Account]]:
    """Return the student's open and lately settled pledges, with their buddies."""
    statement = (
        select(Pledge, Account)
        .join(Account, col(Account.id) == col(Pledge.buddy_id))
        .where(
            col(Pledge.account_id) == account_id,
            or_(
                col(Pledge.state) == PledgeState.OPEN,
                col(Pledge.settled_at) >= settled_since,
            ),
        )
        .order_by(col(Pledge.until_day), col(Pledge.created_at))
    )
    return (await session.exec(statement)).all()


async def pledges_to(
    session: AsyncSession,
    account_id: UUID,
    *,
    makers: Sequence[UUID],
    settled_since: datetime,
) -> Sequence[tuple[Pledge, Account]]:
    """Return what some students promised to this one: open, or settled lately."""
    statement = (
        select(Pledge, Account)
        .join(Account, col(Account.id) == col(Pledge.account_id))
        .where(
            col(Pledge.buddy_id) == account_id,
            col(Pledge.account_id).in_(makers),
            or_(
                col(Pledge.state) == PledgeState.OPEN,
                col(Pledge.settled_at) >= settled_since,
            ),
        )
        .order_by(col(Pledge.until_day), col(Pledge.created_at))
    )
    return (await session.exec(statement)).all()


async def open_pledges(
    session: AsyncSession, account_ids: Sequence[UUID]
) -> Sequence[Pledge]:
    """Return the open pledges of students, in the order they were made."""
    statement = (
        select(Pledge)
        .where(
            col(Pledge.account_id).in_(account_ids),
            col(Pledge.state) == PledgeState.OPEN,
        )
        .order_by(col(Pledge.created_at), col(Pledge.id))
    )
    return (await session.exec(statement)).all()


async def end_pledge(
    session: AsyncSession,
    account_id: UUID,
    *,
    pledge_id: UUID,
    state: PledgeState,
    now: datetime,
) -> UUID | None:
    """End an open pledge of the student; return its buddy, None when it is not open."""
    statement = (
        update(Pledge)
        .where(
            col(Pledge.id) == pledge_id,
            col(Pledge.account_id) == account_id,
            col(Pledge.state) == PledgeState.OPEN,
        )
        .values(state=state, settled_at=now)
        .returning(col(Pledge.buddy_id))
        .execution_options(synchronize_session=False)
    )
    return (await session.exec(statement)).scalar_one_or_none()


async def get_account(session: AsyncSession, account_id: UUID) -> Account:
    """Return the account itself."""
    statement = select(Account).where(col(Account.id) == account_id)
    return (await session.exec(statement)).one()
