"""Programs that sign in over HTTP, and what they send."""

from itertools import count
from typing import Final

import httpx

from studymaster.api import create_api
from studymaster.passage import behind_proxies

LOGIN: Final = "/api/v1/auth/login"
MOODLE: Final = "/api/v1/auth/moodle"
JSON: Final = {"accept": "application/json"}
BROWSER: Final = {"accept": "text/html,application/xhtml+xml"}
addresses = count(1)


def program_at(host: str) -> httpx.AsyncClient:
    """Return a program that asks from an address."""
    transport = httpx.ASGITransport(app=behind_proxies(create_api()), client=(host, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://testserver")


REGISTER = {
    "way": "register",
    "email": "mina@uni.edu",
    "password": "correct horse",
    "display_name": "Mina",
}
GUESS = {"way": "moodle", "site": "nowhere", "username": "mina", "password": "x"}
"""Nobody has to be asked to refuse it, so it is quick."""

LOCAL = {"way": "local", "email": "mina@uni.edu", "password": "correct horse"}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def by_browser(site: str, **fields: str) -> dict[str, str]:
    """Return the form that begins, or ends, a sign-in through the browser."""
    return {"way": "browser", "site": site, **fields}
