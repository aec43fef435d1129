"""A student's exams, as one browser tab holds them."""

from typing import Final
from uuid import UUID, uuid4

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock, limits
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.exams.schemas import NO_EXAM, ExamForm, ExamView, ExamWish
from studymaster.features.exams.service import exams, planning
from studymaster.ui.notice import notify

SCOPE: Final = ("course:", "deck:")
"""How the fields of the form begin that stand for a course or a deck."""


class ExamsState(SessionState):
    """The exams, and the window in which one is made, changed or deleted.

    `visit` differs each time the window opens, so that its fields begin afresh.
    """

    exams: list[ExamView] = []
    form: ExamForm = ExamForm()
    loaded: bool = False
    is_open: bool = False
    visit: str = ""
    deleting: str = ""
    deleting_name: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the exams, and keep them true."""
        student = await self._require_student()
        self._watch(Topic.CARDS, ExamsState.refresh)
        self.is_open, self.deleting = False, ""
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring the exams up to date."""
        await self._show(await self._require_student())

    @rx.event
    async def ask_new(self) -> None:
        """Open the window for a new exam."""
        await self._open(await self._require_student(), None)

    @rx.event
    async def ask_change(self, exam_id: str) -> None:
        """Open the window in which an exam is changed."""
        student = await self._require_student()
        await self._open(student, parse_id(exam_id, missing=NO_EXAM))

    @rx.event
    async def close(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Close the windows; they open by asking."""
        await self._require_student()
        if not is_open:
            self.is_open, self.deleting = False, ""

    @rx.event
    async def save(self, form: dict[str, object]) -> list[EventSpec]:
        """Make the exam, or change it; pressed twice it is done once."""
        student = await self._require_student()
        if not self.is_open:
            return []
        exam_id, now = self.form.exam_id, clock.now()
        wish = _wish(form)
        async with unit_of_work() as work:
            if exam_id:
                await exams.change_exam(
                    work,
                    student=student,
                    exam_id=parse_id(exam_id, missing=NO_EXAM),
                    wish=wish,
                    now=now,
                )
            else:
                await exams.make_exam(work, student=student, wish=wish, now=now)
        self.is_open = False
        await self._show(student)
        return [notify("Saved. The plan is being made.", "success")]

    @rx.event
    async def replan(self) -> EventSpec:
        """Ask for the plans anew: with the cards and the answers of today."""
        student = await self._require_student()
        await limits.take("exams", str(student.account_id))
        async with unit_of_work() as work:
            planning.request_plan(work, account_id=student.account_id)
        return notify("The plans are being made anew.", "success")

    @rx.event
    async def ask_delete(self, exam_id: str) -> None:
        """Ask whether an exam shall be deleted."""
        await self._require_student()
        asked = next((one for one in self.exams if one.id == exam_id), None)
        if asked is not None:
            self.deleting, self.deleting_name = asked.id, asked.name

    @rx.event
    async def delete(self) -> None:
        """Delete the exam that was asked about; pressed twice it is done once."""
        student = await self._require_student()
        if not self.deleting:
            return
        exam_id = parse_id(self.deleting, missing=NO_EXAM)
        self.deleting = ""
        async with unit_of_work() as work:
            await exams.delete_exam(work, student=student, exam_id=exam_id)
        await self._show(student)

    async def _open(self, student: Student, exam_id: UUID | None) -> None:
        async with unit_of_work() as work:
            self.form = await exams.get_form(
                work, student=student, exam_id=exam_id, now=clock.now()
            )
        self.is_open, self.visit = True, str(uuid4())

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            found = await exams.list_exams(work, student=student, now=clock.now())
        if found != self.exams:
            self.exams = found
        self.loaded = True


def _wish(form: dict[str, object]) -> ExamWish:
    return ExamWish(
        name=form.get("name"),
        day=form.get("day"),
        deadline_id=form.get("deadline"),
        scope=[key for key, on in form.items() if key.startswith(SCOPE) and on],
        tags=form.get("tags"),
        retention=form.get("retention"),
        minutes=form.get("minutes"),
    )
