"""From a note to cards: the note becomes a source like a lecture, and is cited like one."""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.braindump import queries
from studymaster.features.braindump.schemas import NoteView
from studymaster.features.braindump.service import notes
from studymaster.features.flashcards.service import generation
from studymaster.features.library import service as library
from studymaster.features.library.schemas import Leftovers, Written

NO_COURSE = "That course is not one of yours."
CHOOSE_A_COURSE = "Choose the course of this note first: its deck is where the cards go."
NO_WORDS = "There are no words in this note yet to make cards from."


async def make_cards(student: Student, *, note_id: UUID, now: datetime) -> UUID:
    """Have card proposals made from a note; return the material that it is now.

    The bytes come first, then the rows and the promise.

    Raises:
        NotFoundError: the note is not the student's.
        ConflictError: it is tied to no course, or has no words.
    """
    account_id = student.account_id
    async with unit_of_work() as work:
        note = await notes.get_note(work, account_id=account_id, note_id=note_id)
    _require_source(note)
    storage = get_storage()
    written = await library.store_written(
        storage,
        account_id=account_id,
        source=note_id,
        name=note.title,
        text=note.text,
    )
    async with library.removed_unless_kept(
        storage, account_id=account_id, sha1=written.sha1, key=written.storage_key
    ):
        material_id, stale = await _promise(student, note=note, written=written, now=now)
    await library.drop_files(storage, stale)
    return material_id


async def _promise(
    student: Student, *, note: NoteView, written: Written, now: datetime
) -> tuple[UUID, list[Leftovers]]:
    """Make the note a source, and ask for cards; return what is left of its old versions."""
    account_id, note_id = student.account_id, UUID(note.id)
    async with unit_of_work() as work:
        material_id = await library.keep_written(
            work,
            account_id=account_id,
            course_id=UUID(note.course_id),
            written=written,
            now=now,
        )
        row = await queries.note_for_update(work.session, account_id, note_id)
        if row is None:
            raise NotFoundError(notes.NO_NOTE)
        row.material_id = material_id
        await generation.request_generation(
            work, student=student, material_id=material_id, now=now
        )
        notes.announce(work, account_id, note_id)
        stale = await library.forget_unused(work, account_id=account_id)
    return material_id, stale


def _require_source(note: NoteView) -> None:
    if not note.text.strip():
        raise ConflictError(NO_WORDS)
    if not note.course_id:
        raise ConflictError(CHOOSE_A_COURSE)
