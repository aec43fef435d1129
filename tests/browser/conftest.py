"""The whole product on a production build, and a real Chromium to use it with."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import psycopg2
import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright
from psycopg2.errors import DeadlockDetected
from redis import Redis

from operate import chromium
from operate.product import Product, free_place, running
from studymaster.config import get_settings
from tests.browser.visitor import Visitor

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps, and nobody who has to be asked for it.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
TRIES = 10
CLOSING_SECONDS = 20.0
OF_THE_TESTS = (
    "DATABASE_URL",
    "REDIS_URL",
    "FERNET_KEYS",
    "JWT_SECRET",
    "PUBLIC_URL",
    "STORAGE_DIR",
    "MOODLE_ALLOWED_HOSTS",
    "STUDYMASTER_MODE",
    "DEMO_MOODLE_URL",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lives in this folder, so that it runs apart from the quick tests."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product as `make run` starts it, on ports of its own; Mina is its host."""
    with pytest.MonkeyPatch.context() as patch:
        for name in OF_THE_TESTS:
            patch.delenv(name, raising=False)
        get_settings.cache_clear()
        place = free_place(tmp_path_factory.mktemp("product"))
        patch.setenv("ADMINS", f"mina@{urlsplit(place.demo_address).netloc}")
        with running(place, speak=lambda _: None) as product:
            yield product
    get_settings.cache_clear()


@pytest.fixture
async def chrome() -> AsyncGenerator[Browser]:
    """A fresh Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.find(), args=CHROMIUM
        )
        yield browser
        await _closed(browser)


async def _closed(part: Browser | BrowserContext) -> None:
    """Close a window or the browser; one that does not go ends with its driver's process."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSING_SECONDS):
            await part.close()


def zone_where_it_is_noon() -> str:
    """A time zone in which no day begins while the tests run."""
    behind = datetime.now(UTC).hour - 12
    return f"Etc/GMT{behind:+d}" if behind else "Etc/GMT"


@pytest.fixture
async def visit(product: Product, chrome: Browser):
    """Open a window of a new visitor: `await visit(width=360)`."""

    async def open_window(
        *, width: int = 1440, scheme: str = "dark", touch: bool = False
    ) -> Visitor:
        context = await chrome.new_context(
            base_url=product.place.address,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            has_touch=touch,
            timezone_id=zone_where_it_is_noon(),
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        page = await context.new_page()
        return Visitor(page, product.place.demo_address)

    yield open_window
    for context in chrome.contexts:
        await _closed(context)


@pytest.fixture
def move_focus_back(product: Product):
    """Let time pass for the sessions going on: `move_focus_back(timedelta(minutes=20))`."""

    def move(passed: timedelta) -> None:
        base = psycopg2.connect(product.environment["DATABASE_URL"])
        with contextlib.closing(base), base, base.cursor() as cursor:
            cursor.execute(
                "UPDATE focussession SET started_at = started_at - %(passed)s, "
                "resumed_at = resumed_at - %(passed)s WHERE state = 'running'",
                {"passed": passed},
            )

    return move


@pytest.fixture
def known_for_days(product: Product):
    """Let every card be known and due; `leech` names one that was forgotten seven times."""

    def know(days: int, *, leech: str) -> None:
        base = psycopg2.connect(product.environment["DATABASE_URL"])
        with contextlib.closing(base), base, base.cursor() as cursor:
            cursor.execute(
                "UPDATE card SET turn = 1, repetitions = 2, interval_days = %(days)s, "
                "due_on = created_at::date - 1, "
                "lapses = CASE front WHEN %(leech)s THEN 7 ELSE 0 END",
                {"days": days, "leech": leech},
            )

    return know


@pytest.fixture(autouse=True)
def _nobody_was_here(product: Product) -> None:
    """Every test meets a product that nobody has used: none depends on another."""
    _empty(product.environment["DATABASE_URL"])
    with Redis.from_url(product.environment["REDIS_URL"]) as redis:
        for kept in redis.scan_iter("studymaster:*"):
            redis.delete(kept)
    httpx.delete(f"{product.place.demo_address}/demo/failures").raise_for_status()


def _empty(database_url: str) -> None:
    """Take every account away. Jobs of the test before may still hold what they use."""
    for _ in range(TRIES):
        base = psycopg2.connect(database_url)
        with contextlib.closing(base), contextlib.suppress(DeadlockDetected):
            with base, base.cursor() as cursor:
                cursor.execute("SET lock_timeout = '30s'")
                cursor.execute("TRUNCATE account, blob CASCADE")
            return
    pytest.fail("The database could not be emptied: its jobs never let go.")


@pytest.fixture
def many_cards(product: Product):
    """Let the deck of a card hold so many more: `many_cards(like="word 0", count=50_000)`."""

    def make(*, like: str, count: int) -> None:
        base = psycopg2.connect(product.environment["DATABASE_URL"])
        with contextlib.closing(base), base, base.cursor() as cursor:
            cursor.execute(
                "INSERT INTO card (id, created_at, account_id, deck_id, kind, front, back, "
                "easiness, interval_days, repetitions, due_on, turn, tags, flag, ordinal) "
                "SELECT gen_random_uuid(), created_at + n * interval '1 second', account_id, "
                "deck_id, kind, 'word ' || n, 'meaning ' || n, easiness, n %% 90, 0, due_on, "
                "0, CASE n %% 3 WHEN 0 THEN ARRAY['third'] ELSE '{}' END, 0, 0 "
                "FROM card, generate_series(1, %(count)s) n WHERE front = %(like)s",
                {"like": like, "count": count},
            )

    return make
