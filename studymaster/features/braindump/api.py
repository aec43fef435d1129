"""Notes and voice memos over HTTP."""

import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from studymaster.adapters import clock
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.adapters.storage import get_storage, received
from studymaster.errors import InvalidInputError
from studymaster.features.accounts.api import CurrentStudent, expensive
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.braindump.rules import MEMO_MAX_BYTES
from studymaster.features.braindump.schemas import (
    Caught,
    Filter,
    MemoView,
    NoteRow,
    NoteView,
    Wish,
)
from studymaster.features.braindump.service import cards, memos, notes
from studymaster.features.courses import service as courses
from studymaster.features.library.api import PRIVATE
from studymaster.lending import FILE, LentFile
from studymaster.paging import Stretch, Window
from studymaster.receiving import file_in, form_of, form_with, text_in

router = APIRouter(prefix="/notes", tags=["notes"])

UPLOAD_CHUNK_BYTES = 1024 * 1024
KEPT_ELSEWHERE = "X-Kept-As"
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
WHOLE_SECONDS = "Give the length in whole seconds."
MEMO_FORM = form_with(
    seconds={"type": "integer", "default": 0},
    id={"type": "string", "default": "", "description": "An id of the sender's own."},
)


class NoteSearch(BaseModel):
    """Which notes are wanted; `q` holds words, `course_id` is Moodle's."""

    q: str = ""
    kind: str = ""
    tag: str = ""
    course_id: int | None = None
    done: bool | None = None
    deleted: bool = False
    offset: int = 0
    limit: int = 50


class NewNote(BaseModel):
    """A note to keep; with an `id` of the sender's own, sending it twice keeps it once."""

    text: str
    kind: str = "thought"
    course_id: int | None = None
    id: str | None = None


class NoteChange(BaseModel):
    """What shall be different; `text` needs the `version` that it was typed into."""

    text: str | None = None
    version: int | None = None
    kind: str | None = None
    done: bool | None = None
    pinned: bool | None = None
    course_id: int | None = None


class CardsPromised(BaseModel):
    """The material that a note became; its proposals come from there."""

    material_id: str


@router.get("")
async def list_notes(
    student: CurrentStudent, wanted: Annotated[NoteSearch, Query()]
) -> Stretch[NoteRow]:
    """List the student's notes: pinned ones first, then the newest."""
    async with unit_of_work() as work:
        course_id = await _course(work, student, wanted.course_id)
        return await notes.list_notes(
            work,
            account_id=student.account_id,
            wanted=Filter(
                words=wanted.q,
                kind=wanted.kind,
                tag=wanted.tag,
                course_id=course_id,
                done=wanted.done,
                deleted=wanted.deleted,
            ),
            window=Window(wanted.offset, wanted.limit),
        )


@router.post("", status_code=HTTPStatus.CREATED)
async def keep_note(student: CurrentStudent, body: NewNote) -> NoteView:
    """Keep a new note."""
    note_id = parse_id(body.id, missing=notes.NO_NOTE) if body.id else uuid4()
    async with unit_of_work() as work:
        chosen = await _course(work, student, body.course_id)
        caught = Caught(note_id, body.text, body.kind, chosen)
        return await notes.catch(
            work, account_id=student.account_id, caught=caught, now=clock.now()
        )


@router.get("/{note_id}")
async def get_note(student: CurrentStudent, note_id: str) -> NoteView:
    """Return a note with its recordings."""
    async with unit_of_work() as work:
        return await notes.get_note(
            work, account_id=student.account_id, note_id=_note(note_id)
        )


@router.patch("/{note_id}")
async def change_note(
    student: CurrentStudent, note_id: str, body: NoteChange, answer: Response
) -> NoteView:
    """Change a note.

    When its text was changed elsewhere since `version`, the sent text is kept as a note of
    its own; the header `X-Kept-As` names it.
    """
    account_id, one, now = student.account_id, _note(note_id), clock.now()
    async with unit_of_work() as work:
        wish = Wish(body.kind, body.done, body.pinned)
        view = await notes.change(
            work, account_id=account_id, note_id=one, wish=wish, now=now
        )
        if "course_id" in body.model_fields_set:
            chosen = await _course(work, student, body.course_id)
            view = await notes.file_under(
                work, account_id=account_id, note_id=one, course_id=chosen
            )
        if body.text is None:
            return view
        if body.version is None:
            msg = "Name the version of the note that the text was typed into."
            raise InvalidInputError(msg)
        saved = await notes.save(
            work,
            account_id=account_id,
            note_id=one,
            version=body.version,
            text=body.text,
            now=now,
        )
    if saved.is_copy:
        answer.headers[KEPT_ELSEWHERE] = saved.note.id
    return saved.note


