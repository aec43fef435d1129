from asyncio import gather

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.flashcards.service import decks
from studymaster.models import Course, Deck
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_card
from tests.features.library.shelf import make_course, make_lecture


async def list_decks(student):
    async with unit_of_work() as work:
        return await decks.list_decks(work, student=student, now=NOON)


async def test_every_course_is_a_deck_even_without_cards(student) -> None:
    await make_course(student, shortname="BIO 101")
    (deck,) = await list_decks(student)
    assert (deck.shortname, deck.waiting, deck.total) == ("BIO 101", 0, 0)


async def test_a_deck_counts_its_cards_by_stage(student) -> None:
    lecture = await make_lecture(student)
    await make_card(student, lecture)
    await make_card(student, lecture, turn=1)
    await make_card(student, lecture, turn=1, due_in=2, drill_on=TODAY)
    await make_card(student, lecture, turn=1, due_in=2)
    (deck,) = await list_decks(student)
    assert (deck.new, deck.due, deck.learning) == (1, 1, 1)
    assert (deck.waiting, deck.total) == (3, 4)


async def test_a_course_that_moodle_dropped_stays_as_long_as_it_has_cards(student) -> None:
    kept, dropped = await make_course(student), await make_course(student, shortname="OLD")
    lecture = await make_lecture(student, course=kept)
    await make_card(student, lecture)
    async with unit_of_work() as work:
        for course in (kept, dropped):
            (await work.session.get(Course, course.id)).listed = False
    assert [deck.shortname for deck in await list_decks(student)] == ["BIO 101"]


async def test_another_student_sees_no_deck_and_no_card(student, other_student) -> None:
    await make_card(student, await make_lecture(student))
    assert await list_decks(other_student) == []
    async with unit_of_work() as work:
        page = await decks.list_cards(work, account_id=other_student.account_id)
    assert page.items == []


async def test_cards_come_in_stretches(student) -> None:
    lecture = await make_lecture(student)
    for page in range(1, 6):
        await make_card(student, lecture, page=page)
    async with unit_of_work() as work:
        first = await decks.list_cards(work, account_id=student.account_id, limit=3)
        rest = await decks.list_cards(
            work, account_id=student.account_id, limit=3, offset=first.next_offset
        )
    assert [card.page for card in first.items + rest.items] == [1, 2, 3, 4, 5]
    assert (first.next_offset, rest.next_offset) == (3, None)


@pytest.mark.parametrize(("offset", "limit"), [(-1, 10), (0, 0), (0, 101), (10**9, 10)])
async def test_a_stretch_has_bounds(student, offset: int, limit: int) -> None:
    async with unit_of_work() as work:
        with pytest.raises(InvalidInputError):
            await decks.list_cards(
                work, account_id=student.account_id, offset=offset, limit=limit
            )


async def test_the_first_cards_of_two_tabs_make_one_deck(student) -> None:
    course = await make_course(student)

    async def make():
        async with unit_of_work() as work:
            return await decks.get_or_make_deck(
                work, account_id=student.account_id, course_id=course.id, now=NOON
            )

    assert len(set(await gather(make(), make(), make()))) == 1
    async with unit_of_work() as work:
        assert len((await work.session.exec(select(Deck))).all()) == 1


async def test_no_deck_is_made_in_another_students_course(student, other_student) -> None:
    course = await make_course(student)
    async with unit_of_work() as work:
        with pytest.raises(NotFoundError):
            await decks.get_or_make_deck(
                work, account_id=other_student.account_id, course_id=course.id, now=NOON
            )
