from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.flashcards.rules.scheduling import Plan, Scheduler
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import Answer, Pile
from studymaster.features.flashcards.service import (
    cards,
    decks,
    deeds,
    review,
    statistics,
    undoing,
)
from studymaster.features.flashcards.service.cards import CardChange
from studymaster.models import Card, CardKind, Deck, LogKind, ReviewLog
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_deck, make_own_card

TOMORROW = TODAY + timedelta(days=1)


async def rows() -> dict[UUID, dict[str, object]]:
    async with unit_of_work() as work:
        found = (await work.session.exec(select(Card))).all()
        return {card.id: card.model_dump() for card in found}


async def lines() -> list[ReviewLog]:
    async with unit_of_work() as work:
        statement = select(ReviewLog).order_by(ReviewLog.card_id, ReviewLog.turn)
        return list((await work.session.exec(statement)).all())


async def asked(student, *, now=NOON) -> list[str]:
    async with unit_of_work() as work:
        found, _ = await review.list_due(
            work, student=student, pile=Pile(), now=now, window=Window()
        )
        return sorted(card.id for card in found.items)


async def do(deed, student, card, *, now=NOON, **told) -> str:
    async with unit_of_work() as work:
        return await deed(work, student=student, card_id=card.id, now=now, **told)


async def undo(student) -> str | None:
    async with unit_of_work() as work:
        return await undoing.undo_last(work, student=student, now=NOON)


async def grade(student, card, value=Grade.GOOD, *, turn=0, now=NOON) -> None:
    async with unit_of_work() as work:
        answer = Answer(card.id, turn, value, 4_000)
        await review.grade(work, student=student, answer=answer, now=now)


async def a_note(student) -> tuple[Card, Card]:
    deck_id, note_id = await make_deck(student, "Latin"), uuid4()
    sides = {"kind": CardKind.CLOZE, "front": "{{c1::Canis}} {{c2::latrat}}"}
    first = await make_own_card(student, deck_id, note_id=note_id, ordinal=1, **sides)
    return first, await make_own_card(student, deck_id, note_id=note_id, ordinal=2, **sides)


async def a_card(student, **fields) -> Card:
    return await make_own_card(student, await make_deck(student, "Latin"), **fields)


async def test_a_buried_card_is_asked_tomorrow_and_its_siblings_today(student) -> None:
    card, sibling = await a_note(student)
    async with unit_of_work() as work:
        (await work.session.get(Deck, card.deck_id)).bury_siblings = False
    said = await do(deeds.bury, student, card, siblings=False)
    assert said == "“[...] latrat” buried until tomorrow"
    assert await asked(student) == [str(sibling.id)]
    both = sorted([str(card.id), str(sibling.id)])
    assert await asked(student, now=NOON + timedelta(days=1)) == both


async def test_siblings_are_buried_with_it_when_that_is_wanted(student) -> None:
    card, _ = await a_note(student)
    said = await do(deeds.bury, student, card, siblings=True)
    assert said == "“[...] latrat” and its sibling buried until tomorrow"
    assert await asked(student) == []


async def test_a_suspended_note_is_asked_when_it_is_brought_back(student) -> None:
    card, _ = await a_note(student)
    await do(deeds.suspend, student, card, siblings=True)
    assert await asked(student, now=NOON + timedelta(days=9)) == []
    await do(deeds.bring_back, student, card)
    assert await asked(student) == [str(card.id)]


@pytest.mark.parametrize(
    ("number", "said"), [(1, "“canis” flagged red"), (0, "“canis” without a flag")]
)
async def test_a_flag_is_put_on_and_taken_off(student, number: int, said: str) -> None:
    card = await a_card(student, flag=4)
    assert await do(deeds.flag, student, card, number=number) == said
    assert (await rows())[card.id]["flag"] == number


class TestSetDay:
    async def test_a_day_set_by_hand_stands_in_the_log_and_changes_no_knowledge(
        self, student
    ) -> None:
        card = await a_card(student, turn=2, interval_days=6, repetitions=2, easiness=230)
        day = TODAY + timedelta(days=19)
        said = await do(deeds.set_due, student, card, due_on=day)
        assert said == "“canis” comes on 4 February 2030"
        row, (line,) = (await rows())[card.id], await lines()
        assert (row["due_on"], row["interval_days"], row["easiness"]) == (day, 6, 230)
        assert (row["turn"], row["repetitions"]) == (3, 2)
        assert (line.kind, line.grade, line.turn) == (LogKind.SET_DUE, 0, 2)
        assert (line.due_on_after, line.interval_after) == (day, 6)

    async def test_another_scheduler_keeps_the_day(self, student) -> None:
        card = await a_card(student)
        await grade(student, card)
        day = TODAY + timedelta(days=30)
        await do(deeds.set_due, student, card, due_on=day)
        for scheduler in (Scheduler.FSRS, Scheduler.SM2):
            await switch(student, card.deck_id, scheduler)
            assert (await rows())[card.id]["due_on"] == day

    async def test_a_new_card_counts_as_known_for_as_long(self, student) -> None:
        card = await a_card(student)
        await do(deeds.set_due, student, card, due_on=TODAY + timedelta(days=5))
        assert (await rows())[card.id]["interval_days"] == 5
        assert await asked(student) == []
        later = NOON + timedelta(days=5)
        assert await asked(student, now=later) == [str(card.id)]
        await grade(student, card, turn=1, now=later)
        assert (await rows())[card.id]["interval_days"] > 1

    async def test_a_card_of_a_drill_leaves_it(self, student) -> None:
        card = await a_card(student)
        await grade(student, card, Grade.AGAIN)
        await do(deeds.set_due, student, card, due_on=TOMORROW)
        assert await asked(student) == []


