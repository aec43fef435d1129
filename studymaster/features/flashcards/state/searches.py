"""The searches that a student keeps, as one browser tab holds them."""

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.schemas import KeptSearch, SearchWish
from studymaster.features.flashcards.service import searches
from studymaster.ui.notice import notify

NONE = KeptSearch(id="", name="", text="", stage="", tag="", deck="", address="")


class SearchesState(SessionState):
    """What is kept; `is_naming`: the window in which a search gets its name is open.

    `renaming` is the search that gets another name, without an id while none does.
    """

    kept: list[KeptSearch] = []
    is_naming: bool = False
    renaming: KeptSearch = NONE

    @rx.event
    async def load(self) -> None:
        """Show the searches, and keep them true."""
        await self._require_student()
        self._watch(Topic.CARDS, SearchesState.refresh)
        await self._show()

    @rx.event
    async def refresh(self) -> None:
        """Bring the searches up to date."""
        await self._show()

    @rx.event
    async def ask_name(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Open the window in which a search gets its name, or close it."""
        await self._require_student()
        self.is_naming = is_open is True

    @rx.event
    async def keep(self, form: dict[str, object]) -> EventSpec | None:
        """Keep what is searched for under a name; pressed twice it is done once."""
        student = await self._require_student()
        if not self.is_naming:
            return None
        wish = SearchWish(
            name=form.get("name"),
            text=form.get("text"),
            stage=form.get("stage"),
            tag=form.get("tag"),
            deck=form.get("deck"),
        )
        async with unit_of_work() as work:
            await searches.keep(
                work, account_id=student.account_id, wish=wish, now=clock.now()
            )
        self.is_naming = False
        await self._show()
        return notify("Your search is kept.", "success")

    @rx.event
    async def ask_rename(self, search_id: str) -> None:
        """Open the window in which a search gets another name; without an id, close it."""
        await self._require_student()
        self.renaming = next((one for one in self.kept if one.id == search_id), NONE)

    @rx.event
    async def rename(self, form: dict[str, object]) -> None:
        """Give the search another name."""
        student = await self._require_student()
        if not self.renaming.id:
            return
        async with unit_of_work() as work:
            await searches.rename(
                work,
                account_id=student.account_id,
                search_id=parse_id(self.renaming.id, missing=searches.NO_SEARCH),
                name=form.get("name"),
            )
        self.renaming = NONE
        await self._show()

    @rx.event
    async def close_renaming(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Close the window; opening is done with a search."""
        await self._require_student()
        if not is_open:
            self.renaming = NONE

    @rx.event
    async def forget(self, search_id: str) -> None:
        """Keep a search no longer; its cards stay."""
        student = await self._require_student()
        wanted = parse_id(search_id, missing=searches.NO_SEARCH)
        async with unit_of_work() as work:
            await searches.forget(work, account_id=student.account_id, search_id=wanted)
        await self._show()

    async def _show(self) -> None:
        student = await self._require_student()
        async with unit_of_work() as work:
            found = await searches.list_searches(work, account_id=student.account_id)
        if found != self.kept:
            self.kept = found
