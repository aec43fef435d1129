"""The decks and one opened course, as one browser tab holds them."""

from uuid import UUID

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.schemas import DeckView
from studymaster.features.flashcards.schemas.trees import DeckBranch, grow
from studymaster.features.flashcards.service import decks
from studymaster.features.library import service as library
from studymaster.features.library.schemas import SectionView

FIRST_MATERIALS = 50


class DecksState(SessionState):
    """Every course with what waits in it, and the materials of the one that is open.

    `branches` are the own decks as a tree; in `folded` the browser keeps the ids of those
    whose inner decks are left out. `why_empty` says why there is no course: `unconnected`, `unsynced` or `unlisted`.
    """

    decks: list[DeckView] = []
    branches: list[DeckBranch] = []
    folded: str = rx.LocalStorage("", name="studymaster.folded-decks")
    waiting: int = 0
    loaded: bool = False
    why_empty: str = ""
    open_course: str = ""
    sections: list[SectionView] = []
    more: int = 0
    _limit: int = FIRST_MATERIALS
    _own: list[DeckView] = []

    @rx.event
    async def load(self) -> None:
        """Show the decks; the address may name a course to open (`?course=`)."""
        student = await self._require_student()
        self._watch(Topic.CARDS, DecksState.refresh)
        course = self.router.url.query_parameters.get("course", "")
        self.open_course, self._limit = course, FIRST_MATERIALS
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring everything up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def toggle_course(self, course_id: str) -> None:
        """Open a course's materials, or close them again."""
        student = await self._require_student()
        self.open_course = "" if course_id == self.open_course else course_id
        self._limit = FIRST_MATERIALS
        await self._show(student)

    @rx.event
    async def show_more(self) -> None:
        """Show fifty more materials of the open course."""
        student = await self._require_student()
        self._limit += FIRST_MATERIALS
        await self._show(student)

    @rx.event
    async def fold(self, deck_id: str) -> None:
        """Leave out the decks that lie in one, or show them again; the browser keeps it."""
        await self._require_student()
        known = {deck.id for deck in self._own}
        self.folded = ",".join(sorted((self._folded() ^ {deck_id}) & known))
        self._grow()

    def _folded(self) -> set[str]:
        return set(self.folded.split(","))

    def _grow(self) -> None:
        self.branches = grow(self._own, folded=self._folded())

    async def _show(self, student: Student) -> None:
        self.sections, self.more = [], 0
        async with unit_of_work() as work:
            shelves = await decks.list_shelves(work, student=student, now=clock.now())
            self.decks, self._own = shelves.courses, shelves.own
            self.waiting = shelves.waiting
            if not self.decks:
                self.why_empty = await decks.why_no_courses(
                    work, account_id=student.account_id
                )
            if self.open_course not in {deck.course_id for deck in self.decks}:
                self.open_course = ""
            if self.open_course:
                shelf = await library.list_materials(
                    work,
                    account_id=student.account_id,
                    course_id=UUID(self.open_course),
                    limit=self._limit,
                )
                self.sections, self.more = shelf.sections, shelf.more
        self._grow()
        self.loaded = True
