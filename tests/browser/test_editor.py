"""A card with a formula, code, a pasted picture, gaps and covered places, with a reload in between."""

import base64
import io
import re

from PIL import Image
from playwright.async_api import Locator, Page, expect

PASTE = """(field, bytes) => {
    const file = new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], "image.png", {
        type: "image/png",
    });
    const clipboardData = new DataTransfer();
    clipboardData.items.add(file);
    field.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
    );
}"""


def picture() -> bytes:
    """Return a small picture."""
    kept = io.BytesIO()
    Image.new("RGB", (400, 300), "#c8d8e8").save(kept, "PNG")
    return kept.getvalue()


def preview(page: Page) -> Locator:
    """Return where the card is shown as it will be asked."""
    return page.get_by_role("region", name="Preview")


async def test_a_card_is_written_with_all_that_belongs_on_it(visit) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await noor.open("/smart-study")
    await page.get_by_role("button", name="New deck").press("Enter")
    await page.get_by_label("Name").fill("Physics")
    await page.keyboard.press("Enter")
    await write_a_formula(page)
    await write_code(page)
    await paste_a_picture(page)
    await page.reload()  # the window is open again, with all that was in it
    await expect(page.get_by_text("What you typed before is still here.")).to_be_visible()
    front = page.get_by_label("Front")
    await expect(front).to_have_value(re.compile(r"sqrt.*!\[Picture\]\(", re.DOTALL))
    await expect(preview(page).get_by_role("img", name="Picture")).to_be_visible()
    await page.get_by_label("Back").fill("It is $$x = \\frac{1}{2}$$")
    await page.get_by_role("button", name="Add", exact=True).press("Enter")
    await expect(page.get_by_text("1 added so far.")).to_be_visible()
    await hide_words_twice(page)
    await cover_two_places(page)
    await page.keyboard.press("Escape")
    await move_a_place_later(page)
    assert noor.complaints == []


async def write_a_formula(page: Page) -> None:
    """Type one that is broken, which is said, then one that is whole."""
    await page.get_by_role("button", name="Add a card to Physics").press("Enter")
    front = page.get_by_label("Front")
    await front.fill("What is $\\frac{1}$?")
    await expect(preview(page)).to_contain_text("$\\frac{1}$ (this formula cannot be read)")
    await front.fill("What is $\\sqrt{4}$, for $5 or $10?")
    await expect(preview(page).locator(".katex")).to_have_count(1)
    await expect(preview(page)).to_contain_text("for $5 or $10?")


async def write_code(page: Page) -> None:
    """Type code of a language, whose colours come; then the formula stands there again."""
    front = page.get_by_label("Front")
    kept = await front.input_value()
    line = (
        "x = [word for word in 'a long line of code that is scrolled to'.split() if word]"
    )
    await front.fill(f"What is x?\n```python\n{line}\n```\n```\nif nobody knows\n```")
    block = preview(page).get_by_role("region", name="Code in python")
    await expect(block.locator(".code-keyword").first).to_have_text("for")
    await expect(block).to_have_text(line)
    assert await block.evaluate("(one) => one.scrollWidth > one.clientWidth")
    await block.focus()
    await page.keyboard.press("ArrowRight")
    await page.wait_for_function(
        "(one) => one.scrollLeft > 0", arg=await block.element_handle()
    )
    assert await page.evaluate("document.body.scrollWidth <= window.innerWidth")
    plain = preview(page).get_by_role("region", name="Code", exact=True)
    await expect(plain).to_have_text("if nobody knows")
    await expect(plain.locator("span")).to_have_count(0)
    await front.fill(kept)
    await expect(preview(page).locator(".katex")).to_have_count(1)


async def paste_a_picture(page: Page) -> None:
    """Paste it at the end of the question."""
    front = page.get_by_label("Front")
    await front.press("End")
    await front.evaluate(PASTE, base64.b64encode(picture()).decode())
    await expect(front).to_have_value(re.compile(r"\$10\?!\[Picture\]\([\w.-]+\.png\)$"))
    await expect(preview(page).get_by_role("img", name="Picture")).to_be_visible()


