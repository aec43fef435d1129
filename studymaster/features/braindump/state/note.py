"""The note that is open in one tab: its words, its recordings, its cards."""

from dataclasses import replace
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock, limits
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.braindump.schemas import NoteView, Saved, Wish
from studymaster.features.braindump.service import cards, copies, memos, notes
from studymaster.features.courses import service as courses
from studymaster.ui.notice import notify

KEPT_BOTH = (
    "This note was changed elsewhere meanwhile. What you typed is kept as a copy beside it."
)
KEPT_ALONE = (
    "This note was put into the bin elsewhere. What you typed is kept as a note of its own."
)
KEPT_BEFORE = "What you typed was kept as a note of its own before. Here it is."
MAKING_CARDS = "Cards are being made from this note."


class NoteState(SessionState):
    """One opened note. `courses` are the (id, short name) it can be tied to."""

    note: NoteView = NoteView()
    missing: bool = False
    account: str = ""
    courses: list[tuple[str, str]] = []
    has_model: bool = False

    @rx.event
    async def load(self) -> None:
        """Open the note that the address names (`?note=`), or none."""
        student = await self._require_student()
        self._watch(Topic.NOTES, NoteState.refresh)
        self.account = str(student.account_id)
        wanted = self.router.url.query_parameters.get("note", "")
        if wanted != self.note.id:
            self.note = NoteView()
        async with unit_of_work() as work:
            self.courses = [
                (course.id, course.shortname)
                for course in await courses.list_courses(
                    work, account_id=student.account_id
                )
                if course.listed
            ]
            self.has_model = await memos.has_model(work, account_id=student.account_id)
        await self._open(student, wanted)

    @rx.event
    async def refresh(self) -> None:
        """Bring the open note up to date."""
        student = await self._require_student()
        if self.note.id:
            await self._open(student, self.note.id)

    @rx.event
    async def save(self, note_id: str, version: int, text: str) -> EventSpec | None:
        """Keep what is being typed; when another tab was faster, both are kept."""
        student = await self._require_student()
        async with unit_of_work() as work:
            saved = await notes.save(
                work,
                account_id=student.account_id,
                note_id=parse_id(note_id, missing=notes.NO_NOTE),
                version=version,
                text=text,
                now=clock.now(),
            )
        if self.note.id == note_id:
            self.note = saved.note
        return notify(_what_became(saved)) if saved.is_copy else None

    @rx.event
    async def choose_kind(self, kind: str) -> None:
        """Say what the note is."""
        await self._change(await self._require_student(), Wish(kind=str(kind)))

    @rx.event
    async def toggle_done(self) -> None:
        """Tick a todo off, or open it again."""
        student = await self._require_student()
        await self._change(student, Wish(done=not self.note.done))

    @rx.event
    async def toggle_pinned(self) -> None:
        """Keep the note on top, or not."""
        student = await self._require_student()
        await self._change(student, Wish(pinned=not self.note.pinned))

    @rx.event
    async def choose_course(self, course_id: str) -> None:
        """Tie the note to a course; an empty id unties it."""
        student = await self._require_student()
        chosen = parse_id(course_id, missing=cards.NO_COURSE) if course_id else None
        async with unit_of_work() as work:
            self.note = await notes.file_under(
                work,
                account_id=student.account_id,
                note_id=self._note_id(),
                course_id=chosen,
            )

    @rx.event
    async def delete(self) -> None:
        """Put the note into the bin; it stays open, so that it can come back."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await notes.delete(
                work,
                account_id=student.account_id,
                note_id=self._note_id(),
                now=clock.now(),
            )
        self.note = replace(self.note, deleted=True)

    @rx.event
    async def restore(self) -> None:
        """Take the note out of the bin."""
        student = await self._require_student()
        async with unit_of_work() as work:
            self.note = await notes.restore(
                work, account_id=student.account_id, note_id=self._note_id()
            )

    @rx.event
    async def delete_for_good(self) -> EventSpec:
        """Delete the note and its recordings; nothing brings them back."""
        student = await self._require_student()
        async with unit_of_work() as work:
            remains = await memos.delete_for_good(
                work, account_id=student.account_id, note_id=self._note_id()
            )
        await memos.drop(remains)
        self.note = NoteView()
        return rx.redirect("/brain-dump")

    @rx.event
    async def settle(self, keep: str) -> EventSpec | None:
        """Keep a copy, its original, or both; the one that stays is open then."""
        student = await self._require_student()
        opened = self.note.id
        async with unit_of_work() as work:
            self.note = await copies.settle(
                work,
                account_id=student.account_id,
                note_id=self._note_id(),
                keep=str(keep),
                now=clock.now(),
            )
        is_here = self.note.id == opened
        return None if is_here else rx.redirect(f"/brain-dump?note={self.note.id}")

    @rx.event
    async def make_cards(self) -> EventSpec:
        """Have a worker make card proposals from the note."""
        student = await self._require_student()
        await limits.take("generate", str(student.account_id))
        await cards.make_cards(student, note_id=self._note_id(), now=clock.now())
        await self._open(student, self.note.id)
        return notify(MAKING_CARDS, "success")

    @rx.event
    async def transcribe(self, memo_id: str) -> None:
        """Have a worker write down what was said."""
        student = await self._require_student()
        await limits.take("transcribe", str(student.account_id))
        async with unit_of_work() as work:
            await memos.request_transcript(
                work,
                account_id=student.account_id,
                memo_id=parse_id(memo_id, missing=memos.NO_MEMO),
                now=clock.now(),
            )
        await self._open(student, self.note.id)

    @rx.event
    async def take_words_over(self, memo_id: str) -> None:
        """Put the words of a recording below the note's text."""
        student = await self._require_student()
        async with unit_of_work() as work:
            self.note = await memos.take_words_over(
                work,
                account_id=student.account_id,
                memo_id=parse_id(memo_id, missing=memos.NO_MEMO),
                now=clock.now(),
            )

    @rx.event
    async def remove_memo(self, memo_id: str) -> None:
        """Delete a recording."""
        student = await self._require_student()
        async with unit_of_work() as work:
            key = await memos.remove(
                work,
                account_id=student.account_id,
                memo_id=parse_id(memo_id, missing=memos.NO_MEMO),
            )
        await get_storage().remove(key)
        await self._open(student, self.note.id)

    async def _change(self, student: Student, wish: Wish) -> None:
        async with unit_of_work() as work:
            self.note = await notes.change(
                work,
                account_id=student.account_id,
                note_id=self._note_id(),
                wish=wish,
                now=clock.now(),
            )

    async def _open(self, student: Student, note_id: str) -> None:
        async with unit_of_work() as work:
            found = await notes.find_note(
                work, account_id=student.account_id, address=note_id
            )
        self.missing = found is None and note_id != ""
        found = found or NoteView()
        if found != self.note:
            self.note = found

    def _note_id(self) -> UUID:
        return parse_id(self.note.id, missing=notes.NO_NOTE)


def _what_became(saved: Saved) -> str:
    """Say where words are that did not go into the note that they were typed into."""
    if saved.note.copy_of:
        return KEPT_BOTH
    return KEPT_ALONE if saved.original_in_bin else KEPT_BEFORE
