from uuid import uuid4

import pytest

from studymaster.errors import NotFoundError, SignInError
from studymaster.features.braindump.state import NotesState
from tests.features.braindump.service.test_notes import caught
from tests.tabs import open_tab, tab_of


async def opened(student) -> NotesState:
    tab = tab_of(student, NotesState, path="/brain-dump")
    await NotesState.load.fn(tab)
    return tab


def titles(tab: NotesState) -> list[str]:
    return [row.title for row in tab.rows]


async def test_the_page_shows_notes_and_tags(student) -> None:
    await caught(student, "First #a")
    tab = await opened(student)
    assert (titles(tab), [tag.name for tag in tab.tags]) == (["First"], ["a"])
    assert (tab.loaded, tab.more, tab.account) == (True, False, str(student.account_id))


async def test_what_is_caught_is_in_the_list_and_the_box_is_told(student) -> None:
    tab = await opened(student)
    note_id = str(uuid4())
    await NotesState.catch.fn(tab, note_id, "Buy paper", "todo")
    assert (titles(tab), tab.caught) == (["Buy paper"], note_id)


async def test_the_list_is_narrowed_and_widened_again(student) -> None:
    await caught(student, "Membranes #bio")
    await caught(student, "Sheet 3", "todo")
    tab = await opened(student)
    await NotesState.search.fn(tab, "memb")
    assert titles(tab) == ["Membranes"]
    await NotesState.search.fn(tab, "")
    await NotesState.choose_kind.fn(tab, "todo")
    assert titles(tab) == ["Sheet 3"]
    await NotesState.choose_view.fn(tab, "done")
    assert titles(tab) == []
    await NotesState.choose_kind.fn(tab, "todo")
    await NotesState.choose_tag.fn(tab, "bio")
    assert titles(tab) == ["Membranes"]
    await NotesState.choose_tag.fn(tab, "bio")
    assert len(titles(tab)) == 2
    await NotesState.toggle_bin.fn(tab)
    assert titles(tab) == []


async def test_a_long_list_grows_on_demand(student) -> None:
    for number in range(31):
        await caught(student, f"Note {number}")
    tab = await opened(student)
    assert (len(tab.rows), tab.more) == (30, True)
    await NotesState.show_more.fn(tab)
    assert (len(tab.rows), tab.more) == (31, False)


async def test_a_made_up_id_keeps_nothing(student) -> None:
    tab = await opened(student)
    with pytest.raises(NotFoundError):
        await NotesState.catch.fn(tab, "nonsense", "Words", "thought")


async def test_a_visitor_sees_nothing(empty_database) -> None:
    with pytest.raises(SignInError):
        await NotesState.load.fn(open_tab(NotesState))


async def test_a_todo_is_ticked_in_the_list(student, other_student) -> None:
    note = await caught(student, "Hand in sheet 3", "todo")
    tab = await opened(student)
    for was in (False, True):
        await NotesState.tick.fn(tab, note.id, was)
        assert [row.done for row in tab.rows] == [not was]
    with pytest.raises(NotFoundError):
        await NotesState.tick.fn(await opened(other_student), note.id, was=False)


async def test_words_in_the_address_are_looked_for_in_all_notes(student) -> None:
    await caught(student, "Membranes")
    await caught(student, "Sheet 3", "todo")
    tab = tab_of(student, NotesState, path="/brain-dump?search=memb")
    tab.kind, tab.bin = "todo", True
    await NotesState.load.fn(tab)
    assert (titles(tab), tab.words, tab.kind, tab.visit) == (["Membranes"], "memb", "", 1)
    long = tab_of(student, NotesState, path=f"/brain-dump?search={'x' * 999}")
    await NotesState.load.fn(long)
    assert (titles(long), len(long.words)) == ([], 200)
