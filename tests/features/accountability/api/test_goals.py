"""The calendar, challenges and achievements over HTTP."""

import pytest

from tests.features.accountability.weeks import review
from tests.features.over_http import client_of

BASE = "/accountability"


async def test_a_challenge_is_taken_on_and_done(student) -> None:
    async with client_of(student, under=BASE) as client:
        before = (await client.get("/challenges")).json()["items"]
        joined = await client.post("/challenges/reviews-100/join")
        await review(student, 100)
        again = await client.post("/challenges/reviews-100/join")
    by_code = {one["code"]: one for one in before}
    assert (by_code["reviews-100"]["joined"], by_code["reviews-100"]["goal"]) == (
        False,
        100,
    )
    assert (joined.status_code, joined.json()["joined"], joined.json()["progress"]) == (
        200,
        True,
        0,
    )
    assert (again.status_code, again.json()["progress"], again.json()["done"]) == (
        200,
        100,
        True,
    )


@pytest.mark.parametrize("code", ["reviews-1", "nonsense", "%00"])
async def test_a_challenge_that_nobody_set_is_not_there(student, code: str) -> None:
    async with client_of(student, under=BASE) as client:
        answer = await client.post(f"/challenges/{code}/join")
    assert (answer.status_code, answer.headers["content-type"]) == (
        404,
        "application/problem+json",
    )


async def test_what_is_reached_says_when_and_the_rest_how_far(student) -> None:
    await review(student, 1)
    async with client_of(student, under=BASE) as client:
        found = (await client.get("/achievements")).json()["items"]
    reached = {one["code"]: one["reached_on"] for one in found if one["reached_on"]}
    assert reached == {"review-1": "16 Jan 2030"}
    assert all(one["words"] and one["goal"] > 0 for one in found)


async def test_the_calendar_comes_in_stretches_and_ends_with_this_week(student) -> None:
    await review(student, 1)
    async with client_of(student, under=BASE) as client:
        first = (await client.get("/calendar", params={"limit": 30})).json()
        rest = (await client.get("/calendar", params={"offset": 30})).json()
    days = first["items"] + rest["items"]
    assert (first["next_offset"], rest["next_offset"]) == (30, None)
    assert [day["number"] for day in days if day["state"] == "active"] == [16]
