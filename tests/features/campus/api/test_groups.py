from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from studymaster.api import create_api
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student
from tests.conftest import NOON, make_student
from tests.features.campus.mates import BIOLOGY, enrol
from tests.features.campus.people import (
    code_of,
    group_of,
    make_group,
    roles_of,
    say,
)


def client_of(student: Student) -> httpx.AsyncClient:
    api = create_api()
    api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=api)
    return httpx.AsyncClient(transport=transport, base_url="http://t/api/v1/social")


async def test_a_group_is_made_and_listed(student) -> None:
    await enrol(student)
    body = {"name": "Owls", "about": "At night", "course_id": BIOLOGY, "listed": True}
    async with client_of(student) as client:
        made = await client.post("/groups", json=body)
        listed = (await client.get("/groups")).json()
    assert made.status_code == 201
    group = made.json()
    assert group["id"] == listed["items"][0]["id"]
    assert (group["course_id"], group["member_count"]) == (BIOLOGY, 1)
    assert (group["created_by"], group["next_session"]) == (str(student.account_id), None)
    assert (listed["next_offset"], group["listed"]) == (None, True)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"name": ""}, 422),
        ({"name": "x" * 121}, 422),
        ({"name": "a\0b"}, 422),
        ({"name": 7}, 422),
        ({"name": "Owls", "about": "x" * 1001}, 422),
        ({"name": "Owls", "course_id": "biology"}, 422),
        ({"name": "Owls", "course_id": 999}, 404),
        ({"name": "Owls", "course_id": 2**63}, 404),
        ({"name": "Owls", "course_id": -1}, 404),
        ({"name": "Owls", "listed": "perhaps"}, 422),
    ],
)
async def test_a_bad_group_is_refused(student, body: dict, status: int) -> None:
    async with client_of(student) as client:
        assert (await client.post("/groups", json=body)).status_code == status
        assert (await client.get("/groups")).json()["items"] == []


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "offset=-1", "offset=x"])
async def test_a_stretch_that_no_list_has(student, query: str) -> None:
    async with client_of(student) as client:
        assert (await client.get(f"/groups?{query}")).status_code == 422
        assert (await client.get(f"/groups?discover=true&{query}")).status_code == 422


async def test_course_mates_find_and_join(student, other_student) -> None:
    group = await make_group(student, course=await enrol(student))
    await enrol(other_student)
    async with client_of(other_student) as client:
        found = (await client.get("/groups", params={"discover": True})).json()["items"]
        joined = await client.post(f"/groups/{group.id}/join")
        after = (await client.get("/groups", params={"discover": True})).json()["items"]
    assert [one["id"] for one in found] == [group.id]
    assert found[0]["created_by"] is None
    assert (joined.status_code, joined.json()["role"], after) == (200, "member", [])


async def test_a_link_brings_in(student, other_student) -> None:
    group = await make_group(student)
    code = await code_of(student, group)
    async with client_of(other_student) as client:
        assert (
            await client.post("/groups/join", json={"code": "A" * 16})
        ).status_code == 404
        assert (await client.post("/groups/join", json={"code": "\0"})).status_code == 404
        joined = await client.post("/groups/join", json={"code": code})
    assert (joined.json()["id"], joined.json()["member_count"]) == (group.id, 2)


async def test_guessing_links_is_stopped(student) -> None:
    async with client_of(student) as client:
        answers = [
            await client.post("/groups/join", json={"code": f"{'A' * 14}{number:02}"})
            for number in range(21)
        ]
    assert [one.status_code for one in answers] == [404] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1


async def test_a_group_from_the_inside(student, other_student) -> None:
    group = await group_of(student, other_student)
    async with client_of(other_student) as client:
        room = (await client.get(f"/groups/{group.id}")).json()
    assert [(one["name"], one["role"]) for one in room["members"]] == [
        ("Mina Aalto", "owner"),
        ("Jonas Keller", "member"),
    ]
    assert room["group"]["id"] == group.id
    assert "@" not in str(room)


async def test_a_session_is_set_and_called_off(student) -> None:
    group = await make_group(student)
    when = "2030-01-17T18:30:00+02:00"
    async with client_of(student) as client:
        body = {"next_session": when, "next_session_note": "Room 4"}
        planned = (await client.patch(f"/groups/{group.id}", json=body)).json()
        renamed = (await client.patch(f"/groups/{group.id}", json={"name": "Birds"})).json()
        off = (
            await client.patch(f"/groups/{group.id}", json={"next_session": None})
        ).json()
    assert datetime.fromisoformat(planned["next_session"]) == datetime(
        2030, 1, 17, 16, 30, tzinfo=UTC
    )
    assert planned["next_session"].endswith("Z")
    assert (renamed["name"], renamed["next_session_note"]) == ("Birds", "Room 4")
    assert (off["next_session"], off["next_session_note"]) == (None, "")


@pytest.mark.parametrize(
    "body",
    [
        {"next_session": "2030-01-17T18:30:00"},
        {"next_session": "soon"},
        {"next_session": "2029-01-17T18:30:00Z"},
        {"next_session": "0001-01-01T00:00:00+14:00"},
        {"next_session": "9999-12-31T23:59:59-12:00"},
        {"name": ""},
        {"name": "a\0b"},
        {"next_session": "2030-01-17T18:30:00Z", "next_session_note": "x" * 201},
    ],
)
async def test_a_bad_change_is_refused(student, body: dict) -> None:
    group = await make_group(student)
    async with client_of(student) as client:
        assert (await client.patch(f"/groups/{group.id}", json=body)).status_code == 422
        kept = (await client.get(f"/groups/{group.id}")).json()["group"]
    assert (kept["name"], kept["next_session"]) == ("Night owls", None)