@router.delete("/{note_id}", status_code=HTTPStatus.NO_CONTENT)
async def delete_note(student: CurrentStudent, note_id: str) -> None:
    """Put a note into the bin."""
    async with unit_of_work() as work:
        await notes.delete(
            work, account_id=student.account_id, note_id=_note(note_id), now=clock.now()
        )


@router.post("/{note_id}/restore")
async def restore_note(student: CurrentStudent, note_id: str) -> NoteView:
    """Take a note out of the bin."""
    async with unit_of_work() as work:
        return await notes.restore(
            work, account_id=student.account_id, note_id=_note(note_id)
        )


@router.post(
    "/{note_id}/cards",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[Depends(expensive("generate"))],
)
async def make_cards(student: CurrentStudent, note_id: str) -> CardsPromised:
    """Have card proposals made from a note that is tied to a course."""
    material_id = await cards.make_cards(student, note_id=_note(note_id), now=clock.now())
    return CardsPromised(material_id=str(material_id))


@router.post(
    "/{note_id}/memos",
    status_code=HTTPStatus.CREATED,
    dependencies=[Depends(expensive("upload"))],
    openapi_extra=MEMO_FORM,
)
async def keep_memo(student: CurrentStudent, note_id: str, request: Request) -> MemoView:
    """Put a recording (at most 25 MB) to a note; the same `id` twice keeps it once."""
    async with form_of(
        request, most_bytes=MEMO_MAX_BYTES, too_large=memos.TOO_LARGE
    ) as form:
        own_id, seconds = text_in(form, "id"), _seconds(text_in(form, "seconds"))
        memo_id = _memo(own_id) if own_id else uuid4()
        async with received(_chunks(file_in(form))) as path:
            return await memos.store(
                path,
                account_id=student.account_id,
                note_id=_note(note_id),
                memo_id=memo_id,
                seconds=seconds,
                now=clock.now(),
            )


def _seconds(text: str) -> int:
    if not WHOLE_NUMBER.fullmatch(text or "0"):
        raise InvalidInputError(WHOLE_SECONDS)
    return int(text or "0")


@router.get("/memos/{memo_id}/audio", response_class=Response, responses=FILE)
async def memo_audio(student: CurrentStudent, memo_id: str) -> Response:
    """Return the sound of a recording, or a part of it (`Range`)."""
    async with unit_of_work() as work:
        recording = await memos.get_recording(
            work, account_id=student.account_id, memo_id=_memo(memo_id)
        )
    loan = AsyncExitStack()
    path = await loan.enter_async_context(get_storage().lend(recording.storage_key))
    return LentFile(path, loan=loan, media_type=recording.mimetype, headers=PRIVATE)


@router.post(
    "/memos/{memo_id}/transcript",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[Depends(expensive("transcribe"))],
)
async def transcribe(student: CurrentStudent, memo_id: str) -> MemoView:
    """Have a worker write down what was said."""
    async with unit_of_work() as work:
        return await memos.request_transcript(
            work,
            account_id=student.account_id,
            memo_id=_memo(memo_id),
            now=clock.now(),
        )


@router.delete("/memos/{memo_id}", status_code=HTTPStatus.NO_CONTENT)
async def delete_memo(student: CurrentStudent, memo_id: str) -> None:
    """Delete a recording."""
    async with unit_of_work() as work:
        key = await memos.remove(
            work, account_id=student.account_id, memo_id=_memo(memo_id)
        )
    await get_storage().remove(key)


async def _chunks(file: UploadFile) -> AsyncGenerator[bytes]:
    """Hand over an upload piece by piece, and no more of it than we take."""
    taken = 0
    while taken <= MEMO_MAX_BYTES and (chunk := await file.read(UPLOAD_CHUNK_BYTES)):
        taken += len(chunk)
        yield chunk


async def _course(work: UnitOfWork, student: Student, moodle_id: int | None) -> UUID | None:
    if moodle_id is None:
        return None
    course = await courses.course_of_moodle_id(
        work, account_id=student.account_id, moodle_id=moodle_id
    )
    return UUID(course.id)


def _note(note_id: str) -> UUID:
    return parse_id(note_id, missing=notes.NO_NOTE)


def _memo(memo_id: str) -> UUID:
    return parse_id(memo_id, missing=memos.NO_MEMO)
