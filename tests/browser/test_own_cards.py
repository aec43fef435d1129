"""Cards of one's own by keyboard: typed, found again, practised, counted."""

import re

from playwright.async_api import Page, expect

WORDS = {
    "el perro": "the dog",
    "el gato": "the cat",
    "la casa": "the house",
    "el mar": "the sea",
}


async def test_from_the_first_typed_card_to_the_statistics(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await noor.open("/smart-study")
    await type_the_cards(page)
    await find_and_mend_one(page)

    await page.get_by_role("link", name="Practice").click()
    await page.get_by_role("button", name="Start").press("Enter")
    await page.wait_for_url(re.compile("/smart-study/quiz/.+"))
    for question in range(1, len(WORDS) + 1):
        await expect(
            page.get_by_text(f"Question {question} of {len(WORDS)}")
        ).to_be_visible()
        await answer(page)
    score = page.get_by_text(re.compile(r"^\d of 4 right"))
    await expect(score).to_be_visible()
    right = int((await score.inner_text())[0])
    await expect(page.get_by_text(f"{100 * right // len(WORDS)}%")).to_be_visible()
    await expect(page.get_by_text("You answered: ")).to_have_count(len(WORDS) - right)

    await noor.open("/smart-study/review")
    await page.get_by_role("button", name="Show answer").press("Space")
    await expect(page.get_by_role("button", name="Good")).to_be_visible()
    await page.keyboard.press("3")
    await expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    await noor.open("/smart-study/statistics")
    await expect(page.get_by_role("heading", name="Retention")).to_be_visible()
    spanish = page.get_by_role("row", name=re.compile("Spanish"))
    await expect(spanish.get_by_role("cell").first).to_have_text("4")
    await page.get_by_text("Answers by grade as a table").click()
    good = page.get_by_role("row", name=re.compile("^New, good"))
    await expect(good.get_by_role("cell").first).to_have_text("1")
    assert noor.complaints == []


async def type_the_cards(page: Page) -> None:
    """Make a deck and its cards without a mouse."""
    await page.get_by_role("button", name="New deck").press("Enter")
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.keyboard.type("Spanish")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Spanish")).to_be_visible()
    await page.get_by_role("button", name="Add a card to Spanish").press("Enter")
    for count, (front, back) in enumerate(WORDS.items(), start=1):
        await expect(page.get_by_label("Front")).to_have_value("")
        await expect(page.get_by_label("Front")).to_be_focused()
        await page.keyboard.type(front)
        await page.keyboard.press("Tab")
        await page.keyboard.type(back)
        await page.get_by_label("Tags", exact=True).focus()
        await page.keyboard.type("places" if front == "el mar" else "home")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(f"{count} added so far.")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("4 cards · 4 new")).to_be_visible()


async def find_and_mend_one(page: Page) -> None:
    """Look for a card by its words, change it, then narrow the list by a tag."""
    await page.get_by_role("link", name="Cards", exact=True).click()
    await expect(page.get_by_text("4 cards in all your decks.")).to_be_visible()
    await page.get_by_label("Search").fill("perro")
    await expect(page.get_by_text("el gato")).to_have_count(0)
    await page.get_by_role("button", name=re.compile("el perro")).press("Enter")
    await page.get_by_label("Back").fill("the hound")
    await page.get_by_role("button", name="Save").press("Enter")
    mended = page.get_by_role("row", name=re.compile("el perro the hound"))
    await expect(mended).to_be_visible()
    await page.get_by_label("Search").fill("")
    await page.get_by_label("Tag").select_option("home")
    await expect(page.get_by_text("el mar")).to_have_count(0)
    await expect(page.get_by_text("la casa")).to_be_visible()


async def answer(page: Page) -> None:
    """Answer a question by keyboard, and go on by Enter."""
    typed = page.get_by_label("Your answer", exact=True)
    options = page.get_by_role("group", name="Answers").get_by_role("button")
    await expect(typed.or_(options).first).to_be_visible()
    if await typed.count():
        await expect(typed).to_be_focused()
        await page.keyboard.type("no idea")
        await page.keyboard.press("Enter")
    else:
        await page.keyboard.press("1")
    onwards = page.get_by_role("button", name=re.compile("Next question|Show the result"))
    await expect(onwards).to_be_focused()
    await page.keyboard.press("Enter")
