"""The table of cards: fifty thousand of them by keyboard, a few by touch on a phone."""

import re

from playwright.async_api import Locator, Page, expect

MANY = 50_000
A_WHILE = 60_000
"""Milliseconds that a busy machine may need for all of them."""

PAGE = "/smart-study/cards"


async def make_one(page: Page, front: str) -> None:
    """Make a deck with one card."""
    await page.get_by_role("button", name="New deck").click()
    await page.get_by_label("Name").fill("Latin")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Add a card to Latin").click()
    await page.get_by_label("Front").fill(front)
    await page.get_by_label("Back").fill("meaning 0")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("1 added so far.")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


def row(page: Page, front: str) -> Locator:
    return page.get_by_role("row").filter(
        has_text=re.compile(rf"^{re.escape(front)}meaning")
    )


async def chosen(page: Page, words: str) -> None:
    group = page.get_by_role("group", name="Chosen cards")
    await expect(group.get_by_role("status")).to_have_text(words)


async def is_active(page: Page, front: str) -> None:
    """Wait until the row stands in the table and the keys are on it."""
    await expect(row(page, front)).to_be_visible()
    place = await row(page, front).get_attribute("id")
    grid = page.get_by_role("grid", name="Cards")
    await expect(grid).to_have_attribute("aria-activedescendant", str(place))


async def test_fifty_thousand_cards_by_keyboard(visit, many_cards) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await noor.open("/smart-study")
    await make_one(page, "aardvark 0")
    many_cards(like="aardvark 0", count=MANY - 1)
    await noor.open(PAGE)
    grid = page.get_by_role("grid", name="Cards")
    await expect(grid).to_have_attribute("aria-rowcount", str(MANY + 1))
    assert await page.get_by_role("row").count() < 100

    await grid.focus()
    await is_active(page, "aardvark 0")
    await page.keyboard.press("End")
    await is_active(page, "word 49999")
    await page.keyboard.press("PageUp")
    await page.keyboard.press("Home")
    await is_active(page, "aardvark 0")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Space")
    await chosen(page, "1 chosen")
    await page.keyboard.press("Shift+ArrowDown")
    await page.keyboard.press("Shift+ArrowDown")
    await chosen(page, "3 chosen")
    await page.get_by_label("Flag", exact=True).select_option("1")
    await said(page, "3 cards flagged red.")

    await grid.focus()
    await page.keyboard.press("Control+a")
    await chosen(page, f"{MANY} chosen")
    await page.keyboard.press("Space")
    await chosen(page, f"{MANY - 1} chosen")
    await page.get_by_role("button", name="Suspend").press("Enter")
    await said(page, "49,999 cards suspended.", within=A_WHILE)
    await page.get_by_role("button", name="Undo").press("Enter")
    await said(page, "Took back: 49,999 cards suspended.", within=A_WHILE)
    assert noor.complaints == []


async def test_a_card_is_opened_changed_and_the_table_sorted(visit, many_cards) -> None:
    selma = await visit()
    page = selma.page
    await selma.sign_in("mina")
    await selma.open("/smart-study")
    await make_one(page, "aardvark 0")
    many_cards(like="aardvark 0", count=300)
    await selma.open(PAGE)
    grid = page.get_by_role("grid", name="Cards")
    head = page.get_by_role("columnheader", name="Front")
    await head.get_by_role("button").press("Enter")
    await expect(head).to_have_attribute("aria-sort", "ascending")
    await head.get_by_role("button").press("Enter")
    await expect(head).to_have_attribute("aria-sort", "descending")
    await grid.focus()
    await is_active(page, "word 99")
    await page.get_by_text("Columns", exact=True).click()
    await page.get_by_label("Added").check()
    await expect(page.get_by_role("columnheader", name="Added")).to_be_visible()
    await page.get_by_text("Columns", exact=True).click()

    await grid.focus()
    await page.keyboard.press("End")
    await is_active(page, "aardvark 0")
    await page.keyboard.press("Enter")
    await page.get_by_label("Front").fill("aardvark and beaver")
    await page.get_by_role("button", name="Save", exact=True).press("Enter")
    await is_active(page, "aardvark and beaver")
    await page.reload()
    await expect(head).to_have_attribute("aria-sort", "descending")
    await expect(row(page, "aardvark and beaver")).to_be_visible()
    await expect(page.get_by_role("columnheader", name="Added")).to_be_visible()
    await page.set_viewport_size({"width": 768, "height": 900})
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide == 768, "Fifteen columns scroll in their table, and nothing else does."
    assert selma.complaints == []


async def test_cards_are_chosen_by_touch_on_a_phone(visit, many_cards) -> None:
    theo = await visit(width=360, touch=True)
    page = theo.page
    await theo.sign_in("jonas")
    await theo.open("/smart-study")
    await make_one(page, "aardvark 0")
    many_cards(like="aardvark 0", count=300)
    await theo.open(PAGE)
    await page.get_by_role("checkbox", name="Choose aardvark 0").tap()
    await page.get_by_role("checkbox", name="Choose word 2", exact=True).tap()
    await chosen(page, "2 chosen")
    await page.get_by_role("button", name="Suspend").tap()
    await said(page, "2 cards suspended.")
    await page.get_by_label("Sort by").select_option("interval")
    await page.get_by_role("button", name="Turn round").tap()
    await page.get_by_role("button", name=re.compile("^word 89")).tap()
    await expect(page.get_by_label("Front")).to_have_value("word 89")
    await page.get_by_role("button", name="Close").tap()
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    await expect(page.get_by_role("button", name=re.compile("^aardvark 0"))).to_be_visible()
    assert theo.complaints == []


async def test_words_are_replaced_and_duplicates_chosen(visit, many_cards) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await noor.open("/smart-study")
    await make_one(page, "word 7")
    many_cards(like="word 7", count=20)
    await noor.open(PAGE)
    await page.get_by_role("button", name="Find duplicates").press("Enter")
    twins = page.get_by_role("dialog", name="Duplicates")
    await expect(twins.get_by_text("meaning 7")).to_be_visible()
    await twins.get_by_role("button", name="Choose all but the oldest").press("Enter")
    await said(page, "1 card is chosen. Nothing is changed yet.")
    await chosen(page, "1 chosen")
    await page.get_by_role("button", name="Delete", exact=True).press("Enter")
    asking = page.get_by_role("dialog", name="Delete 1 card?")
    await asking.get_by_role("button", name="Delete").press("Enter")
    await said(page, "1 card deleted.")

    await page.get_by_role("button", name="Find and replace").press("Enter")
    window = page.get_by_role("dialog", name="Find and replace")
    await window.get_by_label("Find").fill("word (1.")
    await window.get_by_label("A pattern").check()
    await page.keyboard.press("Enter")
    await expect(window.get_by_text("The pattern cannot be read")).to_be_visible()
    await window.get_by_label("Find").fill(r"word (1\d)")
    await window.get_by_label("Replace with").fill(r"\1th word")
    await page.keyboard.press("Enter")
    await expect(window.get_by_text("10 cards change.")).to_be_visible()
    await expect(window.get_by_text("10th word")).to_be_visible()
    await window.get_by_role("button", name="Replace in 10 cards").press("Enter")
    await said(page, "10 cards changed.")
    await expect(row(page, "19th word")).to_be_visible()
    await page.get_by_role("button", name="Undo").press("Enter")
    await expect(row(page, "word 19")).to_be_visible()
    assert noor.complaints == []


async def said(page: Page, words: str, *, within: float | None = None) -> None:
    told = page.get_by_role("log").get_by_text(words, exact=True).last
    await expect(told).to_be_visible(timeout=within)
