"""The Campus page around its four parts: which one is open, and who is ahead this week."""

from collections.abc import Mapping
from typing import Final

import reflex as rx
from reflex.event import EventSpec, EventType

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.state.buddies import BuddiesState
from studymaster.features.campus.state.changes import LiveState, put
from studymaster.features.campus.state.groups import GroupsState
from studymaster.features.campus.state.questions import QuestionsState
from studymaster.features.campus.state.resources import ResourcesState
from studymaster.features.campus.state.thread import ThreadState
from studymaster.features.points import service as points
from studymaster.features.points.schemas import LeaderboardRow

LOADS: Final[Mapping[str, EventType[()]]] = {
    "groups": GroupsState.load,
    "buddies": BuddiesState.load,
    "resources": ResourcesState.load,
    "questions": [QuestionsState.load, ThreadState.load],
}
FIRST: Final = "groups"
PLACES: Final = 5
NOBODY: Final = LeaderboardRow(rank=0, name="", points=0)


class CampusState(SessionState, LiveState):
    """The open part, and an excerpt of the week's leaderboard.

    `you` is the student's own place; its rank is 0 while they are not on the leaderboard.
    """

    tab: str = FIRST
    rows: list[LeaderboardRow] = []
    you: LeaderboardRow = NOBODY
    loaded: bool = False

    @rx.event
    async def load(self) -> EventType[()]:
        """Open the part that the address names (`?tab=`), and show the leaderboard."""
        student = await self._require_student()
        self._watch(Topic.LEADERBOARD, CampusState.refresh)
        wanted = self.router.url.query_parameters.get("tab", FIRST)
        self.tab = wanted if wanted in LOADS else FIRST
        await self._show(student)
        return LOADS[self.tab]

    @rx.event
    async def open_tab(self, tab: str) -> EventSpec:
        """Open another part, and let the address say so; the part loads with it."""
        await self._require_student()
        self.tab = tab if tab in LOADS else FIRST
        return rx.redirect(f"/campus?tab={self.tab}", replace=True)

    async def _show(self, student: Student) -> None:
        board = await points.find_leaderboard(
            student=student, now=clock.now(), limit=PLACES
        )
        put(self, rows=list(board.rows), you=board.you or NOBODY, loaded=True)
