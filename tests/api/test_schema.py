"""The interface keeps to its own description, whatever schemathesis thinks of asking."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from limits import RateLimitItemPerMinute
from redis import Redis
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import text
from sqlmodel import SQLModel

from studymaster.adapters import limits, vault
from studymaster.adapters.database import get_engine
from studymaster.adapters.vault import SessionToken, TokenUse
from studymaster.api import create_api
from studymaster.config import get_settings
from studymaster.features.accounts.schemas import Student
from studymaster.passage import with_headers
from tests.api.asking import IDS, Operation, operations, request
from tests.api.world import BASE, World, client_of, furnish
from tests.conftest import NOON, make_student
from tests.tabs import access_of

EXAMPLES = 10
"""Of each operation in each of three ways."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ONE_EACH = settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[*HealthCheck],
)
OPEN = {"GET /api/v1/health", "GET /api/v1/calendar/{key}.ics"}
"""What answers whoever asks."""

ENDING = {
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/logout",
    "POST /api/v1/auth/refresh",
}
"""What may end the session that asks: each request has a student of its own."""

DOCUMENT = create_api().openapi()
ALL = {str(one): one for one in operations(DOCUMENT)}


@dataclass(slots=True)
class Desk:
    """Where the requests of one student leave, and what came of them."""

    runner: asyncio.Runner
    client: httpx.AsyncClient
    world: World
    counts: Counter[str] = field(default_factory=Counter)
    failures: dict[tuple[str, str], str] = field(default_factory=dict)

    def try_out(self, one: Operation, cases: st.SearchStrategy[Any]) -> None:
        """Ask in some of the ways there are; the same ones in every run."""

        @ONE_EACH
        @given(case=cases)
        def ask(case: schemathesis.Case) -> None:
            self.look(one, case)

        ask()

    def look(self, one: Operation, case: schemathesis.Case) -> None:
        """Send a case; keep what is wrong with the answer, once of each kind."""
        asked = case.as_transport_kwargs(base_url=BASE)
        prepared = requests.Request(**asked).prepare()
        student = self.world.student
        if str(one) in ENDING:
            student = self.runner.run(make_student("Somebody"))
        headers = {**prepared.headers, "Cookie": cookies_of(student)}
        request = httpx.Request(
            one.method, str(prepared.url), headers=headers, content=prepared.body or b""
        )
        answer = self.runner.run(self.client.send(request))
        self.counts[str(answer.status_code)] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                told = f"{case.as_curl_command()}\n{failure}\n{answer.text[:300]}"
                self.failures.setdefault((str(one), type(failure).__name__), told)


def cookies_of(student: Student) -> str:
    refresh = SessionToken(
        account_id=student.account_id,
        session_id=student.session_id,
        use=TokenUse.REFRESH,
        generation=1,
        expires_at=NOON.replace(year=NOON.year + 1),
    )
    proofs = {
        "sm_access": access_of(student),
        "sm_refresh": vault.sign(refresh, issued_at=NOON),
    }
    return "; ".join(f"{name}={value}" for name, value in proofs.items())


@pytest.fixture
def desk(services: None, unhurried: None) -> Iterator[Desk]:
    """A student with one of everything, in a database of their own."""
    names = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
    with Redis.from_url(get_settings().redis_url) as redis:
        redis.flushdb()
    transport = httpx.ASGITransport(
        app=with_headers(create_api()), raise_app_exceptions=False
    )
    with asyncio.Runner() as runner:
        get_engine.cache_clear()

        async def prepare() -> World:
            async with get_engine().begin() as connection:
                await connection.execute(text(f"TRUNCATE {names} CASCADE"))
            mate = await make_student("Amira Haddad")
            mina = await make_student("Mina Aalto")
            return await furnish(mina, mate, mark="Zaunkoenig", moodle_id=777)

        client = httpx.AsyncClient(transport=transport, base_url=BASE)
        yield Desk(runner, client, runner.run(prepare()))
        runner.run(client.aclose())
        runner.run(get_engine().dispose())
    get_engine.cache_clear()


def ways(
    one: Operation, described: Any, things: dict[str, Any]
) -> Iterator[st.SearchStrategy[Any]]:
    """Yield cases that fit the document, such about real things, and such that do not fit."""
    real = {name: things[IDS[name]] for where, name in one.ids() if where == "path"}
    fits, breaks = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
    if real or not one.parameters:
        yield described.as_strategy(generation_mode=fits)
    yield described.as_strategy(generation_mode=fits, path_parameters=real).map(
        lambda case: with_real_ids(case, things)
    )
    if one.can_be_broken():
        yield described.as_strategy(generation_mode=breaks)


def with_real_ids(case: Any, things: dict[str, Any]) -> Any:
    """Name real things wherever the case names any."""
    for told in (case.query, case.body):
        if isinstance(told, dict):
            told |= {
                name: things[IDS[name]]
                for name in told
                if name in IDS and told[name] is not None
            }
    return case


def whole_last(one: Operation) -> tuple[bool, int, str]:
    takes_away = one.method == "DELETE" or one.path.endswith(("/leave", "/blocks"))
    return takes_away, -one.path.count("/"), one.path


def test_every_answer_is_as_the_document_says(desk, capsys) -> None:
    config = SchemathesisConfig.from_dict(
        {"generation": {"with-security-parameters": False}}
    )
    schema = schemathesis.openapi.from_dict(DOCUMENT, config=config)
    described = {found.ok().label: found.ok() for found in schema.get_all_operations()}
    assert described.keys() == ALL.keys()
    for one in sorted(ALL.values(), key=whole_last):
        for cases in ways(one, described[str(one)], desk.world.things):
            desk.try_out(one, cases)
    with capsys.disabled():
        sys.stdout.write(f"\n{desk.counts.total()} cases: {dict(desk.counts)}\n")
    assert not desk.failures, "\n\n".join(desk.failures.values())
    assert desk.counts.total() > 10 * len(ALL)


def test_the_brake_is_part_of_the_document(desk, monkeypatch) -> None:
    monkeypatch.setattr(limits, "RateLimitItemPerMinute", RateLimitItemPerMinute)
    one = ALL["POST /api/v1/flashcards/generate"]
    described = schemathesis.openapi.from_dict(DOCUMENT)[one.path][one.method]
    for _ in range(11):
        desk.look(one, described.Case(body={"material_id": "x"}, media_type=one.media))
    assert desk.counts == {"404": 10, "429": 1}
    assert not desk.failures


async def test_without_a_session_only_what_is_open_answers(empty_database) -> None:
    things = dict.fromkeys(IDS.values(), "x") | {"course": 1}
    things |= {"course_ids": [1], "deck_ids": ["x"], "card_ids": ["x"]}
    async with client_of(None) as client:
        answers = {one: await client.send(request(one, things)) for one in ALL.values()}
    for one, answer in answers.items():
        assert one.needs_proof is (str(one) not in {*ENDING, *OPEN}), one
        if one.needs_proof:
            assert answer.status_code == 401, one
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["detail"].endswith(".")
