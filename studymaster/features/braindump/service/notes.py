"""Notes as a student writes them: caught, saved while typing, found again, put away."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.braindump import queries, rules
from studymaster.features.braindump.schemas import (
    Caught,
    Filter,
    MemoView,
    NoteRow,
    NoteView,
    Saved,
    TagCount,
    Wish,
)
from studymaster.features.courses import service as courses
from studymaster.models import Note, NoteKind, VoiceMemo
from studymaster.paging import Stretch, Window, stretch
from studymaster.typed import about, kept, typed, typed_line

NO_NOTE = "That note is not one of yours."
MOST_TAGS_SHOWN = 40
NO_LINE = -1
OF_A_NOTE = about("A note")


async def list_notes(
    work: UnitOfWork, *, account_id: UUID, wanted: Filter, window: Window
) -> Stretch[NoteRow]:
    """Return a stretch of the student's notes, pinned ones first, then the newest.

    Raises:
        InvalidInputError: there is no such kind, or the search is too long.
    """
    checked = replace(
        wanted,
        words=typed_line(wanted.words, most=rules.SEARCH_MAX, says=about("A search")),
        kind=_kind(wanted.kind).value if wanted.kind else "",
        tag=typed_line(wanted.tag, most=rules.TAG_MAX, says=about("A tag")).lower(),
    )
    rows = await queries.notes(work.session, account_id, wanted=checked, window=window)
    return stretch([_row(*row) for row in rows], window=window)


async def list_tags(work: UnitOfWork, *, account_id: UUID) -> list[TagCount]:
    """Return the tags that the student uses most."""
    found = await queries.tags(work.session, account_id, most=MOST_TAGS_SHOWN)
    return [TagCount(name, count) for name, count in found]


async def get_note(work: UnitOfWork, *, account_id: UUID, note_id: UUID) -> NoteView:
    """Return one of the student's notes with its recordings, also a deleted one."""
    note = await queries.note_by_id(work.session, account_id, note_id)
    if note is None:
        raise NotFoundError(NO_NOTE)
    return await view_of(work, note)


async def find_note(work: UnitOfWork, *, account_id: UUID, address: str) -> NoteView | None:
    """Return the note that a page's address names; None when it is not the student's."""
    try:
        note_id = parse_id(address, missing=NO_NOTE)
    except NotFoundError:
        return None
    note = await queries.note_by_id(work.session, account_id, note_id)
    return await view_of(work, note) if note else None


async def catch(
    work: UnitOfWork, *, account_id: UUID, caught: Caught, now: datetime
) -> NoteView:
    """Keep a new note under the id that the browser gave it; sent twice, it is kept once.

    Raises:
        InvalidInputError: it is empty or too long, or there is no such kind.
        NotFoundError: the id belongs to somebody else's note, or the course to another.
    """
    words = typed(caught.text, most=rules.TEXT_MAX, least=1, says=OF_A_NOTE)
    await _require_course(work, account_id=account_id, course_id=caught.course_id)
    note = _new(account_id, words, kind=_kind(caught.kind), note_id=caught.id, now=now)
    note.course_id = caught.course_id
    await work.session.exec(insert(Note).values(note.model_dump()).on_conflict_do_nothing())
    announce(work, account_id, caught.id)
    return await get_note(work, account_id=account_id, note_id=caught.id)


async def save(
    work: UnitOfWork,
    *,
    account_id: UUID,
    note_id: UUID,
    version: object,
    text: object,
    now: datetime,
) -> Saved:
    """Keep what was typed into a note whose `version` was on the screen.

    When the note has changed since, or lies in the bin, the words become a note of their
    own: neither side is lost, and a copy is marked as one. The same words twice are saved
    once, whatever was decided about them between the two.

    Raises:
        NotFoundError: the note is not the student's.
        InvalidInputError: the text is too long.
    """
    words = kept(text, says=OF_A_NOTE)
    typed(words, most=rules.TEXT_MAX, says=OF_A_NOTE)
    note = await _locked(work, account_id, note_id)
    if words == note.text:
        return Saved(await view_of(work, note), is_copy=False)
    if version != note.version or note.deleted_at is not None:
        return await _beside(work, note, words, now=now)
    write(note, words, now=now)
    await work.session.flush()
    announce(work, account_id, note_id)
    return Saved(await view_of(work, note), is_copy=False)


async def _beside(work: UnitOfWork, note: Note, words: str, *, now: datetime) -> Saved:
    """Keep words as a note of their own, beside the locked one that they were typed into."""
    in_bin = note.deleted_at is not None
    # The id follows from the words: sent again, they are found whatever became of them.
    copy_id = uuid5(note.id, words)
    copy = await queries.note_by_id(work.session, note.account_id, copy_id)
    while copy is not None and copy.text != words:
        # It was typed on since: these words are not in it any more.
        copy_id = uuid5(copy_id, words)
        copy = await queries.note_by_id(work.session, note.account_id, copy_id)
    if copy is None:
        copy = _new(note.account_id, words, kind=note.kind, note_id=copy_id, now=now)
        copy.course_id, copy.copy_of_id = note.course_id, None if in_bin else note.id
        work.session.add(copy)
        await work.session.flush()
        announce(work, note.account_id, copy_id)
    return Saved(await view_of(work, copy), is_copy=True, original_in_bin=in_bin)


