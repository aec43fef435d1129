"""Every SELECT on notes and recordings. The account comes first."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import String, column, func, literal_column, true
from sqlalchemy import select as rows_of
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.features.braindump.rules import search_query
from studymaster.features.braindump.schemas import Filter
from studymaster.models import Course, Note, NoteKind, RunState, VoiceMemo
from studymaster.paging import Window

UNFINISHED = (RunState.QUEUED, RunState.RUNNING)

Row = tuple[Note, Course | None, int]
"""A note, its course, and how many recordings it has."""


class RemovedMemo(NamedTuple):
    """What is left to do of a recording that is gone: tell its note, remove its bytes."""

    note_id: UUID
    storage_key: str


async def notes(
    session: AsyncSession, account_id: UUID, *, wanted: Filter, window: Window
) -> list[Row]:
    """Return notes that fit a filter, pinned ones first, then the newest."""
    memos = (
        rows_of(func.count())
        .where(col(VoiceMemo.note_id) == col(Note.id))
        .correlate(Note)
        .scalar_subquery()
    )
    statement = (
        select(Note, Course, memos)
        .outerjoin(Course, col(Course.id) == col(Note.course_id))
        .where(col(Note.account_id) == account_id, *_conditions(wanted))
        .order_by(col(Note.pinned).desc(), col(Note.updated_at).desc(), col(Note.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return [(note, course, count) for note, course, count in await session.exec(statement)]


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    deleted = col(Note.deleted_at)
    conditions: list[ColumnElement[bool]] = [
        deleted.is_not(None) if wanted.deleted else deleted.is_(None)
    ]
    if wanted.kind:
        conditions.append(col(Note.kind) == NoteKind(wanted.kind))
    if wanted.tag:
        conditions.append(col(Note.tags).contains([wanted.tag]))
    if wanted.course_id:
        conditions.append(col(Note.course_id) == wanted.course_id)
    if wanted.done is not None:
        done = col(Note.done_at)
        conditions.append(done.is_not(None) if wanted.done else done.is_(None))
    if query := search_query(wanted.words):
        # The words of the index; PostgreSQL finds it by the same expression.
        words = func.to_tsvector(
            literal_column("'simple'"), col(Note.title) + " " + col(Note.text)
        )
        wanted_words = func.to_tsquery(literal_column("'simple'"), query)
        conditions.append(words.bool_op("@@")(wanted_words))
    return conditions


async def tags(
    session: AsyncSession, account_id: UUID, *, most: int
) -> Sequence[tuple[str, int]]:
    """Return the account's tags with their counts, the most used first."""
    tags_of = func.unnest(col(Note.tags)).table_valued(column("tag", String))
    of_note = tags_of.render_derived(name="of_note")
    tag = of_note.c.tag
    statement = (
        select(tag, func.count())
        .select_from(Note)
        .join(of_note, true())
        .where(col(Note.account_id) == account_id, col(Note.deleted_at).is_(None))
        .group_by(tag)
        .order_by(func.count().desc(), tag)
        .limit(most)
    )
    return [(str(name), count) for name, count in await session.exec(statement)]


async def note_by_id(session: AsyncSession, account_id: UUID, note_id: UUID) -> Note | None:
    """Return a note of the account, also a deleted one."""
    statement = select(Note).where(Note.id == note_id, Note.account_id == account_id)
    return (await session.exec(statement)).one_or_none()


async def note_for_update(
    session: AsyncSession, account_id: UUID, note_id: UUID
) -> Note | None:
    """Return a note, locked until the transaction ends."""
    statement = (
        select(Note)
        .where(Note.id == note_id, Note.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).one_or_none()


async def newest_copy(
    session: AsyncSession, account_id: UUID, *, original_id: UUID
) -> UUID | None:
    """Return the id of a note's newest copy that does not lie in the bin."""
    statement = (
        select(Note.id)
        .where(
            Note.account_id == account_id,
            Note.copy_of_id == original_id,
            col(Note.deleted_at).is_(None),
        )
        .order_by(col(Note.created_at).desc(), col(Note.id))
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def release_copies(
    session: AsyncSession, account_id: UUID, *, original_id: UUID
) -> None:
    """Let the copies of a note be notes like any other."""
    statement = (
        update(Note)
        .where(col(Note.account_id) == account_id, col(Note.copy_of_id) == original_id)
        .values(copy_of_id=None)
        .execution_options(synchronize_session=False)
    )
    await session.exec(statement)


async def memos_of_note(
    session: AsyncSession, account_id: UUID, note_id: UUID
) -> Sequence[VoiceMemo]:
    """Return a note's recordings, oldest first."""
    statement = (
        select(VoiceMemo)
        .where(VoiceMemo.account_id == account_id, VoiceMemo.note_id == note_id)
        .order_by(col(VoiceMemo.created_at), col(VoiceMemo.id))
    )
    return (await session.exec(statement)).all()


async def memo_by_id(
    session: AsyncSession, account_id: UUID, memo_id: UUID
) -> VoiceMemo | None:
    """Return a recording of the account."""
    statement = select(VoiceMemo).where(
        VoiceMemo.id == memo_id, VoiceMemo.account_id == account_id
    )
    return (await session.exec(statement)).one_or_none()


async def memo_for_update(
    session: AsyncSession, account_id: UUID, memo_id: UUID
) -> VoiceMemo | None:
    """Return a recording, locked until the transaction ends."""
    statement = (
        select(VoiceMemo)
        .where(VoiceMemo.id == memo_id, VoiceMemo.account_id == account_id)
        .with_for_update()
    )
    return (await session.exec(statement)).one_or_none()


async def remove_memo(
    session: AsyncSession, account_id: UUID, memo_id: UUID
) -> RemovedMemo | None:
    """Delete a recording; None when it is not there, or somebody else just deleted it."""
    statement = (
        delete(VoiceMemo)
        .where(col(VoiceMemo.id) == memo_id, col(VoiceMemo.account_id) == account_id)
        .returning(col(VoiceMemo.note_id), col(VoiceMemo.storage_key))
        .execution_options(synchronize_session=False)
    )
    row = (await session.exec(statement)).one_or_none()
    return RemovedMemo._make(row) if row else None


async def silent_memos(session: AsyncSession, *, before: datetime) -> Sequence[VoiceMemo]:
    """Return recordings whose promised transcript gave no sign of life since a moment."""
    statement = (
        select(VoiceMemo)
        .where(
            col(VoiceMemo.transcript_state).in_(UNFINISHED),
            col(VoiceMemo.beat_at) < before,
        )
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(statement)).all()
