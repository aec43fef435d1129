"""What is done to the cards that are chosen in the table, as one browser tab has it done."""

from collections.abc import Awaitable, Callable

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.rules import browse as rules
from studymaster.features.flashcards.rules.columns import parse_order
from studymaster.features.flashcards.rules.typed import parse_tags
from studymaster.features.flashcards.schemas import (
    MOST_CHOSEN,
    TOO_MANY_CHOSEN,
    parse_card_ids,
    parse_days,
    parse_flag,
    parse_pile_key,
)
from studymaster.features.flashcards.service import browse, bulk, undoing
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.features.flashcards.state.browse import BrowseState
from studymaster.typed import clean
from studymaster.ui.notice import notify


class ChosenState(BrowseState):
    """Choosing cards, and what is done to them; `is_asking`: whether they shall go."""

    is_asking: bool = False

    @rx.event
    async def choose(self, ids: list[str], everything: bool) -> None:  # noqa: FBT001  (what the table sends)
        """Choose these cards, or all that is found without them."""
        await self._require_student()
        if not isinstance(ids, list) or len(ids) > MOST_CHOSEN:  # pyright: ignore[reportUnnecessaryIsInstance]  (a browser sends what it likes)
            raise InvalidInputError(TOO_MANY_CHOSEN)
        self._choose([str(one) for one in ids], everything=everything is True)

    @rx.event
    async def choose_between(self, first: int, last: int) -> None:
        """Choose the cards from one place of the table to another one besides."""
        student = await self._require_student()
        async with unit_of_work() as work:
            ids = await browse.list_between(
                work,
                student=student,
                search=self._tree(),
                pile=self._pile(),
                order=parse_order(self.order),
                places=(rules.place_of(first), rules.place_of(last)),
                now=clock.now(),
            )
        before = [] if self.all_found else self._marked
        named = [*before, *[one for one in ids if one not in set(before)]]
        if len(named) > MOST_CHOSEN:
            raise InvalidInputError(TOO_MANY_CHOSEN)
        self._pick(named, everything=False)

    @rx.event
    async def choose_found(self) -> None:
        """Choose every card that the search finds."""
        await self._require_student()
        self._pick([], everything=True)

    @rx.event
    async def choose_none(self) -> None:
        """Leave all cards out again."""
        await self._require_student()
        self._pick([], everything=False)

    @rx.event
    async def suspend(self, on: bool) -> EventSpec:  # noqa: FBT001  (what the button sends)
        """Leave the chosen cards out of reviews, or bring them back."""
        return await self._do(bulk.suspend, on=on is True)

    @rx.event
    async def bury(self) -> EventSpec:
        """Leave the chosen cards out of reviews until tomorrow."""
        return await self._do(bulk.bury)

    @rx.event
    async def move(self, deck: str) -> EventSpec | None:
        """Put the chosen cards into another deck."""
        await self._require_student()
        return await self._do(bulk.move, pile=parse_pile_key(deck)) if deck else None

    @rx.event
    async def flag(self, number: str) -> EventSpec | None:
        """Mark the chosen cards with a flag, or take theirs off."""
        await self._require_student()
        return await self._do(bulk.flag, number=parse_flag(number)) if number else None

    @rx.event
    async def add_tag(self, form: dict[str, object]) -> EventSpec | None:
        """Add what was typed to the tags of the chosen cards."""
        await self._require_student()
        tags = parse_tags([form.get("tag")])
        return await self._do(bulk.tag, name=tags[0]) if tags else None

    @rx.event
    async def remove_tag(self, tag: str) -> EventSpec | None:
        """Take a tag off the chosen cards."""
        await self._require_student()
        return await self._do(bulk.untag, name=clean(tag)) if tag else None

    @rx.event
    async def set_due(self, form: dict[str, object]) -> EventSpec:
        """Let the chosen cards come on other days: in `3` days, or spread over `3-7`."""
        await self._require_student()
        return await self._do(bulk.set_due, days=parse_days(form.get("days")))

    @rx.event
    async def start_anew(self) -> EventSpec:
        """Start the chosen cards anew."""
        await self._require_student()
        return await self._do(bulk.reset)

    @rx.event
    async def ask_delete(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Ask whether the chosen cards shall be deleted, or stop asking."""
        await self._require_student()
        self.is_asking = is_open is True

    @rx.event
    async def delete(self) -> EventSpec | None:
        """Delete the chosen cards; pressed twice it is done once."""
        await self._require_student()
        return await self._do(bulk.delete) if self.is_asking else None

    @rx.event
    async def undo(self) -> EventSpec:
        """Take back the last step of today."""
        student = await self._require_student()
        async with unit_of_work() as work:
            said = await undoing.undo_last(work, student=student, now=clock.now())
        self.can_undo = said is not None
        await self._done(student)
        return notify(said or "Nothing is left to take back today.", "success")

    async def _do(self, deed: Callable[..., Awaitable[str]], **how: object) -> EventSpec:
        student = await self._require_student()
        async with unit_of_work() as work:
            said = await deed(
                work, student=student, chosen=self._meant(), now=clock.now(), **how
            )
        self.can_undo = True
        await self._done(student)
        return notify(said, "success")

    def _meant(self) -> Chosen:
        if not self.all_found:
            return Chosen(parse_card_ids(self._marked))
        left_out = set(parse_card_ids(self._marked)) if self._marked else ()
        return Chosen(left_out=left_out, search=self._tree(), pile=self._pile())

    async def _done(self, student: Student) -> None:
        self.is_asking = False
        self._pick([], everything=False)
        await self._show(student)
