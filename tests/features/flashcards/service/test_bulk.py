from datetime import timedelta

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.flashcards.rules.language import parse
from studymaster.features.flashcards.schemas import Pile
from studymaster.features.flashcards.service import bulk, deeds, undoing
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.models import Card, ReviewLog
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_deck, make_own_card
from tests.statements import asked

FOUND = Chosen(search=parse("tag:animal"))


async def do(student, deed, chosen=FOUND, **how) -> str:
    async with unit_of_work() as work:
        return await deed(work, student=student, chosen=chosen, now=NOON, **how)


async def rows() -> dict[str, dict[str, object]]:
    async with unit_of_work() as work:
        cards = (await work.session.exec(select(Card))).all()
        return {card.front: card.model_dump() for card in cards}


async def undo(student) -> str | None:
    async with unit_of_work() as work:
        return await undoing.undo_last(work, student=student, now=NOON)


@pytest.fixture
async def deck(student):
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck, front="canis", tags=["animal", "dog"], flag=2)
    await make_own_card(student, deck, front="felis", tags=["animal"], suspended_at=NOON)
    await make_own_card(student, deck, front="rosa", tags=["plant"])
    return deck


@pytest.mark.parametrize(
    ("deed", "how", "said", "column", "values"),
    [
        (bulk.suspend, {"on": True}, "suspended", "suspended_at", [NOON, NOON, None]),
        (bulk.suspend, {"on": False}, "back in review", "suspended_at", [None] * 3),
        (bulk.flag, {"number": 1}, "flagged red", "flag", [1, 1, 0]),
        (bulk.flag, {"number": 0}, "without a flag", "flag", [0, 0, 0]),
        (
            bulk.tag,
            {"name": "dog"},
            "tagged dog",
            "tags",
            [["animal", "dog"], ["animal", "dog"], ["plant"]],
        ),
        (
            bulk.untag,
            {"name": "animal"},
            "without the tag animal",
            "tags",
            [["dog"], [], ["plant"]],
        ),
    ],
)
async def test_what_a_search_finds_is_changed_together_and_taken_back(  # noqa: PLR0917
    student, deck, deed, how, said: str, column: str, values: list[object]
) -> None:
    before = await rows()
    assert await do(student, deed, **how) == f"2 cards {said}."
    after = await rows()
    assert [after[front][column] for front in ("canis", "felis", "rosa")] == values
    assert await undo(student) == f"Took back: 2 cards {said}."
    assert await rows() == before


async def test_cards_are_buried_until_tomorrow(student, deck) -> None:
    await do(student, bulk.bury)
    buried = [card["buried_until"] for card in (await rows()).values()]
    assert sorted(day is None for day in buried) == [False, False, True]
    assert {(day - TODAY).days for day in buried if day} == {1}
    await do(student, bulk.suspend, on=False)
    assert {card["buried_until"] for card in (await rows()).values()} == {None}


async def test_cards_are_moved_and_deleted_and_both_are_taken_back(student, deck) -> None:
    before = await rows()
    greek = await make_deck(student, "Greek")
    await do(student, bulk.move, pile=Pile(deck_id=greek))
    moved = await rows()
    assert [moved[front]["deck_id"] for front in ("canis", "rosa")] == [greek, deck]
    await do(student, bulk.delete)
    assert {*await rows()} == {"rosa"}
    assert await undo(student) == "Took back: 2 cards deleted."
    assert await rows() == moved
    await undo(student)
    assert await rows() == before


async def test_a_card_with_all_the_tags_it_can_have_stays(student, deck) -> None:
    full = [f"t{number}" for number in range(20)]
    card = await make_own_card(student, deck, front="full", tags=full)
    await do(student, bulk.tag, Chosen([card.id]), name="more")
    assert (await rows())["full"]["tags"] == full


async def test_thousands_are_changed_in_as_many_statements_as_two(student, deck) -> None:
    async with unit_of_work() as work:
        for number in range(3_000):
            work.session.add(
                Card(
                    account_id=student.account_id,
                    deck_id=deck,
                    kind="basic",
                    front=f"card {number}",
                    back="back",
                    due_on=TODAY,
                    created_at=NOON,
                )
            )
    counts = []
    for search in ("tag:animal", '"card"'):
        with asked() as statements:
            chosen = Chosen(search=parse(search))
            said = await do(student, bulk.tag, chosen, name="exam")
        counts.append(len(statements))
    assert said == "3,000 cards tagged exam."
    assert counts[0] == counts[1]
    assert await undo(student) == "Took back: 3,000 cards tagged exam."


