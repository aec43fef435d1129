import json
from asyncio import create_task, gather
from uuid import UUID

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.flashcards.service import bulk
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.features.quizzes import service
from studymaster.features.quizzes.schemas import Pile
from studymaster.models import Card, QuizItem, ReviewLog
from studymaster.paging import Window
from tests.conftest import NOBODYS_ID, NOON
from tests.features.flashcards.pile import QUOTE, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_lecture
from tests.features.quizzes.pile import WORDS, make_words, wrong_answer
from tests.waiting import until_it_waits


async def create(student, pile=None, *, count=6):
    async with unit_of_work() as work:
        return await service.create_quiz(
            work,
            account_id=student.account_id,
            pile=pile or Pile(),
            count=count,
            now=NOON,
        )


async def get(student, quiz):
    async with unit_of_work() as work:
        return await service.get_quiz(
            work, account_id=student.account_id, quiz_id=UUID(quiz.id)
        )


async def answer(student, quiz, position, given):
    async with unit_of_work() as work:
        return await service.answer_item(
            work,
            account_id=student.account_id,
            quiz_id=UUID(quiz.id),
            position=position,
            given=given,
            now=NOON,
        )


async def discard(student, quiz):
    async with unit_of_work() as work:
        await service.discard(work, account_id=student.account_id, quiz_id=UUID(quiz.id))


async def again(student, quiz):
    async with unit_of_work() as work:
        return await service.practise_again(
            work, account_id=student.account_id, quiz_id=UUID(quiz.id), now=NOON
        )


async def stored() -> list[QuizItem]:
    async with unit_of_work() as work:
        rows = await work.session.exec(select(QuizItem).order_by(QuizItem.position))
        return list(rows.all())


async def answer_all(student, quiz, *, wrong=0):
    whole = None
    for row in await stored():
        if str(row.quiz_id) == quiz.id:
            given = wrong_answer(row) if row.position < wrong else row.answer
            whole = await answer(student, quiz, row.position, given)
    return whole


async def test_a_quiz_is_made_from_the_students_cards_and_kept(student) -> None:
    deck = await make_words(student)
    quiz = await create(student, Pile(deck_id=deck))
    whole = await get(student, quiz)
    assert (quiz.name, quiz.total, quiz.answered) == ("Latin", 6, 0)
    assert [item.number for item in whole.items] == [1, 2, 3, 4, 5, 6]
    assert {item.kind for item in whole.items} == {"choice", "true_false", "short"}


async def test_an_open_question_does_not_give_itself_away(student) -> None:
    await make_words(student)
    whole = await get(student, await create(student))
    assert {(one.answer, one.explanation, one.state) for one in whole.items} == {
        ("", "", "open")
    }


async def test_too_few_cards_are_said_so(student) -> None:
    deck = await make_deck(student, "Latin")
    with pytest.raises(ConflictError, match="are no cards here; a quiz needs 4"):
        await create(student, Pile(deck_id=deck))
    await make_own_card(student, deck)
    with pytest.raises(ConflictError, match="is 1 card here"):
        await create(student)


async def test_suspended_cards_are_not_asked(student) -> None:
    deck = await make_deck(student, "Latin")
    for front, back in WORDS.items():
        await make_own_card(student, deck, front=front, back=back, suspended_at=NOON)
    with pytest.raises(ConflictError, match="no cards"):
        await create(student)


async def test_cards_that_all_say_the_same_cannot_be_asked(student) -> None:
    deck = await make_deck(student, "Latin")
    for number in range(5):
        long = "the very same rather long answer to it"
        await make_own_card(student, deck, front=f"{number}?", back=long)
    with pytest.raises(ConflictError, match="same answer"):
        await create(student)


async def test_right_and_wrong_answers_are_told_and_explained(student) -> None:
    await make_words(student)
    quiz = await create(student)
    whole = await answer_all(student, quiz, wrong=2)
    assert [item.state for item in whole.items] == ["wrong"] * 2 + ["right"] * 4
    assert all(item.answer and item.explanation for item in whole.items)
    assert (whole.quiz.right, whole.quiz.percent) == (4, 66)
    assert whole.quiz.finished_at == NOON


async def test_the_first_answer_counts_however_often_it_is_sent(student) -> None:
    await make_words(student)
    quiz = await create(student)
    row = (await stored())[0]
    tries = [row.answer, *[wrong_answer(row)] * 3]
    told = await gather(*(answer(student, quiz, 0, given) for given in tries))
    assert len({whole.items[0].given for whole in told}) == 1
    assert len({whole.items[0].state for whole in told}) == 1


