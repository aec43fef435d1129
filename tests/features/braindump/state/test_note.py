from functools import partial
from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import FileGoneError, get_storage
from studymaster.config import get_settings
from studymaster.errors import ConflictError, NotFoundError, TooManyRequestsError
from studymaster.features.braindump.service import memos
from studymaster.features.braindump.state import NoteState
from tests.conftest import NOBODYS_ID
from tests.features.braindump.service.test_memos import recorded
from tests.features.braindump.service.test_notes import caught, found
from tests.features.library.shelf import make_course
from tests.tabs import tab_of


async def opened(student, note_id: str) -> NoteState:
    tab = tab_of(student, NoteState, path=f"/brain-dump?note={note_id}")
    await NoteState.load.fn(tab)
    return tab


async def test_the_address_names_the_open_note(student) -> None:
    note = await caught(student, "Open me")
    tab = await opened(student, note.id)
    assert (tab.note, tab.missing) == (note, False)


@pytest.mark.parametrize("note_id", [NOBODYS_ID, "nonsense", "%00"])
async def test_an_address_that_leads_nowhere_says_so(student, note_id) -> None:
    tab = await opened(student, note_id)
    assert (tab.note.id, tab.missing) == ("", True)


async def test_another_students_note_does_not_open(student, other_student) -> None:
    tab = await opened(other_student, (await caught(student, "Private")).id)
    assert (tab.note.id, tab.note.text, tab.missing) == ("", "", True)


async def test_typing_saves_and_a_late_tab_keeps_its_words_beside(student) -> None:
    note = await caught(student, "Start")
    tab, late = await opened(student, note.id), await opened(student, note.id)
    assert await NoteState.save.fn(tab, note.id, 1, "One") is None
    assert (tab.note.text, tab.note.version) == ("One", 2)
    assert await NoteState.save.fn(late, note.id, 1, "Two") is not None
    assert late.note.text == "Two"
    assert late.note.id != note.id
    assert sorted(await found(student)) == ["One", "Two"]


@pytest.mark.parametrize(
    ("keep", "stays", "others"),
    [
        ("copy", "Two", ["Two"]),
        ("original", "One", ["One"]),
        ("both", "Two", ["One", "Two"]),
    ],
)
async def test_of_a_note_and_its_copy_the_one_that_stays_is_open(
    student, keep: str, stays: str, others: list[str]
) -> None:
    note = await caught(student, "Start")
    tab, late = await opened(student, note.id), await opened(student, note.id)
    await NoteState.save.fn(tab, note.id, 1, "One")
    await NoteState.save.fn(late, note.id, 1, "Two")
    assert late.note.copy_of == note.id
    went = await NoteState.settle.fn(late, keep)
    assert (late.note.text, late.note.copy_of) == (stays, "")
    assert (went is not None) is (keep == "original")
    assert sorted(await found(student)) == others


async def test_the_tab_of_the_original_is_led_to_the_copy_while_there_is_one(
    student,
) -> None:
    note = await caught(student, "Start")
    tab, late = await opened(student, note.id), await opened(student, note.id)
    await NoteState.save.fn(tab, note.id, 1, "One")
    assert tab.note.copy_id == ""
    await NoteState.save.fn(late, note.id, 1, "Two")
    await NoteState.refresh.fn(tab)
    assert (tab.note.copy_id, late.note.copy_id) == (late.note.id, "")
    await NoteState.delete.fn(late)
    await NoteState.refresh.fn(tab)
    assert tab.note.copy_id == ""
    await NoteState.restore.fn(late)
    await NoteState.settle.fn(late, "both")
    await NoteState.refresh.fn(tab)
    assert tab.note.copy_id == ""


async def test_words_for_a_note_that_is_in_the_bin_are_told_to_be_a_note_of_their_own(
    student,
) -> None:
    note = await caught(student, "Start")
    tab, late = await opened(student, note.id), await opened(student, note.id)
    await NoteState.delete.fn(tab)
    told = await NoteState.save.fn(late, note.id, 1, "Start, and more")
    assert "put into the bin elsewhere" in str(told)
    assert "a note of its own" in str(told)
    assert (late.note.text, late.note.deleted) == ("Start, and more", False)


