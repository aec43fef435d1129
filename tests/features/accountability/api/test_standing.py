"""Points, ledger and leaderboard over HTTP, and that every list comes in stretches."""

from datetime import timedelta

import httpx
import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import service as points
from tests.conftest import NOON, make_student
from tests.features import over_http
from tests.features.points.log import earned, keep, show

LISTS = (
    "ledger",
    "leaderboard",
    "calendar",
    "challenges",
    "achievements",
    "pledges",
    "pledges/received",
)


def client_of(student: Student | None) -> httpx.AsyncClient:
    return over_http.client_of(student, under="/accountability")


async def test_points_tell_balance_streak_and_risk(student) -> None:
    await keep(earned(student, NOON - timedelta(minutes=1), 1284))
    async with client_of(student) as client:
        answer = await client.get("/points")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "points": 1284,
            "streak_days": 0,
            "freezes": 0,
            "active_today": False,
            "loss_if_idle": 26,
            "covered_by_freeze": False,
        },
    )


async def test_the_ledger_comes_in_stretches_and_only_to_its_owner(
    student, other_student
) -> None:
    await keep(*(earned(student, NOON - timedelta(days=n), n) for n in range(3)))
    await keep(earned(other_student, NOON, 99))
    async with client_of(student) as client:
        first = (await client.get("/ledger", params={"limit": 2})).json()
        rest = (await client.get("/ledger", params={"offset": 2})).json()
    assert [line["amount"] for line in first["items"] + rest["items"]] == [0, 1, 2]
    assert first["items"][0]["sentence"] == "Earned."
    assert first["items"][0]["day"] == "2030-01-16"
    assert (first["next_offset"], rest["next_offset"]) == (2, None)


async def test_the_leaderboard_lists_names_and_points_and_nothing_else(student) -> None:
    for place in range(4):
        other = await make_student(f"Student {place}")
        await show(other)
        await keep(earned(other, NOON, 100 - place))
    async with unit_of_work() as work:
        await points.refresh_leaderboard(work)
    async with client_of(student) as client:
        body = (await client.get("/leaderboard", params={"offset": 1, "limit": 2})).json()
    assert body == {
        "week": "2030-01-14",
        "rankings": {
            "items": [
                {"rank": 2, "name": "Student 1", "points": 99, "is_you": False},
                {"rank": 3, "name": "Student 2", "points": 98, "is_you": False},
            ],
            "next_offset": 3,
        },
        "you": None,
    }


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"offset": 10**20}]
)
async def test_a_stretch_that_no_list_has_is_refused(student, path, params) -> None:
    async with client_of(student) as client:
        answer = await client.get(f"/{path}", params=params)
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["points", *LISTS])
async def test_a_visitor_gets_nothing(student, path: str) -> None:
    async with client_of(None) as client:
        assert (await client.get(f"/{path}")).status_code == 401


async def test_who_takes_part_is_on_the_leaderboard_and_who_leaves_is_gone(student) -> None:
    await keep(earned(student, NOON, 100))
    async with unit_of_work() as work:
        await points.refresh_leaderboard(work)
    seen = []
    async with client_of(student) as client:
        for on in (True, False):
            told = await client.patch("/leaderboard", json={"taking_part": on})
            assert (told.status_code, told.json()) == (200, {"taking_part": on})
            seen.append((await client.get("/leaderboard")).json()["rankings"]["items"])
        refused = await client.patch("/leaderboard", json={"taking_part": None})
    assert [[row["name"] for row in rows] for rows in seen] == [["Mina Aalto"], []]
    assert refused.status_code == 422
