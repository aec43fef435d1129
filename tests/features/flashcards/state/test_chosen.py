from datetime import timedelta

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.state.chosen import ChosenState
from studymaster.models import Card
from tests.features.flashcards.pile import TODAY, make_deck, make_own_card
from tests.tabs import tab_of


async def row_of(card) -> Card:
    async with unit_of_work() as work:
        return await work.session.get_one(Card, card.id)


async def test_the_chosen_cards_get_another_day_and_start_anew(student) -> None:
    card = await make_own_card(student, await make_deck(student, "Latin"))
    tab = tab_of(student, ChosenState, path="/smart-study/cards")
    await ChosenState.load.fn(tab)
    await ChosenState.choose.fn(tab, [str(card.id)], everything=False)
    with pytest.raises(InvalidInputError, match="such as 3"):
        await ChosenState.set_due.fn(tab, {"days": "7-3"})
    await ChosenState.set_due.fn(tab, {"days": "4"})
    assert (await row_of(card)).due_on == TODAY + timedelta(days=4)
    assert (tab.chosen, tab.can_undo) == (0, True)
    await ChosenState.choose.fn(tab, [str(card.id)], everything=False)
    await ChosenState.start_anew.fn(tab)
    assert (await row_of(card)).interval_days == 0
