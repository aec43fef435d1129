"""The log counts what was learnt, drills and short sessions apart."""

from datetime import timedelta

from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability.rules import Measure, Tally
from studymaster.features.accountability.service.counting import tally, whole_tallies
from studymaster.features.accounts.schemas import Student
from tests.conftest import NOON
from tests.features.flashcards.pile import make_card
from tests.features.library.shelf import make_course, make_lecture
from tests.features.points.log import answers, focused, keep

TODAY = NOON.date()
YESTERDAY = NOON - timedelta(days=1)


async def count(student: Student, *, since=TODAY, until=TODAY) -> Tally:
    async with unit_of_work() as work:
        return await tally(work, account_id=student.account_id, since=since, until=until)


async def test_a_week_counts_answers_focus_and_days(student, other_student) -> None:
    await keep(*answers(student, NOON, count=4), *answers(student, YESTERDAY, count=2))
    await keep(*answers(student, NOON, count=5, drill=True))
    await keep(focused(student, NOON, minutes=25), focused(student, NOON, minutes=5))
    await keep(focused(student, NOON - timedelta(days=2), minutes=9))
    await keep(*answers(other_student, NOON, count=50))
    week = await count(student, since=TODAY - timedelta(days=6))
    assert week == {
        Measure.REVIEWS: 6,
        Measure.FOCUS_MINUTES: 39,
        Measure.DAYS: 2,
        Measure.COURSES: 0,
    }
    assert (await count(student))[Measure.REVIEWS] == 4


async def test_only_what_was_begun_from_a_moment_on_counts_after_it(student) -> None:
    for minutes, cards in ((-1, 4), (0, 2), (1, 3)):
        await keep(*answers(student, NOON + timedelta(minutes=minutes), count=cards))
    under_way = NOON + timedelta(minutes=20)
    await keep(focused(student, under_way, minutes=25))
    await keep(focused(student, under_way + timedelta(minutes=30), minutes=30))
    async with unit_of_work() as work:
        found = await tally(
            work, account_id=student.account_id, since=TODAY, until=TODAY, after=NOON
        )
    assert (found[Measure.REVIEWS], found[Measure.FOCUS_MINUTES]) == (5, 30)


async def test_a_day_that_was_active_before_a_moment_needs_more_after_it(student) -> None:
    async def days() -> int:
        async with unit_of_work() as work:
            found = await tally(
                work, account_id=student.account_id, since=TODAY, until=TODAY, after=NOON
            )
        return found[Measure.DAYS]

    await keep(*answers(student, NOON - timedelta(minutes=1), count=9))
    assert await days() == 0
    await keep(*answers(student, NOON + timedelta(minutes=1)))
    assert await days() == 1


async def test_a_course_counts_from_three_of_its_cards(student) -> None:
    for cards in (3, 2):
        lecture = await make_lecture(student, course=await make_course(student))
        for _ in range(cards):
            card = await make_card(student, lecture)
            await keep(*answers(student, NOON, card_id=card.id))
            await keep(*answers(student, NOON, card_id=card.id, turn=1))
    assert (await count(student))[Measure.COURSES] == 1


async def test_nothing_is_counted_as_nothing(student) -> None:
    async with unit_of_work() as work:
        found = await whole_tallies(work, streaks={student.account_id: 3})
    assert found[student.account_id] == dict.fromkeys(Measure, 0) | {Measure.STREAK: 3}
