from datetime import timedelta
from uuid import uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError, SignInError
from studymaster.features.flashcards.state.settings import DeckSettingsState
from studymaster.models import Deck
from tests.conftest import NOON
from tests.features.flashcards.pile import choose, make_deck
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
        DeckSettingsState.explain_learning.fn(tab, "1"),
        DeckSettingsState.explain_relearning.fn(tab, "1"),
    ):
        with pytest.raises(SignInError):
            await attempt


async def row_of(deck_id) -> Deck:
    async with unit_of_work() as work:
        return await work.session.get_one(Deck, deck_id)


async def test_everything_that_was_chosen_is_kept_and_shown_again(student) -> None:
    latin = await make_deck(student, "Latin")
    tab = tab_of(student, DeckSettingsState)
    await DeckSettingsState.open.fn(tab, f"deck:{latin}")
    form = {
        "scheduler": "sm2",
        "new_per_day": "7",
        "reviews_per_day": "70",
        "new_today": "3",
        "reviews_today": "",
        "new_order": "random",
        "due_order": "retrievability",
        "steps": "1, 10",
        "relearning_steps": "15",
        "leech_at": "0",
        "language": "la",
    }
    await DeckSettingsState.save.fn(tab, form)
    row = await row_of(latin)
    assert (row.new_per_day, row.new_today, row.reviews_today) == (7, 3, None)
    assert (row.limits_on, row.steps, row.bury_siblings) == (NOON.date(), "1 10", False)
    await DeckSettingsState.open.fn(tab, f"deck:{latin}")
    shown = tab.deck
    assert (shown.new_today, shown.reviews_per_day, shown.language) == (3, 70, "la")
    assert (shown.new_order, shown.due_order) == ("random", "retrievability")
    assert (shown.leech_at, shown.leech_suspends, shown.relearning_steps) == (
        0,
        False,
        "15",
    )


async def test_a_limit_of_yesterday_is_not_shown_any_more(student) -> None:
    latin = await make_deck(student, "Latin")
    await choose(latin, new_today=3, limits_on=NOON.date() - timedelta(days=1))
    tab = tab_of(student, DeckSettingsState)
    await DeckSettingsState.open.fn(tab, f"deck:{latin}")
    assert tab.deck.new_today is None
    await DeckSettingsState.save.fn(tab, USUAL | {"scheduler": "sm2", "reviews_today": "9"})
    row = await row_of(latin)
    assert (row.new_today, row.reviews_today, row.limits_on) == (None, 9, NOON.date())


async def test_each_field_says_what_is_wrong_with_it_and_nothing_is_kept(student) -> None:
    latin = await make_deck(student, "Latin")
    tab = tab_of(student, DeckSettingsState)
    await DeckSettingsState.open.fn(tab, f"deck:{latin}")
    odd = {"scheduler": "sm2", "new_per_day": "5", "steps": "10 1", "language": "?"}
    await DeckSettingsState.save.fn(tab, USUAL | odd)
    assert tab.is_open
    assert {name for name, problem in tab.problems.items() if problem} == {
        "steps",
        "language",
    }
    assert (await row_of(latin)).new_per_day == 20


async def test_the_meaning_of_steps_is_said_while_they_are_typed(student) -> None:
    latin = await make_deck(student, "Latin")
    await choose(latin, steps="1 10")
    tab = tab_of(student, DeckSettingsState)
    await DeckSettingsState.open.fn(tab, f"deck:{latin}")
    assert "after 1 min" in tab.learning
    assert "at the end" in tab.relearning
    await DeckSettingsState.explain_learning.fn(tab, "5 2h")
    assert "2 h" in tab.learning
    await DeckSettingsState.explain_relearning.fn(tab, "soon")
    assert "Type minutes" in tab.relearning