async def hide_words_twice(page: Page) -> None:
    """Make a cloze of two gaps by its keys."""
    await page.get_by_label("Kind").select_option("cloze")
    sentence = page.get_by_label("Sentence")
    await sentence.fill("Mitochondria make ATP")
    await sentence.evaluate("(field) => field.setSelectionRange(0, 12)")
    await sentence.press("Control+Shift+KeyC")
    await sentence.evaluate(
        "(field) => field.setSelectionRange(field.value.length - 3, field.value.length)"
    )
    await sentence.press("Control+Shift+KeyC")
    await expect(sentence).to_have_value("{{c1::Mitochondria}} make {{c2::ATP}}")
    await preview(page).get_by_role("button", name="Card 2").press("Enter")
    await expect(preview(page)).to_contain_text("Mitochondria make [...]")
    await page.get_by_role("button", name="Add", exact=True).press("Enter")
    await expect(page.get_by_text("3 added so far.")).to_be_visible()


async def cover_two_places(page: Page) -> None:
    """Choose a picture and cover it by keyboard alone."""
    await page.get_by_label("Kind").select_option("occlusion")
    chosen = {"name": "heart.png", "mimeType": "image/png", "buffer": picture()}
    await page.locator("form input[type=file]").set_input_files([chosen])
    add = page.get_by_role("button", name="Add a place")
    await add.press("Enter")
    first = page.get_by_role("button", name=re.compile("^Place 1 of"))
    await expect(first).to_be_focused()
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight"):
        await page.keyboard.press(key)
    masks = page.locator("textarea[name=masks]")
    await expect(masks).to_have_value(
        "{{c1::image-occlusion:rect:left=.39:top=.39:width=.21:height=.1:oi=1}}"
    )
    await add.press("Enter")
    await expect(
        page.get_by_role("button", name="Place 2 of 2, asked by card 2")
    ).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await name_a_place(page)
    await page.get_by_role("button", name="Add", exact=True).press("Enter")
    await expect(page.get_by_text("5 added so far.")).to_be_visible()


async def name_a_place(page: Page) -> None:
    """Name the chosen place by keyboard; the name stands with its answer and nowhere else."""
    await page.keyboard.press("Enter")
    await page.keyboard.type("Left: atrium")
    await page.keyboard.press("Enter")
    named = page.get_by_role("button", name="Place 2 of 2, Left: atrium, asked by card 2")
    await expect(named).to_be_focused()
    await expect(page.locator("textarea[name=masks]")).to_have_value(
        re.compile(r"\{\{c2::.*:oi=1:label=Left%3A atrium\}\}$")
    )
    await preview(page).get_by_role("button", name="Card 2").press("Enter")
    await expect(preview(page).locator("figcaption")).to_have_text("Left: atrium")
    await preview(page).get_by_role("button", name="Card 1").press("Enter")
    await expect(preview(page).locator("figcaption")).to_have_count(0)
    number = page.get_by_role("spinbutton", name="Asked by card")
    await number.fill("7")
    await expect(
        page.get_by_role("button", name=re.compile("atrium, asked by card 7"))
    ).to_have_count(1)
    await number.fill("2")
    await named.focus()


async def move_a_place_later(page: Page) -> None:
    """Open the picture once more: its places are where they were, and one goes."""
    await page.goto("/smart-study/cards")
    await page.get_by_label("Search").fill("heart")
    await page.get_by_role("button", name=re.compile("heart")).first.press("Enter")
    second = page.get_by_role("button", name=re.compile("^Place 2 of 2"))
    await second.press("Delete")
    await page.get_by_role("button", name="Save", exact=True).press("Enter")
    await expect(page.get_by_text("1 card goes")).to_be_visible()
    await page.get_by_role("button", name="Save all the same").press("Enter")
    await expect(page.get_by_role("button", name=re.compile("heart"))).to_have_count(1)
