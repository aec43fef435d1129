"""Signs students in over HTTP, speaks to the whole interface as them, and does their jobs."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from studymaster.adapters import clock, queue
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from tests.jobs import carry_out

PASSWORD = "correct horse battery"
TOLD = {"accept": "application/json"}
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Person:
    """A student with the cookies of a real session."""

    http: httpx.AsyncClient
    student: Student
    tokens: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.student.account_id)

    async def get(self, path: str, **params: object) -> Any:
        answer = await self.http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: object = None, *, status: int = 201) -> Any:
        answer = await self.http.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def patch(self, path: str, body: object) -> Any:
        answer = await self.http.patch(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send_file(
        self, path: str, data: bytes, *, name: str, mimetype: str = PDF, **words: str
    ) -> Any:
        parts = [(key, (None, value)) for key, value in words.items()]
        answer = await self.http.post(
            path, files=[*parts, ("file", (name, data, mimetype))]
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens['access_token']}"}


@asynccontextmanager
async def program(interface: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Open a client of the whole interface, with a jar for its cookies."""
    transport = httpx.ASGITransport(app=interface)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://testserver/api/v1"
    ) as http:
        yield http


async def register(http: httpx.AsyncClient, name: str = "mina") -> Person:
    """Make a local account over POST /auth/login, and stay signed in."""
    fields = {
        "way": "register",
        "email": f"{name}@uni.edu",
        "password": PASSWORD,
        "display_name": name.title(),
        "time_zone": "UTC",
    }
    answer = await http.post("/auth/login", json=fields, headers=TOLD)
    assert answer.status_code == 200, answer.text
    return await known(http, answer.json())


async def known(http: httpx.AsyncClient, tokens: Mapping[str, Any]) -> Person:
    """Return who came in with these tokens."""
    async with unit_of_work() as work:
        student = await accounts.student_of_tokens(
            work, access_token=tokens["access_token"], refresh_token="", now=clock.now()
        )
    assert student is not None
    assert student.account_id == UUID(tokens["id"])
    return Person(http, student, tokens)


async def work_off(jobs: list[queue.Job]) -> None:
    """Do what was asked of the workers, and what they ask for, until nothing is left."""
    from workers.app import celery  # reads settings, which conftest.py sets

    celery.loader.import_default_modules()
    while jobs:
        job = jobs.pop(0)
        await carry_out(celery.tasks[job.name], **job.arguments)
