"""Voice memos over HTTP, and that all of Brain Dump is its student's own."""

from uuid import UUID, uuid4

import httpx
import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import FileGoneError, get_storage
from studymaster.config import get_settings
from studymaster.models import RunState, VoiceMemo
from tests.features.braindump.api.test_notes import kept
from tests.features.braindump.sounds import wav
from tests.features.over_http import client_of


async def memo_of(client: httpx.AsyncClient, note_id: str, data: bytes = b"", **form):
    files = {"file": ("memo", data or wav())}
    return await client.post(f"/notes/{note_id}/memos", files=files, data=form)


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


@pytest.mark.parametrize("seconds", ["0", "-1", "3601"])
async def test_no_recording_is_shorter_or_longer_than_can_be(student, seconds) -> None:
    async with client_of(student) as client:
        note = await kept(client)
        answer = await memo_of(client, note["id"], seconds=seconds)
    assert (answer.status_code, "1 to 3,600" in answer.json()["detail"]) == (422, True)


async def test_the_words_of_a_recording_go_into_its_note_once(student) -> None:
    async with client_of(student) as client:
        note = await kept(client, "Spoken")
        memo = (await memo_of(client, note["id"], seconds="65")).json()
        async with unit_of_work() as work:
            row = await work.session.get_one(VoiceMemo, UUID(memo["id"]))
            row.transcript_state, row.transcript = RunState.DONE, "Said aloud"
        answers = [await client.post(f"/notes/memos/{memo['id']}/words") for _ in range(2)]
    assert (memo["duration"], memo["state"]) == ("1:05", "")
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].json()["text"] == "Spoken\n\n> Said aloud\n"


async def test_a_note_and_its_recordings_go_for_good_from_the_bin(student) -> None:
    async with client_of(student) as client:
        note = await kept(client)
        memo = (await memo_of(client, note["id"])).json()
        early = await client.delete(f"/notes/bin/{note['id']}")
        await client.delete(f"/notes/{note['id']}")
        gone = await client.delete(f"/notes/bin/{note['id']}")
        again = await client.delete(f"/notes/bin/{note['id']}")
        sound = await client.get(memo["address"].removeprefix("/api/v1"))
    assert (early.status_code, "bin first" in early.json()["detail"]) == (409, True)
    assert [one.status_code for one in (gone, again, sound)] == [204, 404, 404]
    key = f"users/{student.account_id}/audio/{memo['id']}.wav"
    with pytest.raises(FileGoneError):
        await get_storage().get_bytes(key)


@pytest.mark.parametrize("seconds", ["x", "1.5", "9" * 30, "\u0663"])
async def test_the_length_of_a_recording_is_whole_seconds(student, seconds) -> None:
    async with client_of(student) as client:
        note = await kept(client)
        answer = await memo_of(client, note["id"], seconds=seconds)
    assert (answer.status_code, "whole seconds" in answer.json()["detail"]) == (422, True)


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
                await client.post(f"/notes/{one}/keep", json={"keep": "both"}),
                await client.delete(f"/notes/bin/{one}"),
                await memo_of(client, one),
            ]
            assert {answer.status_code for answer in answers} == {404}
        for one in (memo["id"], str(uuid4()), "nonsense"):
            answers = [
                await client.get(f"/notes/memos/{one}/audio"),
                await client.post(f"/notes/memos/{one}/transcript"),
                await client.post(f"/notes/memos/{one}/words"),
                await client.delete(f"/notes/memos/{one}"),
            ]
            assert {answer.status_code for answer in answers} == {404}
