from datetime import timedelta

import pytest

from studymaster.errors import (
    InvalidInputError,
    NotFoundError,
    SignInError,
    TooManyRequestsError,
)
from studymaster.features.campus.state.questions import QuestionsState
from tests.conftest import NOBODYS_ID, NOON, make_student
from tests.features.campus.asking import answer, ask
from tests.features.campus.mates import enrol
from tests.statements import asked
from tests.tabs import open_tab, tab_of


@pytest.fixture
async def mina(student):
    await enrol(student)
    return student


async def opened(student) -> QuestionsState:
    tab = tab_of(student, QuestionsState, path="/campus")
    await QuestionsState.load.fn(tab)
    return tab


async def test_a_question_is_asked_from_the_panel(mina) -> None:
    tab = await opened(mina)
    (course,) = tab.courses
    form = {"course": course.id, "title": "Why?", "text": "", "sent_key": "a" * 32}
    for _ in range(2):  # a double click
        await QuestionsState.ask.fn(tab, form)
    assert (tab.sent, [one.title for one in tab.questions]) == ("a" * 32, ["Why?"])


async def test_a_minute_has_five_questions(mina) -> None:
    tab = await opened(mina)
    for number in range(5):
        await QuestionsState.ask.fn(
            tab, {"course": tab.courses[0].id, "title": f"Why {number}?"}
        )
    with pytest.raises(TooManyRequestsError):
        await QuestionsState.ask.fn(tab, {"course": tab.courses[0].id, "title": "Why?"})
    assert len(tab.questions) == 5


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"title": ""}, InvalidInputError),
        ({"title": None}, InvalidInputError),
        ({"text": "x" * 4001}, InvalidInputError),
        ({"course": "nonsense"}, NotFoundError),
        ({"course": None}, NotFoundError),
        ({"sent_key": "short"}, InvalidInputError),
    ],
)
async def test_a_refused_question_keeps_its_form(mina, changed, error) -> None:
    tab = await opened(mina)
    form = {"course": tab.courses[0].id, "title": "Why?", "text": "", "sent_key": "a" * 32}
    with pytest.raises(error):
        await QuestionsState.ask.fn(tab, form | changed)
    assert (tab.sent, tab.questions) == ("", [])


async def test_another_students_course_cannot_be_asked_in(mina, other_student) -> None:
    course = await enrol(other_student, moodle_id=102)
    tab = await opened(mina)
    with pytest.raises(NotFoundError):
        await QuestionsState.ask.fn(tab, {"course": str(course.id), "title": "Why?"})
    await QuestionsState.choose_course.fn(tab, str(course.id))
    assert tab.course == ""


async def test_the_list_is_searched_narrowed_and_sorted(mina) -> None:
    chemistry = await enrol(mina, moodle_id=102, shortname="CHEM 221")
    await answer(mina, await ask(mina, title="Osmosis"))
    await ask(mina, course_id=102, title="Atoms")
    tab = await opened(mina)
    assert [one.title for one in tab.questions] == ["Atoms", "Osmosis"]
    await QuestionsState.choose_course.fn(tab, str(chemistry.id))
    assert [one.title for one in tab.questions] == ["Atoms"]
    await QuestionsState.search.fn(tab, " osmosis ")
    assert tab.questions == []
    await QuestionsState.choose_course.fn(tab, "")
    assert [one.title for one in tab.questions] == ["Osmosis"]
    await QuestionsState.search.fn(tab, "")
    await QuestionsState.choose_order.fn(tab, "newest")
    assert len(tab.questions) == 2
    for event, wrong in ((QuestionsState.choose_order, "best"), (QuestionsState.search, 7)):
        with pytest.raises(InvalidInputError):
            await event.fn(tab, wrong)


async def test_a_long_list_shows_more_when_asked(mina) -> None:
    for number in range(21):
        await ask(mina, title=f"Question {number}")
    tab = await opened(mina)
    assert (len(tab.questions), tab.more) == (20, True)
    await QuestionsState.show_more.fn(tab)
    assert (len(tab.questions), tab.more) == (21, False)


async def test_a_linked_question_that_is_listed_is_not_read_again(mina) -> None:
    linked = await ask(mina, title="Linked", text="x" * 1000)
    await ask(mina, title="Newer", now=NOON + timedelta(minutes=1))
    path = f"/campus?tab=questions&question={linked.id}"
    plain = await opened(mina)
    tab = tab_of(mina, QuestionsState, path=path)
    await QuestionsState.load.fn(tab)
    assert [one.title for one in plain.questions] == ["Newer", "Linked"]
    assert [one.title for one in tab.questions] == ["Linked", "Newer"]
    counts = []
    for one in (plain, tab):
        with asked() as statements:
            await QuestionsState.refresh.fn(one)
        counts.append(len(statements))
    assert counts[0] == counts[1] > 0


async def test_a_linked_question_stands_once_however_its_address_is_spelt(mina) -> None:
    linked = await ask(mina, title="Linked", text="x" * 1000)
    await ask(mina, title="Newer", now=NOON + timedelta(minutes=1))
    path = f"/campus?tab=questions&question={linked.id.upper()}"
    tab = tab_of(mina, QuestionsState, path=path)
    await QuestionsState.load.fn(tab)
    assert [one.title for one in tab.questions] == ["Linked", "Newer"]


async def test_a_linked_question_stands_first_until_the_list_is_narrowed(mina) -> None:
    linked = await ask(mina, title="Linked")
    for number in range(25):
        later = NOON + timedelta(minutes=number + 1)
        await ask(mina, title=f"Question {number}", now=later)
    path = f"/campus?tab=questions&question={linked.id}"
    tab = tab_of(mina, QuestionsState, path=path)
    await QuestionsState.load.fn(tab)
    assert (tab.questions[0].id, len(tab.questions)) == (linked.id, 21)
    await QuestionsState.show_more.fn(tab)
    ids = [one.id for one in tab.questions]
    assert (ids[0], len(ids), len(set(ids))) == (linked.id, 26, 26)
    await QuestionsState.search.fn(tab, "question")
    assert linked.id not in {one.id for one in tab.questions}


@pytest.mark.parametrize("named", ["nonsense", NOBODYS_ID])
async def test_a_link_to_no_question_leaves_the_list_as_it_is(mina, named: str) -> None:
    await ask(mina)
    path = f"/campus?tab=questions&question={named}"
    tab = tab_of(mina, QuestionsState, path=path)
    await QuestionsState.load.fn(tab)
    assert len(tab.questions) == 1


async def test_students_of_other_courses_see_nothing(mina) -> None:
    await ask(mina)
    tab = await opened(await make_student("Ada"))
    assert (tab.loaded, tab.questions, tab.courses) == (True, [], [])


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (QuestionsState.load, QuestionsState.refresh):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(QuestionsState))
