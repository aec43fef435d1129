import pytest

from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.flashcards.state.searches import SearchesState
from tests.conftest import NOBODYS_ID
from tests.tabs import tab_of

FORM = {"name": "Due", "text": "is:due", "stage": "", "tag": "", "deck": ""}


async def opened(student) -> SearchesState:
    tab = tab_of(student, SearchesState, path="/smart-study/cards")
    await SearchesState.load.fn(tab)
    return tab


async def test_a_search_is_kept_once_and_forgotten(student) -> None:
    tab = await opened(student)
    await SearchesState.keep.fn(tab, FORM)
    assert tab.kept == []
    await SearchesState.ask_name.fn(tab, is_open=True)
    for _ in range(2):
        await SearchesState.keep.fn(tab, FORM)
    assert ([one.name for one in tab.kept], tab.is_naming) == (["Due"], False)
    await SearchesState.forget.fn(tab, tab.kept[0].id)
    assert tab.kept == []
    with pytest.raises(NotFoundError):
        await SearchesState.forget.fn(tab, NOBODYS_ID)


async def test_what_cannot_be_kept_leaves_the_window_open(student) -> None:
    tab = await opened(student)
    await SearchesState.ask_name.fn(tab, is_open=True)
    with pytest.raises(InvalidInputError):
        await SearchesState.keep.fn(tab, FORM | {"text": ""})
    assert tab.is_naming


async def test_a_search_gets_another_name(student) -> None:
    tab = await opened(student)
    await SearchesState.ask_name.fn(tab, is_open=True)
    await SearchesState.keep.fn(tab, FORM)
    await SearchesState.rename.fn(tab, {"name": "nobody asked"})
    assert tab.kept[0].name == "Due"
    await SearchesState.ask_rename.fn(tab, tab.kept[0].id)
    with pytest.raises(InvalidInputError):
        await SearchesState.rename.fn(tab, {"name": " "})
    assert tab.renaming.name == "Due"
    await SearchesState.rename.fn(tab, {"name": "Now"})
    assert (tab.kept[0].name, tab.renaming.id) == ("Now", "")
    await SearchesState.ask_rename.fn(tab, NOBODYS_ID)
    assert tab.renaming.id == ""
    await SearchesState.ask_rename.fn(tab, tab.kept[0].id)
    await SearchesState.close_renaming.fn(tab, is_open=False)
    assert tab.renaming.id == ""
