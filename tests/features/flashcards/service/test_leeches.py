from datetime import timedelta

import pytest
from sqlmodel import update

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.llm import ModelProposal
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.flashcards.rules.browse import parse_search
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import Answer, Suggestion
from studymaster.features.flashcards.service import browse, leeches, review, undoing
from studymaster.models import Card, Deck
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.flashcards.pile import QUOTE, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_lecture

KNOWN = {"turn": 5, "interval_days": 6, "repetitions": 3}


async def forget(student, card, *, turn=5, grade=Grade.AGAIN, now=NOON):
    async with unit_of_work() as work:
        answer = Answer(card.id, turn, grade, 4_000)
        return await review.grade(work, student=student, answer=answer, now=now)


async def row(card) -> Card:
    async with unit_of_work() as work:
        found = await work.session.get(Card, card.id)
        assert found
        return found


async def known_card(student, *, lapses: int, **settings) -> Card:
    deck_id = await make_deck(student, "Latin")
    async with unit_of_work() as work:
        if settings:
            await work.session.exec(
                update(Deck).where(Deck.id == deck_id).values(**settings)
            )
    return await make_own_card(student, deck_id, lapses=lapses, tags=["exam"], **KNOWN)


async def search(student, words: str) -> list[str]:
    async with unit_of_work() as work:
        found = await browse.list_cards(
            work,
            student=student,
            search=parse_search(text=words),
            window=Window(),
            now=NOON,
        )
        return [card.id for card in found.items]


async def test_the_eighth_lapse_marks_a_card_suspends_it_and_is_said(student) -> None:
    card = await known_card(student, lapses=7)
    result = await forget(student, card)
    found = await row(card)
    assert (result.leech, found.lapses) == (True, 8)
    assert found.tags == ["exam", "leech"]
    assert found.suspended_at == NOON
    assert await search(student, "is:leech") == [str(card.id)]


@pytest.mark.parametrize(("lapses", "is_leech"), [(6, False), (8, False), (11, True)])
async def test_it_is_said_again_after_every_half(student, lapses, is_leech) -> None:
    card = await known_card(student, lapses=lapses)
    assert (await forget(student, card)).leech is is_leech


async def test_a_deck_may_mark_without_suspending_and_set_its_own_number(student) -> None:
    card = await known_card(student, lapses=1, leech_at=2, leech_suspends=False)
    assert (await forget(student, card)).leech
    found = await row(card)
    assert (found.suspended_at, "leech" in found.tags) == (None, True)


async def test_a_deck_without_a_number_has_no_leeches(student) -> None:
    card = await known_card(student, lapses=99, leech_at=0)
    assert not (await forget(student, card)).leech


async def test_only_what_was_known_is_forgotten(student) -> None:
    deck_id = await make_deck(student, "Latin")
    card = await make_own_card(student, deck_id)
    for turn in range(10):
        await forget(student, card, turn=turn)
    assert (await row(card)).lapses == 0
    other = await make_own_card(student, deck_id, **KNOWN)
    await forget(student, other, grade=Grade.HARD)
    assert (await row(other)).lapses == 0


async def test_a_drill_after_it_is_no_further_lapse(student) -> None:
    card = await known_card(student, lapses=0)
    for turn in (5, 6, 7):
        await forget(student, card, turn=turn)
    assert (await row(card)).lapses == 1
    later = NOON + timedelta(days=1)
    await forget(student, card, turn=8, now=later)
    assert (await row(card)).lapses == 2


async def test_taking_the_answer_back_takes_the_mark_back(student) -> None:
    card = await known_card(student, lapses=7)
    before = (await row(card)).model_dump()
    await forget(student, card)
    async with unit_of_work() as work:
        assert await undoing.undo_last(work, student=student, now=NOON)
    assert (await row(card)).model_dump() == before
    assert await search(student, "is:leech") == []


async def test_the_review_tells_of_it_with_the_page_it_comes_from(
    student, other_student
) -> None:
    card = await make_card(student, await make_lecture(student), tags=["leech"])
    async with unit_of_work() as work:
        told = await leeches.get_leech(work, account_id=student.account_id, card_id=card.id)
        with pytest.raises(NotFoundError):
            await leeches.get_leech(
                work, account_id=other_student.account_id, card_id=card.id
            )
    assert (told.front, told.suspended) == ("What builds proteins?", False)
    assert (told.source.page, told.source.quote) == (1, QUOTE)


class Model:
    """Answers as a model does, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    async def propose_cards(self, pages, *, title: str, count: int) -> list[ModelProposal]:
        self.asked.append((pages, title, count))
        words = {"page": 1, "quote": QUOTE}
        return [
            ModelProposal(
                kind="basic", front="What makes proteins?", back="Ribosomes", **words
            ),
            ModelProposal(kind="cloze", front="{{c1::x}}", back="x", **words),
        ]


async def test_other_words_are_made_from_the_page_alone(student) -> None:
    lecture = await make_lecture(student)
    card = await make_card(student, lecture)
    async with unit_of_work() as work:
        page = await leeches.get_page(work, account_id=student.account_id, card_id=card.id)
    model = Model()
    assert await leeches.suggest(model, page=page) == [
        Suggestion("What makes proteins?", "Ribosomes")
    ]
    (((pages, title, count),),) = (model.asked,)
    assert (pages[0][0], title, count) == (1, lecture.name, 3)
    assert QUOTE in pages[0][1]


async def test_without_a_page_nobody_is_asked(student, other_student) -> None:
    card = await known_card(student, lapses=0)
    async with unit_of_work() as work:
        with pytest.raises(ConflictError):
            await leeches.get_page(work, account_id=student.account_id, card_id=card.id)
        with pytest.raises(NotFoundError):
            await leeches.get_page(
                work, account_id=other_student.account_id, card_id=card.id
            )
