"""Every SELECT on promised proposals and on proposals. The account comes first."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import (
    BlobPage,
    Card,
    Course,
    Generation,
    Material,
    Proposal,
    ProposalState,
    RunState,
)
from studymaster.paging import Window

UNFINISHED = (RunState.QUEUED, RunState.RUNNING)


async def generation_for_update(
    session: AsyncSession, account_id: UUID, generation_id: UUID
) -> Generation | None:
    """Return promised work of the account, locked until the transaction ends."""
    statement = (
        select(Generation)
        .where(
            col(Generation.id) == generation_id, col(Generation.account_id) == account_id
        )
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def latest_generation(
    session: AsyncSession, account_id: UUID, material_id: UUID
) -> Generation | None:
    """Return what was last asked for on a material."""
    statement = (
        select(Generation)
        .where(
            col(Generation.account_id) == account_id,
            col(Generation.material_id) == material_id,
        )
        .order_by(col(Generation.created_at).desc(), col(Generation.id))
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def unfinished_generation(
    session: AsyncSession, account_id: UUID, material_id: UUID
) -> Generation | None:
    """Return the work on a material that is not finished; there is at most one."""
    statement = select(Generation).where(
        col(Generation.account_id) == account_id,
        col(Generation.material_id) == material_id,
        col(Generation.state).in_(UNFINISHED),
    )
    return (await session.exec(statement)).one_or_none()


async def silent_generations(
    session: AsyncSession, account_id: UUID | None, *, before: datetime
) -> Sequence[Generation]:
    """Return unfinished work without a sign of life since `before`; None: everybody's."""
    statement = select(Generation).where(
        col(Generation.state).in_(UNFINISHED), col(Generation.beat_at) < before
    )
    if account_id is not None:
        statement = statement.where(col(Generation.account_id) == account_id)
    return (await session.exec(statement)).all()


class Unasked(NamedTuple):
    """Work that a sync wanted: on what, from when to when, and what came of it.

    `seen_at` is its last sign of life, and its end once it is finished.
    """

    material_id: UUID
    material: str
    course_id: UUID
    asked_at: datetime
    seen_at: datetime
    state: RunState
    found: int


async def unasked_since(
    session: AsyncSession, account_id: UUID, *, since: datetime
) -> list[Unasked]:
    """Return what syncs wanted and what showed a sign of life since, course by course.

    Until the transaction ends nobody else asks this of the account: of two that finish at
    once, the later one sees both.
    """
    name = f"unasked:{account_id}"
    await session.exec(select(func.pg_advisory_xact_lock(func.hashtext(name))))
    statement = (
        select_columns(
            col(Generation.material_id),
            col(Material.name),
            col(Material.course_id),
            col(Generation.created_at),
            col(Generation.beat_at),
            col(Generation.state),
            col(Generation.found_count),
        )
        .join(Material, col(Material.id) == col(Generation.material_id))
        .join(Course, col(Course.id) == col(Material.course_id))
        .where(
            col(Generation.account_id) == account_id,
            col(Generation.unasked),
            col(Generation.beat_at) >= since,
        )
        .order_by(col(Course.shortname), col(Material.position), col(Material.id))
    )
    connection = await session.connection()
    return [Unasked._make(row) for row in await connection.execute(statement)]


async def fronts_of_material(
    session: AsyncSession, account_id: UUID, material_id: UUID
) -> Sequence[str]:
    """Return the fronts of all proposals of a material, whatever became of them."""
    statement = select(Proposal.front).where(
        col(Proposal.account_id) == account_id, col(Proposal.material_id) == material_id
    )
    return (await session.exec(statement)).all()


