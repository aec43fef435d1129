import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.schemas.questions import (
    AnswerView,
    QuestionOrder,
    QuestionView,
    WantedQuestions,
)
from studymaster.features.campus.service import audience, buddies, questions
from studymaster.models import Account, Notification
from studymaster.paging import Window
from tests.conftest import NOON, make_student
from tests.features.campus.mates import enrol

FIRST = Window(limit=20)


@pytest.fixture
async def pair(student, other_student) -> tuple[Student, Student]:
    for one in (student, other_student):
        await enrol(one)
    return student, other_student


async def ask(
    student: Student,
    *,
    title: object = "Why does osmosis stop?",
    text: object = "",
    course_id: int = 101,
    now: datetime = NOON,
) -> QuestionView:
    async with unit_of_work() as work:
        course = await audience.course_of_moodle_id(
            work, account_id=student.account_id, moodle_id=course_id
        )
        return await questions.ask(
            work, student=student, course=course, title=title, text=text, now=now
        )


async def answer(
    student: Student, question: QuestionView, text: object = "Pressure.", *, now=NOON
) -> AnswerView:
    async with unit_of_work() as work:
        return await questions.answer(
            work, student=student, question_id=UUID(question.id), text=text, now=now
        )


async def listed(student: Student, **wanted) -> list[QuestionView]:
    async with unit_of_work() as work:
        part = await questions.list_questions(
            work,
            account_id=student.account_id,
            wanted=WantedQuestions(**wanted),
            window=FIRST,
        )
    return part.items


async def answers(student: Student, question: QuestionView) -> list[AnswerView]:
    async with unit_of_work() as work:
        part = await questions.list_answers(
            work, account_id=student.account_id, question_id=UUID(question.id), window=FIRST
        )
    return part.items


async def look(student: Student, question_id: str) -> QuestionView:
    async with unit_of_work() as work:
        return await questions.get_question(
            work, account_id=student.account_id, question_id=UUID(question_id)
        )


async def vote(student: Student, answer_id: str, *, useful: bool | None = True):
    async with unit_of_work() as work:
        return await questions.vote(
            work,
            account_id=student.account_id,
            answer_id=UUID(answer_id),
            useful=useful,
            now=NOON,
        )


async def mark(student: Student, answer_id: str, *, helped: bool = True) -> AnswerView:
    async with unit_of_work() as work:
        return await questions.mark_helped(
            work, student=student, answer_id=UUID(answer_id), helped=helped, now=NOON
        )


async def remove_question(student: Student, question_id: str) -> None:
    async with unit_of_work() as work:
        await questions.remove_question(
            work, account_id=student.account_id, question_id=UUID(question_id)
        )


async def remove_answer(student: Student, answer_id: str) -> None:
    async with unit_of_work() as work:
        await questions.remove_answer(
            work, account_id=student.account_id, answer_id=UUID(answer_id)
        )


async def report_question(student: Student, question_id: str, reason="Spam") -> None:
    async with unit_of_work() as work:
        await questions.report_question(
            work,
            account_id=student.account_id,
            question_id=UUID(question_id),
            reason=reason,
            now=NOON,
        )


async def report_answer(student: Student, answer_id: str, reason="Spam") -> None:
    async with unit_of_work() as work:
        await questions.report_answer(
            work,
            account_id=student.account_id,
            answer_id=UUID(answer_id),
            reason=reason,
            now=NOON,
        )


async def told(student: Student) -> list[str]:
    statement = select(Notification.title).where(
        Notification.account_id == student.account_id
    )
    async with unit_of_work() as work:
        return list((await work.session.exec(statement)).all())


async def classmates(count: int) -> list[Student]:
    students = [await make_student(f"Student {number}") for number in range(count)]
    for one in students:
        await enrol(one)
    return students


async def test_a_question_reaches_the_course_and_its_answer_the_asker(pair) -> None:
    mina, jonas = pair
    question = await ask(mina, text="I know that water moves.")
    (seen,) = await listed(jonas)
    assert (seen.author, seen.course, seen.mine) == ("Mina Aalto", "BIO 101", False)
    await answer(jonas, question, "Pressure stops it.")
    (found,) = await answers(mina, question)
    assert (found.text, found.author) == ("Pressure stops it.", "Jonas Keller")
    assert (await look(mina, question.id)).answers == 1
    assert await told(mina) == ["Jonas Keller answered “Why does osmosis stop?”"]


async def test_adding_to_ones_own_question_notifies_nobody(pair) -> None:
    mina, _ = pair
    await answer(mina, await ask(mina))
    assert await told(mina) == []


