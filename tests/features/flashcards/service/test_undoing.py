from asyncio import create_task, gather
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func
from sqlmodel import delete, select, update

from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.rules.scheduling import Plan, Scheduler
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import Answer, Pile, log_id_of
from studymaster.features.flashcards.service import decks, review, undoing
from studymaster.features.flashcards.service.taking_back import take_back
from studymaster.models import Card, CardKind, CardUndo, Deck, LogKind, Material, ReviewLog
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_lecture
from tests.features.points.log import ledger
from tests.statements import asked
from tests.waiting import until_it_waits

MANY = 3_000


async def rows() -> dict[UUID, dict[str, object]]:
    async with unit_of_work() as work:
        found = (await work.session.exec(select(Card))).all()
        return {card.id: card.model_dump() for card in found}


async def lines() -> list[dict[str, object]]:
    async with unit_of_work() as work:
        found = await work.session.exec(
            select(ReviewLog).order_by(ReviewLog.card_id, ReviewLog.turn)
        )
        return [line.model_dump() for line in found]


async def undo(student, *, now=NOON) -> str | None:
    async with unit_of_work() as work:
        return await undoing.undo_last(work, student=student, now=now)


async def undo_all(student) -> list[str]:
    said = []
    while (sentence := await undo(student)) is not None:
        said.append(sentence)
    return said


async def steps(student, *, now=NOON) -> list[str]:
    async with unit_of_work() as work:
        found = await undoing.list_steps(work, student=student, now=now)
        return [step.sentence for step in found]


async def remember(work, student, ids, sentence="changed", **told) -> UUID:
    return await undoing.remember(
        work,
        **{
            "account_id": student.account_id,
            "day": TODAY,
            "sentence": sentence,
            "card_ids": ids,
            "now": NOON,
        }
        | told,
    )


async def change(student, *ids, sentence="changed", **values) -> None:
    async with unit_of_work() as work:
        await remember(work, student, ids, sentence)
        await work.session.exec(update(Card).where(Card.id.in_(ids)).values(**values))


async def remove(student, *ids, sentence="deleted") -> None:
    async with unit_of_work() as work:
        await remember(work, student, ids, sentence)
        await work.session.exec(delete(Card).where(Card.id.in_(ids)))


async def grade(student, card_id, value=Grade.GOOD, *, turn=0, name=1, now=NOON) -> None:
    answer = Answer(card_id, turn, value, 4_000, UUID(int=name))
    async with unit_of_work() as work:
        await review.grade(work, student=student, answer=answer, now=now)


async def rich_card(student) -> Card:
    """A card with something in every column."""
    return await make_card(
        student,
        await make_lecture(student),
        turn=3,
        interval_days=6,
        repetitions=2,
        drill_on=TODAY,
        drill_at=NOON + timedelta(seconds=600.000001),
        drill_step=1,
        stability=6.123456789012345,
        difficulty=5.1,
        reviewed_on=TODAY - timedelta(days=6),
        last_reviewed_at=NOON - timedelta(days=6, microseconds=1),
        suspended_at=NOON,
        buried_until=TODAY,
        flag=7,
        lapses=4,
        tags=["leech", 'week 3, "quoted" \\ {x}'],
        note_id=uuid4(),
        ordinal=2,
        guid="aB'1",
        masks="rect:0,0,1,1",
        extra="Ünïcode 🧠\n\ttab \\u0041",
    )


async def new_card(student, **fields) -> Card:
    return await make_own_card(student, await make_deck(student, str(uuid4())), **fields)


