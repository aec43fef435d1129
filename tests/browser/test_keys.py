"""What the keyboard does on every page, and where notices go."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

THOUGHT = "Why does ATP need water?"
UNKEEPABLE = "\x07"
NOT_KEPT = "A note cannot be empty."
PUT = """(box, words) => {
  const native = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
  native.set.call(box, words);
  box.dispatchEvent(new Event('input', { bubbles: true }));
}"""
"""Puts in what no key types, but a clipboard may hold."""
KEPT = "Kept in Brain Dump."
SOON_MS = 4_000
HALF_THE_SCREEN = 450


def palette(page: Page):
    return page.get_by_role("dialog", name="Go to")


async def open_palette(page: Page) -> None:
    await page.keyboard.press("Control+k")
    await expect(palette(page).get_by_role("combobox")).to_be_focused()


async def arrive(page: Page, heading: str) -> None:
    """Wait until another page stands there and has the focus."""
    await expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    await expect(page.get_by_role("main")).to_be_focused()


async def test_the_palette_leads_everywhere_by_keyboard_alone(visit) -> None:
    mina = await visit()
    page = mina.page
    await mina.sign_in()
    await mina.await_sync()

    await open_palette(page)
    await page.keyboard.type("statis")
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    await expect(palette(page).get_by_role("option", name="Statistics")).to_have_attribute(
        "aria-selected", "true"
    )
    await page.keyboard.press("Enter")
    await expect(palette(page)).to_have_count(0)
    await arrive(page, "Statistics")

    await open_palette(page)
    await page.keyboard.type("BIO")
    await expect(palette(page).get_by_role("option", name="BIO 110 Bio")).to_have_attribute(
        "aria-selected", "true"
    )
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/smart-study?course=*")
    await arrive(page, "Smart Study")

    await page.keyboard.press("g")
    await page.keyboard.press("f")
    await arrive(page, "Focus")
    await open_palette(page)
    await page.keyboard.type("add a card")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Add a card")).to_be_visible()
    await page.keyboard.press("Escape")
    assert mina.complaints == []


async def test_the_palette_is_chosen_from_by_arrows_and_left_by_escape(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    opener = page.get_by_role("button", name="Go to")
    await opener.click()
    chosen = palette(page).locator("[role=option][aria-selected=true]")
    first = await chosen.text_content() or ""
    await page.keyboard.press("ArrowDown")
    await expect(chosen).not_to_have_text(first)
    await page.keyboard.press("ArrowUp")
    await expect(chosen).to_have_text(first)
    await page.keyboard.type("zzzzzz")
    await expect(palette(page).get_by_role("status")).to_have_text(
        "No page, course, deck, lecture or action is called “zzzzzz”."
    )
    await page.keyboard.press("Escape")
    await expect(palette(page)).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_a_lecture_is_found_by_its_name_and_listed_only_when_asked_for(visit) -> None:
    mina = await visit()
    page = mina.page
    await mina.sign_in()
    await mina.await_sync()
    await open_palette(page)
    await expect(palette(page).get_by_role("option", name="BIO 110 Bio")).to_be_visible()
    lectures = palette(page).get_by_role("group", name="Lectures")
    await expect(lectures).to_have_count(0)
    await page.keyboard.type("Membranes and Transport")
    name = await lectures.get_by_role("option").first.locator("span").first.inner_text()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/smart-study/lecture/**")
    await expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    assert mina.complaints == []


async def test_what_no_name_has_is_looked_for_among_cards_and_notes(visit) -> None:
    noor = await visit(width=360)
    page = noor.page
    await noor.sign_in("noor")
    await open_palette(page)
    await page.keyboard.type("el perro")
    options = palette(page).get_by_role("option")
    await expect(options).to_have_text(
        ["Search cardsfor “el perro”", "Search notesfor “el perro”"]
    )
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    await page.keyboard.press("Enter")
    await arrive(page, "Cards")
    await expect(page.get_by_label("Search")).to_have_value("el perro")

    # Also from the very page that it leads to.
    await open_palette(page)
    await page.keyboard.type("el gato")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Search")).to_have_value("el gato")

    await open_palette(page)
    await page.keyboard.type("cards")
    await expect(options.first).to_contain_text("Cards")
    await expect(options.last).to_have_text("Search notesfor “cards”")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await arrive(page, "Brain Dump")
    await expect(page.get_by_label("Search your notes")).to_have_value("cards")
    assert noor.complaints == []


async def test_a_closed_window_gives_the_focus_back_to_what_opened_it(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await noor.open("/smart-study")
    opener = page.get_by_role("button", name="New deck")
    await opener.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_a_thought_is_caught_on_any_page_and_typed_words_are_kept(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await noor.open("/focus")
    await expect(page.get_by_role("heading", name="Focus", level=1)).to_be_visible()
    await expect(page.get_by_text("Noor", exact=False).first).to_be_visible()
    window = page.get_by_role("dialog", name="Catch a thought")
    box = window.get_by_role("textbox")

    await page.keyboard.press("n")
    await expect(box).to_be_focused()
    await page.keyboard.type(THOUGHT)
    await page.keyboard.press("Escape")
    await expect(window).to_have_count(0)
    await page.keyboard.press("n")
    await expect(box).to_have_value(THOUGHT)
    await page.keyboard.press("Control+Enter")
    await expect(window).to_have_count(0)
    await expect(page.get_by_role("log", name="Notices").get_by_text(KEPT)).to_be_visible()

    await page.keyboard.press("n")
    await expect(box).to_have_value("")
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.press("b")
    await expect(page.get_by_role("listitem").filter(has_text=THOUGHT)).to_be_visible()
    await page.keyboard.press("n")
    await expect(page.get_by_role("main").get_by_label("A thought")).to_be_focused()
    await expect(window).to_have_count(0)
    assert noor.complaints == []


async def catch(page: Page, words: str) -> None:
    """Type a thought into the box over the page, and keep it."""
    await page.keyboard.press("n")
    box = page.get_by_role("dialog", name="Catch a thought").get_by_role("textbox")
    await expect(box).to_be_focused()
    await box.evaluate(PUT, words)
    await expect(box).to_have_value(words)
    await page.keyboard.press("Control+Enter")


async def test_a_notice_covers_no_grade_and_leaves_with_its_page(visit) -> None:
    noor = await visit(width=360)
    page = noor.page
    await noor.sign_in("noor")
    await noor.open("/smart-study/review")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await catch(page, THOUGHT)
    said = page.get_by_role("log", name="Notices").get_by_text(KEPT)
    await expect(said).to_be_visible()
    box = await said.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < HALF_THE_SCREEN
    await page.keyboard.press("g")
    await page.keyboard.press("f")
    await expect(page.get_by_role("heading", name="Focus", level=1)).to_be_visible()
    await expect(page.get_by_text(KEPT)).to_have_count(0, timeout=SOON_MS)


async def test_a_window_says_what_went_wrong_inside_and_the_next_press_ends_it(
    visit,
) -> None:
    noor = await visit(width=360)
    page = noor.page
    await noor.sign_in("noor")
    await noor.open("/focus")
    await expect(page.get_by_role("heading", name="Focus", level=1)).to_be_visible()
    window = page.get_by_role("dialog", name="Catch a thought")
    alert = window.get_by_role("alert")

    await catch(page, UNKEEPABLE)
    await expect(alert).to_contain_text(NOT_KEPT)
    await alert.get_by_role("button", name="Dismiss").click()
    await expect(alert).to_have_count(0)
    await expect(window.get_by_role("textbox")).to_have_value(UNKEEPABLE)

    await window.get_by_role("textbox").press("Control+Enter")
    await expect(alert).to_be_visible()
    await window.get_by_role("button", name="Close").click()
    await expect(window).to_have_count(0)
    await expect(page.get_by_text(NOT_KEPT)).to_have_count(0, timeout=SOON_MS)


async def test_every_key_is_listed_and_what_was_pressed_offline_does_not_come_later(
    visit,
) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await noor.open("/smart-study")
    await expect(page.get_by_role("button", name="Add card")).to_be_visible()
    await page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    for words in ("Add card", "Catch a thought", "Go to a page", "Take back", "Focus"):
        await expect(keys.get_by_text(words).first).to_be_visible()
    await page.keyboard.press("Escape")

    await page.context.set_offline(offline=True)
    await expect(page.get_by_text("You are offline.")).to_be_visible()
    await page.keyboard.press("a")
    await page.context.set_offline(offline=False)
    await expect(page.get_by_text("You are offline.")).to_have_count(0)
    # Whatever was asked for meanwhile would be answered before this.
    await page.get_by_role("button", name="New deck").click()
    await expect(page.get_by_role("dialog")).to_have_count(1)
    await expect(page.get_by_role("dialog", name="Add a card")).to_have_count(0)