async def open_proposals(
    session: AsyncSession, account_id: UUID, material_id: UUID, *, limit: int
) -> Sequence[Proposal]:
    """Return the first proposals of a material that wait, in the order of its pages."""
    statement = (
        select(Proposal)
        .where(
            col(Proposal.account_id) == account_id,
            col(Proposal.material_id) == material_id,
            col(Proposal.state) == ProposalState.OPEN,
        )
        .order_by(col(Proposal.created_at), col(Proposal.position), col(Proposal.id))
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def stretch_of_open_proposals(
    session: AsyncSession,
    account_id: UUID,
    *,
    course_id: UUID | None,
    material_id: UUID | None,
    window: Window,
) -> Sequence[Proposal]:
    """Return a part of the proposals that wait, of a course, a material or all."""
    statement = select(Proposal).where(
        col(Proposal.account_id) == account_id, col(Proposal.state) == ProposalState.OPEN
    )
    if material_id is not None:
        statement = statement.where(col(Proposal.material_id) == material_id)
    if course_id is not None:
        there = select(Material.id).where(col(Material.course_id) == course_id)
        statement = statement.where(col(Proposal.material_id).in_(there))
    statement = (
        statement.order_by(
            col(Proposal.created_at), col(Proposal.position), col(Proposal.id)
        )
        .offset(window.offset)
        .limit(window.probe)
    )
    return (await session.exec(statement)).all()


async def find_proposal(
    session: AsyncSession, account_id: UUID, proposal_id: UUID
) -> Proposal | None:
    """Return the proposal if it is the account's own."""
    statement = select(Proposal).where(
        col(Proposal.id) == proposal_id, col(Proposal.account_id) == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def count_open_proposals(
    session: AsyncSession, account_id: UUID, material_id: UUID
) -> int:
    """Return how many proposals of a material wait."""
    statement = select(func.count()).where(
        col(Proposal.account_id) == account_id,
        col(Proposal.material_id) == material_id,
        col(Proposal.state) == ProposalState.OPEN,
    )
    return (await session.exec(statement)).one()


async def open_proposals_for_update(
    session: AsyncSession, account_id: UUID, material_id: UUID
) -> Sequence[Proposal]:
    """Return all waiting proposals of a material, locked until the transaction ends."""
    statement = (
        select(Proposal)
        .where(
            col(Proposal.account_id) == account_id,
            col(Proposal.material_id) == material_id,
            col(Proposal.state) == ProposalState.OPEN,
        )
        .order_by(col(Proposal.created_at), col(Proposal.position), col(Proposal.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all()


async def proposal_for_update(
    session: AsyncSession, account_id: UUID, proposal_id: UUID
) -> Proposal | None:
    """Return the proposal if it is the account's own, locked until the transaction ends."""
    statement = (
        select(Proposal)
        .where(col(Proposal.id) == proposal_id, col(Proposal.account_id) == account_id)
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def cards_of_proposals(
    session: AsyncSession, account_id: UUID, proposal_ids: Sequence[UUID]
) -> Sequence[UUID]:
    """Return the ids of the cards that some proposals of the account became.

    Of a note with several cards that is each of them.
    """
    first = select(Proposal.card_id).where(
        col(Proposal.account_id) == account_id, col(Proposal.id).in_(proposal_ids)
    )
    notes = select(Card.note_id).where(
        col(Card.account_id) == account_id, col(Card.id).in_(first)
    )
    statement = select(Card.id).where(
        col(Card.account_id) == account_id,
        or_(col(Card.id).in_(first), col(Card.note_id).in_(notes)),
    )
    return (await session.exec(statement)).all()


async def proposals_for_update(
    session: AsyncSession, account_id: UUID, proposal_ids: Sequence[UUID]
) -> Sequence[Proposal]:
    """Return those proposals that are the account's own, locked in one order."""
    statement = (
        select(Proposal)
        .where(col(Proposal.account_id) == account_id, col(Proposal.id).in_(proposal_ids))
        .order_by(col(Proposal.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all()


async def cited_page(
    session: AsyncSession, account_id: UUID, proposal_id: UUID
) -> str | None:
    """Return the text of the page that a proposal of the account cites."""
    statement = (
        select(BlobPage.text)
        .join(
            Proposal,
            and_(
                col(Proposal.blob_sha1) == col(BlobPage.sha1),
                col(Proposal.page) == col(BlobPage.number),
            ),
        )
        .where(col(Proposal.id) == proposal_id, col(Proposal.account_id) == account_id)
    )
    return (await session.exec(statement)).one_or_none()
