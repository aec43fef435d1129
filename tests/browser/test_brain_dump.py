"""Notes that are never lost: typed, spoken, shown in every tab, turned into cards."""

import re

from playwright.async_api import Locator, Page, expect

THOUGHT = "Enzymes lower the energy that a reaction needs #exam"
MORE = "\n\nThe active site binds the substrate. Heat unfolds the protein for good."

LINKS = """Where to read about it before the exam

https://example.org/a and [the tutor](mailto:tutor@example.org), but
[run](javascript:alert(1)) and [show](data:text/html,x) and [go](vbscript:x)"""
STALE = """([note, text]) => {
  const box = Object.keys(localStorage).find((name) => /^sm-draft:.+:box$/.test(name));
  const kept = JSON.stringify({ text, version: 1 });
  localStorage.setItem(box.replace(/box$/, note), kept);
}"""
"""Leaves words behind, as a dead connection does, typed into a note's first version."""


async def test_what_is_typed_outlives_its_tab_and_shows_in_every_other(visit) -> None:
    mina = await visit()
    page = mina.page
    await mina.sign_in()
    await mina.open("/brain-dump")
    second = await mina.open_beside("/brain-dump")
    await keep(page, THOUGHT)
    await expect(row(second, THOUGHT)).to_contain_text("#exam")

    await row(second, THOUGHT).click()
    await expect(pad(second)).to_have_value(THOUGHT)
    await row(page, THOUGHT).click()
    await type_on(page, MORE)
    await expect(pad(second)).to_have_value(THOUGHT + MORE)
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    address = second.url
    await type_on(second, "\n\nLast words")
    await second.close()
    third = await mina.open_beside(address)
    await expect(pad(third)).to_have_value(THOUGHT + MORE + "\n\nLast words")
    await expect(pad(page)).to_have_value(THOUGHT + MORE + "\n\nLast words")

    box = page.get_by_label("A thought, before it is gone")
    await box.fill("Half a tho")
    await mina.open("/")
    await mina.open("/brain-dump")
    await expect(box).to_have_value("Half a tho")
    assert mina.complaints == []


async def test_words_that_became_a_copy_have_their_own_address(visit) -> None:
    mina = await visit()
    page = mina.page
    await mina.sign_in()
    await mina.open("/brain-dump")
    await keep(page, "Ribosomes read in threes")
    await row(page, "Ribosomes").click()
    await page.wait_for_url("**note=*")
    address, late = page.url, await mina.open_beside("/brain-dump")
    await type_on(page, "\n\nCodons")
    await expect(row(late, "Ribosomes")).to_contain_text("Codons")
    await late.get_by_label("A thought, before it is gone").fill("Half a tho")
    await late.evaluate(STALE, [address.partition("note=")[2], "Ribosomes\n\nAnticodons"])

    await late.goto(address)
    await late.wait_for_url(lambda url: url != address)
    await late.reload()
    await expect(pad(late)).to_have_value("Ribosomes\n\nAnticodons")
    await expect(pad(page)).to_have_value("Ribosomes read in threes\n\nCodons")
    await page.get_by_role("link", name="Open the copy").click()
    await expect(pad(page)).to_have_value("Ribosomes\n\nAnticodons")
    assert mina.complaints == []


async def test_a_thought_without_words_is_asked_for(visit) -> None:
    mina = await visit()
    await mina.sign_in()
    await mina.open("/brain-dump")
    box = mina.page.get_by_label("A thought, before it is gone")
    await box.fill("  \n ")
    await mina.page.get_by_role("button", name="Keep").click()
    await expect(mina.page.get_by_text("Type something first.")).to_be_visible()
    await expect(box).to_have_value("")


