import json
from uuid import UUID

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.quizzes import service
from studymaster.features.quizzes.schemas import Pile
from studymaster.features.quizzes.state.play import QuizState
from studymaster.models import QuizItem
from tests.conftest import NOON
from tests.features.quizzes.pile import make_words, wrong_answer
from tests.tabs import open_tab, tab_of


async def make_quiz(student) -> str:
    await make_words(student)
    async with unit_of_work() as work:
        quiz = await service.create_quiz(
            work, account_id=student.account_id, pile=Pile(), count=5, now=NOON
        )
    return quiz.id


async def opened(student, quiz_id: str) -> QuizState:
    tab = tab_of(student, QuizState, path=f"/smart-study/quiz/{quiz_id}")
    await QuizState.load.fn(tab)
    return tab


async def row_of(tab: QuizState) -> QuizItem:
    async with unit_of_work() as work:
        statement = select(QuizItem).where(
            QuizItem.quiz_id == UUID(tab.quiz.id), QuizItem.position == tab.item.position
        )
        return (await work.session.exec(statement)).one()


async def give(tab: QuizState, *, right: bool) -> None:
    row = await row_of(tab)
    given = row.answer if right else wrong_answer(row)
    if row.options:
        await QuizState.answer.fn(tab, row.position, given)
    else:
        await QuizState.answer_typed.fn(tab, {"given": given})


async def test_a_quiz_goes_from_question_to_question_to_its_result(student) -> None:
    tab = await opened(student, await make_quiz(student))
    for number in range(1, 6):
        assert (tab.item.number, tab.item.state, tab.item.answer) == (number, "open", "")
        await give(tab, right=number != 2)
        assert tab.item.state == ("wrong" if number == 2 else "right")
        assert tab.item.explanation
        assert not tab.is_over
        await QuizState.go_on.fn(tab)
    assert (tab.is_over, tab.quiz.right, tab.quiz.percent) == (True, 4, 80)
    assert [item.number for item in tab.wrong] == [2]


async def test_a_reload_goes_on_with_the_first_open_question(student) -> None:
    quiz_id = await make_quiz(student)
    await give(await opened(student, quiz_id), right=True)
    again = await opened(student, quiz_id)
    assert (again.item.number, again.quiz.answered, again.is_over) == (2, 1, False)


async def test_a_reload_shows_the_explanation_that_was_not_read_yet(student) -> None:
    tab = await opened(student, await make_quiz(student))
    await give(tab, right=False)
    await QuizState.load.fn(tab)
    assert (tab.item.number, tab.item.state) == (1, "wrong")
    assert tab.item.explanation
    await QuizState.go_on.fn(tab)
    await QuizState.load.fn(tab)
    assert (tab.item.number, tab.item.state) == (2, "open")


async def test_a_reload_of_a_result_shows_the_result(student) -> None:
    tab = await opened(student, await make_quiz(student))
    for _ in range(5):
        await give(tab, right=True)
        await QuizState.go_on.fn(tab)
    await QuizState.load.fn(tab)
    assert tab.is_over


async def test_an_answer_from_another_tab_shows(student) -> None:
    quiz_id = await make_quiz(student)
    here, there = await opened(student, quiz_id), await opened(student, quiz_id)
    await give(there, right=False)
    await QuizState.refresh.fn(here)
    assert (here.item.number, here.item.state) == (1, "wrong")


async def test_the_wrong_ones_open_as_a_new_quiz(student) -> None:
    tab = await opened(student, await make_quiz(student))
    for number in range(5):
        await give(tab, right=number > 0)
        await QuizState.go_on.fn(tab)
    going = str(await QuizState.practise_again.fn(tab))
    assert "/smart-study/quiz/" in going
    assert tab.quiz.id not in going


async def test_an_empty_answer_leaves_the_question_open(student) -> None:
    tab = await opened(student, await make_quiz(student))
    with pytest.raises(InvalidInputError):
        await QuizState.answer.fn(tab, 0, "")
    with pytest.raises(InvalidInputError):
        await QuizState.answer_typed.fn(tab, {})
    assert tab.item.state == "open"


async def test_another_students_quiz_is_missing(student, other_student) -> None:
    quiz_id = await make_quiz(student)
    tab = await opened(other_student, quiz_id)
    assert (tab.missing, tab.loaded, tab.quiz.id) == (True, False, "")
    for attempt in (
        QuizState.answer.fn(tab, 0, "dog"),
        QuizState.answer_typed.fn(tab, {"given": "dog"}),
        QuizState.go_on.fn(tab),
        QuizState.practise_again.fn(tab),
    ):
        with pytest.raises(NotFoundError):
            await attempt


async def test_a_visitor_sees_nothing(student) -> None:
    tab = open_tab(QuizState)
    for attempt in (
        QuizState.load.fn(tab),
        QuizState.refresh.fn(tab),
        QuizState.go_on.fn(tab),
        QuizState.practise_again.fn(tab),
        QuizState.answer.fn(tab, 0, "x"),
        QuizState.answer_typed.fn(tab, {}),
    ):
        with pytest.raises(SignInError):
            await attempt


async def test_things_are_matched_in_a_form(student) -> None:
    tab = await opened(student, await make_quiz(student))
    for _ in range(4):
        await give(tab, right=True)
        await QuizState.go_on.fn(tab)
    assert tab.item.kind == "matching"
    answers = json.loads((await row_of(tab)).answer)
    form = {f"pair-{place}": answer for place, answer in enumerate(answers)}
    with pytest.raises(InvalidInputError, match="Choose an answer for each"):
        await QuizState.answer_pairs.fn(tab, form | {"pair-2": ""})
    await QuizState.answer_pairs.fn(tab, form)
    assert (tab.item.state, all(pair.right for pair in tab.item.pairs)) == ("right", True)
