from uuid import uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError, SignInError
from studymaster.features.flashcards.state.settings import DeckSettingsState
from studymaster.models import Deck
from tests.features.flashcards.pile import make_deck
from tests.features.library.shelf import make_course
from tests.tabs import open_tab, tab_of

USUAL = {
    "new_per_day": "20",
    "reviews_per_day": "200",
    "new_order": "lecture",
    "due_order": "oldest",
    "bury_siblings": "on",
    "leech_at": "8",
    "leech_suspends": "on",
}
"""What the form says where nothing was touched."""


async def chosen(deck_id) -> tuple[str, int]:
    async with unit_of_work() as work:
        deck = await work.session.get_one(Deck, deck_id)
    return deck.scheduler, deck.retention


async def test_a_deck_chooses_its_scheduler_and_says_so_when_opened_again(student) -> None:
    latin = await make_deck(student, "Latin")
    tab = tab_of(student, DeckSettingsState)
    await DeckSettingsState.open.fn(tab, f"deck:{latin}")
    assert (tab.is_open, tab.deck.name, tab.deck.scheduler) == (True, "Latin", "sm2")
    await DeckSettingsState.save.fn(tab, USUAL | {"scheduler": "fsrs", "retention": "85"})
    assert (tab.is_open, await chosen(latin)) == (False, ("fsrs", 85))
    await DeckSettingsState.open.fn(tab, f"deck:{latin}")
    assert (tab.deck.scheduler, tab.deck.retention) == ("fsrs", 85)


async def test_a_share_out_of_bounds_is_told_at_its_field(student) -> None:
    latin = await make_deck(student, "Latin")
    tab = tab_of(student, DeckSettingsState)
    await DeckSettingsState.open.fn(tab, f"deck:{latin}")
    for share in ("99", "", None, "many", 0.9):
        await DeckSettingsState.save.fn(
            tab, USUAL | {"scheduler": "fsrs", "retention": share}
        )
        assert tab.is_open
        assert "from 70 to 97" in tab.problems["retention"]
    await DeckSettingsState.save.fn(tab, USUAL | {"retention": "90"})
    assert "SM-2 or by FSRS" in tab.problems["retention"]
    assert await chosen(latin) == ("sm2", 90)


async def test_what_sm2_does_not_ask_for_waits_for_the_return_of_fsrs(student) -> None:
    latin = await make_deck(student, "Latin")
    tab = tab_of(student, DeckSettingsState)
    for form in (
        {"scheduler": "fsrs", "retention": "85"},
        {"scheduler": "sm2", "retention": "hidden nonsense"},
    ):
        await DeckSettingsState.open.fn(tab, f"deck:{latin}")
        await DeckSettingsState.save.fn(tab, USUAL | form)
    assert await chosen(latin) == ("sm2", 85)


async def test_pressed_twice_it_is_saved_once(student) -> None:
    latin = await make_deck(student, "Latin")
    tab = tab_of(student, DeckSettingsState)
    await DeckSettingsState.open.fn(tab, f"deck:{latin}")
    form = {"scheduler": "fsrs", "retention": "85"}
    assert await DeckSettingsState.save.fn(tab, USUAL | form) is not None
    assert await DeckSettingsState.save.fn(tab, USUAL | form | {"retention": "70"}) is None
    assert await chosen(latin) == ("fsrs", 85)


async def test_a_course_without_cards_has_settings_too_and_closing_keeps_them(
    student,
) -> None:
    course = await make_course(student)
    tab = tab_of(student, DeckSettingsState)
    await DeckSettingsState.open.fn(tab, f"course:{course.id}")
    assert (tab.deck.name, tab.deck.scheduler, tab.deck.cards) == ("BIO 101", "sm2", 0)
    await DeckSettingsState.close.fn(tab, is_open=True)
    assert tab.is_open
    await DeckSettingsState.close.fn(tab, is_open=False)
    assert not tab.is_open


async def test_another_students_deck_is_not_there(student, other_student) -> None:
    latin = await make_deck(student, "Latin")
    tab = tab_of(other_student, DeckSettingsState)
    for key in (f"deck:{latin}", f"deck:{uuid4()}", "nonsense", "", None):
        with pytest.raises(NotFoundError):
            await DeckSettingsState.open.fn(tab, key)
    assert await chosen(latin) == ("sm2", 90)


async def test_a_visitor_opens_nothing(student) -> None:
    tab = open_tab(DeckSettingsState)
    for attempt in (
        DeckSettingsState.open.fn(tab, "deck:x"),
        DeckSettingsState.close.fn(tab, is_open=False),
        DeckSettingsState.save.fn(tab, {}),
    ):
        with pytest.raises(SignInError):
            await attempt
