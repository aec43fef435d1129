"""What is done with many cards at once, over HTTP: chosen by id, or by a search."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from fastapi import APIRouter
from pydantic import BaseModel, Field

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.flashcards.rules.browse import parse_search
from studymaster.features.flashcards.rules.replacing import ReplaceWish, parse_wish
from studymaster.features.flashcards.rules.typed import parse_tags
from studymaster.features.flashcards.schemas import (
    MOST_CHOSEN,
    NO_DECK,
    Duplicates,
    Pile,
    ReplacePreview,
    parse_card_ids,
    parse_days,
    parse_flag,
)
from studymaster.features.flashcards.service import bulk, decks, replacing
from studymaster.features.flashcards.service.bulk import Chosen

router = APIRouter(prefix="/flashcards", tags=["flashcards"])

WHICH: Final = "Name the cards (card_ids) or search for them (q), not both."
NO_TAG: Final = "Name a tag."


class Deed(StrEnum):
    """What is done with the cards."""

    SUSPEND = "suspend"
    RESUME = "resume"
    BURY = "bury"
    FLAG = "flag"
    TAG = "tag"
    UNTAG = "untag"
    MOVE = "move"
    DUE = "due"
    RESET = "reset"
    DELETE = "delete"


class WhichBody(BaseModel):
    """Which cards: up to 1,000 by id, or all that a search of the card list finds."""

    card_ids: list[str] | None = Field(default=None, max_length=MOST_CHOSEN)
    q: str | None = None


class BulkBody(WhichBody):
    """A deed, and what it needs.

    `flag` needs `flag` (0 to 7), `tag` and `untag` a `tag`, `move` the `deck_id`, `due` the
    `days` from today, as `3`, or `3-7` to spread the cards.
    """

    deed: Deed
    flag: int = 0
    tag: str = ""
    deck_id: str | None = None
    days: str = ""


class ReplaceBody(WhichBody):
    r"""What is found and what takes its place, on `all` sides, the front, back or extra.

    A `pattern` is one of RE2, whose groups the new words name as `\1`.
    """

    find: str
    into: str = ""
    where: str = "all"
    pattern: bool = False
    case_matters: bool = False


class DoneView(BaseModel):
    """What was done, in a sentence; it is one step of the day's undo."""

    sentence: str


@router.post("/bulk")
async def do(student: CurrentStudent, body: BulkBody) -> DoneView:
    """Do one thing with many cards, as one step that can be taken back."""
    deed, told = DEEDS[body.deed], FITTING.get(body.deed, _nothing)(body)
    now = clock.now()
    async with unit_of_work() as work:
        if body.deck_id is not None:
            await decks.keep_deck(
                work, account_id=student.account_id, pile=_pile(body), now=now
            )
        said = await deed(work, student=student, chosen=_chosen(body), now=now, **told)
    return DoneView(sentence=said)


@router.post("/replace/preview")
async def preview(student: CurrentStudent, body: ReplaceBody) -> ReplacePreview:
    """Show what replacing words would do; nothing is changed."""
    async with unit_of_work() as work:
        return await replacing.preview(
            work,
            student=student,
            chosen=_chosen(body),
            wish=_wish(body),
            now=clock.now(),
        )


@router.post("/replace")
async def replace(student: CurrentStudent, body: ReplaceBody) -> DoneView:
    """Put other words into many cards, as one step that can be taken back."""
    async with unit_of_work() as work:
        said = await replacing.replace(
            work,
            student=student,
            chosen=_chosen(body),
            wish=_wish(body),
            now=clock.now(),
        )
    return DoneView(sentence=said)


@router.get("/duplicates")
async def duplicates(student: CurrentStudent, q: str = "") -> Duplicates:
    """List the cards of which another one asks the same: at most a hundred groups."""
    async with unit_of_work() as work:
        return await replacing.find_duplicates(
            work, student=student, search=parse_search(text=q), now=clock.now()
        )


def _chosen(body: WhichBody) -> Chosen:
    if (body.card_ids is None) == (body.q is None):
        raise InvalidInputError(WHICH)
    if body.card_ids is not None:
        return Chosen(parse_card_ids(body.card_ids))
    return Chosen(search=parse_search(text=body.q))


def _wish(body: ReplaceBody) -> ReplaceWish:
    return parse_wish(
        find=body.find,
        into=body.into,
        where=body.where,
        is_pattern=body.pattern,
        case_matters=body.case_matters,
    )


def _nothing(_: BulkBody) -> dict[str, Any]:
    return {}


def _tag(body: BulkBody) -> dict[str, Any]:
    tags = parse_tags([body.tag])
    if not tags:
        raise InvalidInputError(NO_TAG)
    return {"name": tags[0]}


def _deck(body: BulkBody) -> dict[str, Any]:
    return {"pile": _pile(body)}


def _pile(body: BulkBody) -> Pile:
    return Pile(deck_id=parse_id(body.deck_id, missing=NO_DECK))


DEEDS: Final[Mapping[Deed, Callable[..., Awaitable[str]]]] = {
    Deed.SUSPEND: bulk.suspend,
    Deed.RESUME: bulk.suspend,
    Deed.BURY: bulk.bury,
    Deed.FLAG: bulk.flag,
    Deed.TAG: bulk.tag,
    Deed.UNTAG: bulk.untag,
    Deed.MOVE: bulk.move,
    Deed.DUE: bulk.set_due,
    Deed.RESET: bulk.reset,
    Deed.DELETE: bulk.delete,
}

FITTING: Final[Mapping[Deed, Callable[[BulkBody], dict[str, Any]]]] = {
    Deed.SUSPEND: lambda _: {"on": True},
    Deed.RESUME: lambda _: {"on": False},
    Deed.FLAG: lambda body: {"number": parse_flag(body.flag)},
    Deed.TAG: _tag,
    Deed.UNTAG: _tag,
    Deed.MOVE: _deck,
    Deed.DUE: lambda body: {"days": parse_days(body.days)},
}
"""What a deed is told besides, out of the body."""
