"""Cards come in from a table and go into the plan of an exam, in a real browser."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

TABLE = "Question;Answer;Tags\ncanis;dog;animal\nfelis;cat;animal\n;nobody;\n"


async def test_a_table_comes_in_and_its_cards_get_an_exam(visit, tmp_path) -> None:
    noor = await visit()
    page = noor.page
    await noor.sign_in("noor")
    await noor.open("/smart-study")
    await page.get_by_role("button", name="New deck").press("Enter")
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.keyboard.type("Latin")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Latin")).to_be_visible()

    await noor.open("/smart-study/exchange")
    path = tmp_path / "words.csv"
    path.write_text(TABLE, encoding="utf-8")
    await page.locator("input[type=file]").set_input_files(path)
    said = "A table divided by semicolons; its first row names the columns."
    await expect(page.get_by_text(said)).to_be_visible()
    await expect(page.get_by_text("2 rows can be cards, 1 cannot.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("What Column 1 holds")).to_have_value("front")
    await page.get_by_label("A row becomes").select_option("reversed")
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_text("Notes imported")).to_be_visible()

    await noor.open("/smart-study/exams")
    await page.get_by_role("button", name="New exam").first.click()
    await page.get_by_label("What is it called?").fill("Vocabulary")
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    await page.get_by_label("On which day?").fill(day)
    await page.get_by_role("button", name="Save").click()
    alert = page.get_by_role("alert")
    await expect(alert.get_by_text("Choose at least one course or deck")).to_be_visible()
    await page.get_by_role("checkbox", name="Latin").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Vocabulary")).to_be_visible()
    await expect(page.get_by_text("It works out: all 4 cards are seen")).to_be_visible()
    await page.get_by_text("What if you wanted to know more, or less?").click()
    await expect(page.get_by_role("row", name="95 %")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("It works out: all 4 cards are seen")).to_be_visible()
    assert noor.complaints == []
