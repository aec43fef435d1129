import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import SignInError
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import Answer
from studymaster.features.flashcards.service import review
from studymaster.features.flashcards.state.statistics import StatisticsState
from tests.conftest import NOON
from tests.features.flashcards.pile import make_card, make_deck, make_own_card
from tests.features.library.shelf import make_lecture
from tests.tabs import open_tab, tab_of


async def test_the_figures_follow_a_review(student) -> None:
    card = await make_card(student, await make_lecture(student))
    tab = tab_of(student, StatisticsState)
    await StatisticsState.load.fn(tab)
    assert (tab.loaded, tab.figures.answers, tab.figures.cards) == (True, 0, 1)
    async with unit_of_work() as work:
        await review.grade(
            work, student=student, answer=Answer(card.id, 0, Grade.GOOD, 900), now=NOON
        )
    await StatisticsState.refresh.fn(tab)
    assert tab.figures.answers == 1


async def test_the_address_says_which_cards_and_how_far(student) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck)
    await make_card(student, await make_lecture(student))
    path = f"/smart-study/statistics?span=year&deck=deck:{deck}"
    tab = tab_of(student, StatisticsState, path=path)
    await StatisticsState.load.fn(tab)
    assert (tab.span, tab.deck, tab.figures.cards) == ("year", f"deck:{deck}", 1)
    await StatisticsState.choose_deck.fn(tab, "")
    await StatisticsState.choose_span.fn(tab, "month")
    assert (tab.figures.cards, tab.figures.span) == (2, "month")
    assert len(tab.figures.charts[0].bars) == 30


async def test_an_address_that_names_nothing_shows_everything(student) -> None:
    path = "/smart-study/statistics?span=day&deck=deck:x"
    tab = tab_of(student, StatisticsState, path=path)
    await StatisticsState.load.fn(tab)
    assert (tab.span, tab.deck) == ("quarter", "")
    await StatisticsState.choose_span.fn(tab, "nonsense")
    await StatisticsState.choose_deck.fn(tab, "nonsense")
    assert (tab.span, tab.deck, tab.loaded) == ("quarter", "", True)


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (StatisticsState.load, StatisticsState.refresh):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(StatisticsState))
