"""Who a student is here and how they prove it, as one tab changes it."""

from collections.abc import Awaitable

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock, limits
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts import service
from studymaster.features.accounts.rules.fields import problem_of
from studymaster.features.accounts.schemas import FieldProblem, Student
from studymaster.features.accounts.state.session import SessionState

NOTES = {
    "name": "Your name is changed. Others see it from now on.",
    "email": "Your e-mail address is changed. Sign in with it from now on.",
    "password": "Your password is changed. You are signed out everywhere but here.",
}
"""What is said once a form was kept."""


class CredentialsState(SessionState):
    """The student's name and address, and what came of changing one of them.

    `problem` is what is wrong with which field, `note` what was changed, both in the form
    `place`; `saved` counts the changes.
    """

    display_name: str = ""
    email: str = ""
    has_password: bool = False
    problem: FieldProblem = FieldProblem()
    note: str = ""
    place: str = ""
    saved: int = 0

    @rx.event
    async def load(self) -> None:
        """Fetch name and address."""
        await self._show(await self._require_student())
        self.problem, self.note = FieldProblem(), ""

    @rx.event
    async def save_name(self, form: dict[str, str]) -> EventSpec | None:
        """Keep another name."""
        student = await self._require_student()
        return await self._try("name", _rename(student, form), student=student)

    @rx.event
    async def save_email(self, form: dict[str, str]) -> EventSpec | None:
        """Keep another e-mail address, once the current password was proven."""
        student = await self._require_student()
        return await self._try("email", _move(student, form), student=student)

    @rx.event
    async def save_password(self, form: dict[str, str]) -> EventSpec | None:
        """Keep another password, once the current one was proven."""
        student = await self._require_student()
        return await self._try("password", _secure(student, form), student=student)

    async def _try(
        self, place: str, deed: Awaitable[None], *, student: Student
    ) -> EventSpec | None:
        self.place, self.note = place, ""
        self.problem = await problem_of(deed)
        if self.problem.field:
            return rx.set_focus(f"{place}-{self.problem.field}")
        self.note = NOTES[place]
        self.saved += 1
        await self._show(student)
        return None

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            account = await service.get_account(work, student.account_id)
            self.display_name, self.email = account.display_name, account.email or ""
            self.has_password = account.password_hash is not None


async def _rename(student: Student, form: dict[str, str]) -> None:
    await limits.take("change-account", str(student.account_id))
    async with unit_of_work() as work:
        await service.change_name(
            work, account_id=student.account_id, name=form.get("display_name")
        )


async def _move(student: Student, form: dict[str, str]) -> None:
    proven = await _prove(student, form)
    async with unit_of_work() as work:
        await service.change_email(
            work, account_id=student.account_id, email=form.get("email"), proven=proven
        )


async def _secure(student: Student, form: dict[str, str]) -> None:
    proven = await _prove(student, form)
    chosen = await service.hash_chosen_password(form.get("new_password"))
    async with unit_of_work() as work:
        await service.change_password(
            work, student=student, password_hash=chosen, proven=proven, now=clock.now()
        )


async def _prove(student: Student, form: dict[str, str]) -> str:
    await limits.take("change-account", str(student.account_id))
    async with unit_of_work() as work:
        account = await service.get_account(work, student.account_id)
    return await service.prove_current(account, password=form.get("current_password"))
