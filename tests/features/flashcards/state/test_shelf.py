from uuid import uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError, SignInError
from studymaster.features.flashcards.service import decks
from studymaster.features.flashcards.state.shelf import ShelfState
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.tabs import open_tab, tab_of


async def own_decks(student) -> list[tuple[str, int]]:
    async with unit_of_work() as work:
        shelves = await decks.list_shelves(work, student=student, now=NOON)
    return [(deck.fullname, deck.total) for deck in shelves.own]


async def test_a_deck_is_made_and_named(student) -> None:
    tab = tab_of(student, ShelfState)
    await ShelfState.ask_new.fn(tab)
    assert (tab.is_naming, tab.name) == (True, "")
    await ShelfState.save.fn(tab, {"name": "Latin"})
    assert not tab.is_naming
    async with unit_of_work() as work:
        (deck,) = (await decks.list_shelves(work, student=student, now=NOON)).own
    await ShelfState.ask_name.fn(tab, deck.id)
    assert (tab.is_naming, tab.name) == (True, "Latin")
    await ShelfState.save.fn(tab, {"name": "Old Latin"})
    assert await own_decks(student) == [("Old Latin", 0)]


async def test_a_refused_name_leaves_the_window_open(student) -> None:
    await make_deck(student, "Latin")
    tab = tab_of(student, ShelfState)
    await ShelfState.ask_new.fn(tab)
    for name, words in ((None, "1 to 120"), ("x" * 121, "1 to 120"), ("LATIN", "already")):
        await ShelfState.save.fn(tab, {"name": name})
        assert tab.is_naming
        assert words in tab.problem
    await ShelfState.ask_new.fn(tab)
    assert tab.problem == ""


async def test_make_the_deck_pressed_twice_makes_it_once_and_complains_about_nothing(
    student,
) -> None:
    tab = tab_of(student, ShelfState)
    await ShelfState.ask_new.fn(tab)
    await ShelfState.save.fn(tab, {"name": "Latin"})
    assert await ShelfState.save.fn(tab, {"name": "Latin"}) == []
    assert (tab.problem, await own_decks(student)) == ("", [("Latin", 0)])


async def test_delete_pressed_twice_deletes_once(student) -> None:
    latin = await make_deck(student, "Latin")
    tab = tab_of(student, ShelfState)
    await ShelfState.ask_delete.fn(tab, str(latin))
    await ShelfState.delete.fn(tab, {})
    assert await ShelfState.delete.fn(tab, {}) == []
    assert await own_decks(student) == []


async def test_a_deck_keeps_its_own_name_in_other_letters(student) -> None:
    latin = await make_deck(student, "latin")
    tab = tab_of(student, ShelfState)
    await ShelfState.ask_name.fn(tab, str(latin))
    await ShelfState.save.fn(tab, {"name": "Latin"})
    assert (tab.is_naming, await own_decks(student)) == (False, [("Latin", 0)])


async def test_before_a_deck_goes_its_cards_are_asked_about(student) -> None:
    latin, greek = await make_deck(student, "Latin"), await make_deck(student, "Greek")
    await make_own_card(student, latin)
    tab = tab_of(student, ShelfState)
    await ShelfState.ask_delete.fn(tab, str(latin))
    assert (tab.is_deleting, tab.cards) == (True, 1)
    assert [choice.name for choice in tab.others] == ["Greek"]
    with pytest.raises(NotFoundError):
        await ShelfState.delete.fn(tab, {})
    await ShelfState.delete.fn(tab, {"cards": f"deck:{greek}"})
    assert await own_decks(student) == [("Greek", 1)]
    await ShelfState.ask_delete.fn(tab, str(greek))
    await ShelfState.delete.fn(tab, {"cards": "delete"})
    assert (await own_decks(student), tab.is_deleting) == ([], False)


async def test_an_empty_deck_goes_without_a_question(student) -> None:
    latin = await make_deck(student, "Latin")
    tab = tab_of(student, ShelfState)
    await ShelfState.ask_delete.fn(tab, str(latin))
    await ShelfState.delete.fn(tab, {})
    assert await own_decks(student) == []


async def test_closing_the_window_changes_nothing(student) -> None:
    latin = await make_deck(student, "Latin")
    tab = tab_of(student, ShelfState)
    await ShelfState.ask_delete.fn(tab, str(latin))
    await ShelfState.close.fn(tab, is_open=True)
    assert tab.is_deleting
    await ShelfState.close.fn(tab, is_open=False)
    assert (tab.is_deleting, await own_decks(student)) == (False, [("Latin", 0)])


async def test_another_students_deck_is_not_there(student, other_student) -> None:
    latin = await make_deck(student, "Latin")
    tab = tab_of(other_student, ShelfState)
    for deck_id in (str(latin), str(uuid4()), "nonsense", None):
        for handler in (ShelfState.ask_name, ShelfState.ask_delete):
            with pytest.raises(NotFoundError):
                await handler.fn(tab, deck_id)
    assert await own_decks(student) == [("Latin", 0)]


async def test_a_deck_is_made_in_another_and_moved_out_again(student) -> None:
    latin = str(await make_deck(student, "Latin"))
    tab = tab_of(student, ShelfState)
    await ShelfState.ask_new_within.fn(tab, latin)
    assert (tab.above, [place.name for place in tab.places]) == (latin, ["Latin"])
    await ShelfState.save.fn(tab, {"name": "Verbs", "above": latin})
    assert [name for name, _ in await own_decks(student)] == ["Latin", "Latin::Verbs"]
    async with unit_of_work() as work:
        verbs = (await decks.list_shelves(work, student=student, now=NOON)).own[1].id
    await ShelfState.ask_name.fn(tab, verbs)
    assert (tab.name, tab.above) == ("Verbs", latin)
    with pytest.raises(NotFoundError):
        await ShelfState.save.fn(tab, {"name": "Verbs", "above": verbs})
    await ShelfState.save.fn(tab, {"name": "Verbs", "above": ""})
    assert [name for name, _ in await own_decks(student)] == ["Latin", "Verbs"]


async def test_one_question_is_asked_for_a_deck_with_all_that_lies_in_it(student) -> None:
    latin = await make_deck(student, "Latin")
    await make_own_card(student, await make_deck(student, "Latin::Verbs"))
    greek = await make_deck(student, "Greek")
    tab = tab_of(student, ShelfState)
    await ShelfState.ask_delete.fn(tab, str(latin))
    assert (tab.inner, tab.cards) == (1, 1)
    assert [choice.name for choice in tab.others] == ["Greek"]
    await ShelfState.delete.fn(tab, {"cards": f"deck:{greek}"})
    assert await own_decks(student) == [("Greek", 1)]


async def test_a_visitor_touches_no_deck(student) -> None:
    tab = open_tab(ShelfState)
    for attempt in (
        ShelfState.ask_new.fn(tab),
        ShelfState.ask_new_within.fn(tab, "x"),
        ShelfState.ask_name.fn(tab, "x"),
        ShelfState.ask_delete.fn(tab, "x"),
        ShelfState.close.fn(tab, is_open=False),
        ShelfState.save.fn(tab, {}),
        ShelfState.delete.fn(tab, {}),
    ):
        with pytest.raises(SignInError):
            await attempt
