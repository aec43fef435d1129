"""What two students of the demo leave behind in every room, so that pages have what to show.

By the pages and the public API alone, as the students themselves would.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from playwright.async_api import FilePayload, Page, expect

Json: TypeAlias = dict[str, Any]

API: Final = "/api/v1"
COURSE: Final = "BIO 110"
SYNC_MS: Final = 60_000
KEPT_CARDS: Final = 8
REVIEWED_CARDS: Final = 3
EXAM_IN = 18
"""Days to the exam of the pictures."""

GOOD: Final = 4
ANSWER_MS: Final = 14_000
MEMBRANES: Final = """# Membranes

Osmosis is the diffusion of water through a membrane. #exam

- **passive**: along the gradient
- **active**: against it, costs ATP
"""
NOTES: Final = (
    ("thought", "Enzymes are **catalysts**: they lower the activation energy #exam"),
    ("todo", "Ask Jonas for the lab report of week 3 #lab"),
    ("question", "Why does DNA polymerase need a primer? #exam"),
    ("study", MEMBRANES),
)
TALK: Final = (
    ("jonas", "Tuesday at six in the library?"),
    ("mina", "Yes. I bring the summary of lecture 2."),
    ("jonas", "Good. Then let us do the enzyme problems first, they come up every year."),
)


@dataclass(frozen=True, slots=True)
class Made:
    """Addresses of what was made: by the route that shows it, and the note's."""

    routes: dict[str, str]
    note: str


async def arrive(page: Page, *, demo: str, username: str) -> None:
    """Sign in with the demo Moodle, and wait for the first sync."""
    await page.goto("/sign-in")
    await page.wait_for_function("() => sessionStorage.getItem('token')")
    await page.get_by_label("Address of your Moodle").locator("visible=true").fill(demo)
    await page.get_by_label("Moodle user name").fill(username)
    await page.locator("input[type=password]:visible").fill("campus")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Good ")
    await page.goto("/live-sync")
    done = page.locator("[data-run-state=done]")
    await expect(done).to_be_visible(timeout=SYNC_MS)


async def live(mina: Page, jonas: Page) -> Made:
    """Let both, who have arrived, use every room once; the pages to look at are Mina's."""
    lecture = await _study(mina)
    quiz = await _practise(mina)
    note = await _write(mina)
    course = await _course(mina)
    group, code = await _meet(mina, jonas, course=course)
    await _share(mina, jonas, course=course)
    await _pair_up(mina, jonas)
    await _promise(jonas)
    await _focus(mina, course=course)
    return Made(
        {
            "/smart-study/lecture/[material_id]": lecture,
            "/live-sync/course/[course_id]": await course_page(mina),
            "/smart-study/quiz/[quiz_id]": f"/smart-study/quiz/{quiz}",
            "/campus/group/[group_id]": f"/campus/group/{group}",
            "/campus/join/[code]": f"/campus/join/{code}",
        },
        note=f"/brain-dump?note={note}",
    )


async def course_page(page: Page) -> str:
    """Return the address of what a sync brought of the first course."""
    await page.goto("/live-sync")
    link = page.locator("a[href^='/live-sync/course/']").first
    await expect(link).to_be_visible()
    return str(await link.get_attribute("href"))


async def _get(page: Page, path: str) -> Json:
    answer = await page.request.get(f"{API}{path}")
    assert answer.ok, await answer.text()
    return await answer.json()


async def _post(page: Page, path: str, **body: object) -> Json:
    answer = await page.request.post(f"{API}{path}", data=body)
    assert answer.ok, await answer.text()
    return await answer.json()


async def _course(page: Page) -> int:
    courses = (await _get(page, "/courses"))["items"]
    return next(one["id"] for one in courses if one["shortname"] == COURSE)


async def _study(page: Page) -> str:
    """Keep cards of a lecture and answer some; return the address of the lecture."""
    await page.goto("/smart-study")
    await page.get_by_role("button", name=f"Lectures of {COURSE}").click()
    await page.get_by_role("link", name="Open Lecture 1").first.click()
    await page.wait_for_url("**/lecture/**")
    await page.get_by_role("button", name="Make cards").click()
    rest = page.get_by_role("button", name="Accept all")
    await expect(rest).to_be_visible()
    left = int((await rest.inner_text()).split()[-1])
    for kept in range(1, min(KEPT_CARDS, left - 1) + 1):
        await page.keyboard.press("a")
        await expect(rest).to_have_text(f"Accept all {left - kept}")
    for card in (await _get(page, "/flashcards/due"))["items"][:REVIEWED_CARDS]:
        await _post(page, f"/flashcards/{card['id']}/review", turn=card["turn"], grade=GOOD)
    day = (datetime.now(UTC) + timedelta(days=EXAM_IN)).date().isoformat()
    course = await _course(page)
    await _post(page, "/exams", name="Midterm", day=day, course_ids=[course], minutes=30)
    return "/smart-study" + page.url.partition("/smart-study")[2]


