import pytest

from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.quizzes.state.start import QuizStartState
from tests.features.flashcards.state.tab import tab_of
from tests.features.quizzes.pile import WORDS, make_words
from tests.tabs import open_tab


async def opened(student) -> QuizStartState:
    tab = tab_of(student, QuizStartState, path="/smart-study/quiz")
    await QuizStartState.load.fn(tab)
    return tab


async def test_the_form_offers_every_pile_and_a_start_leads_into_the_quiz(student) -> None:
    deck = await make_words(student)
    tab = await opened(student)
    assert [pile.name for pile in tab.piles] == ["All cards", "Latin"]
    assert (tab.cards, tab.quizzes, tab.loaded) == (len(WORDS), [], True)
    going = await QuizStartState.start.fn(tab, {"pile": f"deck:{deck}", "count": "5"})
    await QuizStartState.refresh.fn(tab)
    (row,) = tab.quizzes
    assert row.id in str(going)
    assert (row.name, row.total, row.answered, row.finished) == ("Latin", 5, 0, False)
    assert row.when == "16 Jan, 12:00"


async def test_more_of_the_history_comes_when_asked_for(student) -> None:
    await make_words(student)
    tab = await opened(student)
    for _ in range(11):
        await QuizStartState.start.fn(tab, {"pile": "all", "count": "5"})
    await QuizStartState.refresh.fn(tab)
    assert (len(tab.quizzes), tab.more) == (10, True)
    await QuizStartState.show_more.fn(tab)
    assert (len(tab.quizzes), tab.more) == (11, False)


async def test_a_form_with_nonsense_starts_nothing(student, other_student) -> None:
    deck = await make_words(student)
    tab = await opened(other_student)
    with pytest.raises(InvalidInputError):
        await QuizStartState.start.fn(tab, {"pile": "all", "count": "0"})
    for pile in (f"deck:{deck}", "", None):
        with pytest.raises(NotFoundError):
            await QuizStartState.start.fn(tab, {"pile": pile, "count": "5"})


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (QuizStartState.load, QuizStartState.refresh, QuizStartState.show_more):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(QuizStartState))
    with pytest.raises(SignInError):
        await QuizStartState.start.fn(open_tab(QuizStartState), {})
