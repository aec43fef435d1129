"""Which of two notes stays, when one was typed on two devices at once."""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.braindump import queries
from studymaster.features.braindump.schemas import Keep, NoteView
from studymaster.features.braindump.service import notes
from studymaster.models import Note

NO_COPY = "That note is not a copy of another any more."
NO_CHOICE = "Keep the copy, the original, or both."


async def settle(
    work: UnitOfWork, *, account_id: UUID, note_id: UUID, keep: str, now: datetime
) -> NoteView:
    """Say what becomes of a copy and its original; return the one to go on with.

    What is kept comes out of the bin, if it lies there; the other one goes into it, from
    which it can come back.

    Raises:
        InvalidInputError: there is no such choice.
        NotFoundError: the note is not the student's.
        ConflictError: it is no copy any more.
    """
    chosen = _choice(keep)
    original, copy = await _both(work, account_id, note_id)
    copy.copy_of_id = None
    stay = {Keep.COPY: (copy,), Keep.ORIGINAL: (original,), Keep.BOTH: (copy, original)}
    for note in (original, copy):
        if note in stay[chosen]:
            note.deleted_at = None
            notes.announce(work, account_id, note.id)
        else:
            await notes.delete(work, account_id=account_id, note_id=note.id, now=now)
    return await notes.view_of(work, stay[chosen][0])


async def _both(work: UnitOfWork, account_id: UUID, note_id: UUID) -> tuple[Note, Note]:
    """Lock the original, then its copy: the order of whoever puts the original away."""
    seen = await queries.note_by_id(work.session, account_id, note_id)
    if seen is None:
        raise NotFoundError(notes.NO_NOTE)
    original_id = seen.copy_of_id
    if original_id is None:
        raise ConflictError(NO_COPY)
    original = await queries.note_for_update(work.session, account_id, original_id)
    copy = await queries.note_for_update(work.session, account_id, note_id)
    # Once its original is gone for good, a copy is none any more either.
    if original is None or copy is None or copy.copy_of_id != original_id:
        raise ConflictError(NO_COPY)
    return original, copy


def _choice(value: str) -> Keep:
    if value not in set(Keep):
        raise InvalidInputError(NO_CHOICE)
    return Keep(value)