async def change(
    work: UnitOfWork, *, account_id: UUID, note_id: UUID, wish: Wish, now: datetime
) -> NoteView:
    """Change what a note is, whether it is done, whether it stays on top."""
    note = await _locked(work, account_id, note_id)
    if wish.kind is not None:
        note.kind = _kind(wish.kind)
    if wish.done is not None:
        note.done_at = (note.done_at or now) if wish.done else None
    if wish.pinned is not None:
        note.pinned = wish.pinned
    announce(work, account_id, note_id)
    return await view_of(work, note)


async def file_under(
    work: UnitOfWork, *, account_id: UUID, note_id: UUID, course_id: UUID | None
) -> NoteView:
    """Tie a note to a course, or to none."""
    await _require_course(work, account_id=account_id, course_id=course_id)
    note = await _locked(work, account_id, note_id)
    note.course_id = course_id
    announce(work, account_id, note_id)
    return await view_of(work, note)


async def delete(
    work: UnitOfWork, *, account_id: UUID, note_id: UUID, now: datetime
) -> None:
    """Put a note into the bin, from which it can come back; its copies are none any more."""
    note = await _locked(work, account_id, note_id)
    note.deleted_at = note.deleted_at or now
    await queries.release_copies(work.session, account_id, original_id=note_id)
    announce(work, account_id, note_id)


async def restore(work: UnitOfWork, *, account_id: UUID, note_id: UUID) -> NoteView:
    """Take a note out of the bin."""
    note = await _locked(work, account_id, note_id)
    note.deleted_at = None
    announce(work, account_id, note_id)
    return await view_of(work, note)


def announce(work: UnitOfWork, account_id: UUID, note_id: UUID) -> None:
    """Tell the student's tabs that a note changed."""
    work.announce(news_for(account_id, Topic.NOTES, subject=str(note_id)))


def write(note: Note, words: str, *, now: datetime) -> None:
    """Put words into a note; its title and tags follow."""
    note.text, note.title = words, rules.title_of(words)
    note.tags = rules.tags_of(words)
    note.version += 1
    note.updated_at = now


async def view_of(work: UnitOfWork, note: Note) -> NoteView:
    """Return a note as its page shows it."""
    memos = await queries.memos_of_note(work.session, note.account_id, note.id)
    copy = await queries.newest_copy(work.session, note.account_id, original_id=note.id)
    course = ""
    if note.course_id is not None:
        found = await courses.get_course(
            work, account_id=note.account_id, course_id=note.course_id
        )
        course = found.shortname
    return NoteView(
        id=str(note.id),
        kind=note.kind,
        text=note.text,
        title=note.title,
        tags=note.tags,
        course_id=str(note.course_id or ""),
        course=course,
        version=note.version,
        updated_at=note.updated_at.isoformat(),
        done=note.done_at is not None,
        pinned=note.pinned,
        deleted=note.deleted_at is not None,
        material_id=str(note.material_id or ""),
        copy_of=str(note.copy_of_id or ""),
        copied_at=_copied_at(note),
        copy_id=str(copy or ""),
        memos=[memo_view(memo) for memo in memos],
    )


def memo_view(memo: VoiceMemo) -> MemoView:
    """Return a recording as its page shows it."""
    return MemoView(
        id=str(memo.id),
        address=f"/api/v1/notes/memos/{memo.id}/audio",
        seconds=memo.seconds,
        duration=rules.length_words(memo.seconds),
        size=rules.size_words(memo.size_bytes),
        state=memo.transcript_state or "",
        transcript=memo.transcript,
        failure=memo.failure or "",
    )


def _row(note: Note, course: object, memos: int) -> NoteRow:
    return NoteRow(
        id=str(note.id),
        kind=note.kind,
        title=note.title,
        excerpt=rules.excerpt_of(note.text),
        tags=note.tags,
        course=getattr(course, "shortname", ""),
        line=getattr(course, "line", NO_LINE),
        updated_at=note.updated_at.isoformat(),
        done=note.done_at is not None,
        pinned=note.pinned,
        memos=memos,
        copied_at=_copied_at(note),
    )


def _copied_at(note: Note) -> str:
    return note.created_at.isoformat() if note.copy_of_id else ""


def _new(
    account_id: UUID, words: str, *, kind: NoteKind, note_id: UUID, now: datetime
) -> Note:
    return Note(
        id=note_id,
        account_id=account_id,
        kind=kind,
        title=rules.title_of(words),
        text=words,
        tags=rules.tags_of(words),
        created_at=now,
        updated_at=now,
    )


def _kind(value: object) -> NoteKind:
    if value not in set(NoteKind):
        msg = "A note is a thought, a todo, a question or a study note."
        raise InvalidInputError(msg)
    return NoteKind(str(value))


async def _locked(work: UnitOfWork, account_id: UUID, note_id: UUID) -> Note:
    note = await queries.note_for_update(work.session, account_id, note_id)
    if note is None:
        raise NotFoundError(NO_NOTE)
    return note


async def _require_course(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID | None
) -> None:
    if course_id is not None:
        await courses.get_course(work, account_id=account_id, course_id=course_id)
