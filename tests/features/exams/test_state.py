import pytest

from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.exams.state import ExamsState
from tests.conftest import NOBODYS_ID
from tests.features.exams.made import in_days, make_exam, plan
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.tabs import tab_of

FORM = {"name": "Midterm", "day": in_days(9).isoformat(), "retention": "90"}


async def opened(student) -> ExamsState:
    tab = tab_of(student, ExamsState, path="/smart-study/exams")
    await ExamsState.load.fn(tab)
    return tab


async def test_an_exam_is_made_in_the_window_once_however_often_it_is_sent(student) -> None:
    deck = await make_deck(student, "Latin")
    tab = await opened(student)
    assert (tab.exams, tab.loaded) == ([], True)
    await ExamsState.ask_new.fn(tab)
    assert (tab.is_open, tab.form.day) == (True, in_days(14).isoformat())
    for _ in range(2):
        await ExamsState.save.fn(tab, FORM | {f"deck:{deck}": "on"})
    (exam,) = tab.exams
    assert (tab.is_open, exam.name, exam.tone, exam.scope) == (
        False,
        "Midterm",
        "waiting",
        "Latin",
    )


async def test_what_is_wrong_keeps_the_window_open(student) -> None:
    tab = await opened(student)
    await ExamsState.ask_new.fn(tab)
    with pytest.raises(InvalidInputError, match="at least one course or deck"):
        await ExamsState.save.fn(tab, FORM)
    assert tab.is_open


async def test_a_plan_that_was_made_appears_by_itself(student) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck)
    await make_exam(student, scope=[f"deck:{deck}"])
    tab = await opened(student)
    assert tab.exams[0].tone == "waiting"
    await plan(student)
    await ExamsState.refresh.fn(tab)
    assert tab.exams[0].tone == "good"


async def test_an_exam_is_changed_and_deleted_after_a_question(student, sent) -> None:
    deck = await make_deck(student, "Latin")
    made = await make_exam(student, scope=[f"deck:{deck}"])
    tab = await opened(student)
    await ExamsState.ask_change.fn(tab, made.id)
    assert (tab.form.name, tab.form.scope[0].chosen) == ("Midterm", True)
    await ExamsState.save.fn(tab, FORM | {"name": "Oral", f"deck:{deck}": "on"})
    assert tab.exams[0].name == "Oral"
    sent.clear()
    await ExamsState.replan.fn(tab)
    assert len(sent) == 1
    await ExamsState.ask_delete.fn(tab, made.id)
    await ExamsState.close.fn(tab, is_open=False)
    await ExamsState.delete.fn(tab)
    assert (tab.deleting, len(tab.exams)) == ("", 1)
    await ExamsState.ask_delete.fn(tab, made.id)
    assert tab.deleting_name == "Oral"
    await ExamsState.delete.fn(tab)
    assert tab.exams == []


async def test_an_exam_of_nobody_is_not_there(student) -> None:
    tab = await opened(student)
    with pytest.raises(NotFoundError):
        await ExamsState.ask_change.fn(tab, NOBODYS_ID)
    await ExamsState.ask_delete.fn(tab, NOBODYS_ID)
    assert tab.deleting == ""
