from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from studymaster.adapters import storage
from studymaster.adapters.storage import StorageAwayError, get_storage, shared_key
from studymaster.config import get_settings
from studymaster.features.campus.service import resources as service
from tests.conftest import make_student
from tests.features.campus.calls import client_of
from tests.features.campus.mates import enrol, gather

PDF = b"%PDF-1.7\n" + b"x" * 500
COURSE = {"course_id": "101"}


async def send(
    client: httpx.AsyncClient, *, data: bytes | None = None, name: str = "a.pdf", **fields
) -> httpx.Response:
    """Share as a browser's form does: always multipart."""
    form = {"kind": "note", "title": "Osmosis", "text": "Water moves.", **COURSE, **fields}
    parts = [(key, (None, value)) for key, value in form.items()]
    if data is not None:
        parts.append(("file", (name, data)))
    return await client.post("/resources", files=parts)


async def upload(client: httpx.AsyncClient, data: bytes = PDF, **fields) -> httpx.Response:
    return await send(client, data=data, **{"kind": "file", **fields})


def kept_files() -> list[Path]:
    folder = get_settings().storage_dir
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
async def mina(student):
    await enrol(student)
    return student


async def test_a_file_is_shared_listed_and_downloaded(mina, other_student) -> None:
    await enrol(other_student)
    async with client_of(mina) as client:
        made = await upload(client, name="Übung 7.pdf", title="Exercise 7")
    assert made.status_code == 201
    view = made.json()
    assert (view["filename"], view["size_bytes"], view["opens"]) == (
        "Übung 7.pdf",
        len(PDF),
        True,
    )
    async with client_of(other_student) as client:
        (seen,) = (await client.get("/resources", params=COURSE)).json()["items"]
        answer = await client.get(f"/resources/{seen['id']}/file")
        part = await client.get(
            f"/resources/{seen['id']}/file", headers={"Range": "bytes=1-3"}
        )
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == (
        "inline; filename=\"_bung 7.pdf\"; filename*=UTF-8''%C3%9Cbung%207.pdf"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "private" in answer.headers["cache-control"]
    assert (part.status_code, part.content) == (206, b"PDF")


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "lecture.pdf"])
async def test_what_a_browser_could_run_is_a_download(mina, name: str) -> None:
    async with client_of(mina) as client:
        made = await upload(client, b"<script>alert(1)</script>", name=name)
        answer = await client.get(f"/resources/{made.json()['id']}/file")
    assert made.json()["opens"] is False
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("virus.exe", PDF),
        ("Virus.EXE", PDF),
        ("notes.pdf.scr", PDF),
        ("notes.exe. ", PDF),
        ("run.sh", b"echo hello"),
        ("install.msi", PDF),
        ("game.jar", PDF),
        ("notes.pdf", b"MZ\x90\x00" + PDF),
        ("notes.pdf", b"\x7fELF\x02" + PDF),
        ("notes", b"\xcf\xfa\xed\xfe" + PDF),
        ("notes.txt", b"#!/bin/sh\necho hello"),
    ],
)
async def test_a_program_is_refused_by_its_name_and_by_its_bytes(
    mina, name: str, data: bytes
) -> None:
    async with client_of(mina) as client:
        answer = await upload(client, data, name=name)
        assert (answer.status_code, answer.json()["detail"]) == (
            422,
            "Programs cannot be shared. Share documents, pictures, sound, video or archives.",
        )
        assert (await client.get("/resources")).json()["items"] == []
    assert kept_files() == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("summary.docx", b"PK\x03\x04" + b"x" * 90),
        ("sheets.zip", b"PK\x03\x04" + b"x" * 90),
        ("lecture.mp4", b"\x00\x00\x00\x18ftypmp42" + b"x" * 90),
        ("memo.mp3", b"ID3" + b"x" * 90),
        ("notes.txt", b"Water moves."),
        ("exe", b"A file without an ending"),
    ],
)
async def test_documents_sound_video_and_archives_come_as_downloads(
    mina, name: str, data: bytes
) -> None:
    async with client_of(mina) as client:
        made = await upload(client, data, name=name)
        assert made.status_code == 201
        answer = await client.get(f"/resources/{made.json()['id']}/file")
    assert answer.content == data
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_wicked_name_leads_nowhere(mina) -> None:
    async with client_of(mina) as client:
        made = (await upload(client, name="../../x\r\nSet-Cookie: a=b.pdf")).json()
        answer = await client.get(f"/resources/{made['id']}/file")
    assert "/" not in made["filename"]
    assert "set-cookie" not in answer.headers
    (path,) = kept_files()
    assert path == get_settings().storage_dir / shared_key(made["id"])


