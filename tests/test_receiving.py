"""No more of an upload is taken than may be kept, and nothing of a stranger's."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request

from studymaster.api import create_api
from studymaster.problems import answer_failures
from studymaster.receiving import WRAPPING_BYTES, file_in, form_of, text_in

PIECE = b"x" * 100_000
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
FORM = {"content-type": "multipart/form-data; boundary=b"}
TOO_LARGE = "A leaf has at most one kilobyte."


class Sender:
    """Sends a form whose file has so many pieces; `sent` counts those that were asked for."""

    def __init__(self, pieces: int) -> None:
        self.pieces, self.sent = pieces, 0

    async def body(self) -> AsyncIterator[bytes]:
        yield HEAD
        for _ in range(self.pieces):
            self.sent += 1
            yield PIECE
        yield b"\r\n--b--\r\n"


@pytest.fixture
async def leaves():
    """A small interface that takes leaves of a kilobyte."""
    app = FastAPI()

    @app.post("/leaves")
    async def take(request: Request) -> dict[str, object]:
        async with form_of(request, most_bytes=1_000, too_large=TOO_LARGE) as form:
            data = await file_in(form).read()
            return {"size": len(data), "name": text_in(form, "name")}

    answer_failures(app)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        yield client


async def test_a_file_and_its_fields_arrive(leaves) -> None:
    answer = await leaves.post(
        "/leaves", files={"file": ("leaf", b"green")}, data={"name": "oak"}
    )
    assert answer.json() == {"size": 5, "name": "oak"}


async def test_what_is_said_to_be_too_large_is_not_even_begun(leaves) -> None:
    sender = Sender(1_000)
    length = {"content-length": str(2 * WRAPPING_BYTES)}
    answer = await leaves.post("/leaves", content=sender.body(), headers=FORM | length)
    assert (answer.status_code, answer.json()["detail"]) == (422, TOO_LARGE)
    assert sender.sent == 0


async def test_what_turns_out_too_large_is_cut_off(leaves) -> None:
    sender = Sender(1_000)
    answer = await leaves.post("/leaves", content=sender.body(), headers=FORM)
    assert (answer.status_code, answer.json()["detail"]) == (422, TOO_LARGE)
    assert sender.sent <= WRAPPING_BYTES // len(PIECE) + 1


@pytest.mark.parametrize(
    "form",
    [
        {"data": {"file": "a text"}},
        {"data": {"name": "oak"}},
        {"files": {"name": ("a", b"x")}},
        {"files": {"leaf": ("a", b"x")}},
    ],
)
async def test_a_form_without_its_file_is_answered_in_a_sentence(leaves, form) -> None:
    answer = await leaves.post("/leaves", **form)
    assert (answer.status_code, answer.json()["detail"][-1]) == (422, ".")


@pytest.mark.parametrize("parts", [20, 2])
async def test_a_form_of_many_parts_is_no_form_of_ours(leaves, parts) -> None:
    files = [("file", ("a", b"x"))] * parts
    assert (await leaves.post("/leaves", files=files)).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/notes/3f0c5b0e-8d1f-4f6e-9b9a-6d1c1c8a7e55/memos",
        "/api/v1/courses/7/materials",
        "/api/v1/social/resources",
    ],
)
async def test_nothing_of_a_strangers_upload_is_taken(empty_database, path) -> None:
    sender = Sender(100)
    transport = httpx.ASGITransport(app=create_api())
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        answer = await client.post(path, content=sender.body(), headers=FORM)
    assert (answer.status_code, sender.sent) == (401, 0)
