"""Notes over HTTP: kept, found, changed, put away, turned into cards."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.errors import InvalidInputError
from studymaster.features.accounts.api import CurrentStudent, expensive
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.braindump.schemas import (
    Caught,
    Filter,
    Keep,
    NoteRow,
    NoteView,
    TagCount,
    Wish,
)
from studymaster.features.braindump.service import cards, copies, memos, notes
from studymaster.features.courses import service as courses
from studymaster.paging import Stretch, Window, stretch

router = APIRouter(prefix="/notes", tags=["notes"])

KEPT_ELSEWHERE = "X-Kept-As"
Number = Annotated[int, Query()]


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


class CopyChoice(BaseModel):
    """Which of a copy and the note that it is a copy of shall stay."""

    keep: Keep


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


@router.get("/tags")
async def list_tags(
    student: CurrentStudent, offset: Number = 0, limit: Number = 50
) -> Stretch[TagCount]:
    """List the tags that the student uses most, at most forty of them."""
    window = Window(offset, limit)
    async with unit_of_work() as work:
        tags = await notes.list_tags(work, account_id=student.account_id)
    return stretch(tags[window.offset : window.offset + window.probe], window=window)


@router.get("/{note_id}")
async def get_note(student: CurrentStudent, note_id: str) -> NoteView:
    """Return a note with its recordings."""
    async with unit_of_work() as work:
        return await notes.get_note(
            work, account_id=student.account_id, note_id=note_of(note_id)
        )


@router.patch("/{note_id}")
async def change_note(
    student: CurrentStudent, note_id: str, body: NoteChange, answer: Response
) -> NoteView:
    """Change a note.

    When its text was changed elsewhere since `version`, or it lies in the bin, the sent text
    is kept as a note of its own; the header `X-Kept-As` names it.
    """
    account_id, one, now = student.account_id, note_of(note_id), clock.now()
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
            work, account_id=student.account_id, note_id=note_of(note_id), now=clock.now()
        )


@router.post("/{note_id}/restore")
async def restore_note(student: CurrentStudent, note_id: str) -> NoteView:
    """Take a note out of the bin."""
    async with unit_of_work() as work:
        return await notes.restore(
            work, account_id=student.account_id, note_id=note_of(note_id)
        )


@router.delete("/bin/{note_id}", status_code=HTTPStatus.NO_CONTENT)
async def delete_for_good(student: CurrentStudent, note_id: str) -> None:
    """Delete a note that lies in the bin, and its recordings; nothing brings them back."""
    async with unit_of_work() as work:
        remains = await memos.delete_for_good(
            work, account_id=student.account_id, note_id=note_of(note_id)
        )
    await memos.drop(remains)


@router.post("/{note_id}/keep")
async def settle_copy(student: CurrentStudent, note_id: str, body: CopyChoice) -> NoteView:
    """Keep a copy, its original, or both; return the one to go on with.

    The other one goes into the bin.
    """
    async with unit_of_work() as work:
        return await copies.settle(
            work,
            account_id=student.account_id,
            note_id=note_of(note_id),
            keep=body.keep,
            now=clock.now(),
        )


@router.post(
    "/{note_id}/cards",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[Depends(expensive("generate"))],
)
async def make_cards(student: CurrentStudent, note_id: str) -> CardsPromised:
    """Have card proposals made from a note that is tied to a course."""
    material_id = await cards.make_cards(student, note_id=note_of(note_id), now=clock.now())
    return CardsPromised(material_id=str(material_id))


async def _course(work: UnitOfWork, student: Student, moodle_id: int | None) -> UUID | None:
    if moodle_id is None:
        return None
    course = await courses.course_of_moodle_id(
        work, account_id=student.account_id, moodle_id=moodle_id
    )
    return UUID(course.id)


def note_of(note_id: str) -> UUID:
    """Return the id of a note; what is no id names no note."""
    return parse_id(note_id, missing=notes.NO_NOTE)
