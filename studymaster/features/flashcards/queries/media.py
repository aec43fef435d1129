"""Every SELECT on the pictures and sounds of cards. The account comes first."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import String, cast, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import Card, CardMedia, CardUndo


async def media_by_name(
    session: AsyncSession, account_id: UUID, name: str
) -> CardMedia | None:
    """Return what is called so."""
    statement = select(CardMedia).where(
        col(CardMedia.account_id) == account_id, col(CardMedia.name) == name
    )
    return (await session.exec(statement)).one_or_none()


async def media_by_content(
    session: AsyncSession, account_id: UUID, sha1: str
) -> CardMedia | None:
    """Return the row of some bytes, the oldest where there are several."""
    statement = (
        select(CardMedia)
        .where(col(CardMedia.account_id) == account_id, col(CardMedia.sha1) == sha1)
        .order_by(col(CardMedia.created_at), col(CardMedia.id))
        .limit(1)
    )
    return (await session.exec(statement)).first()


async def names_taken(session: AsyncSession, account_id: UUID) -> frozenset[str]:
    """Return the names of all pictures and sounds, in lower case."""
    statement = select(func.lower(CardMedia.name)).where(
        col(CardMedia.account_id) == account_id
    )
    return frozenset((await session.exec(statement)).all())


async def media_bytes(session: AsyncSession, account_id: UUID) -> int:
    """Return how many bytes all pictures and sounds have."""
    statement = select(func.coalesce(func.sum(CardMedia.size_bytes), 0)).where(
        col(CardMedia.account_id) == account_id
    )
    return int((await session.exec(statement)).one())


async def all_media(session: AsyncSession, account_id: UUID) -> Sequence[CardMedia]:
    """Return all pictures and sounds, locked in one order for everybody."""
    statement = (
        select(CardMedia)
        .where(col(CardMedia.account_id) == account_id)
        .order_by(col(CardMedia.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all()


async def texts_with_media(session: AsyncSession, account_id: UUID) -> Sequence[str]:
    """Return the texts that may name a picture or a sound: of cards, and of what can be undone."""
    whole = func.concat_ws("\n", Card.front, Card.back, Card.extra)
    cards = select(whole).where(
        col(Card.account_id) == account_id,
        or_(whole.contains("]("), whole.contains("[sound:")),
    )
    steps = select(cast(col(CardUndo.before), String)).where(
        col(CardUndo.account_id) == account_id
    )
    return [*(await session.exec(cards)).all(), *(await session.exec(steps)).all()]


async def owners_of_media(session: AsyncSession) -> Sequence[UUID]:
    """Return every account that has pictures or sounds."""
    statement = select(CardMedia.account_id).distinct().order_by(col(CardMedia.account_id))
    return (await session.exec(statement)).all()
