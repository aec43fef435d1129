"""The whole interface, a student who signed in over HTTP, and a term that was lived once."""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from fastapi import FastAPI

from demo.app import create_app
from demo.opening import open_campus
from studymaster.adapters import clock, queue, storage
from studymaster.api import create_api
from studymaster.config import get_settings
from tests.conftest import NOON
from tests.contract.hands import Hands
from tests.contract.people import Person, program, register
from tests.contract.term import Term, live
from tests.demo.serving import serving
from tests.test_events import place  # noqa: F401 - a fixture


@pytest.fixture
def hands(_noon, monkeypatch) -> Hands:
    hands = Hands()
    monkeypatch.setattr(clock, "now", lambda: hands.now)
    return hands


@pytest.fixture(scope="session")
def interface() -> FastAPI:
    return create_api()


@pytest.fixture
async def visitor(empty_database, interface) -> AsyncGenerator[httpx.AsyncClient]:
    async with program(interface) as http:
        yield http


@pytest.fixture
async def mina(empty_database, interface) -> AsyncGenerator[Person]:
    async with program(interface) as http:
        yield await register(http)


@pytest.fixture
async def jonas(empty_database, interface) -> AsyncGenerator[Person]:
    async with program(interface) as http:
        yield await register(http, "jonas")


@pytest.fixture(scope="session")
def term(services, interface, campus_files, tmp_path_factory) -> Term:
    """What a student saw; lived in a thread of its own, with its own clock and files."""
    campus = open_campus(campus_files, now=NOON)
    with (
        pytest.MonkeyPatch.context() as patch,
        serving(create_app(campus, now=lambda: term.now)) as site,
        ThreadPoolExecutor(1) as thread,
    ):
        term = Term(site)
        patch.setattr(clock, "now", lambda: term.now)
        patch.setattr(queue, "send", term.jobs.append)
        patch.setenv("MOODLE_ALLOWED_HOSTS", site.removeprefix("http://"))
        patch.setenv("STORAGE_DIR", str(tmp_path_factory.mktemp("term")))
        _read_settings_anew()
        thread.submit(asyncio.run, live(term, interface)).result()
    _read_settings_anew()
    return term


def _read_settings_anew() -> None:
    get_settings.cache_clear()
    storage.get_storage.cache_clear()