class TestBeginningAnew:
    async def test_a_card_is_new_again_and_its_answers_stay(self, student) -> None:
        card = await a_card(student)
        before = (await rows())[card.id]
        await grade(student, card, Grade.AGAIN)
        await grade(student, card, turn=1)
        assert await do(deeds.reset, student, card) == "“canis” started anew"
        row = (await rows())[card.id]
        place = ("easiness", "interval_days", "repetitions", "due_on", "drill_on", "lapses")
        assert [row[name] for name in place] == [before[name] for name in place]
        kinds = [line.kind for line in await lines()]
        assert kinds == [LogKind.REVIEW, LogKind.REVIEW, LogKind.RESET]

    @pytest.mark.parametrize("start", list(Scheduler))
    async def test_what_was_answered_before_counts_for_no_scheduler(
        self, student, start
    ) -> None:
        card, twin = await a_card(student), None
        twin = await make_own_card(student, card.deck_id)
        await switch(student, card.deck_id, start)
        for turn in (0, 1):
            now = NOON + timedelta(days=7 * turn)
            await grade(student, card, Grade.HARD, turn=turn, now=now)
        later = NOON + timedelta(days=9)
        await do(deeds.reset, student, card, now=later)
        await grade(student, card, turn=3, now=later)
        await grade(student, twin, now=later)
        for scheduler in (Scheduler.SM2, Scheduler.FSRS, Scheduler.SM2):
            await switch(student, card.deck_id, scheduler)
            found = await rows()
            known = ("easiness", "interval_days", "stability", "difficulty")
            mine, other = found[card.id], found[twin.id]
            if scheduler is Scheduler.SM2:
                known = known[:2]
            else:
                # The fuzz is another one for each card; what is remembered is not.
                known = ("easiness", "stability", "difficulty")
            assert [mine[name] for name in known] == [other[name] for name in known]

    async def test_its_lines_are_no_answers_in_the_figures(self, student) -> None:
        card = await a_card(student, turn=3, interval_days=6, repetitions=2)
        await do(deeds.set_due, student, card, due_on=TODAY)
        await do(deeds.reset, student, card)
        figures = await statistics.get_statistics(student=student, now=NOON)
        async with unit_of_work() as work:
            report = await review.get_report(work, student=student, now=NOON)
        assert (figures.answers, report.answers) == (0, 0)
        assert {one.every_asked for one in figures.retention} == {0}
        buttons = next(one for one in figures.charts if one.key == "buttons")
        assert all(bar.count == 0 for bar in buttons.bars)


async def test_deleting_takes_the_note_along_when_that_is_wanted(student) -> None:
    card, sibling = await a_note(student)
    await do(deeds.delete, student, card, siblings=False)
    assert list(await rows()) == [sibling.id]
    await undo(student)
    said = await do(deeds.delete, student, card, siblings=True)
    assert (said, await rows()) == ("“[...] latrat” and its sibling deleted", {})


DEEDS: list[tuple[Callable[..., Awaitable[str]], dict[str, object]]] = [
    (deeds.bury, {"siblings": True}),
    (deeds.suspend, {"siblings": True}),
    (deeds.bring_back, {}),
    (deeds.flag, {"number": 3}),
    (deeds.set_due, {"due_on": date(2031, 1, 1)}),
    (deeds.reset, {}),
    (deeds.delete, {"siblings": True}),
]


@pytest.mark.parametrize(
    ("deed", "told"), DEEDS, ids=lambda one: getattr(one, "__name__", "")
)
async def test_every_deed_is_taken_back_field_by_field(student, deed, told) -> None:
    card, _ = await a_note(student)
    await grade(student, card, Grade.AGAIN)
    before, log = await rows(), len(await lines())
    said = await do(deed, student, card, **told)
    assert await undo(student) == f"Took back: {said}."
    assert (await rows(), len(await lines())) == (before, log)


@pytest.mark.parametrize(
    ("deed", "told"), DEEDS, ids=lambda one: getattr(one, "__name__", "")
)
async def test_no_deed_reaches_anothers_card(student, other_student, deed, told) -> None:
    card, _ = await a_note(student)
    before = await rows()
    with pytest.raises(NotFoundError):
        await do(deed, other_student, card, **told)
    assert await rows() == before


async def test_an_edit_is_taken_back_with_the_cards_it_made_and_took(student) -> None:
    card, _ = await a_note(student)
    before = await rows()
    change = CardChange(front="{{c1::Canis}} {{c3::fortis}} {{c4::bonus}}", tags="exam")
    async with unit_of_work() as work:
        await cards.edit(work, student=student, card_id=card.id, change=change, now=NOON)
    assert len(await rows()) == 3
    assert await undo(student) == "Took back: “[...] latrat” changed."
    assert await rows() == before


async def switch(student, deck_id, scheduler: Scheduler) -> None:
    async with unit_of_work() as work:
        await decks.choose_plan(
            work,
            account_id=student.account_id,
            pile=Pile(deck_id=deck_id),
            plan=Plan(scheduler),
            now=NOON,
        )
