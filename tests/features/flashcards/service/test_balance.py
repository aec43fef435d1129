from datetime import timedelta
from uuid import uuid4

from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import EVERYTHING, Answer
from studymaster.features.flashcards.service import review, schedule
from studymaster.models import Card
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_deck, make_own_card
from tests.features.flashcards.service.test_fitting import by_fsrs

KNOWN = {
    "stability": 30.0,
    "difficulty": 5.0,
    "interval_days": 30,
    "repetitions": 3,
    "turn": 3,
}


async def known_card(student, deck_id, **fields) -> Card:
    return await make_own_card(
        student,
        deck_id,
        **KNOWN | {"reviewed_on": TODAY - timedelta(days=30)} | fields,
    )


async def labels(student) -> dict[str, list[str]]:
    async with unit_of_work() as work:
        found, _ = await review.list_due(
            work, student=student, pile=EVERYTHING, now=NOON, window=Window(limit=20)
        )
    return {face.id: face.intervals for face in found.items}


async def good(student, card, *, turn=3) -> int:
    async with unit_of_work() as work:
        answer = Answer(card.id, turn, Grade.GOOD, 4_000, uuid4())
        await review.grade(work, student=student, answer=answer, now=NOON)
    async with unit_of_work() as work:
        return (await work.session.get_one(Card, card.id)).interval_days


async def fsrs_deck(student):
    deck_id = await make_deck(student, "Latin")
    await by_fsrs(student, deck_id)
    return deck_id


async def test_what_a_button_says_is_given_whatever_was_answered_in_between(
    student,
) -> None:
    deck_id = await fsrs_deck(student)
    cards = [await known_card(student, deck_id) for _ in range(12)]
    said = await labels(student)
    for card in cards:
        days = await good(student, card)
        told = said[str(card.id)][2]
        assert told in {f"{days} d", f"{round(days / 30.4375)} mo"}


async def test_a_full_day_is_passed_by(student) -> None:
    deck_id = await fsrs_deck(student)
    first = await known_card(student, deck_id)
    given = await good(student, first)
    async with unit_of_work() as work:
        work.session.add_all(
            Card(
                account_id=student.account_id,
                deck_id=deck_id,
                kind="basic",
                front="a",
                back="b",
                due_on=TODAY + timedelta(days=given),
                created_at=NOON,
            )
            for _ in range(80)
        )
        await work.session.exec(text_of("DELETE FROM dayload"))
    others = [await good(student, await known_card(student, deck_id)) for _ in range(12)]
    assert given not in others


def text_of(words: str):
    from sqlalchemy import text

    return text(words)


async def test_a_free_day_of_the_week_stays_free(student) -> None:
    deck_id = await fsrs_deck(student)
    week = ["none", "none", "none", "usual", "none", "none", "none"]
    async with unit_of_work() as work:
        await schedule.save_easy_days(work, student=student, chosen=week)
    for _ in range(8):
        days = await good(student, await known_card(student, deck_id))
        assert (TODAY + timedelta(days=days)).weekday() == 3


async def test_cards_of_one_note_keep_apart(student) -> None:
    deck_id, note = await fsrs_deck(student), uuid4()
    alone = await known_card(student, deck_id)
    away = await good(student, alone)
    await known_card(student, deck_id, note_id=note, due_on=TODAY + timedelta(days=away))
    for ordinal in range(8):
        card = await known_card(student, deck_id, note_id=note, ordinal=ordinal)
        assert abs(await good(student, card) - away) > 1


async def test_sm2_knows_one_day_alone(student) -> None:
    deck_id = await make_deck(student, "Latin")
    week = ["none"] * 7
    async with unit_of_work() as work:
        await schedule.save_easy_days(work, student=student, chosen=week)
    card = await make_own_card(student, deck_id, interval_days=6, repetitions=2, turn=3)
    assert await good(student, card) == 15
