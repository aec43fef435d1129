"""From a note to cards: the note becomes a source like a lecture, and is cited like one."""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.errors import ConflictError
from studymaster.features.accounts.schemas import Student
from studymaster.features.braindump import queries
from studymaster.features.braindump.schemas import NoteView
from studymaster.features.braindump.service import notes
from studymaster.features.flashcards.service import generation
from studymaster.features.library import service as library

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
    written = await library.store_written(
        get_storage(),
        account_id=account_id,
        source=note_id,
        name=note.title,
        text=note.text,
    )
    async with unit_of_work() as work:
        material_id = await library.keep_written(
            work,
            account_id=account_id,
            course_id=UUID(note.course_id),
            written=written,
            now=now,
        )
        await generation.request_generation(
            work, student=student, material_id=material_id, now=now
        )
        row = await queries.note_for_update(work.session, account_id, note_id)
        if row is not None:
            row.material_id = material_id
        notes.announce(work, account_id, note_id)
    return material_id


def _require_source(note: NoteView) -> None:
    if not note.text.strip():
        raise ConflictError(NO_WORDS)
    if not note.course_id:
        raise ConflictError(CHOOSE_A_COURSE)
