"""Searches for cards that a student keeps under a name."""

from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.flashcards.queries import piles
from studymaster.features.flashcards.queries import searches as queries
from studymaster.features.flashcards.rules import browse as rules
from studymaster.features.flashcards.schemas import (
    NO_DECK,
    KeptSearch,
    SearchWish,
    parse_pile_key,
)
from studymaster.features.flashcards.service.news import note_change
from studymaster.models import SavedSearch
from studymaster.typed import about, clean, typed_line

PAGE: Final = "/smart-study/cards"
NAME_LENGTH: Final = 80
MOST: Final = 50
NO_SEARCH: Final = "That search is not one of yours."
NOTHING: Final = "Search for something first. Then it can be kept."
TAKEN: Final = "You have a search with that name already. Choose another name."
TOO_MANY: Final = f"You keep {MOST} searches already. Delete one first."


async def list_searches(work: UnitOfWork, *, account_id: UUID) -> list[KeptSearch]:
    """List the searches that a student keeps, by name."""
    return [_view(row) for row in await queries.searches(work.session, account_id)]


async def keep(
    work: UnitOfWork, *, account_id: UUID, wish: SearchWish, now: datetime
) -> KeptSearch:
    """Keep a search under a name.

    Raises:
        InvalidInputError: there is no name, nothing is searched for, or it cannot be read.
        ConflictError: the name is taken, or there are too many.
        NotFoundError: it names no deck.
    """
    row = _row(account_id, wish, now=now)
    if row.deck and not await piles.deck_ids(
        work.session, account_id, parse_pile_key(row.deck)
    ):
        raise NotFoundError(NO_DECK)
    if len(await queries.searches(work.session, account_id)) >= MOST:
        raise ConflictError(TOO_MANY)
    if not await queries.add(work.session, account_id, search=row):
        raise ConflictError(TAKEN)
    note_change(work, account_id=account_id, subject="searches")
    return _view(row)


async def rename(
    work: UnitOfWork, *, account_id: UUID, search_id: UUID, name: object
) -> KeptSearch:
    """Give a search another name.

    Raises:
        NotFoundError: it is not the student's.
        InvalidInputError: there is no name.
        ConflictError: another one has it.
    """
    row = await queries.search_for_update(work.session, account_id, search_id)
    if row is None:
        raise NotFoundError(NO_SEARCH)
    wanted = _name(name)
    others = await queries.searches(work.session, account_id)
    if any(one.id != row.id and one.name.lower() == wanted.lower() for one in others):
        raise ConflictError(TAKEN)
    row.name = wanted
    note_change(work, account_id=account_id, subject="searches")
    return _view(row)


async def forget(work: UnitOfWork, *, account_id: UUID, search_id: UUID) -> None:
    """Keep a search no longer.

    Raises:
        NotFoundError: it is not the student's.
    """
    if not await queries.remove(work.session, account_id, search_id):
        raise NotFoundError(NO_SEARCH)
    note_change(work, account_id=account_id, subject="searches")


def _name(value: object) -> str:
    return typed_line(value, most=NAME_LENGTH, least=1, says=about("The name of a search"))


def _row(account_id: UUID, wish: SearchWish, *, now: datetime) -> SavedSearch:
    name = _name(wish.name)
    text, stage, tag, deck = map(clean, (wish.text, wish.stage, wish.tag, wish.deck))
    rules.parse_search(text=text, stage=stage, tag=tag)
    if not (text or stage or tag or deck):
        raise InvalidInputError(NOTHING)
    return SavedSearch(
        account_id=account_id,
        name=name,
        text=text,
        stage=stage,
        tag=tag,
        deck=deck,
        created_at=now,
    )


def _view(row: SavedSearch) -> KeptSearch:
    asked = {"search": row.text, "state": row.stage, "tag": row.tag, "deck": row.deck}
    query = urlencode({name: value for name, value in asked.items() if value})
    return KeptSearch(
        id=str(row.id),
        name=row.name,
        text=row.text,
        stage=row.stage,
        tag=row.tag,
        deck=row.deck,
        address=f"{PAGE}?{query}",
    )