async def _practise(page: Page) -> str:
    """Begin a quiz with some answer; return its id."""
    path = f"/quizzes/{(await _post(page, '/quizzes', count=5))['id']}"
    whole = await _get(page, path)
    (given, *_) = (*whole["items"][0]["options"], "No idea")
    await _post(page, f"{path}/items/0/answer", given=given)
    return whole["quiz"]["id"]


async def _write(page: Page) -> str:
    """Keep some notes; return the id of the last."""
    notes = [await _post(page, "/notes", text=text, kind=kind) for kind, text in NOTES]
    return notes[-1]["id"]


async def _meet(mina: Page, jonas: Page, *, course: int) -> tuple[str, str]:
    """Make a group that talks and plans, and one to be invited to.

    Returns:
        The id of the first, and the code of the invitation to the second.
    """
    group = await _post(
        mina,
        "/social/groups",
        name="Enzyme evenings",
        about="Problem sets on Tuesdays, in the library.",
        course_id=course,
        listed=True,
    )
    path = f"/social/groups/{group['id']}"
    await _post(jonas, "/social/groups/join", code=(await _get(mina, path))["invite_code"])
    for name, text in TALK:
        await _post(mina if name == "mina" else jonas, f"{path}/messages", text=text)
    soon = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    plan = {"next_session": soon.isoformat(), "next_session_note": "Library, room 14"}
    answer = await mina.request.patch(f"{API}{path}", data=plan)
    assert answer.ok, await answer.text()
    other = await _post(
        jonas, "/social/groups", name="Night shift", course_id=course, listed=True
    )
    code = (await _get(jonas, f"/social/groups/{other['id']}"))["invite_code"]
    return group["id"], code


async def _share(mina: Page, jonas: Page, *, course: int) -> None:
    shared: dict[str, str | float | bool | bytes | FilePayload] = {
        "kind": "link",
        "title": "Animations of enzyme kinetics",
        "address": "https://example.org/kinetics",
        "course_id": str(course),
    }
    note: dict[str, str | float | bool | bytes | FilePayload] = {
        **shared,
        "kind": "note",
        "title": "Summary of lecture 2",
        "address": "",
        "text": "An enzyme binds its substrate in the active site.",
    }
    for page, form in ((jonas, shared), (mina, note)):
        answer = await page.request.post(f"{API}/social/resources", multipart=form)
        assert answer.ok, await answer.text()
    question = await _post(
        mina,
        "/social/questions",
        course_id=course,
        title="Why are enzymes so specific?",
        text="I understand the lock and key, but not the induced fit.",
    )
    await _post(
        jonas,
        f"/social/questions/{question['id']}/answers",
        text="The active site closes around the substrate that fits.",
    )


async def _pair_up(mina: Page, jonas: Page) -> None:
    """Open both to buddies and to the leaderboard, and make them buddies."""
    for page in (mina, jonas):
        await page.goto("/settings")
        for name in ("Let me be found", "Show me on the leaderboard"):
            switch = page.get_by_role("switch", name=re.compile(name))
            await switch.click()
            await expect(switch).to_be_checked()
    await jonas.goto("/campus?tab=buddies")
    await jonas.get_by_role("button", name="Ask Mina Aalto").click()
    await jonas.get_by_label("A few words").fill(
        "Shall we do the enzyme problems together?"
    )
    await jonas.get_by_role("button", name="Send request").click()
    await mina.goto("/campus?tab=buddies")
    await mina.get_by_role("button", name="Accept", exact=True).click()
    await expect(mina.get_by_role("button", name="End", exact=True)).to_be_visible()


async def _promise(jonas: Page) -> None:
    await jonas.goto("/accountability")
    await jonas.get_by_text("Make a pledge").click()
    await jonas.get_by_role("button", name="Promise it").click()
    await expect(jonas.get_by_role("list", name="What you promised")).to_be_visible()


async def _focus(page: Page, *, course: int) -> None:
    """End one session early and leave another running."""
    session = await _post(page, "/focus/sessions", task="Read chapter 3")
    await _post(page, f"/focus/sessions/{session['id']}/finish")
    await _post(
        page,
        "/focus/sessions",
        course_id=course,
        task="Problem set 6",
        rounds=4,
        sounds={"rain": 40},
    )
