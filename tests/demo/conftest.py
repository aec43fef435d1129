"""A campus on a fixed day, and ways to talk to it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.app import create_app
from demo.campus import Campus
from demo.opening import open_campus
from tests.demo.serving import serving

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = "http://demo.moodle"


@dataclass
class Browser:
    """Somebody at the doors of the demo Moodle."""

    http: httpx.AsyncClient

    async def token(self, username: str = "mina", password: str = "campus") -> Any:
        fields = {
            "username": username,
            "password": password,
            "service": "moodle_mobile_app",
        }
        return (await self.http.post("/login/token.php", data=fields)).json()

    async def ask(self, function: str, *, token: str | None = None, **params: Any) -> Any:
        return (await self.ask_raw(function, token=token, **params)).json()

    async def ask_raw(
        self, function: str, *, token: str | None = None, **params: Any
    ) -> httpx.Response:
        fields = {
            "wstoken": token or (await self.token())["token"],
            "wsfunction": function,
            "moodlewsrestformat": "json",
            **params,
        }
        return await self.http.post("/webservice/rest/server.php", data=fields)

    async def contents(
        self, course_id: int, token: str | None = None
    ) -> list[dict[str, Any]]:
        """The modules of a course, without their sections."""
        sections = await self.ask(
            "core_course_get_contents", token=token, courseid=course_id
        )
        return [module for section in sections for module in section["modules"]]

    async def file_url(self, name: str) -> str:
        """The address of a file of Mina's, with her token."""
        token = (await self.token())["token"]
        for course in await self.ask("core_enrol_get_users_courses", userid=3):
            for module in await self.contents(course["id"]):
                for file in module.get("contents", []):
                    if file["filename"] == name:
                        return f"{file['fileurl']}&token={token}"
        raise LookupError(name)

    async def fail(self, failure: str, **wish: Any) -> None:
        answer = await self.http.post("/demo/failures", json={"failure": failure, **wish})
        assert answer.status_code == 200, answer.text

    async def change(self, change: str, **wish: Any) -> dict[str, Any]:
        answer = await self.http.post("/demo/changes", json={"change": change, **wish})
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("campus")


@pytest.fixture
def campus(built: Path) -> Campus:
    return open_campus(built, now=NOW)


@pytest.fixture
async def browser(campus: Campus) -> AsyncIterator[Browser]:
    app = create_app(campus, now=lambda: NOW)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as http:
        yield Browser(http)


@pytest.fixture
def address(campus: Campus) -> Iterator[str]:
    """The address of a demo Moodle that listens on a real port."""
    with serving(create_app(campus, now=lambda: NOW)) as where:
        yield where


@pytest.fixture
async def visitor(address: str) -> AsyncIterator[Browser]:
    """The same over a real connection."""
    async with httpx.AsyncClient(base_url=address) as http:
        yield Browser(http)