async def test_a_link_and_a_note_need_no_file(mina) -> None:
    async with client_of(mina) as client:
        link = await send(client, kind="link", address="https://example.org/a")
        note = await send(client, text="x" * 400)
        assert (link.status_code, link.json()["host"]) == (201, "example.org")
        assert note.status_code == 201
        whole = (await client.get(f"/resources/{note.json()['id']}")).json()
        cut = (await client.get("/resources")).json()["items"]
        assert len(whole["text"]) == 400
        assert {len(one["text"]) for one in cut} == {0, 300}
        assert (await client.get(f"/resources/{link.json()['id']}/file")).status_code == 404
    assert kept_files() == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"kind": "deck"}, 422),
        ({"title": ""}, 422),
        ({"title": "x" * 201}, 422),
        ({"title": "a\x00b"}, 422),
        ({"text": "x" * 20_001}, 422),
        ({"text": ""}, 422),
        ({"kind": "link", "address": "javascript:alert(1)"}, 422),
        ({"kind": "file"}, 422),
        ({"course_id": ""}, 422),
        ({"course_id": "x"}, 422),
        ({"course_id": "٣"}, 422),
        ({"course_id": "9" * 19}, 404),
        ({"course_id": "9" * 30}, 422),
        ({"course_id": "102"}, 404),
        ({"group_id": str(uuid4())}, 422),
        ({"course_id": "", "group_id": "nonsense"}, 404),
        ({"course_id": "", "group_id": str(uuid4())}, 404),
    ],
)
async def test_what_cannot_be_shared_is_refused_in_a_sentence(
    mina, fields, status: int
) -> None:
    async with client_of(mina) as client:
        answer = await send(client, **fields)
        assert (answer.status_code, answer.headers["content-type"]) == (
            status,
            "application/problem+json",
        )
        assert answer.json()["detail"].endswith((".", ")."))
        assert (await client.get("/resources")).json()["items"] == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"kind": "link", "address": "https://a.org"}, 422), ({"course_id": "102"}, 404)],
)
async def test_a_refused_file_leaves_nothing(mina, fields, status: int) -> None:
    async with client_of(mina) as client:
        assert (await upload(client, **fields)).status_code == status
        assert (await upload(client, b"")).status_code == 422
    assert kept_files() == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    ],
)
async def test_a_body_that_is_no_form_is_refused(mina, body: bytes, kind: str) -> None:
    async with client_of(mina) as client:
        answer = await client.post(
            "/resources", content=body, headers={"content-type": kind}
        )
    assert answer.status_code in {400, 422}


async def test_two_files_at_once_are_refused(mina) -> None:
    parts = [("file", ("a.pdf", PDF)), ("file", ("b.pdf", PDF))]
    async with client_of(mina) as client:
        assert (await client.post("/resources", files=parts)).status_code == 400


async def test_a_file_that_is_too_large_is_refused(mina, monkeypatch) -> None:
    monkeypatch.setenv("FILE_LIMIT_MB", "1")
    get_settings.cache_clear()
    async with client_of(mina) as client:
        answer = await upload(client, PDF + b"x" * 3_000_000)
        assert answer.status_code == 413
        assert (await upload(client, PDF + b"x" * 900_000)).status_code == 201
    assert len(kept_files()) == 1


async def test_a_store_that_takes_nothing_shares_nothing(mina, monkeypatch) -> None:
    blocked = get_settings().storage_dir
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("a file where the folder should be")
    async with client_of(mina) as client:
        answer = await upload(client)
        assert (answer.status_code, answer.json()["title"]) == (503, "Service Unavailable")
        assert (await client.get("/resources")).json()["items"] == []


