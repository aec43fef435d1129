"""Every SELECT on decks, cards, proposals and reviews. The account comes first."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Case, ColumnElement, and_, case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import (
    Blob,
    BlobPage,
    Card,
    Course,
    Deck,
    Generation,
    Material,
    PointsEntry,
    Proposal,
    ProposalState,
    ReviewLog,
    RunState,
)

UNFINISHED = (RunState.QUEUED, RunState.RUNNING)

FaceRow = tuple[Card, Course | None, Material | None, Blob | None]
"""A card, its course, its material, and that material's bytes as they are now."""

LEARNING, NEW, DUE, RESTING = "learning", "new", "due", "resting"


def _stage(today: date) -> Case[str]:
    """Return where a card stands on a day; a drill of an earlier day is void."""
    return case(
        (col(Card.drill_on) == today, LEARNING),
        (col(Card.turn) == 0, NEW),
        (col(Card.due_on) <= today, DUE),
        else_=RESTING,
    )


def _of_course(course_id: UUID | None) -> list[ColumnElement[bool]]:
    """Return the condition that holds cards (joined with their deck) to one course."""
    return [] if course_id is None else [col(Deck.course_id) == course_id]


async def stage_counts(
    session: AsyncSession, account_id: UUID, *, today: date
) -> Sequence[tuple[UUID | None, str, int]]:
    """Return for each course and stage how many of the account's cards stand there."""
    stage = _stage(today).label("stage")
    statement = (
        select(Deck.course_id, stage, func.count())
        .select_from(Card)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .where(col(Card.account_id) == account_id)
        .group_by(col(Deck.course_id), stage)
    )
    return (await session.exec(statement)).all()


async def review_queue(
    session: AsyncSession,
    account_id: UUID,
    *,
    today: date,
    course_id: UUID | None,
    limit: int,
) -> Sequence[FaceRow]:
    """Return the next cards: due (oldest first), then new, then those to drill again."""
    stage = _stage(today)
    statement = (
        select(Card, Course, Material, Blob)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .join(Material, col(Material.id) == col(Card.material_id), isouter=True)
        .join(Blob, col(Blob.sha1) == col(Material.blob_sha1), isouter=True)
        .where(col(Card.account_id) == account_id, stage != RESTING, *_of_course(course_id))
        .order_by(
            case({DUE: 0, NEW: 1, LEARNING: 2}, value=stage),
            case((stage == LEARNING, col(Card.last_reviewed_at))),
            case((stage == DUE, col(Card.due_on))),
            col(Card.created_at),
            col(Card.page),
            col(Card.id),
        )
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def cited_text(session: AsyncSession, account_id: UUID, card_id: UUID) -> str | None:
    """Return the text of the page that a card of the account cites."""
    statement = (
        select(BlobPage.text)
        .join(
            Card,
            and_(
                col(Card.blob_sha1) == col(BlobPage.sha1),
                col(Card.page) == col(BlobPage.number),
            ),
        )
        .where(col(Card.id) == card_id, col(Card.account_id) == account_id)
    )
    return (await session.exec(statement)).one_or_none()


async def cards(
    session: AsyncSession, account_id: UUID, *, course_id: UUID | None, page: slice
) -> Sequence[tuple[Card, UUID | None]]:
    """Return a stretch of the account's cards with their courses, oldest first."""
    statement = (
        select(Card, Deck.course_id)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .where(col(Card.account_id) == account_id, *_of_course(course_id))
        .order_by(col(Card.created_at), col(Card.page), col(Card.id))
        .slice(page.start, page.stop)
    )
    return (await session.exec(statement)).all()


async def card_for_update(
    session: AsyncSession, account_id: UUID, card_id: UUID
) -> Card | None:
    """Return the card if it is the account's own, locked until the transaction ends."""
    statement = (
        select(Card)
        .where(col(Card.id) == card_id, col(Card.account_id) == account_id)
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def deck_of_course(
    session: AsyncSession, account_id: UUID, course_id: UUID
) -> Deck | None:
    """Return the deck of a course, if a card was ever put into it."""
    statement = select(Deck).where(
        col(Deck.account_id) == account_id, col(Deck.course_id) == course_id
    )
    return (await session.exec(statement)).one_or_none()


async def answers_of_day(
    session: AsyncSession, account_id: UUID, *, day: date, course_id: UUID | None
) -> Sequence[tuple[int, int, int]]:
    """Return for each grade given on a day: the grade, how often, the milliseconds."""
    statement = (
        select(
            ReviewLog.grade, func.count(), func.coalesce(func.sum(ReviewLog.elapsed_ms), 0)
        )
        .join(Card, col(Card.id) == col(ReviewLog.card_id))
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .where(
            col(ReviewLog.account_id) == account_id,
            col(ReviewLog.day) == day,
            *_of_course(course_id),
        )
        .group_by(col(ReviewLog.grade))
    )
    return (await session.exec(statement)).all()


async def review_points_of_day(
    session: AsyncSession, account_id: UUID, *, day: date, prefix: str
) -> int:
    """Return the points of a day whose cause starts with `prefix`."""
    statement = select(func.coalesce(func.sum(PointsEntry.amount), 0)).where(
        col(PointsEntry.account_id) == account_id,
        col(PointsEntry.day) == day,
        col(PointsEntry.cause).startswith(prefix, autoescape=True),
    )
    return (await session.exec(statement)).one()


async def median_answer_ms(
    session: AsyncSession, account_id: UUID, *, since: date
) -> float | None:
    """Return the middle time of the account's answers from a day on; None without any."""
    middle = func.percentile_cont(0.5).within_group(col(ReviewLog.elapsed_ms))
    statement = select(middle).where(
        col(ReviewLog.account_id) == account_id, col(ReviewLog.day) >= since
    )
    return (await session.exec(statement)).one()


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
