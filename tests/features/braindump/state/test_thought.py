from uuid import uuid4

import pytest

from studymaster.errors import InvalidInputError, SignInError
from studymaster.features.braindump.state import NotesState, ThoughtState
from studymaster.features.braindump.state.thought import KEPT
from tests.tabs import open_tab, tab_of


async def titles(student) -> list[str]:
    notes = tab_of(student, NotesState, path="/brain-dump")
    await NotesState.load.fn(notes)
    return [row.title for row in notes.rows]


async def test_a_thought_from_any_page_is_a_note_and_the_box_is_told(student) -> None:
    tab, note_id = tab_of(student, ThoughtState, path="/focus"), str(uuid4())
    told = await ThoughtState.catch.fn(tab, note_id, "Ask about ATP", "question")
    assert tab.caught == note_id
    assert KEPT in str(told.args)
    assert await titles(student) == ["Ask about ATP"]


async def test_a_thought_sent_twice_is_one_note(student) -> None:
    tab, note_id = tab_of(student, ThoughtState), str(uuid4())
    for _ in range(2):
        await ThoughtState.catch.fn(tab, note_id, "Ask about ATP", "thought")
    assert await titles(student) == ["Ask about ATP"]


async def test_the_box_stays_full_when_nothing_was_kept(student) -> None:
    tab = tab_of(student, ThoughtState)
    with pytest.raises(InvalidInputError):
        await ThoughtState.catch.fn(tab, str(uuid4()), " ", "thought")
    assert tab.caught == ""


async def test_a_visitor_catches_nothing(empty_database) -> None:
    with pytest.raises(SignInError):
        await ThoughtState.catch.fn(open_tab(ThoughtState), str(uuid4()), "x", "thought")
