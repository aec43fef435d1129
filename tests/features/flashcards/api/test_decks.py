from datetime import timedelta
from uuid import uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.models import Deck
from tests.api.world import client_of
from tests.conftest import NOON
from tests.features.flashcards.pile import make_card, make_deck, make_own_card
from tests.features.library.shelf import make_lecture

DECKS = "/api/v1/decks"


async def row_of(deck_id) -> Deck:
    async with unit_of_work() as work:
        return await work.session.get_one(Deck, deck_id)


async def test_decks_are_listed_with_what_each_asks_within_its_limits(student) -> None:
    await make_card(student, await make_lecture(student))
    latin = await make_deck(student, "Latin")
    for _ in range(3):
        await make_own_card(student, latin)
    async with client_of(student) as client:
        await client.patch(f"{DECKS}/{latin}", json={"new_per_day": 2})
        body = (await client.get(DECKS)).json()
    (course,), (own,) = body["courses"], body["own"]
    assert (course["waiting"], own["waiting"], own["total"]) == (1, 2, 3)
    assert body["waiting"] == 3


async def test_what_is_left_out_stays(student) -> None:
    latin = await make_deck(student, "Latin")
    change = {"steps": "1m 10m", "bury_siblings": False, "new_today": 5, "language": "LA"}
    async with client_of(student) as client:
        answer = await client.patch(f"{DECKS}/{latin}", json=change)
        assert answer.json() == (await client.get(f"{DECKS}/{latin}")).json()
    body = answer.json()
    assert (body["steps"], body["language"], body["new_today"]) == ("1 10", "la", 5)
    assert (body["scheduler"], body["retention"], body["reviews_per_day"]) == (
        "sm2",
        90,
        200,
    )
    row = await row_of(latin)
    assert (row.bury_siblings, row.limits_on) == (False, NOON.date())


async def test_null_takes_a_limit_for_today_back(student) -> None:
    latin = await make_deck(student, "Latin")
    async with client_of(student) as client:
        for today in (5, None):
            answer = await client.patch(f"{DECKS}/{latin}", json={"new_today": today})
            assert answer.json()["new_today"] == today


async def test_another_share_plans_the_cards_anew(student) -> None:
    latin = await make_deck(student, "Latin")
    card = await make_own_card(student, latin)
    path = f"/api/v1/flashcards/{card.id}/review"
    async with client_of(student) as client:
        await client.post(path, json={"turn": 0, "grade": 4})
        answer = await client.patch(f"{DECKS}/{latin}", json={"scheduler": "fsrs"})
        shown = (await client.get(f"/api/v1/flashcards/{card.id}")).json()
    assert (answer.json()["scheduler"], answer.json()["retention"]) == ("fsrs", 90)
    assert shown["due_on"] == (NOON + timedelta(days=2)).date().isoformat()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"steps": "10 1"}, "No step may be shorter"),
        ({"new_per_day": -1}, "from 0 to 9,999"),
        ({"new_per_day": None}, "from 0 to 9,999"),
        ({"language": "english please"}, "such as de"),
        ({"scheduler": "anki"}, "SM-2 or by FSRS"),
        ({"retention": 99}, "from 70 to 97"),
        ({"due_order": "any"}, "orders in the list"),
    ],
)
async def test_what_does_not_do_is_refused_whole_in_one_sentence(
    student, change, problem
) -> None:
    latin = await make_deck(student, "Latin")
    async with client_of(student) as client:
        answer = await client.patch(
            f"{DECKS}/{latin}", json={"reviews_per_day": 3} | change
        )
    assert answer.status_code == 422
    assert problem in answer.text
    assert (await row_of(latin)).reviews_per_day == 200


async def test_another_students_deck_is_not_there(student, other_student) -> None:
    latin = await make_deck(student, "Latin")
    async with client_of(other_student) as client:
        for deck_id in (latin, uuid4(), "x"):
            for answer in (
                await client.get(f"{DECKS}/{deck_id}"),
                await client.patch(f"{DECKS}/{deck_id}", json={"new_per_day": 1}),
            ):
                assert answer.status_code == 404
        assert (await client.get(DECKS)).json()["own"] == []
    assert (await row_of(latin)).new_per_day == 20
