"""What an open page says while a part behind it is away, and how it goes on afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from playwright.async_api import expect

from operate.product import Product

AWAY = "A part of StudyMaster is not answering."


@contextmanager
def paused(folder: Path) -> Iterator[None]:
    """Let the server that works in a folder answer nothing for the duration of the block."""
    home = str(folder.resolve())
    halted = [
        process
        for process in psutil.process_iter(["cwd"])
        if process.info["cwd"] and process.info["cwd"].startswith(home)
    ]
    assert halted
    for process in halted:
        process.suspend()
    try:
        yield
    finally:
        for process in halted:
            process.resume()


@pytest.mark.parametrize("part", ["valkey", "postgres"])
async def test_a_part_that_is_away_is_said_and_the_page_goes_on(
    visit, product: Product, part
) -> None:
    mina = await visit()
    page = mina.page
    await mina.sign_in()
    await mina.open("/brain-dump")
    await page.get_by_label("A thought, before it is gone").fill("Osmosis needs no energy")
    with paused(product.place.data / part):
        await expect(page.get_by_text(AWAY)).to_be_visible(timeout=30_000)
    await expect(page.get_by_text(AWAY)).to_have_count(0, timeout=30_000)
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("link", name="Osmosis needs no energy")).to_be_visible()


@pytest.mark.parametrize("part", ["valkey", "postgres"])
async def test_a_page_that_is_opened_meanwhile_says_so_too_and_comes(
    visit, product: Product, part
) -> None:
    mina = await visit()
    page = mina.page
    await mina.sign_in()
    with paused(product.place.data / part):
        await page.goto("/focus")
        await expect(page.get_by_text(AWAY)).to_be_visible(timeout=30_000)
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible(
        timeout=60_000
    )
    await expect(page.get_by_text(AWAY)).to_have_count(0)
