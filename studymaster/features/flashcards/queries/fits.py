"""How FSRS was fitted to a student, and what it is fitted to. The account comes first."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, literal, text
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.answers import HAD_RESTED
from studymaster.features.flashcards.rules.fitting import LEAST_TO_FIT
from studymaster.features.flashcards.rules.histories import Asked
from studymaster.models import (
    Account,
    Deck,
    DeckScheduler,
    LogKind,
    ReviewLog,
    RunState,
    SchedulerFit,
)

UNFINISHED = (RunState.QUEUED, RunState.RUNNING)
UNFINISHED_IN_WORDS = text("state IN ('queued', 'running')")
IS_UNFINISHED = col(SchedulerFit.state).in_(UNFINISHED)
MOST_LINES = 200_000
"""Of a longer log the cards with the lowest ids are read, which are drawn by lot."""

BY_AGE = (col(SchedulerFit.created_at).desc(), col(SchedulerFit.id))


async def add(session: AsyncSession, account_id: UUID, *, fit: SchedulerFit) -> bool:
    """Write a promise unless the account has an unfinished one; tell whether."""
    statement = (
        insert(SchedulerFit)
        .values(fit.model_dump() | {"account_id": account_id})
        .on_conflict_do_nothing(
            index_elements=["account_id"], index_where=UNFINISHED_IN_WORDS
        )
        .returning(col(SchedulerFit.id))
    )
    return (await session.exec(statement)).one_or_none() is not None


async def fit_for_update(
    session: AsyncSession, account_id: UUID, fit_id: UUID
) -> SchedulerFit | None:
    """Return promised work of the account, locked until the transaction ends."""
    statement = (
        select(SchedulerFit)
        .where(col(SchedulerFit.id) == fit_id, col(SchedulerFit.account_id) == account_id)
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def fits(
    session: AsyncSession, account_id: UUID, *, limit: int
) -> Sequence[SchedulerFit]:
    """Return what was tried for the account, the newest first."""
    statement = (
        select(SchedulerFit)
        .where(col(SchedulerFit.account_id) == account_id)
        .order_by(*BY_AGE)
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def newest_comparison(session: AsyncSession, account_id: UUID) -> SchedulerFit | None:
    """Return the last fit of the account that compared the schedulers."""
    statement = (
        select(SchedulerFit)
        .where(
            col(SchedulerFit.account_id) == account_id, col(SchedulerFit.comparison) != ""
        )
        .order_by(*BY_AGE)
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def parameters(session: AsyncSession, account_id: UUID) -> list[float]:
    """Return the account's own parameters of FSRS; none: the published ones hold."""
    statement = (
        select(col(SchedulerFit.parameters))
        .where(col(SchedulerFit.account_id) == account_id, col(SchedulerFit.taken))
        .order_by(*BY_AGE)
        .limit(1)
    )
    return list((await session.exec(statement)).one_or_none() or [])


async def hold_parameters(session: AsyncSession, account_id: UUID) -> list[float]:
    """Return the account's parameters, which nobody changes until the transaction ends."""
    name = f"parameters:{account_id}"
    await session.exec(select(func.pg_advisory_xact_lock(func.hashtext(name))))
    return await parameters(session, account_id)


async def stale_decks(
    session: AsyncSession, account_id: UUID, *, wanted: Sequence[float]
) -> Sequence[UUID]:
    """Return the account's decks by FSRS whose cards stand by other parameters."""
    statement = (
        select(Deck.id)
        .where(
            col(Deck.account_id) == account_id,
            col(Deck.scheduler) == DeckScheduler.FSRS,
            col(Deck.parameters) != list(wanted),
        )
        .order_by(col(Deck.id))
    )
    return (await session.exec(statement)).all()


async def count_telling(session: AsyncSession, account_id: UUID) -> int:
    """Return how many answers of the account tell something about forgetting."""
    statement = select(func.count()).where(
        col(ReviewLog.account_id) == account_id, HAD_RESTED
    )
    return (await session.exec(statement)).one()


async def asked(session: AsyncSession, account_id: UUID) -> list[Asked]:
    """Return what was answered to whole cards: card by card, the first line first."""
    statement = (
        select_columns(
            col(ReviewLog.card_id),
            col(ReviewLog.kind) == LogKind.RESET,
            col(ReviewLog.grade),
            col(ReviewLog.day),
            col(ReviewLog.interval_before),
        )
        .where(
            col(ReviewLog.account_id) == account_id,
            col(ReviewLog.kind).in_((LogKind.REVIEW, LogKind.RESET)),
        )
        .order_by(col(ReviewLog.card_id), col(ReviewLog.turn))
        .limit(MOST_LINES + 1)
    )
    connection = await session.connection()
    found = [Asked._make(row) for row in await connection.execute(statement)]
    if len(found) <= MOST_LINES:
        return found
    cut = found[-1].card_id
    return [one for one in found if one.card_id != cut]


async def silent_fits(session: AsyncSession, *, before: datetime) -> Sequence[SchedulerFit]:
    """Return everybody's unfinished work without a sign of life since `before`."""
    statement = select(SchedulerFit).where(
        IS_UNFINISHED, col(SchedulerFit.beat_at) < before
    )
    return (await session.exec(statement)).all()


async def accounts_to_fit(
    session: AsyncSession, *, since: date, limit: int
) -> Sequence[Account]:
    """Return who goes by FSRS, has answered enough, and was not fitted since a day."""
    fitted = select(literal(1)).where(
        col(SchedulerFit.account_id) == Account.id, col(SchedulerFit.day) > since
    )
    uses = select(literal(1)).where(
        col(Deck.account_id) == Account.id, col(Deck.scheduler) == DeckScheduler.FSRS
    )
    answers = (
        select(literal(1))
        .where(col(ReviewLog.account_id) == Account.id, HAD_RESTED)
        .limit(LEAST_TO_FIT)
        .correlate(Account)
        .subquery()
    )
    enough = select(func.count()).select_from(answers).scalar_subquery()
    statement = (
        select(Account)
        .where(and_(uses.exists(), ~fitted.exists()), col(Account.deleting_since).is_(None))
        .where(enough >= LEAST_TO_FIT)
        .order_by(col(Account.id))
        .limit(limit)
    )
    return (await session.exec(statement)).all()
