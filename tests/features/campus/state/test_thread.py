import pytest

from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.campus.state.thread import ThreadState
from tests.conftest import make_student
from tests.features.campus.asking import answer, ask, remove_question
from tests.features.campus.mates import paths_told
from tests.statements import asked
from tests.tabs import open_tab, tab_of


async def opened(student, question) -> ThreadState:
    tab = tab_of(student, ThreadState, path="/campus")
    await ThreadState.toggle.fn(tab, question.id)
    return tab


async def test_a_question_opens_with_all_its_words_and_closes(pair) -> None:
    question = await ask(pair[0], text="x" * 1000)
    await answer(pair[1], question)
    tab = await opened(pair[1], question)
    assert (len(tab.question.text), [one.text for one in tab.answers]) == (
        1000,
        ["Pressure."],
    )
    await ThreadState.toggle.fn(tab, question.id)
    assert (tab.question.id, tab.answers) == ("", [])


async def test_an_answer_is_given_voted_for_and_marked(pair) -> None:
    question = await ask(pair[0])
    jonas = await opened(pair[1], question)
    for _ in range(2):  # a double click
        await ThreadState.answer.fn(jonas, {"text": "Pressure.", "sent_key": "a" * 32})
    assert (jonas.sent, len(jonas.answers)) == ("a" * 32, 1)
    mina = await opened(pair[0], question)
    (given,) = mina.answers
    await ThreadState.vote.fn(mina, given.id, True)  # noqa: FBT003  (as the page sends it)
    await ThreadState.mark_helped.fn(mina, given.id, True)  # noqa: FBT003
    assert (mina.answers[0].votes, mina.answers[0].helped) == (1, True)
    assert mina.question.solved
    await ThreadState.remove_answer.fn(jonas, given.id)
    await ThreadState.refresh.fn(mina)
    assert (mina.answers, mina.question.solved) == ([], False)


@pytest.mark.parametrize("form", [{"text": ""}, {"text": "x" * 4001}, {}])
async def test_a_refused_answer_stays_in_its_box(pair, form) -> None:
    tab = await opened(pair[1], await ask(pair[0]))
    with pytest.raises(InvalidInputError):
        await ThreadState.answer.fn(tab, form)
    assert (tab.sent, tab.answers) == ("", [])


async def test_a_question_that_was_removed_closes(pair) -> None:
    question = await ask(pair[0])
    tab = await opened(pair[1], question)
    await remove_question(pair[0], question.id)
    await ThreadState.refresh.fn(tab)
    assert tab.question.id == ""
    own = await ask(pair[0])
    tab = await opened(pair[0], own)
    await ThreadState.remove_question.fn(tab, own.id)
    assert tab.question.id == ""


async def test_an_open_question_stays_up_to_date_after_a_reload(pair) -> None:
    question = await ask(pair[0])
    tab = await opened(pair[0], question)
    await answer(pair[1], question)
    await ThreadState.load.fn(tab)
    assert [one.text for one in tab.answers] == ["Pressure."]


async def test_who_is_told_of_an_answer_is_led_to_its_question(pair) -> None:
    question = await ask(pair[0], text="x" * 1000)
    other = await ask(pair[0], title="And why at all?")
    await answer(pair[1], question)
    (path,) = await paths_told(pair[0])
    tab = tab_of(pair[0], ThreadState, path=path)
    assert await ThreadState.load.fn(tab) is None
    assert (tab.question.id, len(tab.question.text)) == (question.id, 1000)
    assert [one.text for one in tab.answers] == ["Pressure."]
    await ThreadState.toggle.fn(tab, other.id)
    await ThreadState.load.fn(tab)
    assert tab.question.id == question.id


async def test_a_linked_question_is_read_once(pair) -> None:
    question = await ask(pair[0])
    await answer(pair[1], question)
    path = f"/campus?tab=questions&question={question.id}"
    tab = tab_of(pair[0], ThreadState, path=path)
    await ThreadState.load.fn(tab)
    with asked() as opening:
        await ThreadState.load.fn(tab)
    with asked() as reading:
        await ThreadState.refresh.fn(tab)
    assert [one.text for one in tab.answers] == ["Pressure."]
    assert len(opening) == len(reading) > 0


@pytest.mark.parametrize("gone", ["removed", "not yours", "nonsense", "%00"])
async def test_who_follows_a_link_to_a_question_that_is_gone_is_told(pair, gone) -> None:
    question, reader, named = await ask(pair[0]), pair[0], gone
    if gone == "removed":
        named = question.id
        await remove_question(pair[0], question.id)
    elif gone == "not yours":
        named, reader = question.id, await make_student("Ada")
    tab = tab_of(reader, ThreadState, path=f"/campus?tab=questions&question={named}")
    said = await ThreadState.load.fn(tab)
    assert said is not None
    assert "That question is gone" in str(said.args)
    assert (tab.question.id, tab.answers) == ("", [])


async def test_a_report_without_a_reason_keeps_its_form(pair) -> None:
    question = await ask(pair[0])
    given = await answer(pair[0], question)
    tab = await opened(pair[1], question)
    for about in (question.id, given.id):
        await ThreadState.toggle_report.fn(tab, about)
        with pytest.raises(InvalidInputError):
            await ThreadState.report.fn(tab, {"reason": ""})
        assert tab.reporting == about
        assert await ThreadState.report.fn(tab, {"reason": "Spam"}) is not None
        assert tab.reporting == ""
        assert await ThreadState.report.fn(tab, {"reason": "Spam"}) is None
    await ThreadState.toggle_report.fn(tab, "nonsense")
    assert tab.reporting == ""


async def test_a_long_thread_shows_more_when_asked(pair) -> None:
    question = await ask(pair[0])
    for number in range(21):
        await answer(pair[1], question, f"Answer {number}")
    tab = await opened(pair[0], question)
    assert (len(tab.answers), tab.more) == (20, True)
    await ThreadState.show_more.fn(tab)
    assert (len(tab.answers), tab.more) == (21, False)


@pytest.mark.parametrize("event", ["vote", "mark_helped", "remove_answer"])
async def test_another_students_answer_looks_like_not_there(pair, event: str) -> None:
    question = await ask(pair[0])
    given = await answer(pair[1], question)
    tab = tab_of(await make_student("Ada"), ThreadState, path="/campus")
    more = () if event == "remove_answer" else (True,)
    for wrong in (given.id, "nonsense", ""):
        with pytest.raises(NotFoundError):
            await getattr(ThreadState, event).fn(tab, wrong, *more)
    for wrong in (question.id, "nonsense"):
        with pytest.raises(NotFoundError):
            await ThreadState.toggle.fn(tab, wrong)
        with pytest.raises(NotFoundError):
            await ThreadState.remove_question.fn(tab, wrong)
    assert tab.question.id == ""


async def test_a_visitor_sees_nothing(student) -> None:
    tab = open_tab(ThreadState)
    with pytest.raises(SignInError):
        await ThreadState.toggle.fn(tab, "nonsense")
    with pytest.raises(SignInError):
        await ThreadState.refresh.fn(tab)