class TestOneStep:
    async def test_a_change_is_taken_back_in_every_column(self, student) -> None:
        card = await rich_card(student)
        before = await rows()
        everything = {
            "kind": CardKind.TYPED,
            "front": "x",
            "tags": [],
            "stability": None,
            "difficulty": None,
            "reviewed_on": None,
            "material_id": None,
            "drill_at": None,
            "flag": 0,
            "masks": None,
        }
        await change(student, card.id, sentence="“x” changed", **everything)
        assert await rows() != before
        assert await undo(student) == "Took back: “x” changed."
        assert await rows() == before
        assert await undo(student) is None

    async def test_a_deleted_card_is_there_again_with_all_it_had(self, student) -> None:
        card = await rich_card(student)
        before = await rows()
        await remove(student, card.id)
        assert await rows() == {}
        assert await undo(student) == "Took back: deleted."
        assert await rows() == before

    async def test_a_card_that_was_made_goes_again(self, student) -> None:
        card = await new_card(student)
        before = await rows()
        made = await make_own_card(student, card.deck_id, front="made")
        also = await make_own_card(student, card.deck_id, front="made later")
        async with unit_of_work() as work:
            step = await remember(work, student, [card.id], made=[made.id])
            await undoing.note_made(
                work, account_id=student.account_id, step_id=step, card_ids=[also.id]
            )
        await undo(student)
        assert await rows() == before

    async def test_its_lines_of_the_log_go_with_it(self, student) -> None:
        card = await new_card(student)
        line_id = uuid4()
        async with unit_of_work() as work:
            await remember(work, student, [card.id], logs=[line_id])
            work.session.add(
                ReviewLog(
                    **dict.fromkeys(
                        (
                            *("turn", "grade", "elapsed_ms"),
                            *("easiness_before", "easiness_after"),
                            *("interval_before", "interval_after"),
                            *("repetitions_before", "repetitions_after"),
                        ),
                        0,
                    ),
                    id=line_id,
                    account_id=student.account_id,
                    card_id=card.id,
                    day=TODAY,
                    drill=False,
                    kind=LogKind.SET_DUE,
                    created_at=NOON,
                )
            )
        await undo(student)
        assert (await lines(), await ledger(student)) == ([], [])

    async def test_a_step_that_fails_leaves_nothing_to_take_back(self, student) -> None:
        card = await new_card(student)
        with pytest.raises(RuntimeError):
            async with unit_of_work() as work:
                await remember(work, student, [card.id])
                raise RuntimeError
        assert await steps(student) == []

    async def test_thousands_of_cards_are_one_statement_each_way(self, student) -> None:
        deck_id = await make_deck(student, "Latin")
        async with unit_of_work() as work:
            for number in range(MANY):
                work.session.add(
                    Card(
                        account_id=student.account_id,
                        deck_id=deck_id,
                        kind=CardKind.BASIC,
                        front=f"word {number}",
                        back="meaning",
                        due_on=TODAY,
                        created_at=NOON,
                    )
                )
        before = await rows()
        ids = list(before)
        with asked() as remembered:
            await change(student, *ids[: MANY // 2], flag=3)
        await remove(student, *ids)
        with asked() as statements:
            await undo(student)
        assert await undo(student) == "Took back: changed."
        assert await rows() == before
        assert (len(remembered), len(statements) < 20) == (3, True)


class TestManySteps:
    async def test_the_last_one_comes_first_even_at_one_moment(self, student) -> None:
        card = await new_card(student)
        for number in (1, 2, 3):
            await change(student, card.id, sentence=f"step {number}", flag=number)
        assert await steps(student) == ["step 3", "step 2", "step 1"]
        assert await undo(student) == "Took back: step 3."
        assert (await rows())[card.id]["flag"] == 2
        assert await steps(student) == ["step 2", "step 1"]

    async def test_steps_of_yesterday_and_of_others_stay(
        self, student, other_student
    ) -> None:
        card = await new_card(student)
        await change(student, card.id, flag=1)
        assert await undo(other_student) is None
        assert await undo(student, now=NOON + timedelta(days=1)) is None
        assert (await rows())[card.id]["flag"] == 1
        assert await steps(other_student) == []

    async def test_nobody_remembers_or_brings_back_what_is_anothers(
        self, student, other_student
    ) -> None:
        card = await new_card(student)
        async with unit_of_work() as work:
            await remember(work, other_student, [card.id], made=[card.id])
        await change(student, card.id, flag=1)
        assert await undo(other_student) == "Took back: changed."
        assert (await rows())[card.id]["flag"] == 1

    @pytest.mark.parametrize("seed", range(12))
    async def test_whatever_was_done_undoing_all_leads_back_field_by_field(
        self, student, seed: int
    ) -> None:
        dice, deck_id = Random(seed), await make_deck(student, "Latin")
        if seed % 2:
            await switch(student, deck_id, Scheduler.FSRS)
        ids = [(await make_own_card(student, deck_id)).id for _ in range(3)]
        ids.append((await rich_card(student)).id)
        before = await rows()
        done = 0
        for number in range(25):
            here = await rows()
            if not here:
                break
            card_id = dice.choice(sorted(here))
            done += await do(dice.randrange(4), student, here[card_id], dice, number)
        assert len(await undo_all(student)) == done
        assert (await rows(), await lines()) == (before, [])
        assert sum(line.amount for line in await ledger(student)) == 0


async def do(deed: int, student, row, dice: Random, number: int) -> int:
    """Do one of the deeds with a card; tell how many steps that is."""
    card_id = row["id"]
    if deed == 0:
        await change(student, card_id, front=f"edited {number}", tags=[f"t{number}"])
    elif deed == 1:
        await change(student, card_id, buried_until=TODAY + timedelta(days=number))
    elif deed == 2 and dice.random() < 0.3:
        await remove(student, card_id)
    else:
        is_due = row["due_on"] <= TODAY or row["drill_on"] == TODAY
        if not is_due or row["suspended_at"]:
            return 0
        await grade(
            student,
            card_id,
            dice.choice(list(Grade)),
            turn=row["turn"],
            name=number + 1,
        )
    return 1


async def switch(student, deck_id, scheduler: Scheduler) -> None:
    async with unit_of_work() as work:
        await decks.choose_plan(
            work,
            account_id=student.account_id,
            pile=Pile(deck_id=deck_id),
            plan=Plan(scheduler),
            now=NOON,
        )


class TestAnswers:
    async def test_answers_and_other_deeds_are_one_stack(self, student) -> None:
        card = await new_card(student, front="canis")
        before = await rows()
        await grade(student, card.id, Grade.AGAIN)
        await change(student, card.id, sentence="“canis” flagged", flag=1)
        await grade(student, card.id, Grade.GOOD, turn=1, name=2)
        assert await undo_all(student) == [
            "Took back: “canis” called good.",
            "Took back: “canis” flagged.",
            "Took back: “canis” called again.",
        ]
        assert (await rows(), await lines()) == (before, [])
        assert [line.amount for line in await ledger(student)] == [1, -1]

    async def test_what_was_done_since_stays_when_its_tab_takes_an_answer_back(
        self, student
    ) -> None:
        card = await new_card(student)
        before = await rows()
        await grade(student, card.id)
        await change(student, card.id, flag=5)
        log_id = log_id_of(card_id=card.id, turn=0, answer_id=UUID(int=1))
        async with unit_of_work() as work:
            assert await take_back(
                work, student=student, card_id=card.id, log_id=log_id, now=NOON
            )
        assert (await rows())[card.id] == before[card.id] | {"flag": 5}
        assert (await undo(student), await lines()) == (None, [])

    async def test_after_another_scheduler_a_card_comes_to_where_that_one_has_it(
        self, student
    ) -> None:
        card = await new_card(student)
        await grade(student, card.id)
        tomorrow = NOON + timedelta(days=1)
        await switch(student, card.deck_id, Scheduler.FSRS)
        expected = (await rows())[card.id]
        await switch(student, card.deck_id, Scheduler.SM2)
        await grade(student, card.id, Grade.HARD, turn=1, name=2, now=tomorrow)
        await switch(student, card.deck_id, Scheduler.FSRS)
        assert await undo(student, now=tomorrow) is not None
        # It was due that day, so it is due that day again.
        assert (await rows())[card.id] == expected | {"due_on": tomorrow.date()}

    async def test_pressed_twice_at_once_it_takes_back_two_steps(self, student) -> None:
        card = await new_card(student)
        before = await rows()
        for turn in (0, 1, 2):
            await grade(student, card.id, Grade.AGAIN, turn=turn, name=turn + 1)
        said = await gather(*[undo(student) for _ in range(4)])
        assert (await rows(), await lines()) == (before, [])
        assert sorted(said, key=str).count(None) == 1
        assert sum(line.amount for line in await ledger(student)) == 0

    async def test_an_answer_that_comes_meanwhile_is_the_last_one(self, student) -> None:
        card = await new_card(student)
        await change(student, card.id, flag=5)
        before = await rows()
        async with unit_of_work() as work:
            answer = Answer(card.id, 0, Grade.GOOD, 4_000, UUID(int=1))
            await review.grade(work, student=student, answer=answer, now=NOON)
            taking = create_task(undo(student))
            await until_it_waits(taking)
        assert await taking == "Took back: “canis” called good."
        assert (await rows(), await lines()) == (before, [])


class TestWhatIsGone:
    async def test_without_its_lecture_a_card_comes_back(self, student) -> None:
        lecture = await make_lecture(student)
        card = await make_card(student, lecture)
        before = await rows()
        await remove(student, card.id)
        async with unit_of_work() as work:
            await work.session.delete(await work.session.get(Material, lecture.id))
        assert await undo(student) == "Took back: deleted."
        assert (await rows())[card.id] == before[card.id] | {"material_id": None}

    async def test_without_its_deck_it_stays_away_and_that_is_said(self, student) -> None:
        card = await new_card(student)
        await remove(student, card.id)
        async with unit_of_work() as work:
            await work.session.delete(await work.session.get(Deck, card.deck_id))
        said = await undo(student)
        assert said == "Took back: deleted. 1 card stays away, because its deck is gone."
        assert await rows() == {}

    async def test_a_card_that_lies_elsewhere_by_now_stays_there(self, student) -> None:
        card = await new_card(student)
        other = await make_deck(student, "Greek")
        await change(student, card.id, flag=2)
        async with unit_of_work() as work:
            await work.session.exec(
                update(Card).where(Card.id == card.id).values(deck_id=other)
            )
            await work.session.delete(await work.session.get(Deck, card.deck_id))
        await undo(student)
        row = (await rows())[card.id]
        assert (row["deck_id"], row["flag"]) == (other, 0)

    async def test_old_steps_are_pruned(self, student) -> None:
        card = await new_card(student)
        await change(student, card.id, flag=1)
        for later, left in ((timedelta(hours=40), 1), (timedelta(hours=49), 0)):
            async with unit_of_work() as work:
                await undoing.prune(work, now=NOON + later)
                kept = await work.session.exec(select(func.count()).select_from(CardUndo))
                assert kept.one() == left


async def test_a_long_question_is_cut_in_the_name_of_a_card(student) -> None:
    card = await new_card(student, front="word " * 40)
    name = undoing.name_of(card)
    assert (len(name) <= undoing.LONGEST_NAME + 2, name[-2:]) == (True, "…”")
