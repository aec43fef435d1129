"""The focus session going on with its sounds, as one browser tab holds it."""

from collections.abc import Awaitable, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec, EventType

from studymaster.adapters import clock, limits
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.courses.service import NO_COURSE
from studymaster.features.focus.rules import asking
from studymaster.features.focus.schemas import (
    NO_PROBLEMS,
    NO_SESSION,
    Asked,
    CourseChoice,
    PlanProblems,
    Sound,
    TimerView,
)
from studymaster.features.focus.service import listing, sessions, settle
from studymaster.features.focus.state.history import HistoryState
from studymaster.ui.notice import notify


class Step(Protocol):
    """What a student does to a session."""

    def __call__(
        self, work: UnitOfWork, *, student: Student, session_id: UUID, now: datetime
    ) -> Awaitable[None]:
        """Do it."""
        ...


class TimerState(SessionState):
    """The clock as the server had it a moment ago, and the mix of sounds.

    The browser counts on by itself from `timer`; whatever ends or changes it is asked for
    here. `noted` is what distracted in the session going on; `wanted_course` and
    `wanted_task` are what the page's address asks for, `problems` what is wrong with the
    form of a new session.
    """

    loaded: bool = False
    timer: TimerView = TimerView()
    noted: list[str] = []
    sounds: list[Sound] = []
    courses: list[CourseChoice] = []
    wanted_course: str = ""
    wanted_task: str = ""
    problems: PlanProblems = NO_PROBLEMS

    @rx.event
    async def load(self) -> EventType[()]:
        """Show the session going on, in every tab the same, then those of before."""
        student = await self._require_student()
        self._watch(Topic.FOCUS, TimerState.check)
        async with unit_of_work() as work:
            account_id = student.account_id
            self.courses = await listing.list_courses(work, account_id=account_id)
            self.sounds = await sessions.list_sounds(work, account_id=account_id)
        self._want(self.router.url.query_parameters)
        told = await self._show(student)
        self.loaded, self.problems = True, NO_PROBLEMS
        return [HistoryState.load] if told is None else [told, HistoryState.load]

    @rx.event
    async def check(self) -> EventSpec | None:
        """Look again at the server's clock; what reached its end is ended."""
        return await self._show(await self._require_student())

    @rx.event
    async def start(self, form: dict[str, str]) -> EventType[()] | None:
        """Start a session as the form asks for it; a second press starts no second one."""
        student = await self._require_student()
        if self.timer.id:
            return await self._show(student)
        self.problems = asking.find_problems(form)
        wrong = asking.first_field(self.problems)
        if wrong:
            return rx.set_focus(f"field-{wrong}")
        asked = _asked(form)
        await limits.take("focus", str(student.account_id))
        async with unit_of_work() as work:
            await sessions.start(work, student=student, asked=asked, now=clock.now())
        return await self._show(student)

    @rx.event
    async def pause(self) -> EventSpec | None:
        """Stop the clock for a while."""
        return await self._take(sessions.pause)

    @rx.event
    async def resume(self) -> EventSpec | None:
        """Let the clock go on."""
        return await self._take(sessions.resume)

    @rx.event
    async def skip_break(self) -> EventSpec | None:
        """Begin the next round now."""
        return await self._take(sessions.skip_break)

    @rx.event
    async def finish(self) -> EventSpec | None:
        """End the session; what was focused counts."""
        return await self._take(sessions.finish)

    @rx.event
    async def abandon(self) -> EventSpec | None:
        """Throw the session away."""
        return await self._take(sessions.abandon)

    @rx.event
    async def note_distraction(self, form: dict[str, str]) -> EventSpec | None:
        """Note what pulled the student away."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await sessions.note_distraction(
                work,
                student=student,
                session_id=self._current(),
                text=form.get("distraction"),
                now=clock.now(),
            )
        return await self._show(student)

    @rx.event
    async def save_mix(self, mix: dict[str, int]) -> None:
        """Keep the sounds as they are mixed now."""
        account_id = (await self._require_student()).account_id
        async with unit_of_work() as work:
            await sessions.save_mix(work, account_id=account_id, mix=mix)
            self.sounds = await sessions.list_sounds(work, account_id=account_id)

    def _want(self, address: Mapping[str, str]) -> None:
        course = address.get("course", "")
        known = any(one.id == course for one in self.courses)
        self.wanted_course = course if known else ""
        self.wanted_task = asking.cut_task(address.get("task"))

    async def _take(self, step: Step) -> EventSpec | None:
        student = await self._require_student()
        if not self.timer.id:  # a second press: the first has ended it
            return await self._show(student)
        async with unit_of_work() as work:
            await step(work, student=student, session_id=self._current(), now=clock.now())
        return await self._show(student)

    async def _show(self, student: Student) -> EventSpec | None:
        """Read the clock; tell what became of the session that was shown until now."""
        before, now = self.timer.id, clock.now()
        async with unit_of_work() as work:
            await settle(work, student=student, now=now)
            self.timer = await listing.get_timer(work, student=student, now=now)
            self.noted = await listing.list_distractions(
                work, student=student, session_id=self.timer.id
            )
            if not before or before == self.timer.id:
                return None
            ended = await listing.get_session(
                work, student=student, session_id=UUID(before), now=now
            )
        return notify(listing.farewell(ended), "success" if ended.completed else "info")

    def _current(self) -> UUID:
        return parse_id(self.timer.id, missing=NO_SESSION)


def _asked(form: dict[str, str]) -> Asked:
    course = form.get("course")
    return Asked(
        plan=asking.require_plan(
            focus=asking.minutes_of(form), rest=form.get("break"), rounds=form.get("rounds")
        ),
        task=asking.require_task(form.get("task")),
        course_id=parse_id(course, missing=NO_COURSE) if course else None,
    )
