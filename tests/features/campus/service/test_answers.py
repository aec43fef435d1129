import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.campus.schemas.questions import TypedAnswer
from studymaster.features.campus.service import answers as service
from studymaster.features.notifications import service as notifications
from studymaster.models import Account
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.campus.asking import (
    answer,
    answers,
    ask,
    listed,
    look,
    mark,
    remove_answer,
    report_answer,
    report_question,
    vote,
)
from tests.features.campus.mates import (
    classmates,
    paths_told,
    titles_told,
)


async def test_adding_to_ones_own_question_notifies_nobody(pair) -> None:
    mina, _ = pair
    await answer(mina, await ask(mina))
    assert await titles_told(mina) == []


async def test_who_asked_is_told_the_answer_in_plain_words(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    async with unit_of_work() as work:
        await service.answer(
            work,
            student=jonas,
            question_id=UUID(question.id),
            typed=TypedAnswer(
                "Because **unwinding** costs energy.\n\n- [ATP](https://a.org)"
            ),
            now=NOON,
        )
    async with unit_of_work() as work:
        inbox = await notifications.inbox(
            work, account_id=mina.account_id, window=Window(limit=5)
        )
    assert [one.text for one in inbox.items] == ["Because unwinding costs energy. ATP"]


async def test_everybody_who_can_have_it_open_hears_of_an_answer(pair) -> None:
    mina, jonas = pair
    (reader,) = await classmates(1)
    question = await ask(mina)
    async with unit_of_work() as work:
        await service.answer(
            work,
            student=jonas,
            question_id=UUID(question.id),
            typed=TypedAnswer("Also."),
            now=NOON,
        )
        heard = {one.account_id for one in work._news if one.topic == "campus"}
    assert heard == {str(one.account_id) for one in (mina, jonas, reader)}


async def test_an_answer_sent_twice_under_one_key_is_given_and_told_once(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    given = await asyncio.gather(
        *[answer(jonas, question, key="pressed-twice") for _ in range(3)]
    )
    assert len({one.id for one in given}) == 1
    assert len(await answers(mina, question)) == 1
    assert len(await titles_told(mina)) == 1


async def test_who_answers_all_day_long_is_told_of_once_a_day(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    for number in range(5):
        await answer(jonas, question, f"Answer {number}")
    assert len(await titles_told(mina)) == 1
    (third,) = await classmates(1)
    await answer(third, question)
    await answer(jonas, question, now=NOON + timedelta(days=1))
    assert len(await titles_told(mina)) == 3


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
    titles = await titles_told(jonas)
    assert len(titles) == 3
    await mark(mina, given[0].id)
    assert await titles_told(jonas) == titles


async def test_a_question_is_open_again_when_what_helped_is_removed(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    given = await answer(jonas, question)
    await mark(mina, given.id)
    with pytest.raises(NotFoundError):
        await remove_answer(mina, given.id)
    await remove_answer(jonas, given.id)
    assert not (await look(mina, question.id)).solved


async def test_three_reports_hide_an_answer(pair) -> None:
    mina, jonas = pair
    readers = await classmates(3)
    question = await ask(mina)
    given = await answer(jonas, question)
    await asyncio.gather(*[report_answer(one, given.id) for one in readers])
    assert await answers(mina, question) == []
    assert (await look(mina, question.id)).answers == 0
    assert (await answers(jonas, question))[0].hidden
    assert await titles_told(jonas) == ["Your answer to “Why does osmosis stop?” is hidden"]
    assert await paths_told(jonas) == [f"/campus?tab=questions&question={question.id}"]


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
