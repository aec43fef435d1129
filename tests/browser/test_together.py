"""Two students in two browsers: what one does, the other sees without reloading."""

import asyncio
import re
from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.visitor import Visitor

COURSE = "BIO 110"
SUMMARY = (
    b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
)
GONE_ELSEWHERE = 404


@pytest.fixture
async def two(visit) -> tuple[Visitor, Visitor]:
    """Mina and Jonas, each in a browser of their own."""
    mina, jonas = await visit(), await visit()
    await asyncio.gather(mina.sign_in("mina"), jonas.sign_in("jonas"))
    return mina, jonas


@pytest.fixture
async def classmates(two: tuple[Visitor, Visitor]) -> tuple[Visitor, Visitor]:
    """Mina and Jonas with the courses that they share."""
    await asyncio.gather(*(student.await_sync() for student in two))
    return two


async def test_a_focus_session_is_one_clock_everywhere_and_its_end_is_seen_by_all(
    two: tuple[Visitor, Visitor], move_focus_back
) -> None:
    mina, jonas = two
    for student in two:
        await student.open("/accountability")
        shown = student.page.get_by_label("Show me on the leaderboard")
        await shown.click()
        await expect(shown).to_be_checked()
    hers = place_of(jonas.page, "Mina Aalto")
    await expect(hers).to_have_count(0)

    await mina.open("/focus")
    page, second = mina.page, await mina.open_beside("/focus")
    await expect(second.get_by_role("timer")).to_have_text("25:00")
    await page.get_by_label("Task").fill("Problem set 6")
    await page.keyboard.press("Enter")
    await second.get_by_role("button", name="Pause").click()
    await expect(page.get_by_text("Paused · Problem set 6")).to_be_visible()
    time = await second.get_by_role("timer").inner_text()
    assert re.fullmatch(r"24:\d\d|25:00", time)
    await expect(page.get_by_role("timer")).to_have_text(time)
    await page.reload()
    await expect(page.get_by_role("timer")).to_have_text(time)
    await expect(page).to_have_title(re.compile(f"^{time} paused"))
    await expect(page.get_by_role("button", name="Resume")).to_be_visible()
    await page.keyboard.press("Space")
    await expect(second.get_by_role("button", name="Pause")).to_be_visible()

    move_focus_back(timedelta(minutes=25) - timedelta(seconds=4))
    await look_again(page)
    await expect(page.get_by_role("timer")).to_have_text(re.compile(r"0:0\d"))
    await expect(page.get_by_text("Session finished: ")).to_be_visible()
    await expect(second.get_by_role("button", name="Start")).to_be_visible()
    for tab in (page, second):
        await expect(tab.get_by_text("5 points", exact=True)).to_be_visible()
        await expect(tab.get_by_text("Problem set 6", exact=True)).to_be_visible()
    # The leaderboard moves some seconds later, once for all who earn something meanwhile.
    await expect(hers).to_contain_text("5 points", timeout=15_000)

    await page.get_by_role("link", name=re.compile(r"Notifications \d unread")).click()
    await expect(page.get_by_text("Focus session finished: 25 min")).to_be_visible()
    await mina.open("/accountability")
    await expect(page.get_by_text("You focused for 25 min")).to_be_visible()
    assert mina.complaints == jonas.complaints == []


def place_of(page: Page, name: str) -> Locator:
    return page.locator("ol[aria-live] li").filter(has_text=name)


async def look_again(page: Page) -> None:
    """Come back to a tab: it asks the server for the time."""
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


async def test_a_group_talks_and_shares_across_browsers_and_nobody_else_comes_in(
    classmates: tuple[Visitor, Visitor], visit
) -> None:
    mina, jonas = classmates
    link = await make_group(mina, "Enzyme evenings")
    room = mina.page.url
    await jonas.page.goto(link)
    await expect(jonas.page.get_by_role("heading", name="Enzyme evenings")).to_be_visible()
    await jonas.page.get_by_role("button", name="Join the group").click()
    await jonas.page.wait_for_url("**/campus/group/**")
    await expect(mina.page.get_by_text("Jonas Keller", exact=True)).to_be_visible()

    await say(jonas.page, "Tuesday at six?")
    await expect(lines(mina.page).filter(has_text="Tuesday at six?")).to_be_visible()
    await say(mina.page, "<b>Yes</b>, room 12")
    await say(mina.page, "Room 14, sorry")
    await expect(lines(jonas.page).filter(has_text="Room 14")).to_be_visible()
    wrong = lines(mina.page).filter(has_text="<b>Yes</b>")
    await wrong.get_by_role("button", name=re.compile("^Remove")).click()
    await wrong.get_by_role("button", name="Remove", exact=True).click()
    for student in classmates:
        gone = lines(student.page).filter(has_text="Removed by its author")
        await expect(gone).to_have_count(1)
        await expect(lines(student.page).filter(has_text="room 12")).to_have_count(0)

    await jonas.open("/campus?tab=resources")
    await share_summary(mina, "Summary of enzymes")
    shared = jonas.page.locator("li").filter(has_text="Summary of enzymes")
    await expect(shared).to_contain_text("Mina Aalto")
    file = shared.get_by_role("link", name=re.compile("enzymes.pdf"))
    address = await file.get_attribute("href") or ""
    assert await (await jonas.page.request.get(address)).body() == SUMMARY

    noor = await visit()
    await noor.sign_in("noor")
    assert (await noor.page.request.get(address)).status == GONE_ELSEWHERE
    await noor.open(room)
    await expect(noor.page.get_by_text("You are not in this group")).to_be_visible()
    assert mina.complaints == jonas.complaints == noor.complaints == []


