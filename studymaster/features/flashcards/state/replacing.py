"""Words put in place of others, and cards that are there twice, as one tab has it done."""

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.rules.replacing import ReplaceWish, parse_wish
from studymaster.features.flashcards.schemas import Duplicates, ReplacePreview
from studymaster.features.flashcards.service import replacing
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.features.flashcards.state.chosen import ChosenState
from studymaster.ui.notice import notify


class ReplaceState(ChosenState):
    """What would be replaced in the chosen cards; without any, in all that are found.

    `looked`: the preview is of what was typed last. `scope` counts the cards it looks at.
    """

    is_replacing: bool = False
    looked: bool = False
    preview: ReplacePreview = ReplacePreview()
    scope: int = 0
    _wish: ReplaceWish | None = None

    @rx.event
    async def ask_replace(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Open the window in which words are replaced, or close it."""
        await self._require_student()
        self.is_replacing, self.looked, self._wish = is_open is True, False, None
        self.scope = self.chosen or self.total

    @rx.event
    async def look(self, form: dict[str, object]) -> None:
        """Show what replacing would do; nothing is changed yet."""
        student = await self._require_student()
        wish = parse_wish(
            find=form.get("find"),
            into=form.get("into"),
            where=form.get("where"),
            is_pattern=bool(form.get("pattern")),
            case_matters=bool(form.get("case")),
        )
        async with unit_of_work() as work:
            self.preview = await replacing.preview(
                work, student=student, chosen=self._all_meant(), wish=wish, now=clock.now()
            )
        self.looked, self._wish = True, wish

    @rx.event
    async def replace_words(self) -> EventSpec | None:
        """Do what the preview shows, as one step; pressed twice it is done once."""
        student, wish = await self._require_student(), self._wish
        if wish is None or not self.is_replacing:
            return None
        async with unit_of_work() as work:
            said = await replacing.replace(
                work, student=student, chosen=self._all_meant(), wish=wish, now=clock.now()
            )
        self.can_undo, self.is_replacing, self._wish = True, False, None
        await self._done(student)
        return notify(said, "success")

    def _all_meant(self) -> Chosen:
        if self.chosen:
            return self._meant()
        return Chosen(search=self._tree(), pile=self._pile())


class DuplicatesState(ChosenState):
    """The cards among those that are found of which another one asks the same."""

    is_comparing: bool = False
    found: Duplicates = Duplicates()

    @rx.event
    async def compare(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Open the window of the cards that are there twice, or close it."""
        student = await self._require_student()
        self.is_comparing = is_open is True
        if self.is_comparing:
            self.found = await self._duplicates(student)

    @rx.event
    async def choose_newer(self) -> EventSpec:
        """Choose all of them but the oldest of each group, and go back to the table."""
        student = await self._require_student()
        self.found, self.is_comparing = await self._duplicates(student), False
        newer = list(self.found.newer)
        self._pick(newer, everything=False)
        words = (
            "1 card is chosen" if len(newer) == 1 else f"{len(newer):,} cards are chosen"
        )
        return notify(f"{words}. Nothing is changed yet.", "success")

    async def _duplicates(self, student: Student) -> Duplicates:
        async with unit_of_work() as work:
            return await replacing.find_duplicates(
                work,
                student=student,
                search=self._tree(),
                pile=self._pile(),
                now=clock.now(),
            )
