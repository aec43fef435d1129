from uuid import uuid4

import pytest

from tests.features.campus.calls import client_of
from tests.features.campus.mates import enrol

ASKED = {"course_id": 101, "title": "Why does osmosis stop?"}


async def ask_and_answer(pair) -> tuple[str, str]:
    async with client_of(pair[0]) as client:
        asked = await client.post("/questions", json=ASKED)
        assert asked.status_code == 201
        question = asked.json()["id"]
    async with client_of(pair[1]) as client:
        path = f"/questions/{question}/answers"
        answered = await client.post(path, json={"text": "Pressure."})
        assert answered.status_code == 201
    return question, answered.json()["id"]


async def test_a_question_is_asked_found_answered_and_solved(pair) -> None:
    question, answer = await ask_and_answer(pair)
    async with client_of(pair[0]) as client:
        found = await client.get(
            "/questions", params={"words": "osmosis", "course_id": 101}
        )
        (seen,) = found.json()["items"]
        assert (seen["id"], seen["answers"], seen["solved"]) == (question, 1, False)
        voted = await client.post(f"/answers/{answer}/vote")
        assert (voted.json()["votes"], voted.json()["voted"]) == (1, True)
        helped = await client.post(f"/answers/{answer}/helped")
        assert helped.json()["helped"] is True
        assert (await client.get(f"/questions/{question}")).json()["solved"] is True
        listed = (await client.get(f"/questions/{question}/answers")).json()
        assert ([one["id"] for one in listed["items"]], listed["next_offset"]) == (
            [answer],
            None,
        )
        body = {"reason": "Spam"}
        path = f"/answers/{answer}/report"
        assert (await client.post(path, json=body)).status_code == 204
        assert (await client.post(path, json=body)).status_code == 409
    async with client_of(pair[1]) as client:
        assert (await client.delete(f"/answers/{answer}")).status_code == 204
        path = f"/questions/{question}/report"
        assert (await client.post(path, json=body)).status_code == 204
        assert (await client.delete(f"/questions/{question}")).status_code == 404
    async with client_of(pair[0]) as client:
        assert (await client.delete(f"/questions/{question}")).status_code == 204
        assert (await client.get(f"/questions/{question}")).status_code == 404


async def test_another_students_question_looks_like_not_there(
    student, other_student
) -> None:
    await enrol(student)
    question, answer = await ask_and_answer((student, student))
    async with client_of(other_student) as client:
        assert (await client.get("/questions")).json()["items"] == []
        params = {"course_id": 101}
        assert (await client.get("/questions", params=params)).status_code == 404
        assert (await client.post("/questions", json=ASKED)).status_code == 404
        body = {"text": "x", "reason": "x"}
        for one in (question, str(uuid4()), "nonsense"):
            path = f"/questions/{one}"
            assert (await client.get(path)).status_code == 404
            assert (await client.get(f"{path}/answers")).status_code == 404
            assert (await client.post(f"{path}/answers", json=body)).status_code == 404
            assert (await client.post(f"{path}/report", json=body)).status_code == 404
            assert (await client.delete(path)).status_code == 404
        for one in (answer, str(uuid4()), "nonsense"):
            path = f"/answers/{one}"
            assert (await client.post(f"{path}/vote")).status_code == 404
            assert (await client.post(f"{path}/helped")).status_code == 404
            assert (await client.post(f"{path}/report", json=body)).status_code == 404
            assert (await client.delete(path)).status_code == 404


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"title": ""}, 422),
        ({"title": "x" * 201}, 422),
        ({"title": "a\x00b"}, 422),
        ({"title": None}, 422),
        ({"text": "x" * 4001}, 422),
        ({"course_id": "x"}, 422),
        ({"course_id": 102}, 404),
        ({"course_id": 10**30}, 404),
        ({"course_id": -1}, 404),
    ],
)
async def test_a_question_that_cannot_be_is_refused(pair, changed, status: int) -> None:
    async with client_of(pair[0]) as client:
        answer = await client.post("/questions", json=ASKED | changed)
        assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)
        assert (await client.get("/questions")).json()["items"] == []


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"offset": -1}, {"order": "best"}, {"words": "x" * 101}]
)
async def test_a_list_that_cannot_be_is_refused(pair, params) -> None:
    async with client_of(pair[0]) as client:
        assert (await client.get("/questions", params=params)).status_code == 422
