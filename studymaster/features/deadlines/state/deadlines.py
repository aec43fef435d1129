"""What is due, as one browser tab holds it."""

from typing import Final
from uuid import UUID

import reflex as rx
from reflex.event import EventType

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.deadlines import rules
from studymaster.features.deadlines.schemas import Board, CourseChoice, DeadlineRow
from studymaster.features.deadlines.service import listing
from studymaster.features.deadlines.state.announcements import AnnouncementsState

PIECE: Final = 50
PIECE_DONE: Final = 20
LISTS: Final = (
    "overdue",
    "week",
    "later",
    "done",
    "more",
    "more_done",
    "courses",
    "course",
)


class DeadlinesState(SessionState):
    """The due dates in four groups, of all courses or of the one that was chosen.

    `sentence` sums up what is to do; `more` and `more_done` tell that there is more of what
    is to do, and of the rest.
    """

    loaded: bool = False
    sentence: str = ""
    overdue: list[DeadlineRow] = []
    week: list[DeadlineRow] = []
    later: list[DeadlineRow] = []
    done: list[DeadlineRow] = []
    more: bool = False
    more_done: bool = False
    courses: list[CourseChoice] = []
    course: str = ""
    _shown: int = PIECE
    _shown_done: int = PIECE_DONE

    @rx.event
    async def load(self) -> None:
        """Show what is due in all courses, or in the one of the address (`?course=`)."""
        student = await self._require_student()
        self._watch(Topic.SYNC, DeadlinesState.refresh)
        named = self.router.url.query_parameters.get("course", "")
        async with unit_of_work() as work:
            chosen = await listing.find_chosen(
                work, account_id=student.account_id, address=named
            )
        self.course = str(chosen or "")
        await self._show_anew(student)
        self.loaded = True

    @rx.event
    async def refresh(self) -> None:
        """Bring everything up to date."""
        student = await self._require_student()
        await self._show(student)

    @rx.event
    async def choose_course(self, course_id: str) -> EventType[()]:
        """Show what is due and announced in one course; an empty id means in all."""
        student = await self._require_student()
        known = "" if course_id == "" else await self._known_course(student, course_id)
        self.course = known
        await self._show_anew(student)
        return AnnouncementsState.choose(known)

    @rx.event
    async def show_more(self) -> None:
        """Show fifty more that are to do."""
        student = await self._require_student()
        self._shown += PIECE
        await self._show(student)

    @rx.event
    async def show_more_done(self) -> None:
        """Show twenty more of those that are done."""
        student = await self._require_student()
        self._shown_done += PIECE_DONE
        await self._show(student)

    async def _known_course(self, student: Student, text: str) -> str:
        course_id = parse_id(text, missing=listing.NO_COURSE)
        async with unit_of_work() as work:
            await listing.require_course(
                work, account_id=student.account_id, course_id=course_id
            )
        return str(course_id)

    async def _show_anew(self, student: Student) -> None:
        self._shown, self._shown_done = PIECE, PIECE_DONE
        await self._show(student)

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            board = await listing.board(
                work,
                student=student,
                course_id=UUID(self.course) if self.course else None,
                shown=(self._shown, self._shown_done),
                now=clock.now(),
            )
        self._put(board)

    def _put(self, board: Board) -> None:
        # A var that is set is sent whole, even to what it was.
        for name in LISTS:
            if getattr(self, name) != getattr(board, name):
                setattr(self, name, getattr(board, name))
        self.sentence = rules.summary(overdue=len(board.overdue), week=len(board.week))
