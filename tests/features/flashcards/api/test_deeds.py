from datetime import timedelta
from uuid import uuid4

import pytest

from tests.features.flashcards.api.test_cards import client_of
from tests.features.flashcards.pile import TODAY, make_deck, make_own_card


async def path_of(student, **fields) -> str:
    card = await make_own_card(student, await make_deck(student, "Latin"), **fields)
    return f"/flashcards/{card.id}"


async def test_every_deed_is_done_and_taken_back(student) -> None:
    path = await path_of(student)
    day = (TODAY + timedelta(days=3)).isoformat()
    wanted = [
        ("bury", {"siblings": True}, "buried_until", "2030-01-17"),
        ("suspend", {}, "suspended", True),
        ("flag", {"number": 3}, "flag", 3),
        ("bring-back", {}, "suspended", False),
        ("due", {"days": 3}, "due_on", day),
        ("due", {"on": "2031-02-04"}, "due_on", "2031-02-04"),
        ("reset", {}, "interval", 0),
    ]
    async with client_of(student) as client:
        before = (await client.get(path)).json()
        for deed, body, field, value in wanted:
            answer = await client.post(f"{path}/{deed}", json=body)
            assert (answer.status_code, answer.json()[field]) == (200, value)
        assert (await client.delete(path)).status_code == 204
        steps = (await client.get("/flashcards/undo")).json()
        assert [step["sentence"] for step in steps][:2] == [
            "“canis” deleted",
            "“canis” started anew",
        ]
        for _ in range(len(wanted) + 1):
            said = (await client.post("/flashcards/undo")).json()["sentence"]
            assert said.startswith("Took back: “canis”")
        assert (await client.post("/flashcards/undo")).json() == {"sentence": None}
        assert (await client.get(path)).json() == before


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("flag", {"number": 8}),
        ("flag", {"number": -1}),
        ("due", {}),
        ("due", {"days": -1}),
        ("due", {"days": 36_501}),
        ("due", {"on": "2029-12-31"}),
        ("due", {"on": "soon"}),
        ("bury", {"siblings": "perhaps"}),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(student, deed, body) -> None:
    path = await path_of(student)
    async with client_of(student) as client:
        before = (await client.get(path)).json()
        assert (await client.post(f"{path}/{deed}", json=body)).status_code == 422
        assert (await client.get(path)).json() == before
        assert (await client.get("/flashcards/undo")).json() == []


@pytest.mark.parametrize("deed", ["bury", "suspend", "bring-back", "flag", "due", "reset"])
async def test_anothers_card_is_not_there(student, other_student, deed) -> None:
    path = await path_of(student)
    body = {"number": 1, "days": 1}
    async with client_of(other_student) as client:
        assert (await client.post(f"{path}/{deed}", json=body)).status_code == 404
        missing = f"/flashcards/{uuid4()}/{deed}"
        assert (await client.post(missing, json=body)).status_code == 404
        assert (await client.post("/flashcards/undo")).json() == {"sentence": None}
