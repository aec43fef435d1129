"""Somebody in front of a browser, and what they do in StudyMaster."""

import re
from dataclasses import dataclass, field

import httpx
from playwright.async_api import ConsoleMessage, Page, expect


@dataclass
class Visitor:
    """One window; `complaints` are the errors that its console and scripts gave."""

    page: Page
    demo: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to the console from the start."""
        self._listen(self.page)

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    async def open(self, path: str) -> None:
        """Go to a page and wait until its websocket is there."""
        await self._open(self.page, path)

    async def open_beside(self, path: str) -> Page:
        """Open a page in another tab of the same browser."""
        page = await self.page.context.new_page()
        self._listen(page)
        await self._open(page, path)
        return page

    async def _open(self, page: Page, path: str) -> None:
        await page.goto(path)
        await page.wait_for_function("() => sessionStorage.getItem('token')")

    async def fill_moodle(self, *, username: str, password: str, site: str = "") -> None:
        """Fill in the form for a Moodle password."""
        await (
            self.page.get_by_label("Address of your Moodle")
            .locator("visible=true")
            .fill(site or self.demo)
        )
        await self.page.get_by_label("Moodle user name").fill(username)
        await self.page.locator("input[type=password]:visible").fill(password)

    async def sign_in(self, username: str = "mina") -> None:
        """Sign in with the demo Moodle, from the form, by keyboard."""
        await self.open("/sign-in")
        await self.fill_moodle(username=username, password="campus")
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_url("**/")
        await expect(self.page.get_by_role("heading", level=1)).to_contain_text("Good ")

    async def await_sync(self) -> None:
        """Watch the Live Sync page until the newest run is through."""
        await self.open("/live-sync")
        done = self.page.locator("[data-run-state=done]")
        await expect(done).to_be_visible(timeout=60_000)

    async def open_lecture(self, course: str, lecture: str) -> None:
        """Open a lecture from Smart Study."""
        await self.open("/smart-study")
        await self.page.get_by_role("button", name=f"Lectures of {course}").click()
        await self.page.get_by_role("link", name=f"Open {lecture}", exact=True).click()
        await expect(self.page.get_by_role("heading", level=1)).to_contain_text(lecture)

    async def make_cards(self) -> None:
        """Ask for proposals and wait until the first is shown."""
        await self.page.get_by_role("button", name="Make cards").click()
        await expect(
            self.page.get_by_role("button", name="Accept", exact=True)
        ).to_be_visible()

    async def open_proposals(self) -> int:
        """Tell how many proposals wait on the open lecture."""
        text = await self.page.get_by_role("button", name="Accept all").inner_text()
        return int(re.findall(r"\d+", text)[0])

    async def decide(self, key: str) -> None:
        """Accept (a) or reject (r) the chosen proposal and wait until it has left."""
        left = await self.open_proposals() - 1
        await self.page.keyboard.press(key)
        await self.await_proposals(left)

    async def await_proposals(self, left: int) -> None:
        """Wait until that many proposals are left."""
        rest = self.page.get_by_role("button", name="Accept all")
        await expect(rest).to_have_text(f"Accept all {left}")

    async def edit(self, front: str) -> None:
        """Give the chosen proposal another question and accept it."""
        left = await self.open_proposals() - 1
        await self.page.keyboard.press("e")
        await self.page.get_by_label("Front").fill(front)
        await self.page.get_by_role("button", name="Accept", exact=True).click()
        await self.await_proposals(left)

    async def review_card(self, key: str) -> str:
        """Answer the card on the table by keyboard; return its question."""
        page = self.page
        await expect(page.get_by_role("button", name="Show answer")).to_be_visible()
        question = await page.get_by_role("article", name="Card").inner_text()
        await page.keyboard.press("Space")
        await expect(page.locator("[data-quote-mark]").first).to_be_visible()
        await page.keyboard.press(key)
        return question

    async def figures(self) -> dict[str, int]:
        """Read the dashboard's figures by their names."""
        found: dict[str, int] = {}
        for name in ("day streak", "cards today", "points"):
            box = self.page.get_by_text(name, exact=True).locator("..")
            found[name] = int(re.findall(r"\d+", await box.inner_text())[0])
        return found

    async def change_demo(self, change: str, **wish: object) -> None:
        """Let something change in the demo Moodle."""
        async with httpx.AsyncClient(base_url=self.demo) as client:
            answer = await client.post("/demo/changes", json={"change": change, **wish})
            answer.raise_for_status()

    async def fail_demo(self, failure: str, **wish: object) -> None:
        """Let something fail in the demo Moodle."""
        async with httpx.AsyncClient(base_url=self.demo) as client:
            # A site that asks for minutes of rest is left alone for minutes, by every test.
            wanted = {"failure": failure, "pause": 1, **wish}
            answer = await client.post("/demo/failures", json=wanted)
            answer.raise_for_status()

    async def heal_demo(self) -> None:
        """Let everything work again in the demo Moodle."""
        async with httpx.AsyncClient(base_url=self.demo) as client:
            (await client.delete("/demo/failures")).raise_for_status()
