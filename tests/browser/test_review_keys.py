"""A review from its first card to its last: by keyboard alone, then by touch on a phone."""

import re

from playwright.async_api import Page, expect

API = "/api/v1/flashcards"
CARDS = 31
LEECH = "sieve"
REVIEWS = 30


async def make_cards(page: Page) -> None:
    """Put words that are due into a deck of the student's own, among them a leech."""
    await page.get_by_role("button", name="New deck").click()
    await page.get_by_label("Name").fill("Latin")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Add a card to Latin")).to_be_visible()
    await page.get_by_role("button", name="Add a card to Latin").click()
    await page.get_by_label("Front").fill("word 0")
    await page.get_by_label("Back").fill("meaning 0")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("1 added so far.")).to_be_visible()
    answer = await page.request.get(API)
    (first,) = (await answer.json())["items"]
    for number in range(1, CARDS):
        front = LEECH if number == 3 else f"word {number}"
        body = {"front": front, "back": f"meaning {number}", "deck_id": first["deck_id"]}
        assert (await page.request.post(API, data=body)).ok


async def answers(page: Page) -> int:
    bar = page.get_by_role("progressbar", name="Answered today")
    return int(await bar.get_attribute("aria-valuenow") or 0)


def question(page: Page):
    return page.get_by_role("article", name="Card")


async def await_answers(page: Page, count: int) -> None:
    bar = page.get_by_role("progressbar", name="Answered today")
    await expect(bar).to_have_attribute("aria-valuenow", str(count))


async def said(page: Page, words: str | re.Pattern[str]) -> None:
    await expect(page.get_by_role("log").get_by_text(words).last).to_be_visible()


async def by_key(page: Page, key: str) -> None:
    await expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    await page.keyboard.press("Space")
    await expect(page.get_by_role("button", name="Good")).to_be_visible()
    await page.keyboard.press(key)


async def at_the_review(visitor, known_for_days, *, width: int) -> Page:
    page = visitor.page
    await visitor.sign_in("jonas")
    await visitor.open("/smart-study")
    await make_cards(page)
    known_for_days(6, leech=LEECH)
    await visitor.open("/smart-study/review")
    await expect(page.get_by_text(f"0 new · 0 again · {CARDS} due")).to_be_visible()
    assert page.viewport_size == {"width": width, "height": 900}
    return page


async def test_thirty_reviews_by_keyboard_alone(visit, known_for_days) -> None:
    jonas = await visit()
    page = await at_the_review(jonas, known_for_days, width=1440)
    for _ in range(2):
        await by_key(page, "3")
    await await_answers(page, 2)
    await page.keyboard.press("z")
    await said(page, "Took back: “word 1” called good.")
    await expect(question(page)).to_contain_text("word 1")
    await await_answers(page, 1)
    await by_key(page, "4")

    await page.keyboard.press("e")
    await page.get_by_label("Front").fill("word two")
    await page.get_by_role("button", name="Save").press("Enter")
    await expect(question(page)).to_contain_text("word two")
    await page.keyboard.press("u")
    await said(page, "Took back: “word 2” changed.")
    await expect(question(page)).to_contain_text("word 2")

    await page.keyboard.press("-")
    await said(page, "“word 2” buried until tomorrow.")
    await expect(question(page)).to_contain_text(LEECH)
    await page.keyboard.press("Control+z")
    await said(page, "Took back: “word 2” buried until tomorrow.")
    await expect(question(page)).to_contain_text("word 2")
    await page.keyboard.press("-")

    await page.keyboard.press("f")
    await page.keyboard.press("3")
    await expect(question(page)).to_contain_text("Green")
    await page.keyboard.press("Control+1")
    await expect(question(page)).to_contain_text("Red")

    await by_key(page, "1")
    await expect(page.get_by_text("This card does not stay")).to_be_visible()
    await page.keyboard.press("w")
    await page.get_by_label("Front").fill("What lets water through?")
    await page.get_by_role("button", name="Save").press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)

    await page.keyboard.press("m")
    await expect(page.get_by_role("dialog", name="This card")).to_be_visible()
    await page.keyboard.press("Escape")
    done = await answers(page)
    for count in range(done, REVIEWS):
        await by_key(page, "3")
        await await_answers_or_end(page, count + 1)
    await expect(page.get_by_text(f"You knew {REVIEWS - 1} of {REVIEWS}.")).to_be_visible()
    await expect(page.get_by_text("1 card does not stay.")).to_be_visible()
    assert jonas.complaints == []


async def await_answers_or_end(page: Page, count: int) -> None:
    if count < REVIEWS:
        await await_answers(page, count)


async def tap(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).tap()


async def by_touch(page: Page, grade: str) -> None:
    await tap(page, "Show answer")
    await (
        page.get_by_role("group", name="How well did you know it?")
        .get_by_role("button", name=re.compile(f"^{grade}"))
        .tap()
    )


async def choose(page: Page, name: str) -> None:
    await tap(page, "More for this card")
    await page.get_by_role("dialog").get_by_role("button", name=name, exact=True).tap()


async def test_thirty_reviews_by_touch_on_a_phone(visit, known_for_days) -> None:
    jonas = await visit(width=360, touch=True)
    page = await at_the_review(jonas, known_for_days, width=360)
    for _ in range(2):
        await by_touch(page, "Good")
    await await_answers(page, 2)
    await tap(page, "Take the last step back")
    await expect(question(page)).to_contain_text("word 1")
    await by_touch(page, "Easy")

    await choose(page, "Edit")
    await page.get_by_label("Front").fill("word two")
    await tap(page, "Save")
    await expect(question(page)).to_contain_text("word two")

    await choose(page, "Bury until tomorrow")
    await expect(question(page)).to_contain_text(LEECH)
    await by_touch(page, "Again")
    await expect(page.get_by_text("This card does not stay")).to_be_visible()
    await tap(page, "Leave it")
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    for count in range(await answers(page), REVIEWS):
        await by_touch(page, "Good")
        await await_answers_or_end(page, count + 1)
    await expect(page.get_by_text(f"You knew {REVIEWS - 1} of {REVIEWS}.")).to_be_visible()
    assert jonas.complaints == []
