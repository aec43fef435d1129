"""The list of notes in one tab, what it is narrowed to, and the box that catches new ones."""

import reflex as rx
from reflex.event import EventType

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.braindump.rules import SEARCH_MAX
from studymaster.features.braindump.schemas import Caught, Filter, NoteRow, TagCount, Wish
from studymaster.features.braindump.service import notes
from studymaster.features.braindump.state.note import NoteState
from studymaster.paging import LONGEST_STRETCH, Window
from studymaster.typed import clean

FIRST_NOTES = 30
VIEWS = {"": None, "open": False, "done": True}
"""Which todos are shown, by the name of the view."""


class NotesState(SessionState):
    """Notes by filter (`count` are shown). `caught` is the id of the note that was kept last, for the box.

    `visit` changes when the search field has to be drawn anew with `words`.
    """

    rows: list[NoteRow] = []
    count: int = 0
    tags: list[TagCount] = []
    tag_count: int = 0
    more: bool = False
    loaded: bool = False
    words: str = ""
    kind: str = ""
    tag: str = ""
    bin: bool = False
    view: str = ""
    account: str = ""
    caught: str = ""
    visit: int = 0
    _limit: int = FIRST_NOTES

    @rx.event
    async def load(self) -> EventType[()]:
        """Show the notes and the open one, and keep them fresh while others change them.

        The address may name words to look for in all of them (`?search=`).
        """
        student = await self._require_student()
        self._watch(Topic.NOTES, NotesState.refresh)
        self.account = str(student.account_id)
        if asked := clean(self.router.url.query_parameters.get("search", "")):
            self.words, self._limit = asked[:SEARCH_MAX], FIRST_NOTES
            self.kind = self.tag = self.view = ""
            self.bin = False
            self.visit += 1
        await self._show(student)
        return NoteState.load

    @rx.event
    async def refresh(self) -> None:
        """Bring the list up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def search(self, words: str) -> None:
        """Look for words in titles and texts."""
        student = await self._require_student()
        self.words, self._limit = str(words), FIRST_NOTES
        await self._show(student)

    @rx.event
    async def choose_kind(self, kind: str) -> None:
        """Show one kind of notes; the same again shows all."""
        student = await self._require_student()
        self.kind = "" if kind == self.kind else str(kind)
        self.view, self._limit = "", FIRST_NOTES
        await self._show(student)

    @rx.event
    async def choose_tag(self, tag: str) -> None:
        """Show the notes with a tag; the same again shows all."""
        student = await self._require_student()
        self.tag = "" if tag == self.tag else str(tag)
        self._limit = FIRST_NOTES
        await self._show(student)

    @rx.event
    async def choose_view(self, view: str) -> None:
        """Show open todos, done ones, or both."""
        student = await self._require_student()
        self.view = view if view in VIEWS and view != self.view else ""
        self._limit = FIRST_NOTES
        await self._show(student)

    @rx.event
    async def toggle_bin(self) -> None:
        """Show what lies in the bin, or again what does not."""
        student = await self._require_student()
        self.bin, self._limit = not self.bin, FIRST_NOTES
        await self._show(student)

    @rx.event
    async def show_more(self) -> None:
        """Show thirty more notes."""
        student = await self._require_student()
        self._limit += FIRST_NOTES
        await self._show(student)

    @rx.event
    async def catch(self, note_id: str, text: str, kind: str) -> None:
        """Keep what was typed into the box."""
        student = await self._require_student()
        caught = Caught(parse_id(note_id, missing=notes.NO_NOTE), text, str(kind))
        async with unit_of_work() as work:
            await notes.catch(
                work, account_id=student.account_id, caught=caught, now=clock.now()
            )
        self.caught = note_id
        await self._show(student)

    @rx.event
    async def tick(self, note_id: str, was: bool) -> None:  # noqa: FBT001 - a box sends its state
        """Say of a todo in the list that it is done, or not any more if it was."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await notes.change(
                work,
                account_id=student.account_id,
                note_id=parse_id(note_id, missing=notes.NO_NOTE),
                wish=Wish(done=was is not True),
                now=clock.now(),
            )
        await self._show(student)

    async def _show(self, student: Student) -> None:
        wanted = Filter(
            words=self.words,
            kind=self.kind,
            tag=self.tag,
            done=VIEWS[self.view],
            deleted=self.bin,
        )
        async with unit_of_work() as work:
            found = await notes.list_notes(
                work,
                account_id=student.account_id,
                wanted=wanted,
                window=Window(limit=min(self._limit, LONGEST_STRETCH)),
            )
            tags = await notes.list_tags(work, account_id=student.account_id)
        self.rows, self.more = found.items, found.next_offset is not None
        self.count, self.tag_count = len(self.rows), len(tags)
        if self.tags != tags:
            self.tags = tags
        self.loaded = True
