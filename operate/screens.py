"""`make screens`: a picture of every page, in three widths and both looks, into docs/screens/.

The product runs as `make run` starts it, on ports and data of its own; the demo's student Mina
syncs, makes cards and reviews some, so that the pictures show real figures.
"""

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from operate import chromium
from operate.errors import CannotStartError
from operate.product import ROOT, Place, free_place, running
from operate.terminal import say

PICTURES = ROOT / "docs" / "screens"
WIDTHS = (1440, 768, 360)
HEIGHT = 900
QUALITY = 72
LOOKS: tuple[Literal["dark", "light"], ...] = ("dark", "light")
COURSE = "BIO 110"
KEPT_CARDS = 8
REVIEWED_CARDS = 3
PATIENCE_MS = 60_000
SIGN_IN = "sign-in"
SIGNED_OUT = {SIGN_IN: "/sign-in"}
STILLNESS = (
    "*, *::before, *::after { animation: none !important; transition: none !important; }"
)


def take_all(place: Place, browser: Browser) -> int:
    """Take every picture of a running product; return how many."""
    pages = signed_in_pages()
    visitor = browser.new_context(base_url=place.address)
    lecture = _prepare(visitor.new_page(), place)
    cookies = visitor.storage_state()
    taken = 0
    for look in LOOKS:
        for width in WIDTHS:
            for routes, state in ((SIGNED_OUT, None), (pages, cookies)):
                context = browser.new_context(
                    base_url=place.address,
                    viewport={"width": width, "height": HEIGHT},
                    color_scheme=look,
                    reduced_motion="reduce",
                    storage_state=state,
                )
                taken += _take(context, routes, lecture=lecture, suffix=f"{width}-{look}")
                context.close()
    return taken


def signed_in_pages() -> dict[str, str]:
    """Return the product's own table of pages: a name for the picture, and the route."""
    from studymaster.studymaster import SCREENS  # noqa: PLC0415 - loads the whole application

    return {_name(screen.route): screen.route for screen in SCREENS}


def _name(route: str) -> str:
    words = [word for word in route.split("/") if word and not word.startswith("[")]
    return "-".join(words) or "dashboard"


def _prepare(page: Page, place: Place) -> str:
    """Sign in, sync, keep and review some cards; return the address of the lecture."""
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    _sign_in(page, place)
    page.goto("/live-sync")
    expect(page.locator("[data-run-state=done]")).to_be_visible()
    lecture = _open_lecture(page)
    _keep_cards(page)
    _review(page)
    return lecture


def _sign_in(page: Page, place: Place) -> None:
    page.goto("/sign-in")
    page.wait_for_function("() => sessionStorage.getItem('token')")
    page.get_by_label("Address of your Moodle").fill(place.demo_address)
    page.get_by_label("Moodle user name").fill("mina")
    page.locator("input[type=password]:visible").fill("campus")
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good ")


def _open_lecture(page: Page) -> str:
    page.goto("/smart-study")
    page.get_by_role("button", name=f"Lectures of {COURSE}").click()
    page.get_by_role("link", name="Open Lecture 1").first.click()
    page.wait_for_url("**/lecture/**")
    return page.url


def _keep_cards(page: Page) -> None:
    page.get_by_role("button", name="Make cards").click()
    rest = page.get_by_role("button", name="Accept all")
    expect(rest).to_be_visible()
    left = int(rest.inner_text().split()[-1])
    for kept in range(1, min(KEPT_CARDS, left - 1) + 1):
        page.keyboard.press("a")
        expect(rest).to_have_text(f"Accept all {left - kept}")


def _review(page: Page) -> None:
    page.goto("/smart-study/review")
    for _ in range(REVIEWED_CARDS):
        expect(page.get_by_role("button", name="Show answer")).to_be_visible()
        page.keyboard.press("Space")
        expect(page.locator("[data-quote-mark]").first).to_be_visible()
        page.keyboard.press("3")
    expect(page.get_by_role("button", name="Show answer")).to_be_visible()


def _take(
    context: BrowserContext, routes: dict[str, str], *, lecture: str, suffix: str
) -> int:
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    for name, route in routes.items():
        page.goto(lecture if "[" in route else route)
        _settle(page)
        if name.endswith("review"):
            page.keyboard.press("Space")
            expect(page.get_by_role("button", name="Good")).to_be_visible()
            page.wait_for_load_state("networkidle")  # the cited page, where it has room
        _save(page.screenshot(), PICTURES / f"{name}-{suffix}.webp")
    return len(routes)


def _settle(page: Page) -> None:
    """Wait until a page has what it loads: no placeholder, every picture and font there."""
    page.wait_for_function("() => sessionStorage.getItem('token')")
    expect(page.get_by_role("heading", level=1).first).to_be_attached()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    page.evaluate("() => document.fonts.ready")
    page.add_style_tag(content=STILLNESS)


def _save(png: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)


def main() -> int:
    """Take the pictures; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        place = free_place(Path(folder))
        try:
            program = chromium.ensure()
            with running(place), sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=program,
                    # Chromium refuses its sandbox to root, who has no other user at hand.
                    args=["--no-sandbox"] if os.geteuid() == 0 else [],
                )
                shutil.rmtree(PICTURES, ignore_errors=True)
                PICTURES.mkdir(parents=True)
                taken = take_all(place, browser)
                browser.close()
        except CannotStartError as error:
            say(str(error))
            return 1
    size = sum(path.stat().st_size for path in PICTURES.iterdir()) / 1e6
    say(f"{taken} pictures in {PICTURES.relative_to(ROOT)}, {size:.1f} MB.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