async def make_group(mina: Visitor, name: str) -> str:
    """Make a group for the shared course; return its invitation link."""
    page = mina.page
    await mina.open("/campus")
    await page.get_by_role("button", name="New group").click()
    window = page.get_by_role("dialog")
    await window.get_by_label("Name").fill(name)
    course = await window.get_by_role("option", name=re.compile(COURSE)).get_attribute(
        "value"
    )
    await window.get_by_label("Course").select_option(course)
    await window.get_by_role("button", name="Make the group").click()
    await page.wait_for_url("**/campus/group/**")
    link = page.get_by_label("Invitation link", exact=True)
    await expect(link).to_have_value(re.compile("/campus/join/"))
    return await link.input_value()


def lines(page: Page) -> Locator:
    return page.get_by_role("region", name="Messages").get_by_role("listitem")


async def say(page: Page, words: str) -> None:
    await page.get_by_role("textbox", name="Message").fill(words)
    await page.keyboard.press("Enter")
    await expect(lines(page).filter(has_text=words)).to_be_visible()
    await expect(page.get_by_text("Sending")).to_have_count(0)


async def share_summary(mina: Visitor, title: str) -> None:
    page = mina.page
    await mina.open("/campus?tab=resources")
    await page.get_by_role("button", name="Share something").click()
    await page.get_by_label("Title").fill(title)
    await page.get_by_label("Share with").select_option(label="Group: Enzyme evenings")
    file = {"name": "enzymes.pdf", "mimeType": "application/pdf", "buffer": SUMMARY}
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="Share it").click()
    await expect(page.get_by_text("Shared.", exact=True)).to_be_visible()


async def test_buddies_find_each_other_and_one_takes_the_others_pledge(
    classmates: tuple[Visitor, Visitor],
) -> None:
    mina, jonas = classmates
    for student in classmates:
        await student.open("/campus?tab=buddies")
        await expect(student.page.get_by_text("No buddies yet")).to_be_visible()
        await expect(student.page.get_by_text("Jonas Keller")).to_have_count(
            1 if student is jonas else 0
        )
        await student.page.get_by_label("Open to buddies").click()
    await jonas.page.reload()
    await jonas.page.get_by_role("button", name="Ask Mina Aalto").click()
    await jonas.page.get_by_label("A few words").fill("Hash tables on Friday?")
    await jonas.page.get_by_role("button", name="Send request").click()
    await expect(mina.page.get_by_text("Hash tables on Friday?")).to_be_visible()
    await mina.page.get_by_role("button", name="Accept", exact=True).click()
    ended = jonas.page.get_by_role("button", name="End", exact=True)
    await expect(ended).to_be_visible()

    await mina.open("/accountability")
    await jonas.open("/accountability")
    page = jonas.page
    await page.get_by_text("Make a pledge").click()
    await page.get_by_label("To whom").select_option(label="Mina Aalto")
    await page.get_by_label("How many").fill("30")
    await page.get_by_role("button", name="Promise it").click()
    for student in classmates:
        promise = student.page.locator("li").filter(has_text="30 cards")
        await expect(promise).to_contain_text("0 of 30")
    await expect(mina.page.get_by_text("Promised to you")).to_be_visible()
    assert mina.complaints == jonas.complaints == []


async def test_a_question_is_answered_while_its_asker_looks_on(
    classmates: tuple[Visitor, Visitor],
) -> None:
    mina, jonas = classmates
    for student in classmates:
        await student.open("/campus?tab=questions")
    page = mina.page
    await page.get_by_role("button", name="Ask a question").click()
    await page.get_by_label("Ask the course").select_option(index=1)
    await page.get_by_label("Your question in a line").fill("Why are enzymes specific?")
    await page.get_by_role("button", name="Ask", exact=True).click()
    for student in (jonas, mina):
        await student.page.get_by_role("button", name="Why are enzymes").click()
    await jonas.page.get_by_label("Your answer").fill(
        "Their active site fits one substrate."
    )
    await jonas.page.get_by_role("button", name="Answer", exact=True).click()
    answer = page.get_by_role("list", name="Answers").get_by_role("listitem")
    await expect(answer).to_contain_text("active site fits")
    await answer.get_by_role("button", name="This helped").click()
    await expect(jonas.page.get_by_text("Solved", exact=True)).to_be_visible()
    assert mina.complaints == jonas.complaints == []
