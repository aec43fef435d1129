"""`make screens`: a picture of every page, in three widths and both looks, into docs/screens/.

The product runs as `make run` starts it, on ports and data of its own; two students of the
demo use every room, so that the pictures show real figures. Mina is the host.
"""

import asyncio
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from PIL import Image
from playwright.async_api import (
    Browser,
    Page,
    StorageState,
    async_playwright,
    expect,
)

from operate import chromium
from operate.errors import CannotStartError
from operate.product import ROOT, Place, free_place, running
from operate.student_life import Made, arrive, live
from operate.terminal import say

PICTURES = ROOT / "docs" / "screens"
WIDTHS = (1440, 768, 360)
HEIGHT = 900
QUALITY = 72
LOOKS: tuple[Literal["dark", "light"], ...] = ("dark", "light")
PATIENCE_MS = 60_000
SIGNED_OUT = {"sign-in": "/sign-in"}
STILLNESS = (
    "*, *::before, *::after { animation: none !important; transition: none !important; }"
)
NAMES = {"/smart-study/quiz/[quiz_id]": "smart-study-quiz-question"}
MORE_PAGES = {
    "campus-buddies": "/campus?tab=buddies",
    "campus-resources": "/campus?tab=resources",
    "campus-questions": "/campus?tab=questions",
    "live-sync-grades": "/live-sync?tab=grades",
    "live-sync-deadlines": "/live-sync?tab=deadlines",
    "live-sync-connections": "/live-sync?tab=connections",
}


async def take_all(place: Place, browser: Browser) -> int:
    """Take every picture of a running product; return how many."""
    expect.set_options(timeout=PATIENCE_MS)
    people = [await _newcomer(browser, place) for _ in range(2)]
    mina, jonas = people
    await asyncio.gather(
        arrive(mina, demo=place.demo_address, username="mina"),
        arrive(jonas, demo=place.demo_address, username="jonas"),
    )
    pages = signed_in_pages(await live(mina, jonas))
    cookies = await mina.context.storage_state()
    for person in people:
        await person.context.close()
    by_width = (
        _take_width(browser, place, width=width, pages=pages, cookies=cookies)
        for width in WIDTHS
    )
    return sum(await asyncio.gather(*by_width))


async def _take_width(
    browser: Browser,
    place: Place,
    *,
    width: int,
    pages: Mapping[str, str],
    cookies: StorageState,
) -> int:
    taken = 0
    for routes, state in ((SIGNED_OUT, None), (pages, cookies)):
        context = await browser.new_context(
            base_url=place.address,
            viewport={"width": width, "height": HEIGHT},
            reduced_motion="reduce",
            storage_state=state,
        )
        context.set_default_timeout(PATIENCE_MS)
        taken += await _take(await context.new_page(), routes, width=width)
        await context.close()
    return taken


def signed_in_pages(made: Made) -> dict[str, str]:
    """Return the product's own table of pages: a name for the picture, and the address."""
    from studymaster.studymaster import SCREENS  # noqa: PLC0415 - loads the whole application

    pages = {NAMES.get(one.route, _name(one.route)): one.route for one in SCREENS}
    shown = {name: made.routes.get(route, route) for name, route in pages.items()}
    return {**shown, **MORE_PAGES, "brain-dump-note": made.note}


def _name(route: str) -> str:
    words = [word for word in route.split("/") if word and not word.startswith("[")]
    return "-".join(words) or "dashboard"


async def _newcomer(browser: Browser, place: Place) -> Page:
    context = await browser.new_context(base_url=place.address, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    return await context.new_page()


async def _take(page: Page, routes: Mapping[str, str], *, width: int) -> int:
    for name, address in routes.items():
        await page.emulate_media(color_scheme=LOOKS[0])
        await page.goto(address)
        await _settle(page)
        if name.endswith("review"):
            await page.keyboard.press("Space")
            await expect(page.get_by_role("button", name="Good")).to_be_visible()
            await page.wait_for_load_state("networkidle")  # the cited page, if it has room
        for look in LOOKS:
            await page.emulate_media(color_scheme=look)
            await expect(page.locator("html")).to_have_class(look)
            png = await page.screenshot()
            _save(png, PICTURES / f"{name}-{width}-{look}.webp")
    return len(routes) * len(LOOKS)


async def _settle(page: Page) -> None:
    """Wait until a page has what it loads: no placeholder, every picture and font there."""
    await page.wait_for_function("() => sessionStorage.getItem('token')")
    await expect(page.get_by_role("heading", level=1).first).to_be_attached()
    await expect(page.locator("[aria-busy=true], .skeleton")).to_have_count(0)
    await page.wait_for_load_state("networkidle")
    await page.evaluate("() => document.fonts.ready")
    await page.add_style_tag(content=STILLNESS)


def _save(png: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(path, "WEBP", quality=QUALITY, method=4)


async def _browse(place: Place) -> int:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.ensure(),
            # Chromium refuses its sandbox to root, who has no other user at hand.
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        shutil.rmtree(PICTURES, ignore_errors=True)
        PICTURES.mkdir(parents=True)
        taken = await take_all(place, browser)
        await browser.close()
    return taken


def main() -> int:
    """Take the pictures; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        place = free_place(Path(folder))
        os.environ["ADMINS"] = f"mina@{urlsplit(place.demo_address).netloc}"
        try:
            chromium.ensure()
            with running(place):
                taken = asyncio.run(_browse(place))
        except CannotStartError as error:
            say(str(error))
            return 1
    size = sum(path.stat().st_size for path in PICTURES.iterdir()) / 1e6
    say(f"{taken} pictures in {PICTURES.relative_to(ROOT)}, {size:.1f} MB.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
