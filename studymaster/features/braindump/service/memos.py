"""Voice memos: kept as recorded, played back, and turned into words when there is a model."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.adapters.storage import Own, get_storage, own_key
from studymaster.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    StudyMasterError,
)
from studymaster.features.accounts import service as accounts
from studymaster.features.braindump import queries, rules
from studymaster.features.braindump.queries import UNFINISHED
from studymaster.features.braindump.schemas import (
    MemoView,
    NoteView,
    Recording,
    Remains,
)
from studymaster.features.braindump.service import notes
from studymaster.features.library import service as library
from studymaster.jobs import JobName
from studymaster.models import RunState, VoiceMemo

NO_MEMO = "That recording is not one of yours."
NO_MODEL = (
    "There is no AI endpoint to turn speech into words. Set one in the settings, "
    "or type what was said."
)
NOT_A_SOUND = "That is not a recording we can play. Record it here, or choose a sound file."
TOO_LARGE = "A recording can have 25 MB, about an hour. Record the rest as a second one."
BROKEN = (
    "Something broke on our side while the words were written down. It has been noted; "
    "the recording is safe."
)
ODD_LENGTH = f"A recording lasts 1 to {rules.MEMO_MAX_SECONDS:,} seconds."
TOO_FULL = "The note is too full for these words. Move some of it into another note."
BEGINNING_BYTES = 16


def recording_of(path: Path, *, account_id: UUID, memo_id: UUID) -> Recording:
    """Return what a received file is, told by its bytes.

    Raises:
        InvalidInputError: it is no recording, or too large.
    """
    size = path.stat().st_size
    if size > rules.MEMO_MAX_BYTES:
        raise InvalidInputError(TOO_LARGE)
    with path.open("rb") as stream:
        sound = rules.sound_of(stream.read(BEGINNING_BYTES))
    if sound is None:
        raise InvalidInputError(NOT_A_SOUND)
    mimetype, ending = sound
    name = f"{memo_id}.{ending}"
    key = own_key(account_id, Own.AUDIO, name)
    return Recording(memo_id, key, mimetype, size, name)


async def store(
    path: Path,
    *,
    account_id: UUID,
    note_id: UUID,
    memo_id: UUID,
    seconds: int | None,
    now: datetime,
) -> MemoView:
    """Bring a received recording to the store and to its note; sent twice, it is kept once.

    The bytes come first: a row never names a recording that is not there. `seconds` is how
    long it is, None when nobody measured it.

    Raises:
        InvalidInputError: it is no recording, too large, or of a length that none has.
        NotFoundError: the note is not the student's, or the id is somebody else's.
    """
    if seconds is not None and not 0 < seconds <= rules.MEMO_MAX_SECONDS:
        raise InvalidInputError(ODD_LENGTH)
    recording = recording_of(path, account_id=account_id, memo_id=memo_id)
    async with unit_of_work() as work:
        await notes.get_note(work, account_id=account_id, note_id=note_id)
    await get_storage().put_file(path, recording.storage_key)
    async with (
        _removed_unless_kept(recording, account_id=account_id),
        unit_of_work() as work,
    ):
        return await keep(
            work,
            account_id=account_id,
            note_id=note_id,
            recording=recording,
            seconds=seconds or 0,
            now=now,
        )


@asynccontextmanager
async def _removed_unless_kept(
    recording: Recording, *, account_id: UUID
) -> AsyncGenerator[None]:
    """Take stored bytes out again if what follows fails and no recording names them.

    While they travel the note may be deleted for good, or the whole account.
    """
    try:
        yield
    except BaseException:
        # What went wrong is told; a store or a database that is away only costs room.
        with suppress(StudyMasterError):
            async with unit_of_work() as work:
                row = await queries.memo_by_id(work.session, account_id, recording.id)
            if row is None:
                await get_storage().remove(recording.storage_key)
        raise


async def keep(
    work: UnitOfWork,
    *,
    account_id: UUID,
    note_id: UUID,
    recording: Recording,
    seconds: int,
    now: datetime,
) -> MemoView:
    """Put a stored recording to a note, under the id that the browser gave it.

    Sent twice, it is kept once.

    Raises:
        NotFoundError: the note is not the student's, or the id is somebody else's.
    """
    if await queries.note_for_update(work.session, account_id, note_id) is None:
        raise NotFoundError(notes.NO_NOTE)
    row = VoiceMemo(
        id=recording.id,
        account_id=account_id,
        note_id=note_id,
        storage_key=recording.storage_key,
        mimetype=recording.mimetype,
        size_bytes=recording.size_bytes,
        seconds=seconds,
        created_at=now,
    )
    await work.session.exec(
        insert(VoiceMemo).values(row.model_dump()).on_conflict_do_nothing()
    )
    notes.announce(work, account_id, note_id)
    return notes.memo_view(await _memo(work, account_id, recording.id))


async def get_recording(work: UnitOfWork, *, account_id: UUID, memo_id: UUID) -> Recording:
    """Return where one of the student's recordings lies."""
    return _recording(await _memo(work, account_id, memo_id))


async def remove(work: UnitOfWork, *, account_id: UUID, memo_id: UUID) -> str:
    """Forget a recording; return the key of its bytes, which nobody needs any more.

    Raises:
        NotFoundError: it is not the student's, or it is gone already.
    """
    removed = await queries.remove_memo(work.session, account_id, memo_id)
    if removed is None:
        raise NotFoundError(NO_MEMO)
    notes.announce(work, account_id, removed.note_id)
    return removed.storage_key


