"""What belongs to a student alone: choices, the inbox, the way out with or without the data."""

import io
import json
import re
import zipfile

from playwright.async_api import expect


async def test_choices_hold_on_every_device(visit) -> None:
    here, there = await visit(), await visit()
    for window in (here, there):
        await window.sign_in("noor")
    page = here.page
    await here.open("/settings")
    await page.get_by_text("Light", exact=True).click()
    await page.get_by_label("The day starts at").select_option("6")
    day = page.locator("form").filter(has=page.get_by_label("Time zone"))
    await day.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Your day starts at 06:00")).to_be_visible()
    for name in ("When a session ends.", "Let me be found as a study buddy"):
        await page.get_by_role("switch", name=name).click()
    await page.get_by_label("Address").fill("https://models.example.com/v1")
    await page.get_by_label("Name of the model").fill("small")
    await page.get_by_label("Key").fill("a-key-of-my-own")
    model = page.locator("form").filter(has=page.get_by_label("Name of the model"))
    await model.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("button", name="Test it")).to_be_visible()
    await expect(page.get_by_label("Key")).to_have_value("")

    await there.open("/settings")
    other = there.page
    await expect(other.locator("html")).to_have_class("light")
    await expect(other.get_by_text("Your day starts at 06:00")).to_be_visible()
    await expect(other.get_by_role("switch", name="When a session")).not_to_be_checked()
    await expect(other.get_by_role("switch", name="Let me be found")).to_be_checked()
    await expect(other.get_by_label("Name of the model")).to_have_value("small")
    assert "a-key-of-my-own" not in await other.content()
    await there.open("/campus?tab=buddies")
    await expect(other.get_by_label("Open to buddies")).to_be_checked()
    assert here.complaints == there.complaints == []


async def test_news_ring_the_bell_in_every_tab_until_they_are_read(visit) -> None:
    jonas = await visit()
    page = jonas.page
    await jonas.sign_in("jonas")
    await jonas.await_sync()
    await jonas.open("/notifications")
    second = await jonas.open_beside("/live-sync")
    bell = second.get_by_role("banner").get_by_role("link", name="Notifications")
    await expect(bell).to_be_visible()
    await jonas.change_demo("add_lecture", course="BIO 110", name="Lecture that just came")
    await second.get_by_role("button", name="Sync now").click()
    await expect(bell).to_contain_text(re.compile(r"\d unread"), timeout=30_000)
    news = page.get_by_role("list", name="Notifications").get_by_role("listitem")
    await expect(news.first).to_contain_text("new")
    await page.get_by_role("button", name="Mark all as read").click()
    await expect(bell).not_to_contain_text("unread")
    await expect(
        page.get_by_role("button", name=re.compile("^Mark as read"))
    ).to_have_count(0)
    assert jonas.complaints == []


async def test_the_export_is_a_file_that_opens_and_holds_no_secret(visit) -> None:
    mina, noor = await visit(), await visit()
    page = mina.page
    await mina.sign_in()
    await mina.await_sync()
    await mina.open("/settings")
    await page.get_by_role("button", name="Export my data").click()
    ready = page.get_by_role("list", name="Exports").get_by_role("link", name="Download")
    await expect(ready).to_be_visible(timeout=30_000)
    async with page.expect_download() as download:
        await ready.click()
    path = await (await download.value).path()
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as file:
        assert file.testzip() is None
        texts = {
            name: file.read(name).decode()
            for name in file.namelist()
            if name.endswith("json")
        }
    assert "Mina Aalto" in "".join(texts.values())
    assert "CHEM 221" in "".join(texts.values())
    assert all(json.loads(text) is not None for text in texts.values())
    assert not re.search("sealed|password_hash|token", "".join(texts.values()))
    await noor.sign_in("noor")
    address = await ready.get_attribute("href") or ""
    assert (await noor.page.request.get(address)).status == 404
    assert mina.complaints == []


async def test_a_deleted_account_is_gone_everywhere_and_its_moodle_is_not(visit) -> None:
    here, there = await visit(), await visit()
    for window in (here, there):
        await window.sign_in("jonas")
    page = here.page
    await here.await_sync()
    await there.open("/smart-study")
    await here.open("/settings")
    await page.get_by_role("button", name="Delete my account").click()
    window = page.get_by_role("dialog")
    await window.get_by_label("Type delete, or your name").fill("not that")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await window.get_by_label("Type delete, or your name").fill("delete")
    await page.keyboard.press("Enter")
    for left in (page, there.page):
        await left.wait_for_url("**/sign-in**")
    await here.sign_in("jonas")
    await here.open("/settings")
    await expect(
        page.get_by_role("button", name=re.compile("^End the session"))
    ).to_have_count(1)
    assert here.complaints == there.complaints == []
