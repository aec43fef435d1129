"""Files of cards coming in and going out, as one browser tab holds it."""

import re
from uuid import UUID

import reflex as rx

from studymaster.adapters import clock, limits
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.exchange.schemas import TableWish, TransferView
from studymaster.features.exchange.service import transfers
from studymaster.features.flashcards.schemas import NO_DECK, DeckChoice, DeckView
from studymaster.features.flashcards.service import decks

EVERY_DECK = "all"
"""What the form says when everything shall go out."""

ROLE = re.compile("role-[0-9]{1,3}")
ON = "on"
"""What a browser sends for a box that is ticked."""


class ExchangeState(SessionState):
    """The newest files, the decks that an export can take, and those that a table can fill."""

    files: list[TransferView] = []
    decks: list[DeckChoice] = []
    targets: list[DeckChoice] = []
    is_busy: bool = False
    loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the files, and keep them true."""
        student = await self._require_student()
        self._watch(Topic.CARDS, ExchangeState.refresh)
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring the files up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def take(self, form: dict[str, object]) -> None:
        """Take in a file that was looked at."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await transfers.request_take(
                work,
                account_id=student.account_id,
                transfer_id=parse_id(form.get("transfer_id"), missing=transfers.NOT_HERE),
                with_schedule=form.get("with_schedule") == ON,
                table=_table(form),
                now=clock.now(),
            )
        await self._show(student)

    @rx.event
    async def forget(self, transfer_id: str) -> None:
        """Throw a file away; cards that came from it stay."""
        student = await self._require_student()
        await transfers.forget(
            account_id=student.account_id,
            transfer_id=parse_id(transfer_id, missing=transfers.NOT_HERE),
        )
        await self._show(student)

    @rx.event
    async def give(self, form: dict[str, object]) -> None:
        """Have a package or a table written."""
        student = await self._require_student()
        await limits.take("export", str(student.account_id))
        deck = form.get("deck")
        async with unit_of_work() as work:
            every = await _decks(work, student)
            chosen = [UUID(one.id) for one in every if deck in {one.key, EVERY_DECK}]
            if not chosen and deck != EVERY_DECK:
                raise NotFoundError(NO_DECK)
            if form.get("form") == "csv":
                await transfers.request_table(
                    work,
                    account_id=student.account_id,
                    deck_ids=chosen,
                    now=clock.now(),
                )
            else:
                await transfers.request_give(
                    work,
                    account_id=student.account_id,
                    deck_ids=chosen,
                    with_media=form.get("with_media") == ON,
                    with_schedule=form.get("with_schedule") == ON,
                    now=clock.now(),
                )
        await self._show(student)

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            self.files = await transfers.list_transfers(work, account_id=student.account_id)
            targets = await _all_decks(work, student)
        every = [deck for deck in targets if deck.total]
        self.decks = [DeckChoice(deck.key, deck.fullname) for deck in every]
        self.targets = [DeckChoice(deck.key, deck.fullname) for deck in targets]
        self.is_busy = any(one.state in {"queued", "running"} for one in self.files)
        self.loaded = True


async def _decks(work: UnitOfWork, student: Student) -> list[DeckView]:
    """Return every deck that has cards."""
    return [deck for deck in await _all_decks(work, student) if deck.total]


async def _all_decks(work: UnitOfWork, student: Student) -> list[DeckView]:
    shelves = await decks.list_shelves(work, student=student, now=clock.now())
    return [*shelves.courses, *shelves.own]


def _table(form: dict[str, object]) -> TableWish:
    """Return how a table shall be taken; fields of its columns end with their place."""
    fields = [name for name in form if ROLE.fullmatch(name)]
    fields.sort(key=lambda name: int(name.removeprefix("role-")))
    roles = [form[name] for name in fields]
    return TableWish(roles, form.get("form") or "basic", form.get("deck"))
