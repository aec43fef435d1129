"""Decks that lie in each other: named and counted together with the one that holds them."""

from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, InvalidInputError
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.rules import typed
from studymaster.models import Deck

ITSELF = "A deck cannot lie in itself. Choose another place for it."


async def decks_within(work: UnitOfWork, *, account_id: UUID, deck: Deck) -> list[Deck]:
    """Return the decks that lie in an own one, locked until the end.

    The account has to be locked, so that no other deck is named meanwhile.
    """
    own = await queries.own_decks(work.session, account_id)
    inner = [one for one in own if one.id != deck.id and typed.lies_in(one.name, deck.name)]
    locked = [
        await queries.deck_for_update(work.session, account_id, one.id) for one in inner
    ]
    return [one for one in locked if one is not None]


async def rename_tree(work: UnitOfWork, *, account_id: UUID, deck: Deck, name: str) -> None:
    """Give a deck another name, and those that lie in it the name that follows from it.

    The account has to be locked.

    Raises:
        InvalidInputError: it would lie in itself, or a name becomes too long or too deep.
        ConflictError: a deck has one of these names.
    """
    if name.casefold() != deck.name.casefold() and typed.lies_in(name, deck.name):
        raise InvalidInputError(ITSELF)
    inner = await decks_within(work, account_id=account_id, deck=deck)
    moved = [typed.parse_name(name + one.name[len(deck.name) :]) for one in inner]
    staying = {
        one.name.casefold(): one.name
        for one in await queries.own_decks(work.session, account_id)
        if not typed.lies_in(one.name, deck.name)
    }
    taken = next((one for one in moved if one.casefold() in staying), "")
    if taken:
        msg = f"You have a deck “{taken}” already. Rename that one first."
        raise ConflictError(msg)
    deck.name = name
    for one, its_name in zip(inner, moved, strict=True):
        one.name = its_name
