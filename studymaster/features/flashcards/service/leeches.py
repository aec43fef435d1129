"""Leeches: cards that are forgotten again and again, and how they get other words."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.llm import CardModel
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.queries import leeches as leech_queries
from studymaster.features.flashcards.rules import leeches as rules
from studymaster.features.flashcards.rules.browse import in_short
from studymaster.features.flashcards.rules.search import LEECH_TAG
from studymaster.features.flashcards.rules.sm2 import Grade, Schedule
from studymaster.features.flashcards.schemas import NO_CARD, LeechView, Suggestion
from studymaster.features.flashcards.service import sources
from studymaster.models import Card

SUGGESTIONS: Final = 3
NO_PAGE: Final = (
    "The page of this card has no text to make other words from. Write your own."
)


async def note_lapse(
    work: UnitOfWork,
    card: Card,
    *,
    grade: Grade,
    before: Schedule,
    today: date,
    now: datetime,
) -> bool:
    """Count a locked card that was known and is forgotten; say whether that makes a leech.

    A leech gets its tag, and leaves the reviews where its deck has it so.
    """
    was_known = before.interval_days > 0 and before.drill_on != today
    if grade is not Grade.AGAIN or not was_known:
        return False
    card.lapses += 1
    deck = await leech_queries.deck_of(work.session, card.account_id, card.deck_id)
    if deck is None or not rules.is_leech(card.lapses, leech_at=deck.leech_at):
        return False
    card.tags = rules.marked(card.tags)
    if deck.leech_suspends:
        card.suspended_at = card.suspended_at or now
    return True


async def get_leech(work: UnitOfWork, *, account_id: UUID, card_id: UUID) -> LeechView:
    """Return a leech as the review tells of it.

    Raises:
        NotFoundError: the card is not the student's.
    """
    row = await leech_queries.face_row(work.session, account_id, card_id)
    if row is None:
        raise NotFoundError(NO_CARD)
    card, _, material, blob = row
    return LeechView(
        card_id=str(card.id),
        front=in_short(card.front, ordinal=card.ordinal),
        suspended=card.suspended_at is not None,
        source=await sources.source_of(work, card, material, blob),
    )


async def is_leech(work: UnitOfWork, *, account_id: UUID, card_id: UUID) -> bool:
    """Say whether a card is there and called a leech."""
    row = await queries.card_by_id(work.session, account_id, card_id)
    return row is not None and LEECH_TAG in row[0].tags


async def get_page(
    work: UnitOfWork, *, account_id: UUID, card_id: UUID
) -> tuple[int, str, str]:
    """Return the page that a card cites: its number, its text, and the name of the lecture.

    Raises:
        NotFoundError: the card is not the student's.
        ConflictError: it cites no page with text.
    """
    row = await leech_queries.card_with_lecture(work.session, account_id, card_id)
    if row is None:
        raise NotFoundError(NO_CARD)
    card, name = row
    text = await queries.cited_text(work.session, account_id, card_id)
    if not text:
        raise ConflictError(NO_PAGE)
    return card.page or 1, text, name or ""


async def suggest(model: CardModel, *, page: tuple[int, str, str]) -> list[Suggestion]:
    """Return other words for a card, made from its page; call it outside a unit of work.

    Raises:
        UpstreamError: the model does not do it; the sentence says why.
    """
    number, text, title = page
    found = await model.propose_cards([(number, text)], title=title, count=SUGGESTIONS)
    return [Suggestion(one.front, one.back) for one in found if one.kind == "basic"]