async def test_everybody_in_the_thread_hears_of_an_answer(pair) -> None:
    mina, jonas = pair
    (third,) = await classmates(1)
    question = await ask(mina)
    await answer(jonas, question)
    async with unit_of_work() as work:
        await questions.answer(
            work, student=third, question_id=UUID(question.id), text="Also.", now=NOON
        )
        heard = {one.account_id for one in work._news if one.topic == "campus"}
    assert heard == {str(one.account_id) for one in (mina, jonas, third)}


async def test_everybody_in_the_course_hears_of_a_new_question(pair) -> None:
    mina, jonas = pair
    async with unit_of_work() as work:
        await questions.ask(
            work,
            student=mina,
            course=await audience.course_of_moodle_id(
                work, account_id=mina.account_id, moodle_id=101
            ),
            title="Why is the sky blue?",
            text="",
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
    assert (len(seen.text), seen.cut) == (300, True)
    assert len((await look(pair[1], question.id)).text) == 4000


async def test_votes_count_once_and_order_the_answers(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    first = await answer(mina, question, "First")
    second = await answer(mina, question, "Second", now=NOON + timedelta(minutes=1))
    await asyncio.gather(*[vote(jonas, second.id) for _ in range(3)])
    assert [(one.text, one.votes) for one in await answers(jonas, question)] == [
        ("Second", 1),
        ("First", 0),
    ]
    assert (await vote(jonas, second.id, useful=False)).votes == 0
    assert (await vote(jonas, first.id, useful=None)).voted
    assert not (await vote(jonas, first.id, useful=None)).voted
    with pytest.raises(ConflictError):
        await vote(mina, first.id)


async def test_only_the_asker_marks_what_helped(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    first = await answer(jonas, question, "First")
    second = await answer(jonas, question, "Second", now=NOON + timedelta(minutes=1))
    with pytest.raises(NotFoundError):
        await mark(jonas, first.id)
    assert (await mark(mina, first.id)).helped
    assert (await mark(mina, second.id)).helped
    assert [(one.text, one.helped) for one in await answers(jonas, question)] == [
        ("Second", True),
        ("First", False),
    ]
    assert (await look(jonas, question.id)).solved
    await mark(mina, first.id, helped=False)
    assert (await look(jonas, question.id)).solved
    await mark(mina, second.id, helped=False)
    assert not (await look(jonas, question.id)).solved


async def test_marking_two_answers_at_once_leaves_one(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    given = [await answer(jonas, question, f"Answer {number}") for number in range(3)]
    await asyncio.gather(*[mark(mina, one.id) for one in given])
    assert [one.helped for one in await answers(mina, question)].count(True) == 1
    titles = await told(jonas)
    assert len(titles) == 3
    await mark(mina, given[0].id)
    assert await told(jonas) == titles


async def test_a_question_is_open_again_when_what_helped_is_removed(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    given = await answer(jonas, question)
    await mark(mina, given.id)
    with pytest.raises(NotFoundError):
        await remove_answer(mina, given.id)
    await remove_answer(jonas, given.id)
    assert not (await look(mina, question.id)).solved


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
    assert await told(mina) == ["Your question “Why does osmosis stop?” is hidden"]
    await remove_question(mina, question.id)


async def test_three_reports_hide_an_answer(pair) -> None:
    mina, jonas = pair
    readers = await classmates(3)
    question = await ask(mina)
    given = await answer(jonas, question)
    await asyncio.gather(*[report_answer(one, given.id) for one in readers])
    assert await answers(mina, question) == []
    assert (await look(mina, question.id)).answers == 0
    assert (await answers(jonas, question))[0].hidden
    assert await told(jonas) == ["Your answer to “Why does osmosis stop?” is hidden"]


async def test_one_reports_once_and_never_oneself(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    given = await answer(jonas, question)
    for who, step, what in (
        (mina, report_question, question.id),
        (jonas, report_answer, given.id),
    ):
        with pytest.raises(ConflictError):
            await step(who, what)
    for who, step, what in (
        (jonas, report_question, question.id),
        (mina, report_answer, given.id),
    ):
        with pytest.raises(InvalidInputError):
            await step(who, what, reason="")
        await step(who, what)
        with pytest.raises(ConflictError):
            await step(who, what)


async def test_who_blocks_somebody_reads_nothing_of_theirs(pair) -> None:
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
    assert len(await listed(mina)) == 2


async def test_words_outlive_their_author(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    await answer(mina, question)
    async with unit_of_work() as work:
        await work.session.delete(await work.session.get_one(Account, mina.account_id))
    (seen,) = await listed(jonas)
    (given,) = await answers(jonas, question)
    assert (seen.author, seen.author_id, given.author) == ("", "", "")
    await answer(jonas, question)
