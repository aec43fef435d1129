from uuid import uuid4

import httpx
import pytest

from studymaster.api import create_api
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student
from tests.features.flashcards.pile import make_card
from tests.features.library.shelf import make_lecture


def client_of(student: Student) -> httpx.AsyncClient:
    api = create_api()
    api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=api)
    return httpx.AsyncClient(transport=transport, base_url="http://t/api/v1")


async def test_cards_are_listed_in_stretches(student) -> None:
    lecture = await make_lecture(student)
    for page in (1, 2, 3):
        await make_card(student, lecture, page=page)
    async with client_of(student) as client:
        first = (await client.get("/flashcards", params={"limit": 2})).json()
        rest = (await client.get("/flashcards", params={"offset": 2})).json()
    assert [card["page"] for card in first["items"] + rest["items"]] == [1, 2, 3]
    assert (first["next_offset"], rest["next_offset"]) == (2, None)


async def test_due_cards_come_with_their_counts_and_intervals(student) -> None:
    lecture = await make_lecture(student)
    await make_card(student, lecture)
    await make_card(student, lecture, due_in=3, turn=1)
    async with client_of(student) as client:
        body = (await client.get("/flashcards/due")).json()
    (card,) = body["items"]
    assert (card["stage"], len(card["intervals"])) == ("new", 4)
    assert body["counts"] == {"new": 1, "learning": 0, "due": 0, "left": 1}


async def test_an_answer_counts_once(student) -> None:
    card = await make_card(student, await make_lecture(student))
    body = {"turn": 0, "grade": 4, "elapsed_ms": 3_000}
    async with client_of(student) as client:
        first = await client.post(f"/flashcards/{card.id}/review", json=body)
        again = await client.post(f"/flashcards/{card.id}/review", json=body)
    assert (first.status_code, again.status_code) == (200, 200)
    assert (first.json()["counted"], again.json()["counted"]) == (True, False)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"turn": 0, "grade": 1}, 422),
        ({"turn": 0, "grade": 6}, 422),
        ({"turn": -1, "grade": 4}, 422),
        ({"turn": 0, "grade": 4, "elapsed_ms": -5}, 422),
        ({"turn": 7, "grade": 4}, 409),
        ({}, 422),
    ],
)
async def test_a_bad_answer_is_refused(student, body: dict, status: int) -> None:
    card = await make_card(student, await make_lecture(student))
    async with client_of(student) as client:
        answer = await client.post(f"/flashcards/{card.id}/review", json=body)
    assert answer.status_code == status


async def test_another_students_cards_look_like_not_there(student, other_student) -> None:
    lecture = await make_lecture(student)
    card = await make_card(student, lecture)
    async with client_of(other_student) as client:
        assert (await client.get("/flashcards")).json()["items"] == []
        assert (await client.get("/flashcards/due")).json()["items"] == []
        for card_id in (card.id, uuid4(), "nonsense"):
            answer = await client.post(
                f"/flashcards/{card_id}/review", json={"turn": 0, "grade": 4}
            )
            assert answer.status_code == 404
        for material_id in (str(lecture.id), "nonsense"):
            answer = await client.post(
                "/flashcards/generate", json={"material_id": material_id}
            )
            assert answer.status_code == 404


async def test_generation_is_promised(student, sent) -> None:
    lecture = await make_lecture(student)
    async with client_of(student) as client:
        answer = await client.post(
            "/flashcards/generate", json={"material_id": str(lecture.id)}
        )
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert len(sent) == 1


async def test_a_visitor_gets_nothing(student) -> None:
    transport = httpx.ASGITransport(app=create_api())
    async with httpx.AsyncClient(transport=transport, base_url="http://t/api/v1") as client:
        for path in ("/flashcards", "/flashcards/due"):
            assert (await client.get(path)).status_code == 401
