from uuid import uuid4

import httpx
import pytest

from studymaster.adapters.storage import get_storage
from studymaster.api import create_api
from studymaster.config import get_settings
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student
from tests.features.braindump.sounds import wav
from tests.features.library.shelf import make_course


def client_of(student: Student) -> httpx.AsyncClient:
    api = create_api()
    api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=api)
    return httpx.AsyncClient(transport=transport, base_url="http://t/api/v1")


async def kept(client: httpx.AsyncClient, text: str = "A thought", **more) -> dict:
    answer = await client.post("/notes", json={"text": text, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def memo_of(client: httpx.AsyncClient, note_id: str, data: bytes = b"", **form):
    files = {"file": ("memo", data or wav())}
    return await client.post(f"/notes/{note_id}/memos", files=files, data=form)


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


async def test_a_recording_is_kept_played_in_parts_and_deleted(student) -> None:
    async with client_of(student) as client:
        note = await kept(client)
        memo = (await memo_of(client, note["id"], seconds="4")).json()
        address = memo["address"].removeprefix("/api/v1")
        whole = await client.get(address)
        part = await client.get(address, headers={"Range": "bytes=0-3"})
        gone = await client.delete(f"/notes/memos/{memo['id']}")
        after = await client.get(address)
    assert (whole.content, whole.headers["content-type"]) == (wav(), "audio/wav")
    assert (part.status_code, part.content) == (206, b"RIFF")
    assert (memo["seconds"], gone.status_code, after.status_code) == (4, 204, 404)
    key = f"users/{student.account_id}/audio/{memo['id']}.wav"
    with pytest.raises(Exception, match="not here any more"):
        await get_storage().get_bytes(key)


async def test_only_sound_is_taken(student) -> None:
    async with client_of(student) as client:
        note = await kept(client)
        answer = await memo_of(client, note["id"], b"<script>alert(1)</script>")
    assert (answer.status_code, "not a recording" in answer.json()["detail"]) == (422, True)


async def test_a_transcript_needs_a_model(student, monkeypatch, sent) -> None:
    async with client_of(student) as client:
        memo = (await memo_of(client, (await kept(client))["id"])).json()
        address = f"/notes/memos/{memo['id']}/transcript"
        assert (await client.post(address)).status_code == 409
        monkeypatch.setenv("LLM_BASE_URL", "http://127.0.0.1:9/v1")
        monkeypatch.setenv("LLM_MODEL", "small")
        get_settings.cache_clear()
        answer = await client.post(address)
    assert (answer.status_code, answer.json()["state"], len(sent)) == (202, "queued", 1)


async def test_another_students_notes_are_not_there(student, other_student) -> None:
    async with client_of(student) as client:
        note = await kept(client)
        memo = (await memo_of(client, note["id"])).json()
    async with client_of(other_student) as client:
        assert (await client.get("/notes")).json()["items"] == []
        for one in (note["id"], str(uuid4()), "nonsense"):
            answers = [
                await client.get(f"/notes/{one}"),
                await client.patch(f"/notes/{one}", json={"pinned": True}),
                await client.delete(f"/notes/{one}"),
                await client.post(f"/notes/{one}/restore"),
                await client.post(f"/notes/{one}/cards"),
                await memo_of(client, one),
            ]
            assert {answer.status_code for answer in answers} == {404}
        for one in (memo["id"], str(uuid4()), "nonsense"):
            answers = [
                await client.get(f"/notes/memos/{one}/audio"),
                await client.post(f"/notes/memos/{one}/transcript"),
                await client.delete(f"/notes/memos/{one}"),
            ]
            assert {answer.status_code for answer in answers} == {404}


async def test_of_a_recording_no_more_is_taken_than_can_be_kept(student) -> None:
    taken = 0

    async def endless():
        nonlocal taken
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(150):
            taken += 1
            yield b"x" * 1_000_000

    async with client_of(student) as client:
        note = await kept(client)
        answer = await client.post(
            f"/notes/{note['id']}/memos",
            content=endless(),
            headers={"content-type": "multipart/form-data; boundary=b"},
        )
    assert (answer.status_code, "25 MB" in answer.json()["detail"]) == (422, True)
    assert taken <= 29


@pytest.mark.parametrize("seconds", ["x", "1.5", "9" * 30, "\u0663"])
async def test_the_length_of_a_recording_is_whole_seconds(student, seconds) -> None:
    async with client_of(student) as client:
        note = await kept(client)
        answer = await memo_of(client, note["id"], seconds=seconds)
    assert (answer.status_code, "whole seconds" in answer.json()["detail"]) == (422, True)
