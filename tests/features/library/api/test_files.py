from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import Response

from studymaster.adapters.storage import blob_key
from studymaster.api import create_api
from studymaster.lending import LentFile
from tests.features.library.shelf import (
    lecture_pdf,
    make_blob,
    make_course,
    make_lecture,
    make_material,
)
from tests.features.over_http import client_of


async def test_a_page_comes_as_a_private_picture(student) -> None:
    material = await make_lecture(student)
    async with client_of(student, under="/materials") as client:
        answer = await client.get(f"/{material.id}/pages/1.webp", params={"width": 480})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert "private" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_known_page_is_not_sent_again(student) -> None:
    material = await make_lecture(student)
    async with client_of(student, under="/materials") as client:
        first = await client.get(f"/{material.id}/pages/1.webp", params={"width": 480})
        known = {"If-None-Match": first.headers["etag"]}
        again = await client.get(
            f"/{material.id}/pages/1.webp", params={"width": 480}, headers=known
        )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("pages/3.webp", 404),
        ("pages/0.webp", 404),
        ("pages/1.webp?width=481", 422),
        ("pages/1.webp?width=100000", 422),
        ("pages/x.webp", 422),
        ("pages/99999999999999999999.webp", 404),
    ],
)
async def test_a_page_that_cannot_be_is_refused(student, path: str, status: int) -> None:
    material = await make_lecture(student)
    async with client_of(student, under="/materials") as client:
        assert (await client.get(f"/{material.id}/{path}")).status_code == status


@pytest.mark.parametrize("path", ["pages/1.webp", "pages/1/marks?quote=Osmosis", "file"])
async def test_another_students_bytes_look_like_not_there(
    student, other_student, path: str
) -> None:
    material = await make_lecture(student)
    await make_lecture(other_student)  # even with the same bytes in their own course
    async with client_of(other_student, under="/materials") as client:
        assert (await client.get(f"/{material.id}/{path}")).status_code == 404
        assert (await client.get(f"/not-an-id/{path}")).status_code == 404


async def test_the_quote_is_marked_in_percent(student) -> None:
    material = await make_lecture(student)
    async with client_of(student, under="/materials") as client:
        answer = await client.get(
            f"/{material.id}/pages/1/marks",
            params={"quote": "A ribosome is a large complex"},
        )
    (box,) = answer.json()
    assert 0 < box["left"] < 20
    assert 0 < box["top"] < 30
    assert set(box) == {"left", "top", "width", "height"}


async def test_a_pdf_opens_in_place_under_its_name(student) -> None:
    material = await make_lecture(student)
    async with client_of(student, under="/materials") as client:
        answer = await client.get(f"/{material.id}/file")
    assert answer.content == lecture_pdf()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-length"] == str(len(lecture_pdf()))
    assert answer.headers["content-disposition"].startswith(
        'inline; filename="Lecture 7.pdf"'
    )


async def test_a_reader_may_ask_for_a_part_of_a_file(student) -> None:
    material, whole = await make_lecture(student), lecture_pdf()
    async with client_of(student, under="/materials") as client:
        answer = await client.get(f"/{material.id}/file", headers={"Range": "bytes=5-9"})
    assert (answer.status_code, answer.content) == (206, whole[5:10])
    assert answer.headers["content-range"] == f"bytes 5-9/{len(whole)}"
    assert answer.headers["etag"] == f'"{material.blob_sha1}"'


@pytest.mark.parametrize(
    ("part", "status", "sentence"),
    [
        ("bytes=1000000-", 416, "The file ends before the part you asked for."),
        ("bytes=9-5", 400, "This request cannot be read."),
        ("bytes=", 400, "This request cannot be read."),
        ("pages=1-2", 400, "This request cannot be read."),
        ("nonsense", 400, "This request cannot be read."),
    ],
)
async def test_a_part_that_cannot_be_is_refused_like_everything_else(
    student, part, status, sentence
) -> None:
    material = await make_lecture(student)
    async with client_of(student, under="/materials") as client:
        answer = await client.get(f"/{material.id}/file", headers={"Range": part})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(sentence)
    assert answer.json()["status"] == status
    size = f"bytes */{len(lecture_pdf())}"
    assert answer.headers.get("content-range") == (size if status == 416 else None)


async def test_what_was_borrowed_for_a_refused_part_is_given_back(tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 10)
    given_back = []
    loan = AsyncExitStack()
    loan.callback(given_back.append, "file")
    api = create_api()

    @api.get("/lent")
    async def lent() -> Response:
        path = tmp_path / "file"
        return LentFile(path, loan=loan, media_type="text/plain", headers={})

    transport = httpx.ASGITransport(app=api)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        answer = await client.get("/lent", headers={"Range": "bytes=10-"})
    assert answer.status_code == 416
    assert given_back == ["file"]


async def test_a_file_that_was_lost_is_named_before_anything_is_sent(
    student, tmp_path
) -> None:
    material = await make_lecture(student)
    (tmp_path / "storage" / blob_key(material.blob_sha1)).unlink()
    async with client_of(student, under="/materials") as client:
        answer = await client.get(f"/{material.id}/file")
    assert answer.status_code == 404
    assert "next sync" in answer.text


SCOPE = {"type": "http", "method": "GET", "headers": [], "asgi": {"spec_version": "2.4"}}


async def nothing_more() -> dict[str, str]:
    """Tell the server that its reader left."""
    return {"type": "http.disconnect"}


async def test_a_borrowed_file_is_given_back_when_its_reader_leaves(tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1_000_000)
    given_back = []
    loan = AsyncExitStack()
    loan.callback(given_back.append, "file")
    answer = LentFile(tmp_path / "file", loan=loan, media_type="text/plain", headers={})

    async def leave(_message) -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await answer(SCOPE, nothing_more, leave)
    assert given_back == ["file"]


async def test_a_borrowed_file_is_sent_before_it_is_given_back(tmp_path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1_000_000)
    loan = AsyncExitStack()
    loan.callback(path.unlink)
    answer = LentFile(path, loan=loan, media_type="text/plain", headers={})
    sent = bytearray()

    async def take(message) -> None:
        sent.extend(message.get("body", b""))

    # As our production server says.
    scope = SCOPE | {"extensions": {"http.response.pathsend": {}}}
    await answer(scope, nothing_more, take)
    assert len(sent) == 1_000_000
    assert not path.exists()


async def test_html_never_runs_on_our_address(student) -> None:
    course = await make_course(student)
    blob = await make_blob(b"<script>1</script>", mimetype="text/html", pages=("1",))
    material = await make_material(course, name="page.html", blob=blob)
    async with client_of(student, under="/materials") as client:
        answer = await client.get(f"/{material.id}/file")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
