from datetime import timedelta

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.flashcards.schemas import Pile
from studymaster.features.flashcards.service import settings
from studymaster.models import Deck
from tests.conftest import NOON
from tests.features.flashcards.pile import make_card, make_deck
from tests.features.library.shelf import make_course, make_lecture


async def choose(student, pile, wanted, *, now=NOON) -> int:
    async with unit_of_work() as work:
        return await settings.choose(
            work, student=student, pile=pile, wanted=wanted, now=now
        )


async def shown(student, key, *, now=NOON):
    async with unit_of_work() as work:
        return await settings.get_settings(work, student=student, key=key, now=now)


async def test_a_course_chooses_before_its_first_card_and_its_cards_follow(student) -> None:
    course = await make_course(student)
    usual = await shown(student, f"course:{course.id}")
    assert (usual.new_per_day, usual.reviews_per_day, usual.cards) == (20, 200, 0)
    assert (usual.steps, usual.new_order, usual.bury_siblings) == ("", "lecture", True)
    await choose(student, Pile(course.id), {"new_per_day": 3})
    card = await make_card(student, await make_lecture(student, course=course))
    found = await shown(student, f"course:{course.id}")
    assert (found.new_per_day, found.cards) == (3, 1)
    async with unit_of_work() as work:
        assert (await work.session.get_one(Deck, card.deck_id)).new_per_day == 3


async def test_a_limit_for_today_is_shown_on_its_day_alone(student) -> None:
    latin = await make_deck(student, "Latin")
    await choose(student, Pile(deck_id=latin), {"new_today": 4})
    assert (await shown(student, f"deck:{latin}")).new_today == 4
    tomorrow = NOON + timedelta(days=1)
    assert (await shown(student, f"deck:{latin}", now=tomorrow)).new_today is None
    await choose(student, Pile(deck_id=latin), {"reviews_today": 9}, now=tomorrow)
    found = await shown(student, f"deck:{latin}", now=tomorrow)
    assert (found.new_today, found.reviews_today) == (None, 9)


async def test_of_an_odd_choice_nothing_is_taken(student) -> None:
    latin = await make_deck(student, "Latin")
    wanted = {"new_per_day": 4, "steps": "x"}
    with pytest.raises(InvalidInputError):
        await choose(student, Pile(deck_id=latin), wanted)
    assert (await shown(student, f"deck:{latin}")).new_per_day == 20


async def test_another_students_deck_is_not_there(student, other_student) -> None:
    latin = await make_deck(student, "Latin")
    with pytest.raises(NotFoundError):
        await choose(other_student, Pile(deck_id=latin), {"new_per_day": 4})
    with pytest.raises(NotFoundError):
        await shown(other_student, f"deck:{latin}")
    async with unit_of_work() as work:
        with pytest.raises(NotFoundError):
            await settings.find_key(
                work, account_id=other_student.account_id, deck_id=latin
            )
