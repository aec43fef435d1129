"""The card that is to be rewritten, with its lecture. The account comes first."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.flashcards.queries.cards import FaceRow
from studymaster.models import Blob, Card, Course, Deck, Material


async def card_with_lecture(
    session: AsyncSession, account_id: UUID, card_id: UUID
) -> tuple[Card, str | None] | None:
    """Return a card of the account, and what its lecture is called."""
    statement = (
        select(Card, Material.name)
        .join(Material, col(Material.id) == col(Card.material_id), isouter=True)
        .where(col(Card.id) == card_id, col(Card.account_id) == account_id)
    )
    return (await session.exec(statement)).one_or_none()


async def deck_of(session: AsyncSession, account_id: UUID, deck_id: UUID) -> Deck | None:
    """Return a deck of the account."""
    statement = select(Deck).where(
        col(Deck.id) == deck_id, col(Deck.account_id) == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def face_row(
    session: AsyncSession, account_id: UUID, card_id: UUID
) -> FaceRow | None:
    """Return a card of the account with all that its face shows."""
    statement = (
        select(Card, Course, Material, Blob)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .join(Material, col(Material.id) == col(Card.material_id), isouter=True)
        .join(Blob, col(Blob.sha1) == col(Material.blob_sha1), isouter=True)
        .where(col(Card.id) == card_id, col(Card.account_id) == account_id)
    )
    return (await session.exec(statement)).one_or_none()
