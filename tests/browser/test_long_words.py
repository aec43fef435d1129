"""Whatever students type: no page scrolls sideways, and no plain word is torn for it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Page, expect

from operate.screens import signed_in_pages
from operate.student_life import Made, arrive, course_page
from tests.browser.visitor import Visitor
from tests.features.library.shelf import lecture_pdf

API = "/api/v1"
COURSE = "BIO 110"
PHONE, DESK = 360, 1440
ENDLESS = "Rindfleischetikettierungsueberwachungsaufgaben" * 8
NAME, LINE, TAG = ENDLESS[:120], ENDLESS[:200], ENDLESS[:60]
"""As long as a name, a title and a tag may be, without a place to break."""

GOOD = 4
CROSSING = "document.documentElement.scrollWidth > innerWidth"
TORN = r"""() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const torn = new Set();
  const range = document.createRange();
  while (texts.nextNode()) {
    const node = texts.currentNode;
    for (const { 0: word, index } of node.data.matchAll(/(?<!\S)[\p{L}\p{N}]{2,14}(?!\S)/gu)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (tops.size > 1) torn.add(word);
    }
  }
  return [...torn];
}"""
"""Finds plain words whose letters stand in more than one line."""


async def test_endless_words_make_no_page_scroll_sideways(visit) -> None:
    mina, jonas = await visit(), await visit()
    await asyncio.gather(
        *(
            arrive(one.page, demo=one.demo, username=name)
            for one, name in ((mina, "mina"), (jonas, "jonas"))
        )
    )
    pages = signed_in_pages(await write_endlessly(mina.page, jonas.page))
    found = [trouble for path in pages.values() for trouble in await troubles(mina, path)]
    assert found == []
    assert mina.complaints == jonas.complaints == []


async def troubles(visitor: Visitor, path: str) -> list[str]:
    """Say at which widths a page scrolls sideways, and which plain words it tears."""
    page = visitor.page
    await visitor.open(path)
    await page.get_by_role("heading", level=1).first.wait_for(state="attached")
    await expect(page.locator(".skeleton")).to_have_count(0)
    found: list[str] = []
    for width in (PHONE, DESK):
        await page.set_viewport_size({"width": width, "height": 900})
        if await page.evaluate(CROSSING):
            found.append(f"{path} scrolls sideways at {width}")
        found += [f"{path} tears {word} at {width}" for word in await page.evaluate(TORN)]
    return found


async def write_endlessly(mina: Page, jonas: Page) -> Made:
    """Let both type endless words wherever they can; the pages to look at are Mina's."""
    courses = (await call(mina, "get", "/courses"))["items"]
    course = next(one["id"] for one in courses if one["shortname"] == COURSE)
    for page in (mina, jonas):
        await call(page, "patch", "/auth/me", data={"display_name": NAME})
        await call(page, "patch", "/accountability/leaderboard", data={"taking_part": True})
    group, code = await meet(mina, jonas, course=course)
    await share(mina, jonas, course=course)
    await pair_up(mina, jonas)
    lecture, quiz = await study(mina, course=course)
    note = {"kind": "todo", "text": f"# {LINE}\n\n{LINE} #{TAG}", "course_id": course}
    kept = await call(mina, "post", "/notes", data=note)
    await focus(mina, course=course)
    return Made(
        {
            "/smart-study/lecture/[material_id]": f"/smart-study/lecture/{lecture}",
            "/live-sync/course/[course_id]": await course_page(mina),
            "/smart-study/quiz/[quiz_id]": f"/smart-study/quiz/{quiz}",
            "/campus/group/[group_id]": f"/campus/group/{group}",
            "/campus/join/[code]": f"/campus/join/{code}",
        },
        note=f"/brain-dump?note={kept['id']}",
    )


async def call(page: Page, method: str, path: str, **body: Any) -> dict[str, Any]:
    """Ask the API as the student whose browser it is."""
    answer = await page.request.fetch(f"{API}{path}", method=method, **body)
    assert answer.ok, (path, await answer.text())
    return await answer.json() if await answer.body() else {}


