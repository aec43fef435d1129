"""What a student's own browser does at the demo Moodle: signing in, and getting a link."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any, Final

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from demo.services.site import public_config
from studymaster.config import get_settings
from tests.demo.serving import serving

LINK: Final = re.compile(r'href="(moodlemobile://token=[^"]+)"')


async def let_sign_in(site: str, way: int) -> None:
    """Have the demo sign its students in by its app (1) or in the browser (2, 3)."""
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{site}/demo/settings", json={"typeoflogin": way})
        assert answer.status_code == 200


async def fail(site: str, failure: str, **wish: Any) -> None:
    """Switch one of the demo's failures on."""
    async with httpx.AsyncClient() as http:
        wished = {"failure": failure, **wish}
        answer = await http.post(f"{site}/demo/failures", json=wished)
        assert answer.status_code == 200, answer.text


async def bring_link(address: str, *, username: str = "mina") -> str:
    """Open the page of an attempt, sign in there, and return the link that comes of it."""
    async with httpx.AsyncClient() as browser:
        first = await browser.get(address)
        signed_in = await browser.post(
            first.headers["location"], data={"username": username, "password": "campus"}
        )
        return link_on(signed_in.text)


def link_on(page: str) -> str:
    """Return the link into the app that a page of Moodle's shows."""
    found = LINK.search(page)
    assert found, page
    return unescape(found[1])


@contextmanager
def site_telling(monkeypatch, **told: Any) -> Iterator[str]:
    """Serve a Moodle that tells everybody the usual, but for what is `told`."""

    async def answer(request: Request) -> JSONResponse:
        site = str(request.base_url).rstrip("/")
        usual = public_config(site, type_of_login=1, maintenance=False, web_services=True)
        return JSONResponse([{"error": False, "data": usual | told}])

    async def front_page(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("Moodle")

    ways = [
        Route("/", front_page),
        Route("/lib/ajax/service-nologin.php", answer, methods=["GET", "POST"]),
    ]
    with serving(Starlette(routes=ways)) as address:
        monkeypatch.setenv("MOODLE_ALLOWED_HOSTS", address.removeprefix("http://"))
        get_settings.cache_clear()
        yield address
