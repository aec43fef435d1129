import asyncio
from datetime import timedelta

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.campus.schemas.questions import QuestionOrder, TypedQuestion
from studymaster.features.campus.service import audience, buddies, questions
from tests.conftest import NOON
from tests.features.campus.asking import (
    answer,
    answers,
    ask,
    listed,
    look,
    mark,
    remove_answer,
    remove_question,
    report_answer,
    report_question,
    vote,
)
from tests.features.campus.mates import (
    classmates,
    enrol,
    paths_told,
    titles_told,
)


async def test_a_question_reaches_the_course_and_its_answer_the_asker(pair) -> None:
    mina, jonas = pair
    question = await ask(mina, text="I know that water moves.")
    (seen,) = await listed(jonas)
    assert (seen.author, seen.course, seen.mine) == ("Mina Aalto", "BIO 101", False)
    await answer(jonas, question, "Pressure stops it.")
    (found,) = await answers(mina, question)
    assert (found.text, found.author) == ("Pressure stops it.", "Jonas Keller")
    assert (await look(mina, question.id)).answers == 1
    assert await titles_told(mina) == ["Jonas Keller answered “Why does osmosis stop?”"]


async def test_everybody_in_the_course_hears_of_a_new_question(pair) -> None:
    mina, jonas = pair
    async with unit_of_work() as work:
        await questions.ask(
            work,
            student=mina,
            course=await audience.course_of_moodle_id(
                work, account_id=mina.account_id, moodle_id=101
            ),
            typed=TypedQuestion("Why is the sky blue?"),
            now=NOON,
        )
        heard = {one.account_id for one in work._news if one.topic == "campus"}
    assert heard == {str(one.account_id) for one in (mina, jonas)}


@pytest.mark.parametrize(
    "course",
    [{"moodle_id": 102}, {"site": "https://moodle.elsewhere.edu"}, {"listed": False}],
)
async def test_for_everybody_else_it_is_not_there(student, other_student, course) -> None:
    await enrol(student)
    await enrol(other_student, **course)
    question = await ask(student)
    given = await answer(student, question)
    assert await listed(other_student) == []
    for step in (look, remove_question, report_question):
        with pytest.raises(NotFoundError):
            await step(other_student, question.id)
    for step in (vote, mark, remove_answer, report_answer):
        with pytest.raises(NotFoundError):
            await step(other_student, given.id)
    with pytest.raises(NotFoundError):
        await answer(other_student, question)
    with pytest.raises(NotFoundError):
        await answers(other_student, question)


async def test_one_asks_only_in_ones_own_courses(student) -> None:
    for course_id in (101, 0, -1, 2**70):
        with pytest.raises(NotFoundError):
            await ask(student, course_id=course_id)


@pytest.mark.parametrize("words", ["a\x00b", "\ud800", "x" * 4001, 7])
async def test_what_cannot_be_kept_is_refused(pair, words: object) -> None:
    mina, jonas = pair
    question = await ask(mina)
    for wrong in ({"title": words}, {"text": words}):
        with pytest.raises(InvalidInputError):
            await ask(mina, **wrong)
    with pytest.raises(InvalidInputError):
        await answer(jonas, question, words)


async def test_markup_is_only_text(pair) -> None:
    words = "<script>alert(1)</script>"
    question = await ask(pair[0], title=words, text=words)
    assert (question.title, question.text) == (words, words)
    assert (await answer(pair[1], question, words)).text == words


async def test_unanswered_questions_come_first(pair) -> None:
    mina, jonas = pair
    old = await ask(mina, title="Old")
    new = await ask(mina, title="New", now=NOON + timedelta(hours=1))
    await answer(jonas, new)
    assert [one.title for one in await listed(jonas)] == ["Old", "New"]
    newest = await listed(jonas, order=QuestionOrder.NEWEST)
    assert [one.title for one in newest] == ["New", "Old"]
    await answer(jonas, old)
    assert [one.title for one in await listed(jonas)] == ["New", "Old"]


async def test_questions_are_found_by_all_their_words(pair) -> None:
    mina, _ = pair
    await ask(mina, title="Why does osmosis stop?", text="In red cells, at 100 %.")
    await ask(mina, title="What is ATP?")
    for words, count in (
        (("OSMOSIS",), 1),
        (("osmosis", "cells"), 1),
        (("osmosis", "ATP"), 0),
        (("%",), 1),
        (("_",), 0),
        (("\\",), 0),
        ((), 2),
    ):
        assert len(await listed(mina, words=words)) == count, words


async def test_a_list_can_be_of_one_course(pair) -> None:
    mina, _ = pair
    await enrol(mina, moodle_id=102, shortname="CHEM 221")
    await ask(mina)
    await ask(mina, course_id=102, title="Chemistry")
    async with unit_of_work() as work:
        course = await audience.course_of_moodle_id(
            work, account_id=mina.account_id, moodle_id=102
        )
    assert [one.title for one in await listed(mina, course=course)] == ["Chemistry"]


async def test_a_list_cuts_long_questions(pair) -> None:
    question = await ask(pair[0], text="x" * 4000)
    (seen,) = await listed(pair[1])
    assert (len(seen.text), seen.text[-1], seen.cut) == (300, "…", True)
    assert len((await look(pair[1], question.id)).text) == 4000


async def test_only_the_asker_removes_a_question(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    await answer(jonas, question)
    with pytest.raises(NotFoundError):
        await remove_question(jonas, question.id)
    results = await asyncio.gather(
        remove_question(mina, question.id),
        remove_question(mina, question.id),
        return_exceptions=True,
    )
    assert [type(one) for one in results if one] == [NotFoundError]
    assert await listed(jonas) == []


async def test_three_reports_hide_a_question(pair) -> None:
    mina, jonas = pair
    readers = await classmates(3)
    question = await ask(mina)
    await asyncio.gather(*[report_question(one, question.id) for one in readers])
    assert await listed(jonas) == []
    with pytest.raises(NotFoundError):
        await answer(jonas, question)
    assert (await listed(mina))[0].hidden
    assert await titles_told(mina) == ["Your question “Why does osmosis stop?” is hidden"]
    assert await paths_told(mina) == [f"/campus?tab=questions&question={question.id}"]
    await remove_question(mina, question.id)


async def test_a_question_sent_twice_under_one_key_is_asked_once(pair) -> None:
    mina, jonas = pair
    asked = await asyncio.gather(*[ask(mina, key="pressed-twice") for _ in range(3)])
    assert len({one.id for one in asked}) == 1
    assert len(await listed(jonas)) == 1
    await ask(mina, key="pressed-anew")
    await ask(jonas, key="pressed-twice", title="Jonas has a key of his own")
    assert len(await listed(mina)) == 3
    for nonsense in ("", "short", 7, "semi;colon"):
        with pytest.raises(InvalidInputError):
            await ask(mina, key=nonsense)


async def test_of_two_who_do_not_meet_neither_reads_the_other(pair) -> None:
    mina, jonas = pair
    question, own = await ask(mina), await ask(jonas, title="Own")
    await answer(mina, own)
    async with unit_of_work() as work:
        await buddies.block(
            work, account_id=jonas.account_id, other_id=mina.account_id, now=NOON
        )
    assert [(one.title, one.answers) for one in await listed(jonas)] == [("Own", 0)]
    assert await answers(jonas, own) == []
    with pytest.raises(NotFoundError):
        await look(jonas, question.id)
    assert [one.title for one in await listed(mina)] == [question.title]
    with pytest.raises(NotFoundError):
        await answer(mina, own)
    assert await titles_told(jonas) == ["Mina Aalto answered “Own”"]
