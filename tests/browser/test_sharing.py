"""Campus on the screen of a phone: nothing typed is lost, and nothing is in the way."""

import re

import pytest
from playwright.async_api import Page, expect

from studymaster.features.campus.rules.resources import NO_ADDRESS
from tests.browser.visitor import Visitor

PHONE = 360
KEYS = re.compile("^Enter sends")
BEGUN = "What you began is still here"
AGAIN = "choose the file again"
FILE = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Mitosis"}


@pytest.fixture
async def mina(visit) -> Visitor:
    """Mina with her courses, at what the campus shares, on a phone."""
    mina = await visit(width=PHONE)
    await mina.sign_in()
    await mina.await_sync()
    await mina.open("/campus?tab=resources")
    return mina


async def test_a_refused_address_is_told_at_its_field_and_nothing_typed_is_lost(
    mina: Visitor,
) -> None:
    page = mina.page
    await page.get_by_role("button", name="Share something").click()
    await page.get_by_role("radio", name="Link").check()
    title, address = page.get_by_label("Title"), page.get_by_label("Address")
    await title.fill("The cell cycle")
    await address.fill("gopher://cells")
    await page.get_by_role("button", name="Share it").click()
    await expect(address).to_have_accessible_description(NO_ADDRESS)
    await expect(address).to_be_focused()
    await expect(address).to_have_attribute("aria-invalid", "true")

    await page.reload()
    await expect(page.get_by_text(f"{BEGUN}.")).to_be_visible()
    await expect(page.get_by_role("radio", name="Link")).to_be_checked()
    await expect(title).to_have_value("The cell cycle")
    await expect(address).to_have_value("gopher://cells")
    await page.get_by_role("button", name="Start afresh").click()
    await expect(title).to_have_value("")
    await expect(title).to_be_focused()
    await expect(page.get_by_text(BEGUN)).to_have_count(0)
    await page.get_by_role("radio", name="Link").check()
    await expect(address).to_have_value("")
    # The browser itself notes in its console that the address was refused.
    assert not [line for line in mina.complaints if "422" not in line]


async def test_a_file_is_to_be_chosen_again_only_where_one_was(mina: Visitor) -> None:
    page = mina.page
    await page.get_by_role("button", name="Share something").click()
    await page.get_by_label("Title").fill("The cell cycle")
    await page.reload()
    await expect(page.get_by_text(f"{BEGUN}.")).to_be_visible()
    await choose(page, FILE)
    await page.reload()
    await expect(page.get_by_text(AGAIN)).to_be_visible()
    # What is typed now does not make the file forgotten.
    await page.get_by_label("Title").fill("The whole cell cycle")
    await page.reload()
    await expect(page.get_by_text(AGAIN)).to_be_visible()
    await page.get_by_role("radio", name="Note").check()
    await expect(page.get_by_text(f"{BEGUN}.")).to_be_visible()
    await page.get_by_role("radio", name="File").check()
    await choose(page, FILE)
    await choose(page)
    await page.reload()
    await expect(page.get_by_text(f"{BEGUN}.")).to_be_visible()
    assert mina.complaints == []


async def choose(page: Page, *files: dict[str, object]) -> None:
    """Choose a file in the form, or none."""
    await page.locator("input[type=file]").set_input_files(list(files))


@pytest.mark.parametrize("tab", ["resources", "questions"])
async def test_choices_leave_a_phones_screen_to_the_list_until_they_are_opened(
    mina: Visitor, tab: str
) -> None:
    page = mina.page
    await mina.open(f"/campus?tab={tab}")
    button = page.get_by_role("button", name="Filter and order")
    order = page.get_by_label("Order")
    await expect(button).to_have_attribute("aria-expanded", "false")
    await expect(order).to_be_hidden()
    await button.click()
    await expect(button).to_have_attribute("aria-expanded", "true")
    await order.select_option("newest" if tab == "questions" else "useful")
    await expect(button).to_contain_text("1 set")
    await page.set_viewport_size({"width": 1024, "height": 768})
    await expect(button).to_be_hidden()
    await expect(order).to_be_visible()
    assert mina.complaints == []


async def test_the_keys_of_a_keyboard_are_explained_only_to_who_has_one(
    visit, chrome, product
) -> None:
    desk = await visit()
    await desk.sign_in()
    await desk.open("/campus")
    await desk.page.get_by_role("button", name="New group").click()
    window = desk.page.get_by_role("dialog")
    await window.get_by_label("Name").fill("Enzyme evenings")
    await window.get_by_role("button", name="Make the group").click()
    await desk.page.wait_for_url("**/campus/group/**")
    await expect(desk.page.get_by_text(KEYS)).to_be_visible()

    touched = await chrome.new_context(
        base_url=product.place.address,
        viewport={"width": PHONE, "height": 740},
        is_mobile=True,
        has_touch=True,
        reduced_motion="reduce",
    )
    phone = Visitor(await touched.new_page(), product.place.demo_address)
    await phone.sign_in()
    await phone.open(desk.page.url)
    await expect(phone.page.get_by_role("textbox", name="Message")).to_be_visible()
    await expect(phone.page.get_by_text(KEYS)).to_have_count(0)
    assert desk.complaints == phone.complaints == []
