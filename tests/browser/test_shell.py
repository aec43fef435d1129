"""What holds on every page: where the focus is, what the connection does, who can use it."""

import asyncio
import re

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from operate.screens import signed_in_pages
from operate.student_life import Made, arrive, live
from tests.browser.visitor import Visitor

SOMEWHERE = "00000000-0000-4000-8000-000000000000"
NOTHING = Made(
    {
        "/smart-study/lecture/[material_id]": f"/smart-study/lecture/{SOMEWHERE}",
        "/smart-study/quiz/[quiz_id]": f"/smart-study/quiz/{SOMEWHERE}",
        "/live-sync/course/[course_id]": f"/live-sync/course/{SOMEWHERE}",
        "/campus/group/[group_id]": f"/campus/group/{SOMEWHERE}",
        "/campus/join/[code]": "/campus/join/leads-nowhere",
    },
    note=f"/brain-dump?note={SOMEWHERE}",
)
FOR_HOSTS = "/admin"
NOWHERE = "This station does not exist."
LOOKS = (
    ("desk", 1440, "light", ["color-contrast"]),
    ("desk", 1440, "dark", None),
    ("phone", 360, "light", None),
)
"""Device, width, look, and the rules that matter; None for all."""

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
NO_COURSES = "Moodle lists no courses for you"
OFFLINE = "You are offline."
SOON_MS = 1_500


async def test_a_failed_connect_again_says_why_and_keeps_the_user_name(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await noor.await_sync()
    sync = page.get_by_role("button", name="Sync now")
    try:
        await noor.fail_demo("invalid_token")
        await sync.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-run-state=failed]")).to_be_visible()
        # At the top and in the list of runs, not a third time beside the connection.
        await expect(page.get_by_text("has run out")).to_have_count(2)
        await expect(sync).to_be_focused()
    finally:
        await noor.heal_demo()
    await page.get_by_role("button", name="See what to do").click()
    await page.get_by_text("Connect again").click()
    await page.get_by_label("User name").fill("nour")
    await page.get_by_label("Password").fill("wrong")
    await page.keyboard.press("Enter")
    alert = page.get_by_role("alert").filter(has_text="did not accept this user name")
    await expect(alert).to_be_visible()
    assert "next=" not in page.url
    await expect(page.get_by_label("User name")).to_have_value("nour")
    await page.get_by_label("User name").fill("noor")
    await page.get_by_label("Password").fill("campus")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-run-state=done]")).to_be_visible(timeout=30_000)
    await expect(page.get_by_text("Connect again")).to_have_count(0)