async def test_a_refused_part_undoes_the_rest_of_a_change(student) -> None:
    group = await make_group(student)
    body = {"name": "Birds", "next_session": "2029-01-17T18:30:00Z"}
    async with client_of(student) as client:
        assert (await client.patch(f"/groups/{group.id}", json=body)).status_code == 422
        kept = (await client.get(f"/groups/{group.id}")).json()["group"]
    assert kept["name"] == "Night owls"


async def test_roles_removal_and_leaving(student, other_student) -> None:
    ada = await make_student("Ada")
    group = await group_of(student, other_student, ada)
    async with client_of(student) as client:
        path = f"/groups/{group.id}/members/{other_student.account_id}"
        assert (await client.put(path, json={"role": "king"})).status_code == 422
        assert (await client.put(path, json={"role": "moderator"})).status_code == 204
        gone = await client.delete(f"/groups/{group.id}/members/{ada.account_id}")
        assert gone.status_code == 204
        assert (await client.delete(f"/groups/{group.id}")).status_code == 409
        assert (await client.post(f"/groups/{group.id}/leave")).status_code == 204
    assert await roles_of(other_student, group) == {"Jonas Keller": "owner"}
    async with client_of(other_student) as client:
        assert (await client.post(f"/groups/{group.id}/leave")).status_code == 409
        assert (await client.delete(f"/groups/{group.id}")).status_code == 204
        assert (await client.get(f"/groups/{group.id}")).status_code == 404


async def test_a_new_code_replaces_the_old_one(student, other_student) -> None:
    group = await make_group(student)
    old = await code_of(student, group)
    async with client_of(student) as client:
        new = (await client.post(f"/groups/{group.id}/code")).json()["code"]
    async with client_of(other_student) as client:
        assert (await client.post("/groups/join", json={"code": old})).status_code == 404
        assert (await client.post("/groups/join", json={"code": new})).status_code == 200


async def test_a_chat_over_http(student, other_student) -> None:
    group = await group_of(student, other_student)
    path = f"/groups/{group.id}/messages"
    body = {"text": "Hello", "sent_key": "the-same-key"}
    async with client_of(student) as client:
        first = await client.post(path, json=body)
        again = await client.post(path, json=body)
        other = await client.post(path, json={"text": "Anybody?"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 201)
    assert first.json()["id"] == again.json()["id"]
    async with client_of(other_student) as client:
        newest = (await client.get(path, params={"limit": 1})).json()
        rest = (await client.get(path, params={"offset": 1})).json()
        refused = await client.delete(f"{path}/{first.json()['id']}")
        seen = {"message_id": newest["items"][0]["id"]}
        assert (await client.post(f"/groups/{group.id}/read", json=seen)).status_code == 204
    assert (newest["next_offset"], len(rest["items"])) == (1, 1)
    assert refused.status_code == 409
    async with client_of(student) as client:
        assert (await client.delete(f"{path}/{first.json()['id']}")).status_code == 204
        lines = (await client.get(path)).json()["items"]
    assert sorted(one["fate"] for one in lines) == ["", "removed_by_author"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "x" * 2001},
        {"text": "a\0b"},
        {"text": 7},
        {"text": "Hi", "sent_key": "x"},
        {"text": "Hi", "sent_key": "\0" * 9},
    ],
)
async def test_a_bad_message_is_refused(student, body: dict) -> None:
    group = await make_group(student)
    async with client_of(student) as client:
        answer = await client.post(f"/groups/{group.id}/messages", json=body)
        assert answer.status_code == 422
        assert (await client.get(f"/groups/{group.id}/messages")).json()["items"] == []


async def test_a_flood_is_stopped(student) -> None:
    group = await make_group(student)
    async with client_of(student) as client:
        answers = [
            (
                await client.post(f"/groups/{group.id}/messages", json={"text": "Hi"})
            ).status_code
            for _ in range(31)
        ]
    assert answers == [201] * 30 + [429]


async def test_another_students_group_looks_like_not_there(student, other_student) -> None:
    group = await make_group(student, course=await enrol(student))
    line = await say(student, group, "Among us", now=NOON + timedelta(minutes=1))
    person = student.account_id
    async with client_of(other_student) as client:
        for name in (group.id, str(uuid4()), "nonsense"):
            for method, path, body in (
                ("GET", "", None),
                ("PATCH", "", {"name": "Mine"}),
                ("PATCH", "", {"next_session": "2030-01-17T18:30:00Z"}),
                ("DELETE", "", None),
                ("POST", "/join", None),
                ("POST", "/leave", None),
                ("POST", "/code", None),
                ("PUT", f"/members/{person}", {"role": "member"}),
                ("DELETE", f"/members/{person}", None),
                ("GET", "/messages", None),
                ("POST", "/messages", {"text": "Hello"}),
                ("DELETE", f"/messages/{line}", None),
                ("POST", "/read", {"message_id": line}),
            ):
                answer = await client.request(method, f"/groups/{name}{path}", json=body)
                assert answer.status_code == 404, (method, path)
    assert await roles_of(student, group) == {"Mina Aalto": "owner"}


async def test_a_visitor_gets_nothing(student) -> None:
    transport = httpx.ASGITransport(app=create_api())
    async with httpx.AsyncClient(transport=transport, base_url="http://t/api/v1") as client:
        assert (await client.get("/social/groups")).status_code == 401
        assert (await client.post("/social/groups", json={"name": "X"})).status_code == 401