async def test_only_what_leads_to_a_site_or_a_mailbox_is_a_link(visit) -> None:
    mina = await visit()
    page = mina.page
    await mina.sign_in()
    await mina.open("/brain-dump")
    await keep(page, LINKS)
    await row(page, "Where to read").click()
    await page.get_by_role("tab", name="Read").click()
    await expect(page.locator(".written")).to_contain_text("run and show and go")
    links = page.locator(".written a")
    assert await links.evaluate_all("all => all.map((a) => [a.href, a.rel, a.target])") == [
        [address, "noopener noreferrer nofollow", "_blank"]
        for address in ("https://example.org/a", "mailto:tutor@example.org")
    ]


async def test_a_session_that_ends_in_mid_sentence_takes_no_word_with_it(visit) -> None:
    noor, elsewhere = await visit(), await visit()
    page = noor.page
    for window in (noor, elsewhere):
        await window.sign_in("noor")
    await noor.open("/brain-dump")
    await keep(page, THOUGHT)
    await row(page, THOUGHT).click()
    await elsewhere.open("/settings")
    end = elsewhere.page.get_by_role("button", name=re.compile("^End the session"))
    await expect(end).to_have_count(2)
    others = (
        elsewhere.page.get_by_role("listitem")
        .filter(has=end)
        .filter(has_not_text="this one")
    )
    await page.context.set_offline(offline=True)
    await type_on(page, MORE)
    await others.get_by_role("button").click()
    await expect(end).to_have_count(1)
    await page.context.set_offline(offline=False)

    await page.wait_for_url("**/sign-in**")
    await noor.fill_moodle(username="noor", password="campus")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/brain-dump**")
    await expect(pad(page)).to_have_value(THOUGHT + MORE)
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()


async def test_a_voice_memo_is_kept_and_can_be_heard(visit) -> None:
    noor, jonas = await visit(), await visit()
    page = noor.page
    await noor.sign_in("noor")
    await noor.open("/brain-dump")
    second = await noor.open_beside("/brain-dump")
    await page.get_by_role("button", name="Record").click()
    await expect(page.get_by_text("0:01", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Stop").click()
    for tab in (page, second):
        await expect(row(tab, "Voice memo of")).to_contain_text("1 recording")
    await row(page, "Voice memo of").click()
    memo = page.get_by_label("Recording", exact=True)
    seconds = await memo.evaluate(
        """async (audio) => {
          const whole = new Audio(audio.src);
          await new Promise((heard, lost) => {
            whole.onloadeddata = heard;
            whole.onerror = () => lost(whole.error.message);
          });
          whole.currentTime = 1e9;
          await new Promise((there) => (whole.ontimeupdate = there));
          return whole.currentTime;
        }"""
    )
    assert 0.5 < seconds < 30
    address = await memo.get_attribute("src") or ""
    await jonas.sign_in("jonas")
    assert (await jonas.page.request.get(address)).status == 404
    assert noor.complaints == []


async def test_a_note_becomes_cards(visit) -> None:
    jonas = await visit()
    page = jonas.page
    await jonas.sign_in("jonas")
    await jonas.await_sync()
    await jonas.open("/brain-dump")
    await keep(page, "Osmosis is the diffusion of water through a membrane." + MORE)
    await row(page, "Osmosis is").click()
    await page.get_by_label("Course", exact=True).select_option(label="BIO 110")
    await page.get_by_role("button", name="Make cards").click()
    await page.get_by_role("link", name="See the proposals").click()
    await page.get_by_role("button", name="Accept", exact=True).click()
    await expect(page.get_by_text(re.compile("decided"))).to_be_visible()
    assert jonas.complaints == []


async def keep(page: Page, words: str) -> None:
    await page.get_by_label("A thought, before it is gone").fill(words)
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("Kept", exact=True)).to_be_visible()
    await expect(row(page, words[:30])).to_be_visible()


def row(page: Page, words: str) -> Locator:
    notes = page.get_by_role("region", name="Notes", exact=True)
    return notes.get_by_role("link").filter(has_text=words[:30])


def pad(page: Page) -> Locator:
    return page.get_by_label("Words of the note")


async def type_on(page: Page, words: str) -> None:
    await pad(page).press("Control+End")
    await page.keyboard.insert_text(words)
