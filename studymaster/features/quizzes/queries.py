"""Every SELECT on quizzes, and on the cards they are made from. The account comes first."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.quizzes.schemas import Pile
from studymaster.models import (
    Blob,
    Card,
    CardKind,
    Course,
    Deck,
    Material,
    Quiz,
    QuizItem,
    within,
)
from studymaster.paging import Window

Source = tuple[Card, Material | None, Blob | None]
"""A card, what it was made from, and that material's bytes as they are now."""


CAN_BE_ASKED = (
    col(Card.suspended_at).is_(None),
    col(Card.kind) != CardKind.OCCLUSION,
)
"""A covered picture has no words to ask for."""


def _in_pile(pile: Pile) -> list[ColumnElement[bool]]:
    """Return the conditions that hold cards (joined with their deck) to a pile."""
    found: list[ColumnElement[bool]] = []
    if pile.course_id is not None:
        found.append(col(Deck.course_id) == pile.course_id)
    if pile.deck_id is not None:
        found.append(within(pile.deck_id))
    return found


async def cards_by_deck(
    session: AsyncSession, account_id: UUID
) -> Sequence[tuple[Deck, Course | None, int]]:
    """Return every deck of the account with how many cards can be asked from it."""
    statement = (
        select(Deck, Course, func.count())
        .select_from(Card)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .where(col(Card.account_id) == account_id, *CAN_BE_ASKED)
        .group_by(col(Deck.id), col(Course.id))
        .order_by(func.lower(func.coalesce(Course.shortname, Deck.name)), col(Deck.id))
    )
    return (await session.exec(statement)).all()


async def course_name(
    session: AsyncSession, account_id: UUID, course_id: UUID
) -> str | None:
    """Return the short name of a course of the account."""
    statement = select(Course.shortname).where(
        col(Course.id) == course_id, col(Course.account_id) == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def deck_name(session: AsyncSession, account_id: UUID, deck_id: UUID) -> str | None:
    """Return the name of a deck of the account."""
    statement = select(Deck.name).where(
        col(Deck.id) == deck_id, col(Deck.account_id) == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def cards_of_pile(
    session: AsyncSession, account_id: UUID, *, pile: Pile, seed: int, limit: int
) -> Sequence[Card]:
    """Return cards that can be asked, in an order that the seed decides."""
    statement = (
        select(Card)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .where(
            col(Card.account_id) == account_id,
            *CAN_BE_ASKED,
            *_in_pile(pile),
        )
        .order_by(func.md5(cast(col(Card.id), String) + str(seed)), col(Card.id))
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def quizzes(
    session: AsyncSession, account_id: UUID, *, window: Window
) -> Sequence[tuple[Quiz, int, int, int]]:
    """Return a stretch of quizzes, newest first: questions, answers, right answers."""
    statement = (
        select(
            Quiz,
            func.count(),
            func.count(col(QuizItem.answered_at)),
            func.count().filter(col(QuizItem.right).is_(True)),
        )
        .join(QuizItem, col(QuizItem.quiz_id) == col(Quiz.id))
        .where(col(Quiz.account_id) == account_id)
        .group_by(col(Quiz.id))
        .order_by(col(Quiz.created_at).desc(), col(Quiz.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return (await session.exec(statement)).all()


async def quiz_by_id(session: AsyncSession, account_id: UUID, quiz_id: UUID) -> Quiz | None:
    """Return the quiz if it is the account's own."""
    statement = select(Quiz).where(
        col(Quiz.id) == quiz_id, col(Quiz.account_id) == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def quiz_for_update(
    session: AsyncSession, account_id: UUID, quiz_id: UUID
) -> Quiz | None:
    """Return the quiz if it is the account's own, locked until the transaction ends."""
    statement = (
        select(Quiz)
        .where(col(Quiz.id) == quiz_id, col(Quiz.account_id) == account_id)
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def items_of_quiz(
    session: AsyncSession, account_id: UUID, quiz_id: UUID
) -> Sequence[QuizItem]:
    """Return the questions of a quiz of the account, in order."""
    statement = (
        select(QuizItem)
        .where(col(QuizItem.account_id) == account_id, col(QuizItem.quiz_id) == quiz_id)
        .order_by(col(QuizItem.position))
    )
    return (await session.exec(statement)).all()


async def sources(
    session: AsyncSession, account_id: UUID, card_ids: Sequence[UUID]
) -> Sequence[Source]:
    """Return those cards of the account that still are there, with what they cite."""
    statement = (
        select(Card, Material, Blob)
        .join(Material, col(Material.id) == col(Card.material_id), isouter=True)
        .join(Blob, col(Blob.sha1) == col(Material.blob_sha1), isouter=True)
        .where(col(Card.account_id) == account_id, col(Card.id).in_(card_ids))
    )
    return (await session.exec(statement)).all()
