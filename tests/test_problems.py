"""Every failure is a problem document with one sentence, and repeats nothing of what came."""

import json
from datetime import datetime
from enum import StrEnum

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, Field

from studymaster.api import create_api
from studymaster.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    SignInError,
    StudyMasterError,
    TooManyRequestsError,
    UpstreamError,
)


class Colour(StrEnum):
    RED = "red"


class Body(BaseModel):
    name: str = Field(max_length=5)
    count: int
    when: datetime | None = None
    colour: Colour | None = None
    parts: list[int] = []
    words: dict[str, int] = {}


@pytest.fixture
def api() -> FastAPI:
    api = create_api()

    @api.post("/bodies")
    async def bodies(body: Body) -> str:
        return body.name

    @api.get("/numbers")
    async def numbers(limit: int) -> int:
        return limit

    return api


async def ask(api: FastAPI, method: str, path: str, **more) -> httpx.Response:
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        answer = await client.request(method, path, **more)
    if answer.is_error:
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail"} <= set(answer.json())
        assert answer.json()["status"] == answer.status_code
    return answer


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInputError("That will not do."), 422),
        (SignInError("Sign in."), 401),
        (NotFoundError("It is not there."), 404),
        (ConflictError("Not now."), 409),
        (TooManyRequestsError("Wait.", 7), 429),
        (UpstreamError("It is away."), 503),
    ],
)
async def test_an_expected_failure_is_its_sentence(
    api, error: StudyMasterError, status: int
) -> None:
    @api.get("/fails")
    async def fails() -> None:
        raise error

    answer = await ask(api, "GET", "/fails")
    assert (answer.status_code, answer.json()["detail"]) == (status, error.message)
    assert answer.headers.get("retry-after") == ("7" if status == 429 else None)
    assert answer.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "`name` is missing."),
        ({"name": 7, "count": 1}, "`name` has to be text."),
        ({"name": "secret words", "count": 1}, "`name` is too long."),
        ({"name": "a", "count": "secret"}, "`count` has to be a whole number."),
        ({"name": "a", "count": 1, "when": "x"}, "`when` has to be a time"),
        ({"name": "a", "count": 1, "colour": "secret"}, "`colour` is none of the"),
        ({"name": "a", "count": 1, "parts": [1, "x"]}, "`parts.1` has to be a whole"),
        (
            {"name": "a", "count": 1, "words": {"\ud800": "x"}},
            "`words.",
        ),
        ({"name": "\ud800", "count": 1}, "`name` has to be text in UTF-8."),
        (["secret"], "The body has to be an object."),
    ],
)
async def test_a_body_that_does_not_fit_is_told_by_field(api, sent, sentence) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await ask(api, "POST", "/bodies", content=json.dumps(sent), headers=headers)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(sentence)
    assert answer.json()["errors"][0]["detail"] == answer.json()["detail"]
    assert "secret" not in answer.text


async def test_all_that_does_not_fit_is_told_at_once(api) -> None:
    answer = await ask(api, "POST", "/bodies", json={"colour": "blue"})
    assert [one["field"] for one in answer.json()["errors"]] == ["name", "count", "colour"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"", b"[" * 100_000])
async def test_a_body_that_is_no_json_is_told_so(api, body) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await ask(api, "POST", "/bodies", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.json()["detail"].endswith(".")


async def test_a_query_that_does_not_fit_is_told_by_name(api) -> None:
    answer = await ask(api, "GET", "/numbers?limit=many")
    assert answer.json()["detail"] == "`limit` has to be a whole number."


async def test_an_address_that_is_none_is_told_so(api) -> None:
    answer = await ask(api, "GET", "/api/v1/nothing/here")
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("There is nothing at this address.")


async def test_a_method_that_an_address_does_not_take_names_those_it_takes(api) -> None:
    answer = await ask(api, "DELETE", "/api/v1/auth/me")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PATCH")
    assert answer.json()["detail"] == "This address does not take DELETE."
