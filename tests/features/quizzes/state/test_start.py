import pytest

from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.quizzes.state.start import QuizStartState
from tests.features.quizzes.pile import WORDS, make_words
from tests.tabs import open_tab, tab_of


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


async def test_start_pressed_twice_makes_one_quiz(student) -> None:
    await make_words(student)
    tab = await opened(student)
    form = {"pile": "all", "count": "5", "visit": tab.visit}
    await QuizStartState.start.fn(tab, form)
    again = str(await QuizStartState.start.fn(tab, form))
    await QuizStartState.load.fn(tab)
    (quiz,) = tab.quizzes
    assert quiz.id in again
    await QuizStartState.start.fn(tab, form | {"visit": tab.visit})
    await QuizStartState.refresh.fn(tab)
    assert len(tab.quizzes) == 2


async def test_a_quiz_that_was_left_open_can_be_thrown_away_after_a_question(
    student,
) -> None:
    await make_words(student)
    tab = await opened(student)
    await QuizStartState.start.fn(tab, {"pile": "all", "count": "5"})
    await QuizStartState.refresh.fn(tab)
    quiz_id = tab.quizzes[0].id
    await QuizStartState.ask_discard.fn(tab, quiz_id)
    await QuizStartState.close.fn(tab, is_open=False)
    await QuizStartState.discard.fn(tab)
    assert (tab.discarding, len(tab.quizzes)) == ("", 1)
    await QuizStartState.ask_discard.fn(tab, "nonsense")
    assert tab.discarding == ""
    await QuizStartState.ask_discard.fn(tab, quiz_id)
    assert (tab.discarding, tab.discarding_name) == (quiz_id, "All cards")
    await QuizStartState.discard.fn(tab)
    await QuizStartState.discard.fn(tab)
    assert (tab.discarding, tab.quizzes) == ("", [])


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
    tab = open_tab(QuizStartState)
    for attempt in (
        QuizStartState.start.fn(tab, {}),
        QuizStartState.ask_discard.fn(tab, "x"),
        QuizStartState.close.fn(tab, is_open=False),
        QuizStartState.discard.fn(tab),
    ):
        with pytest.raises(SignInError):
            await attempt
