"""Three days of a student, lived over HTTP with a demo Moodle and real jobs; what was seen."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from redis import Redis
from sqlalchemy import text
from sqlmodel import SQLModel
from structlog.testing import capture_logs

from studymaster.adapters import queue
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.config import get_settings
from studymaster.features.flashcards.service import proposals
from studymaster.jobs import JobName
from tests.conftest import NOON
from tests.contract.people import Person, program, register, work_off

COURSE = "BIO 110"
LECTURE = "Brand new"
SOUNDS = {"rain": 60}


@dataclass
class Term:
    """The answers that a program got on the way, by what they are of."""

    site: str
    now: datetime = NOON
    jobs: list[queue.Job] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)
    logged: list[Any] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["seen"][name]
        except KeyError:
            raise AttributeError(name) from None

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)

    async def work(self) -> None:
        await work_off(self.jobs)

    async def beat(self, name: JobName) -> None:
        self.jobs.append(queue.Job(name, {}))
        await self.work()


@asynccontextmanager
async def emptied() -> AsyncGenerator[None]:
    """Empty tables and a loop's own connections, for whoever has no test around them."""
    get_engine.cache_clear()
    names = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
    async with get_engine().begin() as connection:
        await connection.execute(text(f"TRUNCATE {names} CASCADE"))
    with Redis.from_url(get_settings().redis_url) as client:
        client.flushdb()
    try:
        yield
    finally:
        await get_engine().dispose()
        get_engine.cache_clear()


async def live(term: Term, interface: FastAPI) -> Term:
    """Go through the days."""
    async with emptied(), program(interface) as http, program(interface) as other:
        mina = await register(http)
        await _connect(term, mina)
        await _study(term, mina)
        await _meet(term, mina, await register(other, "jonas"))
        await _see_news(term, mina)
        await _next_day(term, mina)
    return term


async def _connect(term: Term, mina: Person) -> None:
    seen = term.seen
    seen["signed_in"] = mina.tokens
    seen["me_new"] = await mina.get("/auth/me")
    seen["courses_before"] = await mina.get("/courses")
    form = {"site": term.site, "username": "mina", "password": "campus"}
    answer = await mina.http.post("/auth/moodle", data=form)
    assert answer.status_code == 201, answer.text
    seen["run"] = await mina.post("/courses/sync", status=202)
    seen["synced_at"] = term.now
    await term.work()
    seen["run_after"] = await mina.get(f"/courses/sync/{seen['run']['id']}")
    seen["courses"] = (await mina.get("/courses"))["items"]
    seen["course"] = next(one for one in seen["courses"] if one["shortname"] == COURSE)
    seen["materials"] = await _materials(term, mina)


async def _materials(term: Term, mina: Person) -> list[Any]:
    return (await mina.get(f"/courses/{term.course['id']}/materials"))["items"]


async def _study(term: Term, mina: Person) -> None:
    seen, course_id = term.seen, term.course["id"]
    body = {"front": "What is osmosis?", "back": "Water moves.", "course_id": course_id}
    seen["card_new"] = await mina.post("/flashcards", body)
    seen["card_once"] = await _review(mina, seen["card_new"]["id"])
    body = {"duration_minutes": 25, "course_id": course_id, "sounds": SOUNDS}
    seen["session_new"] = await mina.post("/focus/sessions", body)
    term.pass_by(minutes=26)
    seen["session"] = await mina.get(f"/focus/sessions/{seen['session_new']['id']}")


async def _review(mina: Person, card_id: str) -> Any:
    turn = (await mina.get(f"/flashcards/{card_id}"))["turn"]
    body = {"turn": turn, "grade": 5, "elapsed_ms": 4_000}
    await mina.post(f"/flashcards/{card_id}/review", body, status=200)
    return await mina.get(f"/flashcards/{card_id}")


async def _meet(term: Term, mina: Person, jonas: Person) -> None:
    seen = term.seen
    body = {"name": "Night owls", "course_id": term.course["id"]}
    seen["group_new"] = await mina.post("/social/groups", body)
    path = f"/social/groups/{seen['group_new']['id']}"
    code = (await mina.get(path))["invite_code"]
    await jonas.post("/social/groups/join", {"code": code}, status=200)
    seen["meets_at"] = term.now + timedelta(days=1)
    await mina.patch(path, {"next_session": seen["meets_at"].isoformat()})
    (seen["group"],) = (await mina.get("/social/groups"))["items"]


async def _see_news(term: Term, mina: Person) -> None:
    """Have a lecture appear in Moodle, and beat find it half an hour later."""
    seen = term.seen
    async with httpx.AsyncClient(base_url=term.site) as moodle:
        wish = {"change": "add_lecture", "course": COURSE, "name": LECTURE}
        (await moodle.post("/demo/changes", json=wish)).raise_for_status()
    term.pass_by(minutes=31)
    with capture_logs() as logs:
        await term.beat(JobName.SYNC_DUE_ACCOUNTS)
    seen["logs"] = logs
    seen["second_run"] = (await mina.get("/courses/sync"))["items"][0]
    found = {one["name"]: one for one in await _materials(term, mina)}
    seen["lecture"] = found[LECTURE]
    async with unit_of_work() as work:
        pile = await proposals.list_proposals(
            work,
            account_id=mina.student.account_id,
            material_id=UUID(seen["lecture"]["id"]),
        )
    seen["proposals"] = pile.items
    seen["notifications"] = (await mina.get("/notifications"))["items"]


async def _next_day(term: Term, mina: Person) -> None:
    seen = term.seen
    term.now = NOON + timedelta(days=1)
    await term.beat(JobName.CLOSE_DAYS)
    answer = await mina.http.post("/auth/refresh")
    assert answer.status_code == 200, answer.text
    seen["card"] = await _review(mina, seen["card_new"]["id"])
    await term.work()
    seen["ledger"] = (await mina.get("/accountability/ledger"))["items"]
    seen["me"] = await mina.get("/auth/me")
