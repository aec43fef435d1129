from asyncio import gather
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.flashcards.schemas import Pile, parse_new_card
from studymaster.features.flashcards.service import bulk, cards
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.features.flashcards.service.cards import CardChange
from studymaster.models import Card, CardKind
from tests.conftest import NOON, make_student
from tests.features.flashcards.pile import TODAY, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_course, make_lecture

LATER = NOON + timedelta(days=1)


async def add(student, pile, *, first_id=None, tags="", **typed):
    typed = {"kind": "basic", "front": "canis", "back": "dog"} | typed
    async with unit_of_work() as work:
        return await cards.add(
            work,
            student=student,
            pile=pile,
            new=parse_new_card(**typed, tags=tags),
            first_id=first_id or uuid4(),
            now=NOON,
        )


async def edit(student, card, **change):
    async with unit_of_work() as work:
        return await cards.edit(
            work, student=student, card_id=card.id, change=CardChange(**change), now=NOON
        )


async def get(student, card_id):
    async with unit_of_work() as work:
        return await cards.get_card(work, student=student, card_id=card_id)


async def all_cards():
    async with unit_of_work() as work:
        rows = await work.session.exec(select(Card).order_by(Card.front, Card.ordinal))
        return [(row.front, row.back) for row in rows.all()]


async def test_a_card_by_hand_is_due_today(student) -> None:
    deck = await make_deck(student, "Latin")
    (card,) = await add(student, Pile(deck_id=deck), tags="Animals")
    assert (card.front, card.back, card.tags) == ("canis", "dog", ["animals"])
    assert (card.due_on, card.turn, card.difficulty) == (TODAY.isoformat(), 0, 250)
    assert (card.user_id, card.deck_id) == (str(student.account_id), str(deck))
    assert (card.course_id, card.material_id, card.page, card.quote) == (None,) * 4


async def test_a_card_for_a_course_makes_its_deck(student) -> None:
    course = await make_course(student)
    (card,) = await add(student, Pile(course_id=course.id))
    assert card.course_id == course.moodle_id


async def test_reversed_and_cloze_make_a_card_for_each_question(student) -> None:
    pile = Pile(deck_id=await make_deck(student, "Latin"))
    assert len(await add(student, pile, kind="reversed")) == 2
    await add(student, pile, kind="cloze", front="{{c1::feles}} is {{c2::cat}}", back="")
    assert await all_cards() == [
        ("canis", "dog"),
        ("dog", "canis"),
        ("{{c1::feles}} is {{c2::cat}}", "feles"),
        ("{{c1::feles}} is {{c2::cat}}", "cat"),
    ]


async def test_the_same_form_sent_twice_at_once_makes_its_cards_once(student) -> None:
    pile, visit = Pile(deck_id=await make_deck(student, "Latin")), uuid4()
    sent = [add(student, pile, first_id=visit, kind="reversed") for _ in range(3)]
    made = await gather(*sent)
    assert len({card.id for cards_made in made for card in cards_made}) == 2
    assert len(await all_cards()) == 2


async def test_no_card_comes_into_another_students_deck(student, other_student) -> None:
    deck = await make_deck(student, "Latin")
    course = await make_course(student)
    for pile in (Pile(deck_id=deck), Pile(course_id=course.id), Pile(deck_id=uuid4())):
        with pytest.raises(NotFoundError):
            await add(other_student, pile)
    assert await all_cards() == []


async def test_another_students_card_cannot_be_taken_over_by_its_id(
    student, other_student
) -> None:
    card = await make_own_card(student, await make_deck(student, "Latin"))
    mine = Pile(deck_id=await make_deck(other_student, "Mine"))
    with pytest.raises(NotFoundError):
        await add(other_student, mine, first_id=card.id, front="stolen")
    assert await all_cards() == [("canis", "dog")]


async def test_editing_leaves_the_schedule_and_the_source_alone(student) -> None:
    card = await make_card(student, await make_lecture(student), due_in=9, turn=4)
    changed = await edit(student, card, front="What?", tags="exam")
    assert (changed.front, changed.back) == ("What?", "A ribosome.")
    assert (changed.turn, changed.quote, changed.tags) == (4, card.quote, ["exam"])
    assert changed.due_on == (TODAY + timedelta(days=9)).isoformat()


