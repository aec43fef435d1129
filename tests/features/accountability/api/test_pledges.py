"""Pledges over HTTP."""

import asyncio
from uuid import uuid4

import pytest

from studymaster.features.accounts.schemas import Student
from tests.features.accountability.weeks import befriend, review
from tests.features.over_http import client_of

BASE = "/accountability"


@pytest.fixture
async def jonas(student: Student, other_student: Student) -> Student:
    """Mina's buddy."""
    await befriend(student, other_student)
    return other_student


def to(buddy: Student, **told) -> dict:
    body = {"measure": "reviews", "amount": 50, "days": 7, **told}
    return {"buddy_id": str(buddy.account_id), **body}


async def test_a_pledge_is_made_seen_by_both_and_taken_back(student, jonas) -> None:
    async with (
        client_of(student, under=BASE) as mina,
        client_of(jonas, under=BASE) as buddy,
    ):
        made = await mina.post("/pledges", json=to(jonas))
        await review(student, 20)
        own = (await mina.get("/pledges")).json()["items"]
        received = (await buddy.get("/pledges/received")).json()["items"]
        gone = await mina.delete(f"/pledges/{made.json()['id']}")
        again = await mina.delete(f"/pledges/{made.json()['id']}")
        after = (await mina.get("/pledges")).json()["items"]
        left = (await buddy.get("/pledges/received")).json()["items"]
    assert (made.status_code, made.json()["name"], made.json()["words"]) == (
        201,
        "Jonas Keller",
        "50 cards until Tue 22 Jan",
    )
    assert [(one["id"], one["progress"]) for one in own] == [(made.json()["id"], 20)]
    assert [(one["name"], one["progress"]) for one in received] == [("Mina Aalto", 20)]
    assert (gone.status_code, again.status_code) == (204, 404)
    assert ([one["state"] for one in after], left) == (["withdrawn"], [])


async def test_the_same_pledge_sent_twice_at_once_is_one(student, jonas) -> None:
    async with client_of(student, under=BASE) as client:
        asked = [client.post("/pledges", json=to(jonas)) for _ in range(2)]
        both = [answer.json()["id"] for answer in await asyncio.gather(*asked)]
        own = (await client.get("/pledges")).json()["items"]
    assert both == [own[0]["id"]] * 2
    assert len(own) == 1


async def test_of_a_kind_one_is_open_at_a_time(student, jonas) -> None:
    async with client_of(student, under=BASE) as client:
        await client.post("/pledges", json=to(jonas))
        answer = await client.post("/pledges", json=to(jonas, amount=51))
    assert (answer.status_code, answer.headers["content-type"]) == (
        409,
        "application/problem+json",
    )
    assert "open pledge of this kind" in answer.json()["detail"]


@pytest.mark.parametrize(
    "told",
    [
        {"measure": "streak"},
        {"measure": ""},
        {"amount": 0},
        {"amount": -20},
        {"amount": 10**30},
        {"amount": 20.5},
        {"days": 0},
        {"days": 10**6},
        {"measure": "days", "amount": 5, "days": 3},
    ],
)
async def test_a_pledge_that_nobody_can_keep_is_refused(student, jonas, told) -> None:
    async with client_of(student, under=BASE) as client:
        answer = await client.post("/pledges", json=to(jonas, **told))
        assert (await client.get("/pledges")).json()["items"] == []
    assert answer.status_code == 422


async def test_only_to_a_buddy_can_be_promised(student, other_student) -> None:
    async with client_of(student, under=BASE) as client:
        for buddy_id in (str(other_student.account_id), str(uuid4()), "nonsense", ""):
            body = {**to(other_student), "buddy_id": buddy_id}
            assert (await client.post("/pledges", json=body)).status_code == 404


async def test_a_pledge_is_taken_back_by_its_maker_alone(student, jonas) -> None:
    async with (
        client_of(student, under=BASE) as mina,
        client_of(jonas, under=BASE) as buddy,
    ):
        made = (await mina.post("/pledges", json=to(jonas))).json()
        for one in (made["id"], str(uuid4()), "nonsense"):
            assert (await buddy.delete(f"/pledges/{one}")).status_code == 404
        own = (await mina.get("/pledges")).json()["items"]
    assert [one["state"] for one in own] == ["open"]


async def test_pledges_are_not_made_all_day_long(student, jonas) -> None:
    async with client_of(student, under=BASE) as client:
        answers = [await client.post("/pledges", json=to(jonas)) for _ in range(11)]
    assert {answer.status_code for answer in answers[:10]} == {201}
    assert (answers[10].status_code, "retry-after" in answers[10].headers) == (429, True)


async def test_a_visitor_promises_nothing(services) -> None:
    async with client_of(None, under=BASE) as client:
        assert (await client.post("/pledges", json={})).status_code == 401
        assert (await client.delete(f"/pledges/{uuid4()}")).status_code == 401
