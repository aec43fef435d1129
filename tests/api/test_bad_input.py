"""Whatever is sent in place of what fits: one sentence, nothing broken, nothing told back."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from studymaster.api import create_api
from tests.api.asking import Operation, operations, request, sent
from tests.api.world import World, client_of, furnish
from tests.conftest import make_student

ALL = operations(create_api().openapi())
WRITING = [one for one in ALL if one.fields]
SECRET = "quittenmus"

WRONG: dict[str, Any] = {
    "nothing": None,
    "too long": SECRET * 20_000,
    "script": f"<script>{SECRET}</script>",
    "nul": f"{SECRET}\x00",
    "half a character": f"{SECRET}\ud800",
    "no address": f"javascript:{SECRET}",
    "number": 7,
    "negative": -1,
    "huge": 2**63,
    "beyond everything": 10**400,
    "infinite": float("inf"),
    "none at all": float("nan"),
    "truth": True,
    "list": [SECRET, None, {}],
    "object": {"a": {"b": [SECRET]}},
    "deep": json.loads("[" * 400 + "]" * 400),
}
BROKEN = {
    "no JSON": b"{",
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "no text": b"\xff\xfe",
    "deep": b"[" * 100_000,
    "deep and whole": b'{"text":' * 2_000 + b"1" + b"}" * 2_000,
    "many digits": b'{"course_id": ' + b"9" * 5_000 + b"}",
    "twice": b'{"text": "a", "text": 1}',
}


@pytest.fixture
async def hers(student, empty_database, unhurried) -> World:
    """All that Mina has, who asks."""
    mate = await make_student("Amira Haddad")
    return await furnish(student, mate, mark="Zaunkoenig", moodle_id=777)


def faults_of(answer: httpx.Response) -> Iterator[str]:
    """Yield what is wrong with an answer to a bad request."""
    if answer.status_code >= 500:
        yield f"{answer.status_code}"
    if answer.is_error:
        if answer.headers["content-type"] != "application/problem+json":
            yield "no problem document"
        elif not answer.json()["detail"].endswith((".", "?")):
            yield f"no sentence: {answer.json()['detail']}"
        if SECRET in answer.text:
            yield "tells back what was sent"


async def ask(client: httpx.AsyncClient, told: httpx.Request, label: str) -> list[str]:
    answer = await client.send(told)
    return [f"{label}: {fault} {answer.text[:200]}" for fault in faults_of(answer)]


async def test_no_wrong_field_breaks_anything(hers) -> None:
    found = []
    async with client_of(hers.student) as client:
        for one in WRITING:
            for name in one.fields:
                for wrong, value in WRONG.items():
                    if one.media == "application/json" or is_typable(value):
                        told = request(one, hers.things, {("body", name): value})
                        found += await ask(client, told, f"{one} {name} {wrong}")
    assert not found, "\n".join(found)


def is_typable(value: object) -> bool:
    """Tell whether a form can carry a value at all."""
    return isinstance(value, int) or (isinstance(value, str) and "\ud800" not in value)


async def test_what_is_missing_is_named(hers) -> None:
    found = []
    async with client_of(hers.student) as client:
        for one in WRITING:
            for name in one.body.get("required", []):
                answer = await client.send(lacking(one, hers, name))
                if answer.status_code != 422 or not answer.json()["detail"].endswith("."):
                    found.append(f"{one} without {name}: {answer.text[:200]}")
    assert not found, "\n".join(found)


def lacking(one: Operation, hers: World, name: str) -> httpx.Request:
    """Return a request that fits but for one field, which it lacks."""
    whole = request(one, hers.things)
    body = {field: "x" for field in one.body["required"] if field not in {name, "file"}}
    again = httpx.Request(one.method, whole.url, **sent(one, body))
    if not body and one.media == "multipart/form-data":
        again = httpx.Request(one.method, whole.url, files={"other": (None, "x")})
    return again


async def test_no_body_that_is_none_breaks_anything(hers) -> None:
    found = []
    async with client_of(hers.student) as client:
        for one in WRITING:
            for media in ("application/json", one.media):
                for wrong, body in BROKEN.items():
                    told = httpx.Request(
                        one.method,
                        request(one, hers.things).url,
                        content=body,
                        headers={"Content-Type": media},
                    )
                    found += await ask(client, told, f"{one} {wrong} as {media}")
    assert not found, "\n".join(found)


async def test_the_same_twice_at_once_breaks_nothing(hers) -> None:
    found = []
    async with client_of(hers.student) as client:
        for one in sorted(ALL, key=lambda one: (one.method == "DELETE", -len(one.path))):
            if one.method == "GET":
                continue
            pair = [request(one, hers.things), request(one, hers.things)]
            asked = [ask(client, told, str(one)) for told in pair]
            found += [fault for faults in await asyncio.gather(*asked) for fault in faults]
    assert not found, "\n".join(found)


async def test_no_wrong_query_breaks_anything(hers) -> None:
    found, wrong = [], ["x" * 3_000, "\x00", "-1", str(2**63), "9" * 400, "<b>", "[]", ""]
    async with client_of(hers.student) as client:
        for one in ALL:
            for where, name in one.names():
                if where != "query":
                    continue
                for value in wrong:
                    told = request(one, hers.things, {(where, name): value})
                    found += await ask(client, told, f"{one} {name} {value[:20]!r}")
    assert not found, "\n".join(found)
