"""The week's leaderboard, as one browser tab holds it."""

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.points.schemas import LeaderboardRow


class BoardState(SessionState):
    """The first places of the week, live, and whether the student is on it."""

    loaded: bool = False
    week: str = ""
    rows: list[LeaderboardRow] = []
    below: list[LeaderboardRow] = []
    taking_part: bool = False

    @rx.event
    async def load(self) -> None:
        """Fetch the leaderboard, and again whenever it moves."""
        student = await self._require_student()
        self._watch(Topic.LEADERBOARD, BoardState.refresh)
        self._watch(Topic.POINTS, BoardState.refresh)
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring the leaderboard up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def take_part(self, on: bool) -> None:  # noqa: FBT001 - what a switch sends
        """Enter the leaderboard, or leave it at once."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.show_on_leaderboard(work, student=student, on=on is True)
        await self._show(student)

    async def _show(self, student: Student) -> None:
        board = await service.find_board(student=student, now=clock.now())
        async with unit_of_work() as work:
            chosen = await accounts.preferences(work, account_id=student.account_id)
        self.taking_part = chosen.on_leaderboard
        self.week, self.below = board.week, board.below
        if self.rows != board.rows:
            self.rows = board.rows
        self.loaded = True
