"""What holds on every page: where the focus is, what the connection does, who can use it."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from studymaster.studymaster import SCREENS
from tests.browser.visitor import Visitor

LECTURE_ROUTE = "/smart-study/lecture/[material_id]"
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
        await expect(page.get_by_text("has run out")).to_have_count(1)
        await expect(sync).to_be_focused()
    finally:
        await noor.heal_demo()
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
    await page.get_by_role("button", name="Try the demo").click()
    await expect(page.get_by_label("Moodle password")).to_be_checked()
    await expect(page.get_by_label("Moodle user name")).to_have_value("mina")
    await expect(page.get_by_label("Address of your Moodle")).to_have_value(visitor.demo)
    await expect(password).to_be_focused()
    await expect(password).to_have_attribute("autocomplete", "current-password")
    await page.keyboard.type("campus")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Good ")


async def test_every_page_is_free_of_known_barriers(visit) -> None:
    jonas = await visit()
    page = jonas.page
    await jonas.open("/sign-in")
    found = await barriers(page, "sign-in, dark")
    lecture = await bring_content(jonas)
    routes = [screen.route.replace(LECTURE_ROUTE, lecture) for screen in SCREENS]
    for width, scheme in ((1440, "dark"), (360, "light")):
        await page.set_viewport_size({"width": width, "height": 900})
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for path in [*routes, "/nowhere"]:
            await jonas.open(path)
            await expect(page.locator("html")).to_have_class(scheme)
            await page.get_by_role("heading", level=1).first.wait_for(state="attached")
            await expect(page.locator(".skeleton")).to_have_count(0)
            found += await barriers(page, f"{path}, {scheme}")
    await jonas.open("/smart-study/review")
    await page.get_by_role("button", name="Show answer").click()
    found += await barriers(page, "answer, light")
    await page.get_by_role("button", name="Good").click()
    await expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    found += await barriers(page, "review done, light")
    await jonas.open("/")
    await page.get_by_role("button", name="More").click()
    found += await barriers(page, "all lines, light")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_text("New account").click()
    found += await barriers(page, "sign-in, light")
    assert found == []


async def bring_content(jonas: Visitor) -> str:
    """Sign in, sync, and leave a lecture with proposals and one card; return its path."""
    await jonas.sign_in("jonas")
    await jonas.await_sync()
    await jonas.open_lecture("BIO 110", "Lecture 2: Enzymes & Energy")
    await jonas.make_cards()
    await jonas.decide("a")
    return "/smart-study" + jonas.page.url.partition("/smart-study")[2]


async def barriers(page: Page, where: str) -> list[str]:
    results = await Axe().run(page)
    assert results.response["passes"], where
    return [
        f"{where}: {broken['id']} at {node['target']}"
        for broken in results.response["violations"]
        for node in broken["nodes"]
    ]