async def test_nothing_of_another_student_is_touched(student, other_student, deck) -> None:
    before = await rows()
    async with unit_of_work() as work:
        ids = (await work.session.exec(select(Card.id))).all()
    for chosen in (FOUND, Chosen(ids)):
        for deed, how in (
            (bulk.suspend, {"on": True}),
            (bulk.bury, {}),
            (bulk.flag, {"number": 1}),
            (bulk.tag, {"name": "x"}),
            (bulk.untag, {"name": "animal"}),
            (bulk.delete, {}),
        ):
            with pytest.raises(NotFoundError):
                await do(other_student, deed, chosen, **how)
    assert await rows() == before


async def lines() -> list[ReviewLog]:
    async with unit_of_work() as work:
        return list((await work.session.exec(select(ReviewLog))).all())


async def test_cards_are_due_on_other_days_and_the_log_has_them(student, deck) -> None:
    known = {"turn": 4, "interval_days": 30, "repetitions": 3, "easiness": 210}
    drill = {"drill_on": TODAY, "drill_at": NOON, "drill_step": 1, "buried_until": TODAY}
    await make_own_card(student, deck, front="lupus", tags=["animal"], **known, **drill)
    before = await rows()
    assert await do(student, bulk.set_due, days=(3, 3)) == "3 cards due in 3 days."
    after, day = await rows(), TODAY + timedelta(days=3)
    assert after["rosa"] == before["rosa"]
    assert {after[one]["due_on"] for one in ("canis", "felis", "lupus")} == {day}
    wolf = after["lupus"]
    assert [wolf[one] for one in ("turn", "interval_days", "repetitions")] == [5, 30, 3]
    assert [wolf[one] for one in (*drill,)] == [None, None, 0, None]
    assert [after["canis"][one] for one in ("interval_days", "repetitions")] == [3, 2]
    told = {line.card_id: line for line in await lines()}
    line = told[wolf["id"]]
    assert (line.kind, line.turn, line.grade, line.due_on_after) == ("set_due", 4, 0, day)
    assert (line.interval_before, line.interval_after, line.day) == (30, 30, TODAY)
    assert len(told) == 3
    assert await undo(student) == "Took back: 3 cards due in 3 days."
    assert (await rows(), await lines()) == (before, [])


async def test_cards_are_spread_over_days(student) -> None:
    deck = await make_deck(student, "Latin")
    for one in range(40):
        await make_own_card(student, deck, front=f"{one}", tags=["animal"])
    said = await do(student, bulk.set_due, days=(2, 5))
    days = {(row["due_on"] - TODAY).days for row in (await rows()).values()}
    assert (said, days) == ("40 cards due in 2 to 5 days.", {2, 3, 4, 5})
    assert {line.due_on_after for line in await lines()} == {
        TODAY + timedelta(days=one) for one in days
    }


async def test_cards_start_anew_as_a_single_one_does(student, deck) -> None:
    memory = {"stability": 9.0, "difficulty": 5.0, "reviewed_on": TODAY, "lapses": 3}
    known = {"turn": 4, "interval_days": 30, "repetitions": 3, "easiness": 210, **memory}
    together = await make_own_card(student, deck, front="a", tags=["animal"], **known)
    alone = await make_own_card(student, deck, front="b", **known)
    await do(student, bulk.reset, chosen=Chosen([together.id]))
    async with unit_of_work() as work:
        await deeds.reset(work, student=student, card_id=alone.id, now=NOON)
    after = await rows()
    same = set(after["a"]) - {"id", "front", "tags"}
    assert {one: after["a"][one] for one in same} == {one: after["b"][one] for one in same}
    first, second = [
        line.model_dump(exclude={"id", "card_id"})
        for line in await lines()
        if line.card_id in {together.id, alone.id}
    ]
    assert first == second


async def test_many_cards_are_set_by_few_statements(student, deck) -> None:
    with asked() as few:
        await do(student, bulk.set_due, days=(1, 1))
    for one in range(60):
        await make_own_card(student, deck, front=f"{one}", tags=["animal"])
    with asked() as many:
        await do(student, bulk.set_due, days=(1, 1))
    assert len(many) == len(few)