async def test_the_back_of_a_cloze_follows_its_gap(student) -> None:
    deck = await make_deck(student, "Latin")
    card = await make_own_card(
        student, deck, kind=CardKind.CLOZE, front="A {{c1::b}}.", back="b"
    )
    assert (await edit(student, card, front="A {{c1::bee}}.", back="other")).back == "bee"
    with pytest.raises(InvalidInputError, match="Mark the words"):
        await edit(student, card, front="No gap.")
    assert (await edit(student, card, tags=["x"])).front == "A {{c1::bee}}."


async def test_a_card_moves_between_a_course_and_a_deck(student) -> None:
    card = await make_card(student, await make_lecture(student))
    deck = await make_deck(student, "Latin")
    assert (await edit(student, card, pile=Pile(deck_id=deck))).course_id is None


async def test_cards_are_suspended_and_brought_back(student) -> None:
    card = await make_own_card(student, await make_deck(student, "Latin"))
    for on in (True, True, False):
        async with unit_of_work() as work:
            await bulk.suspend(
                work, student=student, chosen=Chosen([card.id]), on=on, now=LATER
            )
        assert (await get(student, card.id)).suspended is on


async def test_cards_are_flagged_and_the_database_knows_seven_flags(student) -> None:
    card = await make_own_card(student, await make_deck(student, "Latin"))
    for number in (7, 1, 0):
        async with unit_of_work() as work:
            await bulk.flag(
                work, student=student, chosen=Chosen([card.id]), number=number, now=NOON
            )
        async with unit_of_work() as work:
            row = await work.session.get_one(Card, card.id)
            assert row.flag == number
    with pytest.raises(IntegrityError):
        await make_own_card(student, card.deck_id, flag=8)


async def test_what_is_not_there_any_more_is_left_out_of_what_is_done(student) -> None:
    deck = await make_deck(student, "Latin")
    card = await make_own_card(student, deck)
    async with unit_of_work() as work:
        said = await bulk.delete(
            work, student=student, chosen=Chosen([card.id, uuid4()]), now=NOON
        )
    assert (said, await all_cards()) == ("1 card deleted.", [])


async def test_another_students_cards_are_not_there(student, other_student) -> None:
    card = await make_own_card(student, await make_deck(student, "Latin"))
    mine = Pile(deck_id=await make_deck(other_student, "Mine"))
    account_id, ids = other_student.account_id, [card.id]

    async def attempt(act) -> None:
        async with unit_of_work() as work:
            with pytest.raises(NotFoundError):
                await act(work)

    theirs = {"student": other_student, "chosen": Chosen(ids), "now": NOON}
    await attempt(lambda work: bulk.delete(work, **theirs))
    await attempt(lambda work: bulk.move(work, pile=mine, **theirs))
    await attempt(lambda work: bulk.suspend(work, on=True, **theirs))
    await attempt(lambda work: bulk.flag(work, number=1, **theirs))
    await attempt(
        lambda work: cards.get_draft(work, account_id=account_id, card_id=card.id)
    )
    with pytest.raises(NotFoundError):
        await edit(other_student, card, front="stolen")
    with pytest.raises(NotFoundError):
        await get(other_student, card.id)
    assert await all_cards() == [("canis", "dog")]


async def test_cards_stay_where_they_are_when_the_deck_is_anothers(
    student, other_student
) -> None:
    card = await make_own_card(student, await make_deck(student, "Latin"))
    foreign = await make_deck(other_student, "Greek")
    async with unit_of_work() as work:
        with pytest.raises(NotFoundError):
            await bulk.move(
                work,
                student=student,
                chosen=Chosen([card.id]),
                pile=Pile(deck_id=foreign),
                now=NOON,
            )
    assert (await get(student, card.id)).deck_id == str(card.deck_id)


async def test_a_card_is_due_when_the_students_own_day_starts(empty_database) -> None:
    student = await make_student("Aiko", time_zone="Asia/Tokyo")
    (card,) = await add(student, Pile(deck_id=await make_deck(student, "Latin")))
    assert card.next_review == datetime(2030, 1, 15, 19, tzinfo=UTC)


async def test_the_editor_gets_the_card_as_it_was_typed(student) -> None:
    deck = await make_deck(student, "Latin")
    card = await make_own_card(student, deck, tags=["a", "b"])
    async with unit_of_work() as work:
        draft = await cards.get_draft(work, account_id=student.account_id, card_id=card.id)
    assert (draft.front, draft.tags, draft.deck) == ("canis", "a, b", f"deck:{deck}")