async def test_a_choice_is_one_of_the_options(student) -> None:
    await make_words(student)
    quiz = await create(student)
    row = next(row for row in await stored() if row.options)
    with pytest.raises(InvalidInputError, match="none of the answers"):
        await answer(student, quiz, row.position, "something else")
    assert (await get(student, quiz)).quiz.answered == 0


async def test_an_answer_shows_the_cited_page(student) -> None:
    lecture = await make_lecture(student)
    for front, back in WORDS.items():
        await make_card(student, lecture, front=front, back=back)
    quiz = await create(student, Pile(course_id=lecture.course_id))
    cited = (await answer_all(student, quiz)).items[0].cited
    base = f"/api/v1/materials/{lecture.id}"
    assert (cited.name, cited.page, cited.quote) == ("Lecture 7.pdf", 1, QUOTE)
    assert cited.picture == f"{base}/pages/1.webp?width=800"
    assert cited.file == f"{base}/file#page=1"
    assert cited.lecture == f"/smart-study/lecture/{lecture.id}"


async def test_a_quiz_outlives_its_cards(student) -> None:
    await make_words(student)
    quiz = await create(student)
    async with unit_of_work() as work:
        ids = [row.id for row in (await work.session.exec(select(Card))).all()]
        await bulk.delete(work, student=student, chosen=Chosen(ids), now=NOON)
    whole = await answer_all(student, quiz)
    assert (whole.quiz.right, whole.items[0].cited.name) == (6, "")
    assert whole.items[0].explanation


async def test_a_quiz_leaves_the_schedule_alone(student) -> None:
    await make_words(student)
    await answer_all(student, await create(student), wrong=3)
    async with unit_of_work() as work:
        assert (await work.session.exec(select(ReviewLog))).all() == []
        rows = (await work.session.exec(select(Card))).all()
    assert {(row.turn, row.due_on) for row in rows} == {(0, NOON.date())}


async def test_the_wrong_ones_can_be_done_again(student) -> None:
    await make_words(student)
    quiz = await create(student)
    await answer_all(student, quiz, wrong=2)
    wrong = {row.prompt for row in await stored() if row.right is False}
    repeated = await again(student, quiz)
    whole = await get(student, repeated)
    assert {item.prompt for item in whole.items} == wrong
    assert (repeated.name, repeated.answered) == ("All cards, wrong ones again", 0)
    await answer_all(student, repeated, wrong=1)
    assert (await again(student, repeated)).name == "All cards, wrong ones again"


async def test_without_wrong_ones_there_is_nothing_to_repeat(student) -> None:
    await make_words(student)
    quiz = await create(student)
    await answer_all(student, quiz)
    with pytest.raises(ConflictError, match="Nothing was wrong"):
        await again(student, quiz)


async def test_the_history_has_the_newest_first(student) -> None:
    await make_words(student)
    made = [await create(student) for _ in range(3)]
    await answer_all(student, made[0], wrong=1)
    async with unit_of_work() as work:
        first = await service.list_quizzes(
            work, account_id=student.account_id, window=Window(limit=2)
        )
        rest = await service.list_quizzes(
            work, account_id=student.account_id, window=Window(2, 2)
        )
    listed = [*first.items, *rest.items]
    assert {one.id for one in listed} == {one.id for one in made}
    assert (first.next_offset, rest.next_offset) == (2, None)
    assert sorted(one.right for one in listed) == [0, 0, 5]


async def test_what_can_be_asked_is_listed_with_its_cards(student) -> None:
    await make_words(student)
    card = await make_card(student, await make_lecture(student))
    async with unit_of_work() as work:
        piles = await service.list_piles(work, account_id=student.account_id)
    assert [(one.name, one.cards) for one in piles] == [
        ("All cards", len(WORDS) + 1),
        ("BIO 101", 1),
        ("Latin", len(WORDS)),
    ]
    assert piles[1].key.startswith("course:")
    assert str(card.deck_id) not in piles[1].key


