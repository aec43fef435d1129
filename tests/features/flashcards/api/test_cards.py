from uuid import uuid4

import httpx
import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.api import create_api
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student
from studymaster.models import Course, Material
from tests.conftest import NOBODYS_ID
from tests.features.flashcards.pile import make_card, make_deck, make_own_card
from tests.features.library.shelf import make_course, make_lecture
from tests.statements import asked


def client_of(student: Student) -> httpx.AsyncClient:
    api = create_api()
    api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=api)
    return httpx.AsyncClient(transport=transport, base_url="http://t/api/v1")


async def course_of(material: Material) -> Course:
    async with unit_of_work() as work:
        course = await work.session.get(Course, material.course_id)
        assert course
        return course


async def test_cards_are_listed_in_stretches(student) -> None:
    lecture = await make_lecture(student)
    for page in (1, 2, 3):
        await make_card(student, lecture, page=page)
    async with client_of(student) as client:
        first = (await client.get("/flashcards", params={"limit": 2})).json()
        rest = (await client.get("/flashcards", params={"offset": 2})).json()
    assert [card["page"] for card in first["items"] + rest["items"]] == [1, 2, 3]
    assert (first["next_offset"], rest["next_offset"]) == (2, None)


MINE = "My own question?"


async def test_a_card_has_every_field_that_programs_expect(student) -> None:
    lecture = await make_lecture(student)
    await make_card(student, lecture, due_in=2, turn=3, interval_days=6, repetitions=2)
    async with client_of(student) as client:
        (card,) = (await client.get("/flashcards")).json()["items"]
        alone = (await client.get(f"/flashcards/{card['id']}")).json()
    assert card == alone
    assert card["user_id"] == str(student.account_id)
    assert card["course_id"] == (await course_of(lecture)).moodle_id
    assert (card["front"], card["back"]) == ("What builds proteins?", "A ribosome.")
    assert (card["difficulty"], card["interval"], card["repetitions"]) == (250, 6, 2)
    assert (card["next_review"], card["due_on"]) == ("2030-01-18T04:00:00Z", "2030-01-18")
    assert (card["kind"], card["turn"], card["page"], card["tags"]) == ("basic", 3, 1, [])
    assert (card["material_id"], card["suspended"]) == (str(lecture.id), False)


async def test_a_card_is_made_found_changed_and_deleted(student) -> None:
    course = await make_course(student)
    body = {"front": MINE, "back": "Yes", "course_id": course.moodle_id, "tags": ["Exam"]}
    async with client_of(student) as client:
        made = await client.post("/flashcards", json=body)
        path = f"/flashcards/{made.json()['id']}"
        found = await client.get("/flashcards", params={"q": "own quest", "tag": "exam"})
        changed = await client.patch(path, json={"back": "No", "suspended": True})
        hidden = await client.get("/flashcards/due")
        gone = await client.delete(path)
        after = await client.get(path)
    assert (made.status_code, made.json()["course_id"]) == (201, course.moodle_id)
    assert [card["front"] for card in found.json()["items"]] == [MINE]
    assert (changed.json()["back"], changed.json()["front"]) == ("No", MINE)
    assert hidden.json()["items"] == []
    assert (gone.status_code, gone.content, after.status_code) == (204, b"", 404)


