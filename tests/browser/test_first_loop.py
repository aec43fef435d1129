"""The whole loop, from signing in to the dashboard of the day, in a real browser."""

import re

from playwright.async_api import expect

CHEMISTRY = "CHEM 221"
LECTURE = "Lecture 3: Nucleophilic Substitution"
NOTHING_YET = {"day streak": 0, "cards today": 0, "points": 0}


async def test_from_moodle_to_the_first_reviews(visit) -> None:
    mina = await visit()
    page = mina.page

    await mina.open("/")
    await page.wait_for_url("**/sign-in**")
    await mina.sign_in()
    await mina.await_sync()
    await expect(page.get_by_text("Organic Chemistry")).to_be_visible()
    await mina.open("/")
    await expect(page.get_by_text("Make your first cards.")).to_be_visible()
    assert await mina.figures() == NOTHING_YET

    await mina.open_lecture(CHEMISTRY, LECTURE)
    await mina.make_cards()
    for _ in range(5):
        await mina.decide("a")
    await mina.edit("What does Mina want to know?")
    await mina.decide("r")

    await mina.open("/smart-study/review")
    questions = [await mina.review_card("3") for _ in range(6)]
    await expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    assert len(set(questions)) == 6
    assert any("What does Mina want to know?" in question for question in questions)

    await mina.open("/")
    await expect(page.get_by_text("Reviewed 6 cards")).to_be_visible()
    after = await mina.figures()
    assert (after["day streak"], after["cards today"]) == (1, 6)
    assert after["points"] > 0
    await page.reload()
    await expect(page.get_by_text("Reviewed 6 cards")).to_be_visible()
    assert await mina.figures() == after

    await page.get_by_role("button", name="Sign out").first.click()
    await page.wait_for_url("**/sign-in**")
    await mina.sign_in("jonas")
    await mina.await_sync()
    await expect(page.get_by_text("Data Structures")).to_be_visible()
    await expect(page.get_by_text("Organic Chemistry")).to_have_count(0)
    await mina.open("/")
    await expect(page.get_by_text("Make your first cards.")).to_be_visible()
    assert await mina.figures() == NOTHING_YET
    assert mina.complaints == []


async def test_a_sync_shows_itself_in_every_open_tab(visit) -> None:
    mina = await visit()
    await mina.sign_in()
    await mina.await_sync()
    second = await mina.page.context.new_page()
    await second.goto("/live-sync")
    course = second.locator("li", has_text="BIO 110")
    await expect(course).to_contain_text("files fetched")
    items = int(re.findall(r"(\d+) items", await course.inner_text())[0])

    await mina.change_demo("add_lecture", course="BIO 110", name="A lecture that just came")
    await mina.page.get_by_role("button", name="Sync now").click()

    await expect(course).to_contain_text(f"{items + 1} items", timeout=30_000)
    await expect(second.locator("[data-run-state=done]")).to_contain_text("1 new item")


async def test_a_grade_counts_once_whatever_the_fingers_do(visit) -> None:
    jonas = await visit()
    page = jonas.page
    await jonas.sign_in("jonas")
    await jonas.await_sync()
    await jonas.open_lecture("COMP 352", "Lecture 2: Hash Tables")
    await jonas.make_cards()
    await jonas.decide("a")
    await jonas.decide("a")
    await jonas.open("/smart-study/review")
    await expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    for key in ("Space", "4", "4", "4", "1"):
        await page.keyboard.press(key)
    await jonas.review_card("4")
    await expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    await jonas.open("/")
    await expect(page.get_by_text("Reviewed 2 cards")).to_be_visible()
    assert (await jonas.figures())["cards today"] == 2


async def test_ending_a_session_elsewhere_closes_its_tabs(visit) -> None:
    here, there = await visit(), await visit()
    for window in (here, there):
        await window.sign_in("noor")
    await there.open("/live-sync")
    await here.open("/settings")
    await here.page.get_by_role("button", name=re.compile("^End")).first.click()
    await there.page.wait_for_url("**/sign-in**", timeout=10_000)
    await here.page.reload()
    await expect(here.page.get_by_role("heading", name="Settings")).to_be_visible()


async def test_signing_out_closes_the_other_tab_too(visit) -> None:
    noor = await visit()
    await noor.sign_in("noor")
    second = await noor.page.context.new_page()
    await second.goto("/smart-study")
    await expect(second.get_by_role("heading", name="Smart Study")).to_be_visible()
    await noor.page.get_by_role("button", name="Sign out").first.click()
    await second.wait_for_url("**/sign-in**", timeout=10_000)


async def test_the_loop_works_on_a_phone_by_touch(visit) -> None:
    jonas = await visit(width=360, scheme="light")
    page = jonas.page
    await jonas.sign_in("jonas")
    await jonas.await_sync()
    await jonas.open_lecture("BIO 110", "Lecture 1: Membranes and Transport")
    await jonas.make_cards()
    await page.get_by_role("button", name="Accept", exact=True).click()
    await jonas.open("/smart-study/review")
    await page.get_by_role("button", name="Show answer").click()
    await page.get_by_role("button", name="Good").click()
    await expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    for path in ("/", "/smart-study", "/live-sync", "/settings", "/smart-study/review"):
        await jonas.open(path)
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await page.evaluate(wide), f"{path} scrolls sideways"


async def test_the_next_student_in_a_tab_is_sent_nothing_of_the_last(visit) -> None:
    window = await visit()
    page = window.page
    await window.sign_in("mina")
    await window.await_sync()
    await window.open("/settings")
    await expect(page.get_by_text("Lindmark University")).to_be_visible()
    token = await page.evaluate("() => sessionStorage.getItem('token')")
    await page.get_by_role("button", name="Sign out").first.click()
    await page.wait_for_url("**/sign-in**")
    frames: list[str] = []

    def hear(frame: str | bytes) -> None:
        frames.append(frame if isinstance(frame, str) else frame.decode(errors="replace"))

    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    # The same tab with the same token, as if its scripts had not been allowed to tidy up.
    await page.evaluate("token => sessionStorage.setItem('token', token)", token)
    await window.fill_moodle(username="noor", password="campus")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Good ")
    assert any("Noor" in frame for frame in frames)
    assert not [frame for frame in frames if "Mina" in frame or "Organic" in frame]


async def test_signing_in_leads_back_to_the_page_that_was_asked_for(visit) -> None:
    noor = await visit()
    await noor.open("/live-sync")
    await noor.page.wait_for_url("**/sign-in**")
    await noor.fill_moodle(username="noor", password="campus")
    await noor.page.keyboard.press("Enter")
    await noor.page.wait_for_url("**/live-sync**")
    await expect(noor.page.get_by_role("heading", name="Live Sync")).to_be_visible()


async def test_an_open_tab_renews_its_session_in_the_background(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    before = {item["name"]: item["value"] for item in await page.context.cookies()}
    await page.clock.install()
    await noor.open("/settings")
    async with page.expect_response("**/api/v1/auth/refresh") as answer:
        await page.clock.fast_forward(11 * 60 * 1000)
    assert (await answer.value).status == 200
    after = {item["name"]: item["value"] for item in await page.context.cookies()}
    assert before["sm_refresh"] != after["sm_refresh"]
    day = page.locator("form").filter(has=page.get_by_label("Time zone"))
    await day.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    assert noor.complaints == []


async def test_the_interface_is_documented_without_help_from_elsewhere(visit) -> None:
    visitor = await visit()
    await visitor.page.goto("/api/docs")
    await expect(visitor.page.get_by_text("/api/v1/auth/login")).to_be_visible()
    assert visitor.complaints == []
