"""What must not get lost while studying: answers, typed words, keys and the focus."""

import re

from playwright.async_api import Page, WebSocketRoute, expect

COURSE, LECTURE = "COMP 352", "Lecture 2: Hash Tables"
FOCUS = "document.activeElement"
TOUCH = 44


class Wire:
    """The tab's connection, which can be cut: then nothing arrives on either side."""

    def __init__(self) -> None:
        self.cut = False
        self.deaf = False

    async def lay(self, page: Page) -> None:
        await page.route_web_socket(re.compile("/_event"), self._connect)

    def _connect(self, tab: WebSocketRoute) -> None:
        server = tab.connect_to_server()

        def to_server(message: str | bytes) -> None:
            if not self.cut:
                server.send(message)

        def to_tab(message: str | bytes) -> None:
            if not self.cut and not self.deaf:
                tab.send(message)

        tab.on_message(to_server)
        server.on_message(to_tab)


async def at_proposals(visitor, name: str, course=COURSE, lecture=LECTURE) -> None:
    await visitor.sign_in(name)
    await visitor.await_sync()
    await visitor.open_lecture(course, lecture)
    # An earlier test may have had them made.
    if not await visitor.page.locator("[data-proposal]").count():
        await visitor.make_cards()


async def test_answers_survive_a_dead_connection_and_a_reload_and_count_once(visit) -> None:
    jonas = await visit()
    page, wire = jonas.page, Wire()
    await wire.lay(page)
    await at_proposals(jonas, "jonas")
    for _ in range(4):
        await jonas.decide("a")
    await jonas.open("/smart-study/review")
    progress = page.get_by_role("progressbar", name="Answered today")
    before = int(await progress.get_attribute("aria-valuenow") or 0)
    # The first answer arrives, but the tab never hears so; the second never leaves.
    await expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    wire.deaf = True
    await jonas.review_card("3")
    wire.cut = True
    await jonas.review_card("3")
    await expect(page.get_by_text("2 answers wait to be sent")).to_be_visible()
    wire.cut = wire.deaf = False
    await page.reload()
    await jonas.review_card("3")
    kept = "Object.keys(localStorage).some(name => name.startsWith('studymaster.answers'))"
    await page.wait_for_function(f"() => !({kept})")
    await expect(page.get_by_text("to be sent")).to_have_count(0)
    await expect(progress).to_have_attribute("aria-valuenow", f"{before + 3}")


async def test_the_keyboard_leads_through_a_lecture(visit) -> None:
    mina = await visit()
    page = mina.page
    await at_proposals(mina, "mina", "CHEM 221", "Lecture 3: Nucleophilic Substitution")
    chosen = page.locator("[data-proposal][aria-pressed=true]")
    left = await mina.open_proposals()
    waiting = page.locator("[data-proposal]")
    fourth = await waiting.nth(3).get_attribute("data-proposal")
    await page.keyboard.type("aaa")
    await mina.await_proposals(left - 3)
    await expect(chosen).to_have_attribute("data-proposal", fourth or "")
    await expect(chosen).to_be_focused()
    await expect(page.get_by_text(f"Accepted, {left - 3} left")).to_have_count(1)

    await page.get_by_role("button", name="Accept", exact=True).click()
    await mina.await_proposals(left - 4)
    await expect(chosen).to_be_focused()

    first = await chosen.get_attribute("data-proposal")
    await page.keyboard.press("j")
    await expect(chosen).not_to_have_attribute("data-proposal", first or "")
    await expect(chosen).to_be_focused()
    await page.keyboard.press("k")
    await expect(chosen).to_have_attribute("data-proposal", first or "")

    await page.keyboard.press("e")
    await page.get_by_label("Front").press("Escape")
    await expect(page.get_by_label("Front")).to_have_count(0)
    await expect(page.get_by_role("button", name="Edit")).to_be_focused()

    await page.keyboard.press("e")
    await page.get_by_label("Front").fill("My own unsaved question?")
    await waiting.first.click()
    await expect(page.get_by_label("Front")).to_have_count(0)
    await expect(page.get_by_text("My own unsaved question?")).to_be_visible()

    sentence = waiting.filter(has_text="Fill the gap").first
    await sentence.click()
    await page.keyboard.press("e")
    await page.get_by_label("Front").fill(
        "A {{c1::base}} takes {{c2::protons::what?}} away."
    )
    await waiting.first.click()
    typed = waiting.filter(has_text="2 gaps, 2 cards")
    await expect(typed).to_contain_text("A [...] takes [what?] away.")

    await page.get_by_role("button", name="Accept all").click()
    await expect(page.get_by_text(re.compile(r"All \d+ decided"))).to_be_visible()
    await expect(
        page.get_by_role("link", name=re.compile(r"^Review \d+ cards"))
    ).to_be_visible()
    await expect(page.get_by_text("new proposals.")).to_have_count(0)
    assert await page.evaluate(f"{FOCUS} !== document.body")
    assert mina.complaints == []


