"""How the built pages reach a browser: in parts, compressed, and kept where they never change."""

import re
from pathlib import Path

import httpx
import pytest
import socketio
from socketio.exceptions import ConnectionError as RefusedError

from operate.product import Product
from studymaster.studymaster import SCREENS

ASSETS = Path(__file__).parents[2] / ".web" / "build" / "client" / "assets"
KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const names = await caches.keys();
  const shelves = await Promise.all(names.map((name) => caches.open(name)));
  const kept = await Promise.all(shelves.map((shelf) => shelf.keys()));
  return kept.flat().map((request) => new URL(request.url).pathname);
}"""


FINGERPRINT = len("-12345678.js")


def letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name)


def test_each_page_comes_in_a_part_of_its_own(product) -> None:
    parts = [path.name for path in ASSETS.glob("*.js")]
    pages = [letters(part[:-FINGERPRINT]) for part in parts]
    for screen in SCREENS:
        assert pages.count(letters(screen.route) + "index") == 1, screen.route


async def test_parts_are_compressed_and_kept_for_good_pages_are_asked_for(
    product: Product,
) -> None:
    headers = {"Accept-Encoding": "br, gzip"}
    async with httpx.AsyncClient(
        base_url=product.place.address, headers=headers, follow_redirects=True
    ) as http:
        page = await http.get("/sign-in")
        (script, *_) = re.findall(r"/assets/entry[\w.-]+\.js", page.text)
        part = await http.get(script)
        gone = await http.get("/assets/gone-1234.js")
        worker = await http.get("/sw.js")
    assert part.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert part.headers["content-encoding"] in {"br", "gzip"}
    for answer in (page, gone, worker):
        assert answer.headers["cache-control"] == "no-cache"
    assert gone.status_code == 404


async def test_a_browser_keeps_parts_and_fonts_and_no_page(visit) -> None:
    visitor = await visit()
    page = visitor.page
    await page.goto("/sign-in")
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await page.reload()  # from here on through the service worker
    kept = await page.evaluate(KEPT)
    assert [path for path in kept if path.startswith("/assets/")]
    assert not [path for path in kept if not path.startswith(("/assets/", "/fonts/"))]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/v1/health", "/metrics"])
async def test_those_who_run_it_get_their_answers(product: Product, path: str) -> None:
    async with httpx.AsyncClient(base_url=product.place.address) as http:
        answer = await http.get(path)
    assert answer.status_code == 200
    if path == "/metrics":
        assert "studymaster_queue_jobs" in answer.text


async def test_the_events_lie_beside_the_pages(product: Product) -> None:
    client = socketio.AsyncClient(reconnection=False)
    reasons = []
    client.on("connect_error", reasons.append, namespace="/events")
    with pytest.raises(RefusedError):
        await client.connect(
            product.place.address,
            socketio_path="/_event",
            namespaces=["/events"],
            transports=["websocket"],
        )
    assert reasons == [{"message": "You are signed out. Sign in to go on."}]