async def test_cards_are_listed_by_course_and_moved_to_a_deck(student) -> None:
    lecture = await make_lecture(student)
    await make_card(student, lecture)
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck)
    course_id = (await course_of(lecture)).moodle_id
    async with client_of(student) as client:
        listed = await client.get("/flashcards", params={"course_id": course_id})
        (card,) = listed.json()["items"]
        path = f"/flashcards/{card['id']}"
        moved = await client.patch(path, json={"deck_id": str(deck)})
        after = await client.get("/flashcards", params={"deck_id": str(deck)})
        due = await client.get("/flashcards/due", params={"deck_id": str(deck), "limit": 1})
    assert moved.json()["course_id"] is None
    assert len(after.json()["items"]) == 2
    assert (len(due.json()["items"]), due.json()["next_offset"]) == (1, 1)
    assert due.json()["counts"]["left"] == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"front": "", "back": "x"}, 422),
        ({"front": "x"}, 422),
        ({"front": "x" * 2_001, "back": "x"}, 422),
        ({"front": "\u0000", "back": "x"}, 422),
        ({"front": "no gap", "kind": "cloze"}, 422),
        ({"front": "x", "back": "x", "kind": "image"}, 422),
        ({"front": "x", "back": "x", "tags": ["y" * 61]}, 422),
        ({"front": "x", "back": "x", "course_id": None}, 422),
        ({"front": "x", "back": "x", "course_id": 1, "deck_id": "y"}, 422),
        ({"front": "x", "back": "x", "course_id": 2**70}, 404),
        ({"front": "x", "back": "x", "course_id": 404}, 404),
        ({"front": "x", "back": "x", "deck_id": str(uuid4())}, 404),
    ],
)
async def test_a_card_that_cannot_be_made_is_refused(student, body, status: int) -> None:
    deck = str(await make_deck(student, "Latin"))
    wanted = body if "course_id" in body or "deck_id" in body else body | {"deck_id": deck}
    async with client_of(student) as client:
        assert (await client.post("/flashcards", json=wanted)).status_code == status
        assert (await client.get("/flashcards")).json()["items"] == []


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"limit": 0}, 422),
        ({"limit": 101}, 422),
        ({"offset": -1}, 422),
        ({"offset": 10**30}, 422),
        ({"stage": "late"}, 422),
        ({"q": "x" * 501}, 422),
        ({"q": "is:dew"}, 422),
        ({"q": "(is:due or -tag:a) prop:ivl>3"}, 200),
        ({"q": "\u0000"}, 200),
        ({"course_id": 2**70}, 404),
        ({"course_id": "x"}, 422),
        ({"deck_id": "x"}, 404),
        ({"deck_id": str(uuid4())}, 404),
    ],
)
async def test_a_search_that_makes_no_sense_is_refused(student, asked, status) -> None:
    async with client_of(student) as client:
        assert (await client.get("/flashcards", params=asked)).status_code == status


async def test_the_figures_are_there(student) -> None:
    await make_card(student, await make_lecture(student))
    async with client_of(student) as client:
        figures = (await client.get("/flashcards/stats")).json()
    assert (figures["cards"], figures["span"]) == (1, "quarter")
    assert [len(one["bars"]) for one in figures["charts"]] == [13, 16, 24, 13]


async def test_the_figures_of_a_deck_look_as_far_as_is_asked(student) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck)
    await make_card(student, await make_lecture(student))
    async with client_of(student) as client:
        asked = {"span": "month", "deck_id": str(deck)}
        figures = (await client.get("/flashcards/stats", params=asked)).json()
        wrong = await client.get("/flashcards/stats", params={"span": "day"})
        gone = await client.get("/flashcards/stats", params={"deck_id": NOBODYS_ID})
    assert (figures["cards"], len(figures["charts"][0]["bars"])) == (1, 30)
    assert (wrong.status_code, gone.status_code) == (422, 404)


async def test_asking_for_proposals_again_and_again_is_braked(student) -> None:
    body = {"material_id": str((await make_lecture(student)).id)}
    async with client_of(student) as client:
        answers = [await client.post("/flashcards/generate", json=body) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429]


async def test_due_cards_come_with_their_counts_and_intervals(student) -> None:
    lecture = await make_lecture(student)
    await make_card(student, lecture)
    await make_card(student, lecture, due_in=3, turn=1)
    async with client_of(student) as client:
        body = (await client.get("/flashcards/due")).json()
    (card,) = body["items"]
    assert (card["stage"], len(card["intervals"])) == ("new", 4)
    assert body["counts"] == {"new": 1, "learning": 0, "due": 0, "left": 1}


async def test_due_cards_are_asked_for_and_counted_once_and_nothing_else_is(
    student,
) -> None:
    await make_card(student, await make_lecture(student))
    async with client_of(student) as client:
        with asked() as statements:
            await client.get("/flashcards/due")
    grouped = [one for one in statements if "GROUP BY" in one]
    assert len(grouped) == 1
    assert len(statements) <= 8


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
            path = f"/flashcards/{card_id}"
            assert (await client.get(path)).status_code == 404
            assert (await client.patch(path, json={"front": "x"})).status_code == 404
            assert (await client.delete(path)).status_code == 404
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
        for path in ("/flashcards", "/flashcards/due", "/flashcards/stats"):
            assert (await client.get(path)).status_code == 401
