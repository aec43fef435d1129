"""Notes over HTTP."""

from uuid import uuid4

import httpx
import pytest

from tests.features.library.shelf import make_course
from tests.features.over_http import client_of


async def kept(client: httpx.AsyncClient, text: str = "A thought", **more) -> dict:
    answer = await client.post("/notes", json={"text": text, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_note_is_kept_found_changed_and_put_away(student) -> None:
    course = await make_course(student)
    async with client_of(student) as client:
        note = await kept(client, "# Osmosis #bio", course_id=course.moodle_id)
        found = (await client.get("/notes", params={"q": "osmo", "tag": "bio"})).json()
        change = {"text": "# Diffusion", "version": note["version"], "pinned": True}
        changed = (await client.patch(f"/notes/{note['id']}", json=change)).json()
        gone = await client.delete(f"/notes/{note['id']}")
        rest = (await client.get("/notes")).json()
        back = (await client.post(f"/notes/{note['id']}/restore")).json()
    assert [row["title"] for row in found["items"]] == ["Osmosis"]
    assert (changed["title"], changed["pinned"], changed["version"]) == (
        "Diffusion",
        True,
        2,
    )
    assert (gone.status_code, rest["items"], back["deleted"]) == (204, [], False)


async def test_the_same_note_sent_twice_is_kept_once(student) -> None:
    async with client_of(student) as client:
        one = str(uuid4())
        assert (await kept(client, id=one))["id"] == (await kept(client, id=one))["id"]
        assert len((await client.get("/notes")).json()["items"]) == 1


async def test_notes_come_in_stretches(student) -> None:
    async with client_of(student) as client:
        for number in range(3):
            await kept(client, f"Note {number}")
        first = (await client.get("/notes", params={"limit": 2})).json()
        rest = (await client.get("/notes", params={"limit": 2, "offset": 2})).json()
    assert (len(first["items"]), first["next_offset"]) == (2, 2)
    assert (len(rest["items"]), rest["next_offset"]) == (1, None)


async def test_a_text_typed_into_an_old_version_is_kept_beside(student) -> None:
    async with client_of(student) as client:
        note = await kept(client, "Start")
        address = f"/notes/{note['id']}"
        await client.patch(address, json={"text": "One", "version": 1})
        answer = await client.patch(address, json={"text": "Two", "version": 1})
        assert answer.headers["X-Kept-As"] == answer.json()["id"] != note["id"]
        titles = [row["title"] for row in (await client.get("/notes")).json()["items"]]
    assert sorted(titles) == ["One", "Two"]


async def test_of_a_note_and_its_copy_one_is_kept(student) -> None:
    async with client_of(student) as client:
        note = await kept(client, "Start")
        address = f"/notes/{note['id']}"
        await client.patch(address, json={"text": "One", "version": 1})
        copy = (await client.patch(address, json={"text": "Two", "version": 1})).json()
        told = await client.post(f"/notes/{copy['id']}/keep", json={"keep": "copy"})
        again = await client.post(f"/notes/{copy['id']}/keep", json={"keep": "original"})
        rows = (await client.get("/notes")).json()["items"]
    assert (copy["copy_of"], told.status_code) == (note["id"], 200)
    assert (told.json()["text"], told.json()["copy_of"]) == ("Two", "")
    assert (again.status_code, again.headers["content-type"]) == (
        409,
        "application/problem+json",
    )
    assert [row["title"] for row in rows] == ["Two"]


@pytest.mark.parametrize("body", [{}, {"keep": "neither"}, {"keep": None}])
async def test_which_of_two_stays_has_to_be_said(student, body: dict) -> None:
    async with client_of(student) as client:
        note = await kept(client)
        answer = await client.post(f"/notes/{note['id']}/keep", json=body)
    assert answer.status_code == 422


async def test_tags_come_with_their_counts_in_stretches(student) -> None:
    async with client_of(student) as client:
        await kept(client, "#a #b")
        await kept(client, "#a")
        first = (await client.get("/notes/tags", params={"limit": 1})).json()
        rest = (await client.get("/notes/tags", params={"offset": 1})).json()
    assert first == {"items": [{"name": "a", "count": 2}], "next_offset": 1}
    assert rest == {"items": [{"name": "b", "count": 1}], "next_offset": None}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": None}, 422),
        ({"text": "x" * 100_001}, 422),
        ({"text": "Words", "kind": "diary"}, 422),
        ({"text": "Words", "course_id": 2**70}, 404),
        ({"text": "Words", "course_id": 12}, 404),
        ({"text": "Words", "id": "nonsense"}, 404),
    ],
)
async def test_a_bad_note_is_refused(student, body: dict, status: int) -> None:
    async with client_of(student) as client:
        answer = await client.post("/notes", json=body)
    assert answer.status_code == status


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"kind": "x"}, {"q": "x" * 201}]
)
async def test_a_bad_search_is_refused(student, query: dict) -> None:
    async with client_of(student) as client:
        assert (await client.get("/notes", params=query)).status_code == 422


async def test_text_without_its_version_is_refused(student) -> None:
    async with client_of(student) as client:
        note = await kept(client)
        answer = await client.patch(f"/notes/{note['id']}", json={"text": "New"})
    assert (answer.status_code, "version" in answer.json()["detail"]) == (422, True)
