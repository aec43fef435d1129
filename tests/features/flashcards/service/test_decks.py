from asyncio import gather

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.flashcards.schemas import Pile
from studymaster.features.flashcards.service import decks
from studymaster.models import Card, Course, Deck
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_course, make_lecture


async def list_decks(student):
    async with unit_of_work() as work:
        shelves = await decks.list_shelves(work, student=student, now=NOON)
    return shelves.courses


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


async def test_another_student_sees_no_deck(student, other_student) -> None:
    await make_card(student, await make_lecture(student))
    assert await list_decks(other_student) == []


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


async def own_decks(student):
    async with unit_of_work() as work:
        shelves = await decks.list_shelves(work, student=student, now=NOON)
    return [(deck.fullname, deck.waiting, deck.total) for deck in shelves.own]


async def rename(student, deck_id, name):
    async with unit_of_work() as work:
        await decks.rename_deck(
            work, account_id=student.account_id, deck_id=deck_id, name=name
        )


async def delete(student, deck_id, *, move_to=None):
    async with unit_of_work() as work:
        return await decks.delete_deck(
            work,
            account_id=student.account_id,
            deck_id=deck_id,
            move_to=move_to,
            now=NOON,
        )


async def test_own_decks_stand_beside_the_courses_by_name(student) -> None:
    await make_course(student)
    latin = await make_deck(student, "latin")
    await make_deck(student, "Greek")
    await make_own_card(student, latin)
    await make_own_card(student, latin, suspended_at=NOON)
    assert await own_decks(student) == [("Greek", 0, 0), ("latin", 1, 2)]
    assert len(await list_decks(student)) == 1


async def test_the_same_name_sent_twice_at_once_makes_one_deck(student) -> None:
    made = await gather(
        *(make_deck(student, name) for name in ("Latin", "latin", "LATIN")),
        return_exceptions=True,
    )
    assert len([one for one in made if isinstance(one, ConflictError)]) == 2
    assert len(await own_decks(student)) == 1


async def test_a_deck_gets_another_name_but_not_a_taken_one(student) -> None:
    latin = await make_deck(student, "Latin")
    await make_deck(student, "Greek")
    await rename(student, latin, " Old  Latin ")
    await rename(student, latin, "OLD latin")
    with pytest.raises(ConflictError, match="of that name"):
        await rename(student, latin, "greek")
    assert [name for name, *_ in await own_decks(student)] == ["Greek", "OLD latin"]


async def test_a_deleted_deck_takes_its_cards_along_if_nothing_else_is_said(
    student,
) -> None:
    latin = await make_deck(student, "Latin")
    await make_own_card(student, latin)
    assert await delete(student, latin) == 1
    assert await own_decks(student) == []
    async with unit_of_work() as work:
        assert (await work.session.exec(select(Card))).all() == []


async def test_the_cards_of_a_deleted_deck_move_where_they_are_told(student) -> None:
    latin, greek = await make_deck(student, "Latin"), await make_deck(student, "Greek")
    course = await make_course(student)
    await make_own_card(student, latin)
    assert await delete(student, latin, move_to=Pile(deck_id=greek)) == 1
    assert await own_decks(student) == [("Greek", 1, 1)]
    await delete(student, greek, move_to=Pile(course_id=course.id))
    assert [deck.total for deck in await list_decks(student)] == [1]


async def test_a_deck_cannot_be_emptied_into_itself(student) -> None:
    latin = await make_deck(student, "Latin")
    with pytest.raises(InvalidInputError, match="another deck"):
        await delete(student, latin, move_to=Pile(deck_id=latin))
    assert len(await own_decks(student)) == 1


async def test_the_deck_of_a_course_keeps_its_name_and_stays(student) -> None:
    card = await make_card(student, await make_lecture(student))
    with pytest.raises(ConflictError, match="belongs to a course"):
        await rename(student, card.deck_id, "Mine")
    with pytest.raises(ConflictError, match="belongs to a course"):
        await delete(student, card.deck_id)


async def test_the_deck_of_a_course_that_is_gone_becomes_an_own_one(student) -> None:
    card = await make_card(student, await make_lecture(student))
    async with unit_of_work() as work:
        deck = await work.session.get(Deck, card.deck_id)
        await work.session.delete(await work.session.get(Course, deck.course_id))
    assert await own_decks(student) == [("BIO 101 in full", 1, 1)]


async def test_another_students_deck_is_not_there(student, other_student) -> None:
    latin, mine = await make_deck(student, "Latin"), await make_deck(other_student, "Mine")
    for attempt in (
        rename(other_student, latin, "Stolen"),
        delete(other_student, latin),
        delete(other_student, mine, move_to=Pile(deck_id=latin)),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    assert await own_decks(student) == [("Latin", 0, 0)]
    assert await own_decks(other_student) == [("Mine", 0, 0)]


async def test_decks_that_empty_into_each_other_at_once_lose_no_card(student) -> None:
    latin, greek = await make_deck(student, "Latin"), await make_deck(student, "Greek")
    await make_own_card(student, latin)
    await make_own_card(student, greek)
    done = await gather(
        delete(student, latin, move_to=Pile(deck_id=greek)),
        delete(student, greek, move_to=Pile(deck_id=latin)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["NotFoundError", "int"]
    ((_, _, total),) = await own_decks(student)
    assert total == 2


async def test_what_lies_in_a_deck_moves_and_goes_with_it(student) -> None:
    spanish = await make_deck(student, "Spanish")
    verbs = await make_deck(student, "spanish::Verbs")
    await make_deck(student, "Languages")
    await make_deck(student, "Spanish history")
    await make_own_card(student, verbs)
    await rename(student, spanish, "Languages::Spanish")
    names = ["Languages", "Languages::Spanish", "Languages::Spanish::Verbs"]
    assert [name for name, *_ in await own_decks(student)] == [*names, "Spanish history"]
    with pytest.raises(InvalidInputError, match="another deck"):
        await delete(student, spanish, move_to=Pile(deck_id=verbs))
    assert await delete(student, spanish) == 1
    assert [name for name, *_ in await own_decks(student)] == [
        "Languages",
        "Spanish history",
    ]


async def test_a_deck_cannot_lie_in_itself_nor_push_another_aside(student) -> None:
    latin = await make_deck(student, "Latin")
    await make_deck(student, "Latin::Verbs")
    await make_deck(student, "Old::Verbs")
    with pytest.raises(InvalidInputError, match="lie in itself"):
        await rename(student, latin, "latin::Old")
    with pytest.raises(ConflictError, match="Old::Verbs"):
        await rename(student, latin, "Old")
    assert len(await own_decks(student)) == 3
    await rename(student, latin, "LATIN")
    names = [name for name, *_ in await own_decks(student)]
    assert names == ["LATIN", "LATIN::Verbs", "Old::Verbs"]


async def test_every_deck_can_be_chosen_for_a_card(student) -> None:
    course = await make_course(student)
    latin = await make_deck(student, "Latin")
    async with unit_of_work() as work:
        choices = await decks.list_choices(work, student=student, now=NOON)
    assert [(one.key, one.name) for one in choices] == [
        (f"course:{course.id}", "BIO 101"),
        (f"deck:{latin}", "Latin"),
    ]