async def delete_for_good(work: UnitOfWork, *, account_id: UUID, note_id: UUID) -> Remains:
    """Delete a note that lies in the bin; return what `drop` shall remove then.

    It is no source any more either; cards that were made from it stay.

    Raises:
        ConflictError: it is not in the bin.
    """
    await library.hold_own_files(work, account_id=account_id)
    note = await queries.note_for_update(work.session, account_id, note_id)
    if note is None:
        raise NotFoundError(notes.NO_NOTE)
    if note.deleted_at is None:
        msg = "That note is still in use. Move it to the bin first."
        raise ConflictError(msg)
    memos = await queries.memos_of_note(work.session, account_id, note_id)
    await work.session.delete(note)
    await work.session.flush()
    files = await library.remove_written(work, account_id=account_id, source=note_id)
    notes.announce(work, account_id, note_id)
    return Remains(tuple(memo.storage_key for memo in memos), tuple(files))


async def drop(remains: Remains) -> None:
    """Remove the bytes of a note that is gone, once its rows are."""
    for key in remains.recordings:
        await get_storage().remove(key)
    await library.drop_files(get_storage(), remains.files)


async def has_model(work: UnitOfWork, *, account_id: UUID) -> bool:
    """Say whether there is somebody to write down what was said."""
    return await accounts.find_model(work, account_id=account_id) is not None


async def request_transcript(
    work: UnitOfWork, *, account_id: UUID, memo_id: UUID, now: datetime
) -> MemoView:
    """Have a worker write down what was said; asked twice, it is done once.

    Raises:
        ConflictError: no AI endpoint is set.
    """
    row = await queries.memo_for_update(work.session, account_id, memo_id)
    if row is None:
        raise NotFoundError(NO_MEMO)
    if not await has_model(work, account_id=account_id):
        raise ConflictError(NO_MODEL)
    if row.transcript_state not in UNFINISHED:
        row.transcript_state, row.failure, row.beat_at = RunState.QUEUED, None, now
        _enqueue(work, row)
    return notes.memo_view(row)


async def start_transcript(
    work: UnitOfWork, *, account_id: UUID, memo_id: UUID, now: datetime
) -> Recording | None:
    """Take a promised transcript on; None when nobody waits for it any more."""
    row = await queries.memo_for_update(work.session, account_id, memo_id)
    if row is None or row.transcript_state not in UNFINISHED:
        return None
    row.transcript_state, row.beat_at = RunState.RUNNING, now
    notes.announce(work, account_id, row.note_id)
    return _recording(row)


async def finish_transcript(
    work: UnitOfWork, *, account_id: UUID, memo_id: UUID, words: str, now: datetime
) -> None:
    """Keep the words of a recording beside it; carried out twice, it is the same as once."""
    row = await queries.memo_for_update(work.session, account_id, memo_id)
    if row is None or row.transcript_state not in UNFINISHED:
        return
    row.transcript_state, row.failure = RunState.DONE, None
    row.transcript, row.beat_at = words[: rules.TEXT_MAX], now
    notes.announce(work, account_id, row.note_id)


async def fail_transcript(
    work: UnitOfWork, *, account_id: UUID, memo_id: UUID, error: Exception, now: datetime
) -> None:
    """Say why there are no words, in a sentence for the student; the recording stays."""
    row = await queries.memo_for_update(work.session, account_id, memo_id)
    if row is None or row.transcript_state not in UNFINISHED:
        return
    failure = error.message if isinstance(error, StudyMasterError) else BROKEN
    row.transcript_state, row.failure, row.beat_at = RunState.FAILED, failure, now
    notes.announce(work, account_id, row.note_id)


async def take_words_over(
    work: UnitOfWork, *, account_id: UUID, memo_id: UUID, now: datetime
) -> NoteView:
    """Put a transcript below the text of its note, once.

    Raises:
        InvalidInputError: the note would be too long.
    """
    memo = await _memo(work, account_id, memo_id)
    note = await queries.note_for_update(work.session, account_id, memo.note_id)
    if note is None:
        raise NotFoundError(notes.NO_NOTE)
    words = rules.with_transcript(note.text, memo.transcript)
    if len(words) > rules.TEXT_MAX:
        raise InvalidInputError(TOO_FULL)
    if words != note.text:
        notes.write(note, words, now=now)
        notes.announce(work, account_id, note.id)
    return await notes.view_of(work, note)


async def resend_silent(work: UnitOfWork, *, before: datetime, now: datetime) -> None:
    """Ask again for transcripts that a dead worker or a lost message left behind."""
    for row in await queries.silent_memos(work.session, before=before):
        row.beat_at = now
        _enqueue(work, row)


def _enqueue(work: UnitOfWork, row: VoiceMemo) -> None:
    work.enqueue(
        JobName.TRANSCRIBE_MEMO, account_id=str(row.account_id), memo_id=str(row.id)
    )
    notes.announce(work, row.account_id, row.note_id)


async def _memo(work: UnitOfWork, account_id: UUID, memo_id: UUID) -> VoiceMemo:
    row = await queries.memo_by_id(work.session, account_id, memo_id)
    if row is None:
        raise NotFoundError(NO_MEMO)
    return row


def _recording(row: VoiceMemo) -> Recording:
    return Recording(
        id=row.id,
        storage_key=row.storage_key,
        mimetype=row.mimetype,
        size_bytes=row.size_bytes,
        filename=Path(row.storage_key).name,
    )
