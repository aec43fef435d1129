"""The things of one course, as one browser tab holds them."""

from typing import Final

import reflex as rx

from studymaster.adapters import clock, limits
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.courses import service as courses
from studymaster.features.library.service import NO_MATERIAL
from studymaster.features.sync import service
from studymaster.features.sync.service import items
from studymaster.features.sync.service.item_rows import ItemView, SectionItems
from studymaster.features.sync.service.items import (
    CourseHead,
    ItemCounts,
    ItemPast,
    Look,
    PastChange,
)
from studymaster.typed import clean
from studymaster.ui import notice

__all__ = [
    "CourseHead",
    "CourseItemsState",
    "ItemCounts",
    "ItemPast",
    "ItemView",
    "PastChange",
    "SectionItems",
]

PIECE: Final = 50
MOST_SHOWN: Final = 5_000
LONGEST_SEARCH: Final = 100
NO_HEAD: Final = CourseHead()
NO_COUNTS: Final = ItemCounts()
NO_PAST: Final = ItemPast()
ON_ITS_WAY: Final = "It is on its way. This list shows when it is here."


class CourseItemsState(SessionState):
    """A course, what of it is shown, and the one thing whose past is open.

    `show` is what kind of things are shown, `words` what is searched for in their names,
    `left` how many follow on what is shown. `visit` counts the visits to the page.
    """

    loaded: bool = False
    missing: bool = False
    visit: int = 0
    head: CourseHead = NO_HEAD
    counts: ItemCounts = NO_COUNTS
    sections: list[SectionItems] = []
    left: int = 0
    show: str = items.ALL
    words: str = ""
    opened: ItemPast = NO_PAST
    _shown: int = PIECE

    @rx.event
    async def load(self) -> None:
        """Show the course that the address names, and keep showing how it stands."""
        student = await self._require_student()
        self._watch(Topic.SYNC, CourseItemsState.refresh)
        self.visit += 1
        self.words, self._shown, self.opened = "", PIECE, NO_PAST
        wanted = self.router.url.query_parameters.get("show", items.ALL)
        self.show = wanted if wanted in items.SHOWS else items.ALL
        await self._fetch(student)

    @rx.event
    async def refresh(self) -> None:
        """Show how things stand now."""
        await self._fetch(await self._require_student())

    @rx.event
    async def choose(self, show: str) -> None:
        """Show things of one kind: all, what is new, what is not here, or what is gone."""
        student = await self._require_student()
        self.show = show if show in items.SHOWS else items.ALL
        self._shown = PIECE
        await self._fetch(student)

    @rx.event
    async def search(self, words: str) -> None:
        """Show the things that have these words in their names."""
        student = await self._require_student()
        self.words = clean(words)[:LONGEST_SEARCH]
        self._shown = PIECE
        await self._fetch(student)

    @rx.event
    async def show_everything(self) -> None:
        """Show all things again, whatever was chosen or searched for."""
        student = await self._require_student()
        self.words, self.show, self._shown = "", items.ALL, PIECE
        self.visit += 1
        await self._fetch(student)

    @rx.event
    async def show_more(self) -> None:
        """Show the next things too."""
        student = await self._require_student()
        self._shown = min(self._shown + PIECE, MOST_SHOWN)
        await self._fetch(student)

    @rx.event
    async def open_item(self, item: str) -> None:
        """Show what happened to a thing."""
        student = await self._require_student()
        async with unit_of_work() as work:
            self.opened = await items.history_of(
                work,
                student=student,
                material_id=parse_id(item, missing=NO_MATERIAL),
                now=clock.now(),
            )

    @rx.event
    async def close_item(self) -> None:
        """Put the past of a thing away."""
        await self._require_student()
        self.opened = NO_PAST

    @rx.event
    async def ask_for(self, item: str) -> rx.event.EventSpec:
        """Have a file fetched that does not come by itself."""
        student = await self._require_student()
        material_id = parse_id(item, missing=NO_MATERIAL)
        await limits.take("sync", str(student.account_id))
        async with unit_of_work() as work:
            await service.ask_for(
                work,
                account_id=student.account_id,
                material_id=material_id,
                now=clock.now(),
            )
        await self._fetch(student)
        return notice.notify(ON_ITS_WAY, "success")

    @rx.event
    async def sync_course(self) -> None:
        """Ask for a run over this course only."""
        student = await self._require_student()
        course_id = parse_id(self.head.id, missing=courses.NO_COURSE)
        await limits.take("sync", str(student.account_id))
        async with unit_of_work() as work:
            await service.request_sync(
                work, account_id=student.account_id, course_id=course_id, now=clock.now()
            )
        await self._fetch(student)

    @rx.event
    async def switch_course(self, on: bool) -> None:  # noqa: FBT001 - a switch sends its position
        """Have this course read by coming runs, or keep it as it is."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await courses.switch_sync(
                work,
                account_id=student.account_id,
                course_id=parse_id(self.head.id, missing=courses.NO_COURSE),
                on=on is True,
                now=clock.now(),
            )
        await self._fetch(student)

    async def _fetch(self, student: Student) -> None:
        look = Look(self.show, self.words, self._shown, get_settings().file_limit_mb)
        async with unit_of_work() as work:
            found = await items.find_course_items(
                work, student=student, address=self._named(), look=look, now=clock.now()
            )
        self.missing, self.loaded = found is None, True
        if found is None:
            self.head, self.counts, self.sections = NO_HEAD, NO_COUNTS, []
            return
        self.head, self.counts, self.left = found.head, found.counts, found.left
        # The list is long and sent whole: only when it is another one.
        if self.sections != found.sections:
            self.sections = found.sections