async def test_another_students_cards_and_quizzes_are_not_there(
    student, other_student
) -> None:
    deck = await make_words(student)
    lecture = await make_lecture(student)
    quiz = await create(student)
    for pile in (Pile(deck_id=deck), Pile(course_id=lecture.course_id)):
        with pytest.raises(NotFoundError):
            await create(other_student, pile)
    for attempt in (
        get(other_student, quiz),
        answer(other_student, quiz, 0, "x"),
        again(other_student, quiz),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    async with unit_of_work() as work:
        found = await service.find_quiz(
            work, account_id=other_student.account_id, address=quiz.id
        )
        listed = await service.list_quizzes(
            work, account_id=other_student.account_id, window=Window()
        )
    assert (found, listed.items) == (None, [])


async def test_a_quiz_that_was_left_open_goes_with_its_questions(
    student, other_student
) -> None:
    await make_words(student)
    quiz = await create(student)
    with pytest.raises(NotFoundError):
        await discard(other_student, quiz)
    await discard(student, quiz)
    with pytest.raises(NotFoundError):
        await discard(student, quiz)
    async with unit_of_work() as work:
        assert (await work.session.exec(select(QuizItem))).all() == []


async def test_a_finished_quiz_keeps_its_result(student) -> None:
    await make_words(student)
    quiz = await create(student, count=5)
    async with unit_of_work() as work:
        rows = (await work.session.exec(select(QuizItem))).all()
    for row in rows:
        await answer(student, quiz, row.position, row.answer)
    with pytest.raises(ConflictError, match="finished"):
        await discard(student, quiz)
    assert (await get(student, quiz)).quiz.right == 5


@pytest.mark.parametrize("position", [-1, 6, 2**40])
async def test_there_is_no_question_beyond_the_last(student, position: int) -> None:
    await make_words(student)
    with pytest.raises(NotFoundError, match="no such question"):
        await answer(student, await create(student), position, "x")


@pytest.mark.parametrize("address", ["", "nonsense", NOBODYS_ID])
async def test_an_address_of_no_quiz_finds_none(student, address: str) -> None:
    async with unit_of_work() as work:
        assert (
            await service.find_quiz(work, account_id=student.account_id, address=address)
            is None
        )


async def test_the_last_answers_sent_at_once_finish_the_quiz(student) -> None:
    await make_words(student)
    quiz = await create(student)
    *early, before_last, last = await stored()
    for row in early:
        await answer(student, quiz, row.position, row.answer)
    async with unit_of_work() as work:
        await service.answer_item(
            work,
            account_id=student.account_id,
            quiz_id=UUID(quiz.id),
            position=before_last.position,
            given=before_last.answer,
            now=NOON,
        )
        other = create_task(answer(student, quiz, last.position, last.answer))
        await until_it_waits(other)
    await other
    with pytest.raises(ConflictError, match="finished"):
        await discard(student, quiz)


async def paired(student):
    await make_words(student)
    quiz = await create(student, count=5)
    return quiz, (await stored())[-1]


async def test_pairs_are_judged_one_by_one_and_right_when_all_are(student) -> None:
    quiz, row = await paired(student)
    before = (await get(student, quiz)).items[-1]
    assert [pair.asked for pair in before.pairs] == row.asked
    assert {(pair.given, pair.answer, pair.right) for pair in before.pairs} == {
        ("", "", False)
    }
    first, second, *rest = json.loads(row.answer)
    given = json.dumps([second, first, *rest])
    item = (await answer(student, quiz, row.position, given)).items[-1]
    assert item.state == "wrong"
    assert [pair.right for pair in item.pairs] == [False, False, True, True]
    assert [pair.answer for pair in item.pairs] == [first, second, *rest]


async def test_all_pairs_right(student) -> None:
    quiz, row = await paired(student)
    item = (await answer(student, quiz, row.position, row.answer)).items[-1]
    assert (item.state, all(pair.right for pair in item.pairs)) == ("right", True)


@pytest.mark.parametrize("given", ["dog", "[]", '["dog"]', '{"a": 1}', "[1, 2, 3, 4]"])
async def test_pairs_that_are_none_are_one_sentence_and_stay_open(student, given) -> None:
    quiz, row = await paired(student)
    with pytest.raises(InvalidInputError, match="Choose an answer for each"):
        await answer(student, quiz, row.position, given)
    assert (await get(student, quiz)).items[-1].state == "open"


async def test_wrong_pairs_come_again_in_another_quiz(student) -> None:
    quiz, row = await paired(student)
    await answer(student, quiz, row.position, wrong_answer(row))
    once_more = await again(student, quiz)
    (item,) = (await get(student, once_more)).items
    assert (item.kind, len(item.pairs)) == ("matching", 4)
