import pytest

from studymaster.errors import InvalidInputError, SignInError
from studymaster.features.flashcards.state.chosen import ChosenState
from studymaster.features.flashcards.state.replacing import DuplicatesState, ReplaceState
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.features.flashcards.service.test_bulk import rows
from tests.tabs import open_tab, tab_of

PATH = "/smart-study/cards"


@pytest.fixture
async def deck(student):
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck, front="canis", tags=["animal"])
    await make_own_card(student, deck, front="Canis")
    return deck


async def opened(student, state, path=PATH):
    tab = tab_of(student, state, path=path)
    await state.load.fn(tab)
    return tab


async def test_it_is_looked_at_before_it_is_replaced(student, deck) -> None:
    tab = await opened(student, ReplaceState)
    await ReplaceState.ask_replace.fn(tab, is_open=True)
    assert (tab.is_replacing, tab.scope) == (True, 2)
    assert await ReplaceState.replace_words.fn(tab) is None
    form = {"find": "canis", "into": "lupus", "where": "front", "case": "on"}
    await ReplaceState.look.fn(tab, form)
    assert (tab.looked, tab.preview.count) == (True, 1)
    assert {*await rows()} == {"canis", "Canis"}
    assert await ReplaceState.replace_words.fn(tab) is not None
    assert {*await rows()} == {"lupus", "Canis"}
    assert (tab.is_replacing, tab.can_undo) == (False, True)
    assert await ReplaceState.replace_words.fn(tab) is None


async def test_only_the_chosen_are_looked_at(student, deck) -> None:
    tab = await opened(student, ReplaceState, f"{PATH}?tag=animal")
    await ChosenState.choose.fn(tab, [tab.rows[0].id], everything=False)
    await ReplaceState.ask_replace.fn(tab, is_open=True)
    await ReplaceState.look.fn(tab, {"find": "canis", "into": "x", "where": "all"})
    assert (tab.scope, tab.preview.count) == (1, 1)


async def test_a_wrong_pattern_is_said_and_the_window_stays(student, deck) -> None:
    tab = await opened(student, ReplaceState)
    await ReplaceState.ask_replace.fn(tab, is_open=True)
    form = {"find": "(", "into": "", "where": "all", "pattern": "on"}
    with pytest.raises(InvalidInputError, match="cannot be read"):
        await ReplaceState.look.fn(tab, form)
    assert (tab.is_replacing, tab.looked) == (True, False)


async def test_all_but_the_oldest_are_chosen(student, deck) -> None:
    tab = await opened(student, DuplicatesState)
    await DuplicatesState.compare.fn(tab, is_open=True)
    assert tab.found.total == 1
    await DuplicatesState.choose_newer.fn(tab)
    assert (tab.chosen, tab.is_comparing, tab.picked) == (1, False, list(tab.found.newer))
    await ChosenState.ask_delete.fn(tab, is_open=True)
    await ChosenState.delete.fn(tab)
    assert tab.total == 1


async def test_a_visitor_is_asked_to_sign_in() -> None:
    replace, twins = open_tab(ReplaceState), open_tab(DuplicatesState)
    for attempt in (
        ReplaceState.ask_replace.fn(replace, is_open=True),
        ReplaceState.look.fn(replace, {}),
        ReplaceState.replace_words.fn(replace),
        DuplicatesState.compare.fn(twins, is_open=True),
        DuplicatesState.choose_newer.fn(twins),
    ):
        with pytest.raises(SignInError):
            await attempt
