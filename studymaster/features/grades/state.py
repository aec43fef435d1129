"""Grades on the Live Sync page, as one browser tab holds them."""

from datetime import datetime
from uuid import UUID

import reflex as rx

from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.rules.fields import problem_of
from studymaster.features.accounts.schemas import FieldProblem, Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.grades import service
from studymaster.features.grades.schemas import (
    ASSUMED,
    NO_COURSE,
    CourseStanding,
    Gradebook,
    WhatIf,
    WhatIfAnswer,
)

HEADING = "grades-course"
"""Where the focus goes when a course is opened."""

LIST = "grades-courses"
"""Where it goes when the course is closed again."""

NAMED_FIELDS = ("wished", "share")
"""The focus can go there; what is wrong with an assumed grade is said with the answer."""


class GradesState(SessionState):
    """The courses that have a gradebook, the one that is open, and what is asked of it.

    `has_courses` says that Moodle lists courses, be it without grades. `missing` says that the address names a course that is not the student's. `answer` is
    what came of the last what-if; what was typed into it is kept nowhere.
    """

    loaded: bool = False
    has_courses: bool = False
    courses: list[CourseStanding] = []
    is_open: bool = False
    missing: bool = False
    book: Gradebook = Gradebook()
    answer: WhatIfAnswer = WhatIfAnswer()
    problem: FieldProblem = FieldProblem()
    _read_until: datetime | None = None

    @rx.event
    async def load(self) -> None:
        """Show how the courses stand, and the one that the address names (`?course=`)."""
        student = await self._require_student()
        self._watch(Topic.SYNC, GradesState.refresh)
        self._put_away()
        await self._show(student)
        named = self.router.url.query_parameters.get("course", "")
        if named:
            await self._open_named(student, named)

    @rx.event
    async def refresh(self) -> None:
        """Show what a run brought, once it has ended."""
        student = await self._require_student()
        async with unit_of_work() as work:
            ended = await service.newest_run_end(work, account_id=student.account_id)
        if ended != self._read_until:
            await self._show(student)
            if self.book.course.id in {one.id for one in self.courses}:
                await self._show_book(student, UUID(self.book.course.id))
            else:
                self._put_away()

    @rx.event
    async def open_course(self, course: str) -> rx.event.EventSpec:
        """Show one course's gradebook."""
        student = await self._require_student()
        self._put_away()
        await self._show_book(student, parse_id(course, missing=NO_COURSE))
        self.is_open = True
        return rx.set_focus(HEADING)

    @rx.event
    async def close_course(self) -> rx.event.EventSpec:
        """Go back to the list of courses."""
        await self._require_student()
        self._put_away()
        return rx.set_focus(LIST)

    @rx.event
    async def ask(self, form: dict[str, object]) -> rx.event.EventSpec | None:
        """Say where assumed grades lead, and what a wished course result takes."""
        student = await self._require_student()
        self.problem = await problem_of(self._answer(student, _asked(form)))
        if self.problem.field in NAMED_FIELDS:
            return rx.set_focus(f"field-{self.problem.field}")
        return None

    @rx.event
    async def switch_insight(self, on: object) -> None:
        """Have the open course explained by rules, or not."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await accounts.save_preference(
                work, account_id=student.account_id, name="grade_insight", on=on is True
            )
        if self.is_open:
            await self._show_book(student, UUID(self.book.course.id))

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            # Asked first: what a run brings meanwhile is then read once more, never lost.
            ended = await service.newest_run_end(work, account_id=student.account_id)
            courses = await service.list_standings(work, account_id=student.account_id)
            self.has_courses = bool(courses) or await service.has_courses(
                work, account_id=student.account_id
            )
        if courses != self.courses:
            self.courses = courses
        self._read_until, self.loaded = ended, True

    async def _open_named(self, student: Student, address: str) -> None:
        async with unit_of_work() as work:
            book = await service.find_gradebook(work, student=student, address=address)
        self.missing = book is None
        if book is not None:
            self.book, self.is_open = book, True

    async def _show_book(self, student: Student, course_id: UUID) -> None:
        async with unit_of_work() as work:
            book = await service.get_gradebook(work, student=student, course_id=course_id)
        if book.open != self.book.open:
            self._forget_wish()
        if book != self.book:
            self.book = book

    async def _answer(self, student: Student, asked: WhatIf) -> None:
        self.answer = WhatIfAnswer()
        async with unit_of_work() as work:
            self.answer = await service.what_if(
                work,
                account_id=student.account_id,
                course_id=parse_id(self.book.course.id, missing=NO_COURSE),
                asked=asked,
            )

    def _put_away(self) -> None:
        self.is_open, self.missing, self.book = False, False, Gradebook()
        self._forget_wish()

    def _forget_wish(self) -> None:
        self.answer, self.problem = WhatIfAnswer(), FieldProblem()


def _asked(form: dict[str, object]) -> WhatIf:
    assumed = {
        name.removeprefix(ASSUMED): typed
        for name, typed in form.items()
        if name.startswith(ASSUMED)
    }
    return WhatIf(
        assumed, form.get("wished", ""), form.get("which", ""), form.get("share", "")
    )