async def test_a_row_that_fails_takes_its_bytes_away(mina, monkeypatch) -> None:
    async with client_of(mina) as client:
        with monkeypatch.context() as patch:
            patch.setattr(service, "ResourceKind", lambda _: None)  # no such row can be
            assert (await upload(client)).status_code == 500
        assert kept_files() == []
        assert (await client.get("/resources")).json()["items"] == []


async def test_bytes_that_are_lost_are_not_there(mina) -> None:
    async with client_of(mina) as client:
        made = (await upload(client)).json()
        await get_storage().remove(shared_key(made["id"]))
        assert (await client.get(f"/resources/{made['id']}/file")).status_code == 404


async def test_removing_takes_the_bytes_along(mina) -> None:
    async with client_of(mina) as client:
        made = (await upload(client)).json()
        assert (await client.delete(f"/resources/{made['id']}")).status_code == 204
        assert (await client.get(f"/resources/{made['id']}/file")).status_code == 404
        assert (await client.delete(f"/resources/{made['id']}")).status_code == 404
    assert kept_files() == []


async def test_a_store_that_is_away_does_not_keep_a_resource_alive(
    mina, monkeypatch
) -> None:
    async def away(_self, _key: str) -> None:
        msg = "away"
        raise StorageAwayError(msg)

    async with client_of(mina) as client:
        made = (await upload(client)).json()
        monkeypatch.setattr(storage.LocalStorage, "remove", away)
        assert (await client.delete(f"/resources/{made['id']}")).status_code == 204
        assert (await client.get("/resources")).json()["items"] == []


async def test_another_students_resource_looks_like_not_there(mina, other_student) -> None:
    async with client_of(mina) as client:
        made = (await upload(client)).json()["id"]
    async with client_of(other_student) as client:
        assert (await client.get("/resources")).json()["items"] == []
        for wrong in (made, str(uuid4()), "nonsense"):
            one = f"/resources/{wrong}"
            assert (await client.get(one)).status_code == 404
            assert (await client.get(f"{one}/file")).status_code == 404
            assert (await client.post(f"{one}/vote")).status_code == 404
            report = await client.post(f"{one}/report", json={"reason": "Bad"})
            assert report.status_code == 404
            assert (await client.post(f"{one}/restore")).status_code == 404
            assert (await client.delete(one)).status_code == 404
        for params in (COURSE, {"group_id": str(uuid4())}, {"group_id": "x"}):
            assert (await client.get("/resources", params=params)).status_code == 404
    assert len(kept_files()) == 1


async def test_votes_reports_and_restoring_over_http(student, other_student) -> None:
    others = [await make_student(f"Member {number}") for number in range(2)]
    group_id = str(await gather(student, other_student, *others))
    async with client_of(student) as client:
        made = (await send(client, course_id="", group_id=group_id)).json()
        assert made["group_id"] == group_id
        one = f"/resources/{made['id']}"
        assert (await client.post(f"{one}/vote")).status_code == 409
    for member in (other_student, *others):
        async with client_of(member) as client:
            voted = await client.post(f"{one}/vote", json={"useful": True})
            assert voted.json()["voted"] is True
            body = {"reason": "Copied"}
            assert (await client.post(f"{one}/report", json=body)).status_code == 204
    async with client_of(other_student) as client:
        assert (await client.get(one)).status_code == 404
    async with client_of(student) as client:
        seen = (await client.get(one)).json()
        assert (seen["hidden"], seen["votes"]) == (True, 3)


async def test_sharing_is_limited_to_ten_a_minute(mina) -> None:
    async with client_of(mina) as client:
        statuses = [(await send(client)).status_code for _ in range(11)]
    assert statuses == [201] * 10 + [429]


async def test_a_visitor_shares_nothing(empty_database) -> None:
    from studymaster.api import create_api

    transport = httpx.ASGITransport(app=create_api())
    address = "http://testserver/api/v1/social"
    async with httpx.AsyncClient(transport=transport, base_url=address) as client:
        assert (await upload(client)).status_code == 401
        assert (await client.get("/resources")).status_code == 401