async def test_places_are_covered_on_a_page_of_a_lecture(visit) -> None:
    jonas = await visit()
    page = jonas.page
    await jonas.sign_in("jonas")
    await jonas.await_sync()
    await jonas.open_lecture("BIO 110", "Lecture 1: Membranes and Transport")
    await page.get_by_role("button", name="Next page").click()
    await expect(page.get_by_text(re.compile("^Page 2 of"))).to_be_visible()
    await page.keyboard.press("c")
    window = page.get_by_role("dialog", name="Add a card")
    await expect(window.get_by_role("textbox", name="Picture", exact=True)).to_have_value(
        re.compile("Page 2 of")
    )
    await window.get_by_role("button", name="Add a place").press("Enter")
    await expect(window.get_by_role("button", name=re.compile("^Place 1"))).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("A membrane")
    await page.reload()  # half done, the window is there again with all that was in it
    await expect(
        window.get_by_role("button", name="Place 1 of 1, A membrane, asked by card 1")
    ).to_be_visible()
    await window.get_by_role("button", name="Add", exact=True).click()
    await expect(window).to_have_count(0)
    cards = (await (await page.request.get("/api/v1/flashcards")).json())["items"]
    (card,) = [one for one in cards if "Page 2 of" in one["front"]]
    assert card["kind"] == "occlusion"
    await jonas.open("/smart-study/review")
    table = page.get_by_role("article", name="Card")
    await expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    while not await table.get_by_role("img", name=re.compile("1 place is covered")).count():
        await jonas.review_card("4")
        await expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    await page.keyboard.press("Space")
    await expect(table.locator("figcaption")).to_have_text("A membrane")
    await expect(table.get_by_role("img")).to_have_count(1)
    await expect(page.get_by_role("img", name=re.compile("^Page 2 of"))).to_be_visible()
    assert jonas.complaints == []


async def test_typed_words_survive_a_decision_in_another_tab(visit) -> None:
    jonas = await visit()
    page = jonas.page
    await at_proposals(jonas, "jonas", "BIO 110", "Lecture 1: Membranes and Transport")
    other = await page.context.new_page()
    await other.goto(page.url)
    await expect(other.get_by_role("button", name="Accept", exact=True)).to_be_visible()
    left = await jonas.open_proposals()

    await page.keyboard.press("e")
    await page.get_by_label("Front").fill("What did I want to know?")
    await other.keyboard.press("r")
    await expect(page.get_by_text("decided in another tab")).to_be_visible()
    await expect(page.get_by_label("Front")).to_have_value("What did I want to know?")
    await page.get_by_role("button", name="Keep as a new card").click()
    await expect(page.get_by_label("Front")).to_have_count(0)
    await jonas.await_proposals(left - 1)
    await expect(page.get_by_role("button", name="Accept", exact=True)).to_be_visible()
    assert jonas.complaints == []


async def test_space_turns_the_card_with_a_link_focused_and_the_focus_stays(visit) -> None:
    jonas = await visit()
    page = jonas.page
    await at_proposals(jonas, "jonas")
    await jonas.decide("a")
    await jonas.decide("a")
    await jonas.open("/smart-study/review")
    await expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    await page.get_by_role("link", name="Smart Study").first.focus()
    await page.keyboard.press("Space")
    await expect(
        page.get_by_role("group", name="How well did you know it?")
    ).to_be_visible()
    assert await page.evaluate(f"{FOCUS}.closest('article') !== null")
    await page.get_by_role("button", name="Good").click()
    await expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    assert await page.evaluate(f"{FOCUS}.closest('article') !== null")


async def test_the_decisions_are_in_sight_on_a_phone(visit) -> None:
    jonas = await visit(width=360)
    await at_proposals(jonas, "jonas")
    for name in ("Accept", "Edit", "Reject"):
        button = jonas.page.get_by_role("button", name=name, exact=True)
        await expect(button).to_be_in_viewport(ratio=1)
    boxes = [
        await jonas.page.get_by_role("button", name=name, exact=True).bounding_box()
        for name in ("Accept", "Edit", "Reject")
    ]
    assert len({round(box["y"]) for box in boxes}) == 1
    assert all(box["height"] >= TOUCH and box["width"] >= TOUCH for box in boxes)


async def test_accepting_all_answers_the_press_at_once_and_once(visit) -> None:
    jonas = await visit(width=360)
    page, wire = jonas.page, Wire()
    await wire.lay(page)
    await at_proposals(jonas, "jonas")
    left = await jonas.open_proposals()
    wire.deaf = True
    button = page.get_by_role("button", name="Accept all")
    await button.dblclick()
    await expect(page.get_by_text(f"Accepting {left} proposals").last).to_be_visible()
    await expect(button).to_have_count(0)
    await expect(page.locator("[data-proposal]")).to_have_count(0)
    wire.deaf = False
    await page.reload()
    await expect(page.get_by_text(f"All {left} decided")).to_be_visible()


async def turn_and_grade(page: Page, key: str) -> None:
    """Answer a card that cites no page."""
    await page.get_by_role("button", name="Show answer").press("Space")
    await expect(page.get_by_role("button", name="Good")).to_be_visible()
    await page.keyboard.press(key)


async def test_the_review_says_what_it_counts_and_what_an_undone_slip_brought(
    visit,
) -> None:
    jonas = await visit(width=360)
    page = jonas.page
    await jonas.sign_in("jonas")
    await jonas.open("/smart-study")
    await page.get_by_role("button", name="New deck").click()
    await page.get_by_label("Name").fill("Latin")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Add a card to Latin").click()
    await page.get_by_label("Front").fill("canis")
    await page.get_by_label("Back").fill("dog")
    await page.get_by_role("button", name="Add", exact=True).click()
    await jonas.open("/smart-study/review")
    await expect(page.get_by_text("1 new · 0 again · 0 due")).to_be_visible()
    await turn_and_grade(page, "3")
    await expect(
        page.get_by_text("1 answer in about 1 min brought 2 points.")
    ).to_be_visible()
    await page.keyboard.press("z")
    await turn_and_grade(page, "4")
    await expect(
        page.get_by_text("1 answer in about 1 min brought 2 points.")
    ).to_be_visible()
    await jonas.open("/accountability")
    for words in (
        "You reviewed a card and called it good.",
        "You took an answer back: a card called good.",
        "You reviewed a card and called it easy.",
    ):
        await expect(page.get_by_text(words)).to_be_visible()