async def meet(mina: Page, jonas: Page, *, course: int) -> tuple[str, str]:
    """Make a group that talks and plans, and one to be invited to."""
    new = {"name": NAME, "about": LINE, "course_id": course, "listed": True}
    group = await call(mina, "post", "/social/groups", data=new)
    other = await call(jonas, "post", "/social/groups", data=new)
    room = f"/social/groups/{group['id']}"
    inside = await call(mina, "get", room)
    code = (await call(jonas, "get", f"/social/groups/{other['id']}"))["invite_code"]
    await call(jonas, "post", "/social/groups/join", data={"code": inside["invite_code"]})
    for page in (jonas, mina):
        await call(page, "post", f"{room}/messages", data={"text": LINE})
    soon = datetime.now(UTC) + timedelta(hours=2)
    plan = {"next_session": soon.isoformat(), "next_session_note": NAME}
    await call(jonas, "get", room)
    await call(mina, "patch", room, data=plan)
    return group["id"], code


async def share(mina: Page, jonas: Page, *, course: int) -> None:
    """Share a link and a note, ask a question and answer it."""
    form = {"title": LINE, "course_id": str(course)}
    link = {**form, "kind": "link", "address": f"https://example.org/{LINE}"}
    await call(jonas, "post", "/social/resources", multipart=link)
    note = {**form, "kind": "note", "text": LINE}
    await call(mina, "post", "/social/resources", multipart=note)
    asked = {"course_id": course, "title": LINE, "text": LINE}
    question = await call(mina, "post", "/social/questions", data=asked)
    answers = f"/social/questions/{question['id']}/answers"
    await call(jonas, "post", answers, data={"text": LINE})


async def pair_up(mina: Page, jonas: Page) -> None:
    """Make them buddies, with a pledge of one to the other."""
    for page in (mina, jonas):
        await page.goto("/campus?tab=buddies")
        switch = page.get_by_role("switch", name="Open to buddies")
        await switch.click()
        await expect(switch).to_be_checked()
    (found, *_) = (await call(jonas, "get", "/social/buddies/suggestions"))["items"]
    to = {"account_id": found["account_id"], "note": LINE}
    link = await call(jonas, "post", "/social/buddies", data=to)
    await call(mina, "post", f"/social/buddies/{link['id']}/accept")
    pledge = {"buddy_id": to["account_id"], "measure": "reviews", "amount": 50, "days": 7}
    await call(jonas, "post", "/accountability/pledges", data=pledge)


async def study(page: Page, *, course: int) -> tuple[str, str]:
    """Add a lecture and cards, answer one, begin a quiz; return lecture and quiz."""
    file = {"name": f"{NAME}.pdf", "mimeType": "application/pdf", "buffer": lecture_pdf()}
    shelf = f"/courses/{course}/materials"
    lecture = await call(page, "post", shelf, multipart={"file": file})
    for number in range(5):
        words = {"front": f"{LINE}{number}", "back": f"{LINE}{number}", "tags": [TAG]}
        await call(page, "post", "/flashcards", data={**words, "course_id": course})
    (card, *_) = (await call(page, "get", "/flashcards/due"))["items"]
    answer = {"turn": card["turn"], "grade": GOOD}
    await call(page, "post", f"/flashcards/{card['id']}/review", data=answer)
    asked = {"count": 5, "course_id": course}
    quiz = await call(page, "post", "/quizzes", data=asked)
    return lecture["id"], quiz["id"]


async def focus(page: Page, *, course: int) -> None:
    """End one session, and leave another going on."""
    first = await call(page, "post", "/focus/sessions", data={"task": LINE})
    await call(page, "post", f"/focus/sessions/{first['id']}/finish")
    second = {"task": LINE, "course_id": course, "rounds": 4}
    await call(page, "post", "/focus/sessions", data=second)
