import asyncio
import json
from uuid import uuid4

import pytest

from studymaster.features.accounts.schemas import Student
from studymaster.models import Course
from tests.features.flashcards.pile import make_card
from tests.features.library.shelf import make_course, make_lecture
from tests.features.over_http import client_of
from tests.features.quizzes.pile import WORDS, make_words


async def make_course_cards(student: Student) -> Course:
    course = await make_course(student)
    lecture = await make_lecture(student, course=course)
    for front, back in WORDS.items():
        await make_card(student, lecture, front=front, back=back)
    return course


async def test_a_quiz_is_made_read_answered_and_listed(student) -> None:
    course = await make_course_cards(student)
    async with client_of(student) as client:
        made = await client.post(
            "/quizzes", json={"course_id": course.moodle_id, "count": 5}
        )
        quiz = made.json()
        whole = (await client.get(f"/quizzes/{quiz['id']}")).json()
        item = whole["items"][0]
        given = item["options"][0] if item["options"] else "dog"
        told = await client.post(
            f"/quizzes/{quiz['id']}/items/0/answer", json={"given": given}
        )
        listed = (await client.get("/quizzes")).json()
    assert (made.status_code, quiz["total"], quiz["name"]) == (201, 5, "BIO 101")
    assert (item["state"], item["answer"]) == ("open", "")
    assert (told.status_code, told.json()["given"]) == (200, given)
    assert told.json()["cited"]["name"] == "Lecture 7.pdf"
    assert [one["answered"] for one in listed["items"]] == [1]
    assert listed["next_offset"] is None


async def test_the_wrong_ones_are_done_again(student) -> None:
    await make_words(student)
    async with client_of(student) as client:
        quiz = (await client.post("/quizzes", json={"count": 8})).json()
        whole = (await client.get(f"/quizzes/{quiz['id']}")).json()
        for item in whole["items"]:
            given = item["options"][0] if item["options"] else "wrong"
            path = f"/quizzes/{quiz['id']}/items/{item['position']}/answer"
            await client.post(path, json={"given": given})
        again = await client.post(f"/quizzes/{quiz['id']}/again")
        right = (await client.get(f"/quizzes/{quiz['id']}")).json()["quiz"]["right"]
    assert (again.status_code, again.json()["total"]) == (201, 8 - right)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"count": 4}, 422),
        ({"count": 31}, 422),
        ({"count": "many"}, 422),
        ({"count": 10**30}, 422),
        ({"course_id": 1, "deck_id": "x"}, 422),
        ({"course_id": 2**70}, 404),
        ({"course_id": -1}, 404),
        ({"deck_id": "x"}, 404),
        ({"deck_id": "\u0000"}, 404),
        ({}, 409),
    ],
)
async def test_a_quiz_that_cannot_be_made_is_refused(student, body, status: int) -> None:
    async with client_of(student) as client:
        assert (await client.post("/quizzes", json=body)).status_code == status


@pytest.mark.parametrize(
    ("position", "given", "status"),
    [
        (0, "", 422),
        (0, "\u0000", 422),
        (0, "x" * 2_001, 422),
        (99, "x", 404),
        (-1, "x", 404),
        (2**80, "x", 404),
    ],
)
async def test_a_bad_answer_is_refused(student, position: int, given: str, status) -> None:
    await make_words(student)
    async with client_of(student) as client:
        quiz = (await client.post("/quizzes", json={})).json()
        path = f"/quizzes/{quiz['id']}/items/{position}/answer"
        answer = await client.post(path, json={"given": given})
    assert answer.status_code == status


async def test_another_students_quiz_looks_like_not_there(student, other_student) -> None:
    await make_words(student)
    async with client_of(student) as client:
        quiz_id = (await client.post("/quizzes", json={})).json()["id"]
    async with client_of(other_student) as client:
        for one in (quiz_id, uuid4(), "nonsense"):
            path = f"/quizzes/{one}"
            assert (await client.get(path)).status_code == 404
            assert (await client.post(f"{path}/again")).status_code == 404
            assert (await client.delete(path)).status_code == 404
            answer = await client.post(f"{path}/items/0/answer", json={"given": "x"})
            assert answer.status_code == 404
        assert (await client.get("/quizzes")).json()["items"] == []


async def test_an_open_quiz_is_thrown_away_once(student) -> None:
    await make_words(student)
    async with client_of(student) as client:
        path = f"/quizzes/{(await client.post('/quizzes', json={})).json()['id']}"
        both = await asyncio.gather(*[client.delete(path) for _ in range(2)])
        left = (await client.get("/quizzes")).json()["items"]
    assert sorted(answer.status_code for answer in both) == [204, 404]
    assert left == []


async def test_the_result_of_a_finished_quiz_stays(student) -> None:
    await make_words(student)
    async with client_of(student) as client:
        quiz = (await client.post("/quizzes", json={"count": 5})).json()
        for item in (await client.get(f"/quizzes/{quiz['id']}")).json()["items"]:
            given = item["options"][0] if item["options"] else "wrong"
            if item["kind"] == "matching":
                given = json.dumps(item["options"])
            address = f"/quizzes/{quiz['id']}/items/{item['position']}/answer"
            await client.post(address, json={"given": given})
        answer = await client.delete(f"/quizzes/{quiz['id']}")
        left = (await client.get("/quizzes")).json()["items"]
    assert (answer.status_code, answer.headers["content-type"]) == (
        409,
        "application/problem+json",
    )
    assert [one["id"] for one in left] == [quiz["id"]]


async def test_a_visitor_gets_nothing(services) -> None:
    async with client_of(None) as client:
        assert (await client.get("/quizzes")).status_code == 401
        assert (await client.post("/quizzes", json={})).status_code == 401