async def test_words_that_come_again_after_the_choice_are_told_to_be_there(student) -> None:
    note = await caught(student, "Start")
    tab, late = await opened(student, note.id), await opened(student, note.id)
    await NoteState.save.fn(tab, note.id, 1, "One")
    first = await NoteState.save.fn(late, note.id, 1, "Two")
    assert "kept as a copy beside it" in str(first)
    await NoteState.settle.fn(late, "both")
    again = await NoteState.save.fn(tab, note.id, 1, "Two")
    assert "kept as a note of its own before" in str(again)
    assert tab.note == late.note


async def test_words_of_a_note_that_was_left_are_saved_behind_the_next(student) -> None:
    first, second = await caught(student, "First"), await caught(student, "Second")
    tab = await opened(student, second.id)
    await NoteState.save.fn(tab, first.id, 1, "First, typed on")
    assert tab.note.id == second.id
    assert sorted(await found(student)) == ["First, typed on", "Second"]


async def test_kind_course_and_marks_change(student) -> None:
    course = await make_course(student)
    tab = await opened(student, (await caught(student, "Sheet 3")).id)
    await NoteState.choose_kind.fn(tab, "todo")
    await NoteState.toggle_done.fn(tab)
    await NoteState.toggle_pinned.fn(tab)
    await NoteState.choose_course.fn(tab, str(course.id))
    assert (tab.note.kind, tab.note.done, tab.note.pinned) == ("todo", True, True)
    assert (tab.note.course, tab.courses) == (
        course.shortname,
        [(str(course.id), course.shortname)],
    )
    await NoteState.choose_course.fn(tab, "")
    assert tab.note.course_id == ""


async def test_a_note_goes_to_the_bin_comes_back_and_goes_for_good(
    student, tmp_path
) -> None:
    note = await caught(student, "Old")
    memo = await recorded(student, tmp_path, note_id=UUID(note.id))
    async with unit_of_work() as work:
        recording = await memos.get_recording(
            work, account_id=student.account_id, memo_id=UUID(memo.id)
        )
    tab = await opened(student, note.id)
    await NoteState.delete.fn(tab)
    assert tab.note.deleted
    await NoteState.restore.fn(tab)
    assert not tab.note.deleted
    await NoteState.delete.fn(tab)
    await NoteState.delete_for_good.fn(tab)
    assert (tab.note.id, await found(student, deleted=True)) == ("", [])
    with pytest.raises(FileGoneError):
        await get_storage().get_bytes(recording.storage_key)


async def test_a_recording_is_deleted_with_its_bytes(student, tmp_path) -> None:
    note = await caught(student, "Spoken")
    memo = await recorded(student, tmp_path, note_id=UUID(note.id))
    tab = await opened(student, note.id)
    await NoteState.remove_memo.fn(tab, memo.id)
    assert tab.note.memos == []


async def test_without_a_model_nothing_is_written_down(student, tmp_path) -> None:
    note = await caught(student, "Spoken")
    memo = await recorded(student, tmp_path, note_id=UUID(note.id))
    tab = await opened(student, note.id)
    assert not tab.has_model
    with pytest.raises(ConflictError):
        await NoteState.transcribe.fn(tab, memo.id)


async def test_cards_are_made_from_the_open_note(student, sent) -> None:
    course = await make_course(student)
    text = "Osmosis is the movement of water through a membrane."
    note = await caught(student, text, course_id=course.id)
    tab = await opened(student, note.id)
    await NoteState.make_cards.fn(tab)
    assert (tab.note.material_id != "", len(sent)) == (True, 1)


@pytest.mark.parametrize("event", ["remove_memo", "transcribe", "take_words_over"])
async def test_another_students_recording_is_not_there(
    student, other_student, tmp_path, event
) -> None:
    memo = await recorded(student, tmp_path)
    tab = await opened(other_student, (await caught(other_student, "Mine")).id)
    for memo_id in (memo.id, "nonsense"):
        with pytest.raises(NotFoundError):
            await getattr(NoteState, event).fn(tab, memo_id)


async def test_cards_and_transcripts_are_braked_like_their_operations(
    student, tmp_path, sent, monkeypatch
) -> None:
    monkeypatch.setenv("LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("LLM_MODEL", "small")
    get_settings.cache_clear()
    course = await make_course(student)
    note = await caught(student, "Osmosis moves water.", course_id=course.id)
    memo = await recorded(student, tmp_path, note_id=UUID(note.id))
    tab = await opened(student, note.id)
    for event in (
        NoteState.make_cards.fn,
        partial(NoteState.transcribe.fn, memo_id=memo.id),
    ):
        for _ in range(10):
            await event(tab)
        with pytest.raises(TooManyRequestsError):
            await event(tab)