async def test_maintenance_asks_for_no_password(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await noor.await_sync()
    try:
        await noor.fail_demo("maintenance")
        await page.get_by_role("button", name="Sync now").click()
        await expect(page.locator("[data-run-state=failed]")).to_contain_text("maintenance")
        await expect(page.get_by_text("Connect again")).to_have_count(0)
        await noor.open("/")
        await expect(page.get_by_text("Last sync failed · data from")).to_be_visible()
    finally:
        await noor.heal_demo()


async def test_a_student_without_courses_is_told_so(visit) -> None:
    noor = await visit()
    await noor.sign_in("noor")
    await noor.await_sync()
    await expect(noor.page.locator("[data-run-state=done]")).to_contain_text(NO_COURSES)
    await noor.open("/")
    await expect(noor.page.get_by_text(f"{NO_COURSES}.", exact=True)).to_be_visible()
    await expect(noor.page.get_by_text("on their way")).to_have_count(0)


async def test_going_offline_is_said_at_once_and_covers_nothing(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await page.context.set_offline(offline=True)
    bar = page.get_by_text(OFFLINE)
    await expect(bar).to_be_visible(timeout=SOON_MS)
    for part in (page.get_by_role("main"), page.get_by_role("banner")):
        assert await top(part) >= await bottom(bar)
    await page.context.set_offline(offline=False)
    await expect(bar).to_have_count(0)


async def top(part: Locator) -> float:
    return await part.evaluate("element => element.getBoundingClientRect().top")


async def bottom(part: Locator) -> float:
    return await part.evaluate("element => element.getBoundingClientRect().bottom")


async def test_the_focus_follows_to_the_next_page(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await expect(page.get_by_role("main")).not_to_be_focused()
    await page.keyboard.press("g")
    await page.keyboard.press("s")
    await expect(page.get_by_role("heading", name="Smart Study")).to_be_visible()
    await expect(page.get_by_role("main")).to_be_focused()
    await page.get_by_role("navigation").get_by_role("link", name="Focus").click()
    await expect(page.get_by_role("heading", name="Focus", level=1)).to_be_visible()
    await expect(page.get_by_role("main")).to_be_focused()


async def test_the_demo_is_tried_from_any_way_in(visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/sign-in")
    await page.get_by_text("New account").click()
    password = page.get_by_label("Password", exact=True)
    await expect(password).to_have_attribute("autocomplete", "new-password")
    await page.get_by_text("Moodle password").click()
    await expect(password).to_have_attribute("autocomplete", "current-password")
    await page.get_by_role("button", name="Try the demo").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Good ")
    await expect(page.get_by_text("Robin Vale").first).to_be_visible()


async def test_every_page_in_use_can_be_used_by_all(visit) -> None:
    mina, jonas = await visit(), await visit()
    await asyncio.gather(
        *(
            arrive(one.page, demo=one.demo, username=name)
            for one, name in ((mina, "mina"), (jonas, "jonas"))
        )
    )
    page = mina.page
    pages = signed_in_pages(await live(page, jonas.page))
    found: list[str] = []
    for path in pages.values():
        await look_at(mina, path)
        found += await troubles(page, f"{path}, in use")

    await mina.open("/smart-study/review")
    await page.get_by_role("button", name="Show answer").click()
    found += await troubles(page, "the answer of a review")
    await mina.open(pages["smart-study-quiz-question"])
    await page.get_by_role("group", name="Answers").get_by_role("button").first.click()
    await page.get_by_role("button", name="Next question").wait_for()
    found += await troubles(page, "the answer of a quiz")
    await mina.open("/smart-study/cards")
    await page.get_by_role("checkbox", name=re.compile("^Choose")).first.click()
    await page.get_by_role("button", name="Add card").click()
    await page.get_by_role("dialog").wait_for()
    found += await troubles(page, "a card being added")
    assert found == []
    assert mina.complaints == jonas.complaints == []


async def test_every_page_without_content_can_be_used_by_all(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.open("/sign-in")
    found = await troubles(page, "sign-in")
    await page.get_by_text("New account").click()
    found += await troubles(page, "a new account")
    await noor.sign_in("noor")
    for path in [*signed_in_pages(NOTHING).values(), "/nowhere"]:
        await look_at(noor, path)
        found += await troubles(page, f"{path}, empty")
    await noor.open("/")
    await page.get_by_role("button", name="More").click()
    found += await barriers(page, "all lines, phone, light")
    assert found == []


async def test_a_page_for_hosts_is_no_page_to_others(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    for path in (FOR_HOSTS, "/nowhere"):
        await look_at(noor, path)
        await expect(page.get_by_role("heading", level=1)).to_have_text(NOWHERE)
        await expect(page.get_by_role("alert")).to_have_count(0)
    await noor.open(FOR_HOSTS)
    await page.get_by_role("link", name="Go to the dashboard").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Good ")


async def look_at(visitor: Visitor, path: str) -> None:
    """Open a page and wait until it is whole."""
    await visitor.open(path)
    await visitor.page.get_by_role("heading", level=1).first.wait_for(state="attached")
    await expect(visitor.page.locator(".skeleton")).to_have_count(0)


async def troubles(page: Page, where: str) -> list[str]:
    """Say what keeps somebody from using a page: at a desk in both looks, then on a phone."""
    found: list[str] = []
    for device, width, look, rules in LOOKS:
        await page.set_viewport_size({"width": width, "height": 900})
        await page.emulate_media(color_scheme=look, reduced_motion="reduce")
        await expect(page.locator("html")).to_have_class(look)
        found += await barriers(page, f"{where}, {device}, {look}", rules)
        if await page.evaluate(SIDEWAYS):
            found.append(f"{where}, {device}: scrolls sideways")
    complaint = page.get_by_role("region", name="Notices").get_by_role("alert")
    if await complaint.count():
        found.append(f"{where}: {await complaint.first.inner_text()}")
    return found


async def barriers(page: Page, where: str, rules: list[str] | None = None) -> list[str]:
    results = await Axe().run(page, options={"runOnly": rules} if rules else None)
    assert results.response["passes"], where
    return [
        f"{where}: {broken['id']} at {node['target']}"
        for broken in results.response["violations"]
        for node in broken["nodes"]
    ]
