"""The ledger as the page lists it."""

from datetime import timedelta
from uuid import uuid4

from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from studymaster.features.accountability.schemas import EntryView
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import Answer
from studymaster.features.flashcards.service import review
from studymaster.models import Card, PointsEntry
from tests.conftest import NOON
from tests.features.flashcards.pile import make_card, make_deck, make_own_card
from tests.features.library.shelf import make_course, make_lecture
from tests.features.points.log import earned, keep


async def answer(student: Student, card: Card, grade: Grade) -> None:
    async with unit_of_work() as work:
        given = Answer(card_id=card.id, grade=grade, turn=0, elapsed_ms=4_000)
        await review.grade(work, student=student, answer=given, now=NOON)


async def listed(student: Student) -> list[EntryView]:
    async with unit_of_work() as work:
        entries, _ = await service.list_entries(
            work, account_id=student.account_id, shown=30
        )
    return entries


async def test_reviews_of_a_course_that_were_called_the_same_are_one_line(student) -> None:
    biology = await make_lecture(student, course=await make_course(student))
    for grade in (Grade.HARD, Grade.HARD, Grade.AGAIN):
        await answer(student, await make_card(student, biology), grade)
    latin = await make_own_card(student, await make_deck(student, "Latin"))
    await answer(student, latin, Grade.HARD)
    hard = "You reviewed a card and called it hard."
    assert sorted(
        (row.amount, row.sentence, row.detail) for row in await listed(student)
    ) == [
        ("+1", "You reviewed a card and called it again.", "BIO 101"),
        ("+2", hard, "Latin"),
        ("+4", hard, "BIO 101 · 2 times"),
    ]


async def test_a_line_that_is_about_no_answer_has_no_card_whatever_its_cause_names(
    student,
) -> None:
    card = await make_own_card(student, await make_deck(student, "Latin"))
    about_it, other, odd = (earned(student, NOON, amount) for amount in (2, 3, 4))
    about_it.cause = f"review:{card.id}:{NOON.date()}"
    other.cause = f"focus:{card.id}:1"
    odd.cause = f"review:{'-' * 36}:{NOON.date()}"
    await keep(about_it, other, odd)
    assert sorted((row.amount, row.detail) for row in await listed(student)) == [
        ("+2", "Latin"),
        ("+3", ""),
        ("+4", ""),
    ]


async def test_a_line_whose_card_is_gone_stays_without_a_name(student) -> None:
    gone = earned(student, NOON, 2)
    gone.cause = f"review:{uuid4()}:{NOON.date()}"
    odd = earned(student, NOON, 3)
    odd.cause = "review:1"
    await keep(gone, odd)
    assert sorted((row.amount, row.detail) for row in await listed(student)) == [
        ("+2", ""),
        ("+3", ""),
    ]


async def test_lines_of_two_days_or_of_two_amounts_are_not_one(student) -> None:
    day = timedelta(days=1)
    await keep(*(earned(student, NOON, amount) for amount in (5, 5, 7)))
    await keep(earned(student, NOON - day, 5))
    rows = [(row.amount, row.detail, bool(row.heading)) for row in await listed(student)]
    assert sorted(rows[:2]) == [("+10", "2 times", True), ("+7", "", False)] or sorted(
        rows[:2]
    ) == [("+10", "2 times", False), ("+7", "", True)]
    assert rows[2:] == [("+5", "", True)]
    assert len({row.id for row in await listed(student)}) == 3


async def test_what_was_lost_stands_between_what_was_won_before_and_after(
    student,
) -> None:
    def at(minute: int, amount: int) -> PointsEntry:
        return earned(student, NOON + timedelta(minutes=minute), amount)

    await keep(at(0, 2), at(1, 2), at(2, -2), at(3, 2), at(4, 2), at(5, 2))
    rows = await listed(student)
    assert [(row.amount, row.detail) for row in rows] == [
        ("+6", "3 times"),
        ("\N{MINUS SIGN}2", ""),
        ("+4", "2 times"),
    ]
    assert len({row.id for row in rows}) == 3


async def test_a_line_keeps_its_id_while_it_grows(student) -> None:
    await keep(earned(student, NOON, 2))
    (before,) = await listed(student)
    await keep(earned(student, NOON + timedelta(minutes=1), 2))
    (after,) = await listed(student)
    assert (before.id, before.amount) == (after.id, "+2")
    assert after.amount == "+4"


async def test_each_day_has_one_heading(student, other_student) -> None:
    day = timedelta(days=1)
    await keep(earned(student, NOON, 2), earned(student, NOON - day, -26))
    await keep(earned(student, NOON - day - timedelta(hours=1), 1200))
    await keep(earned(other_student, NOON, 7))
    async with unit_of_work() as work:
        entries, more = await service.list_entries(
            work, account_id=student.account_id, shown=30
        )
    assert [(row.heading, row.amount, row.gain) for row in entries] == [
        ("Wed 16 Jan 2030", "+2", True),
        ("Tue 15 Jan 2030", "\N{MINUS SIGN}26", False),
        ("", "+1,200", True),
    ]
    assert more is False


async def test_the_list_is_as_long_as_it_was_unrolled(student) -> None:
    await keep(*(earned(student, NOON - timedelta(minutes=n), n) for n in range(95)))
    seen = []
    for shown in (1, 30, 60, 95, 500):
        async with unit_of_work() as work:
            entries, more = await service.list_entries(
                work, account_id=student.account_id, shown=shown
            )
        seen.append((len(entries), more))
    assert seen == [(1, True), (30, True), (60, True), (95, False), (95, False)]


async def test_days_with_hundreds_of_like_lines_are_a_line_each(student) -> None:
    days = [NOON - timedelta(days=number) for number in range(5)]
    await keep(
        *(
            earned(student, day - timedelta(seconds=n), 1)
            for day in days
            for n in range(300)
        )
    )
    seen = []
    for shown in (1, 2, 5):
        async with unit_of_work() as work:
            entries, more = await service.list_entries(
                work, account_id=student.account_id, shown=shown
            )
        seen.append(([(row.id, row.detail) for row in entries], more))
    lines = [(str(1 + 300 * older), "300 times") for older in (4, 3, 2, 1, 0)]
    assert seen == [(lines[:1], True), (lines[:2], True), (lines, False)]
