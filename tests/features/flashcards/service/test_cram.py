from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError
from studymaster.features.flashcards.rules.cram import Order, What, begin
from studymaster.features.flashcards.schemas import EVERYTHING, Pile
from studymaster.features.flashcards.schemas.cram import Wish
from studymaster.features.flashcards.service import cram
from studymaster.models import Card, Quiz, QuizItem, QuizItemKind
from tests.conftest import NOON
from tests.features.flashcards.pile import make_card, make_deck, make_own_card
from tests.features.library.shelf import make_lecture


def wish(what=What.ALL, **told) -> Wish:
    usual = {
        "order": Order.OLDEST,
        "pile": EVERYTHING,
        "days": 7,
        "count": 50,
        "text": "",
    }
    return Wish(what=what, **(usual | told))


async def chosen(student, asked: Wish) -> list[str]:
    async with unit_of_work() as work:
        ids = await cram.choose(work, student=student, wish=asked, now=NOON)
        rows = await work.session.exec(select(Card).where(Card.id.in_(ids)))
        fronts = {card.id: card.front for card in rows.all()}
    return [fronts[one] for one in ids]


async def test_what_is_asked_for_is_found_in_the_order_of_the_lectures(student) -> None:
    deck = await make_deck(student, "Latin")
    later = NOON + timedelta(hours=1)
    await make_own_card(student, deck, front="second", created_at=later)
    await make_own_card(student, deck, front="first")
    await make_own_card(student, deck, front="away", suspended_at=NOON)
    await make_own_card(student, deck, front="flagged", flag=2, created_at=later)
    assert (await chosen(student, wish()))[0] == "first"
    assert len(await chosen(student, wish())) == 3
    assert await chosen(student, wish(What.FLAGGED)) == ["flagged"]
    assert await chosen(student, wish(What.SEARCH, text="second")) == ["second"]
    assert await chosen(student, wish(count=1)) == ["first"]


async def test_what_is_known_least_comes_first(student) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck, front="long", interval_days=90)
    await make_own_card(student, deck, front="short", interval_days=2)
    found = await chosen(student, wish(order=Order.WEAKEST))
    assert found == ["short", "long"]


async def test_only_the_chosen_deck_is_gone_through(student) -> None:
    latin, greek = await make_deck(student, "Latin"), await make_deck(student, "Greek")
    await make_own_card(student, latin, front="canis")
    await make_own_card(student, greek, front="kyon")
    assert await chosen(student, wish(pile=Pile(deck_id=greek))) == ["kyon"]


async def test_nothing_found_and_nobody_elses(student, other_student) -> None:
    deck = await make_deck(other_student, "Latin")
    card = await make_own_card(other_student, deck)
    with pytest.raises(ConflictError, match="No card is like that"):
        await chosen(student, wish())
    async with unit_of_work() as work:
        table = await cram.lay_out(work, student=student, cram=begin([card.id]))
    assert (table.cards, table.cram.waiting) == ([], ())


async def test_the_next_three_lie_there_with_their_source(student) -> None:
    lecture = await make_lecture(student)
    cards = [await make_card(student, lecture, front=f"{n}?") for n in range(5)]
    async with unit_of_work() as work:
        session = begin([one.id for one in cards])
        table = await cram.lay_out(work, student=student, cram=session)
    assert [one.front for one in table.cards] == ["0?", "1?", "2?"]
    assert table.cards[0].source.quote
    assert table.cards[0].intervals == ["In this round", "Done"]


async def test_more_cards_than_lie_there_may_be_deleted(student) -> None:
    deck = await make_deck(student, "Latin")
    cards = [await make_own_card(student, deck, front=f"{n}?") for n in range(12)]
    async with unit_of_work() as work:
        for card in cards[:9]:
            await work.session.delete(await work.session.get(Card, card.id))
    async with unit_of_work() as work:
        session = begin([one.id for one in cards])
        table = await cram.lay_out(work, student=student, cram=session)
    assert [one.front for one in table.cards] == ["9?", "10?", "11?"]
    assert len(table.cram.waiting) == 3


async def test_what_was_wrong_in_a_quiz_comes_as_cards(student, other_student) -> None:
    deck = await make_deck(student, "Latin")
    cards = [await make_own_card(student, deck, front=f"{n}?") for n in range(6)]
    quiz = Quiz(account_id=student.account_id, name="Latin", seed=1, created_at=NOON)
    usual = {
        "account_id": student.account_id,
        "quiz_id": quiz.id,
        "prompt": "?",
        "answer": "!",
        "explanation": "",
        "created_at": NOON,
    }
    short, matching = QuizItemKind.SHORT, QuizItemKind.MATCHING
    items = [
        QuizItem(position=0, kind=short, card_id=cards[0].id, right=True, **usual),
        QuizItem(position=1, kind=short, card_id=cards[1].id, right=False, **usual),
        QuizItem(
            position=2,
            kind=matching,
            matched_ids=[cards[2].id, cards[1].id, UUID(int=5)],
            right=False,
            **usual,
        ),
        QuizItem(position=3, kind=short, card_id=cards[4].id, right=None, **usual),
    ]
    async with unit_of_work() as work:
        work.session.add(quiz)
        await work.session.flush()
        work.session.add_all(items)

    async def wrong(who, named) -> list[UUID]:
        async with unit_of_work() as work:
            return await cram.choose_wrong(work, account_id=who.account_id, quiz=named)

    assert await wrong(student, str(quiz.id)) == [cards[1].id, cards[2].id]
    assert await wrong(other_student, str(quiz.id)) == []
    assert await wrong(student, "nonsense") == []
