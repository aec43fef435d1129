"""Who sees a student, what they are told and which model helps them, as one tab holds it."""

from collections.abc import AsyncGenerator

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import limits, mail
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.errors import NotFoundError
from studymaster.features.accounts import service
from studymaster.features.accounts.rules.fields import problem_of
from studymaster.features.accounts.schemas import FieldProblem, PreferencesView, Student
from studymaster.features.accounts.state.session import SessionState

NO_MODEL = "There is no model yet. Type its address and its name, then save."
SAVED = "Saved. Press Test it to see whether the model answers."
WORKS = "The model answers. Cards from a lecture are made by it from now on."


class ChoicesState(SessionState):
    """The switches of the settings, and the student's own model without its key.

    `model_note` says what came of saving and trying the model, `problem` what is wrong with
    which of its fields; `saved` counts how often it was kept. `mail_address` is where notices
    would go, empty without one.
    """

    waits: bool = True
    chosen: PreferencesView = PreferencesView()
    mail_offered: bool = False
    mail_address: str = ""
    host_model: str = ""
    is_trying: bool = False
    model_note: str = ""
    saved: int = 0
    problem: FieldProblem = FieldProblem()

    @rx.event
    async def load(self) -> None:
        """Fetch what was chosen."""
        student = await self._require_student()
        await self._show(student)
        async with unit_of_work() as work:
            account = await service.get_account(work, student.account_id)
        self.mail_offered, self.mail_address = mail.is_offered(), account.email or ""
        self.problem = FieldProblem()
        self.host_model = get_settings().llm_model if get_settings().llm_base_url else ""
        self.model_note, self.waits = "", False

    @rx.event
    async def flip(self, name: str, on: object) -> None:
        """Turn one switch on or off."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.save_preference(
                work, account_id=student.account_id, name=str(name), on=on is True
            )
        await self._show(student)

    @rx.event
    async def flip_mail(self, on: object) -> None:
        """Turn notices by e-mail on or off."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.choose_mail(work, account_id=student.account_id, on=on is True)
        await self._show(student)

    @rx.event
    async def save_model(self, form: dict[str, str]) -> EventSpec | None:
        """Keep the student's own model."""
        student = await self._require_student()
        self.model_note = ""
        self.problem = await problem_of(_keep_model(student, form))
        if self.problem.field:
            return rx.set_focus(f"field-{self.problem.field}")
        self.saved += 1
        self.model_note = SAVED
        await self._show(student)
        return None

    @rx.event
    async def remove_model(self) -> None:
        """Forget the student's own model and its key."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.remove_model(work, account_id=student.account_id)
        self.model_note, self.problem = "", FieldProblem()
        await self._show(student)

    @rx.event
    async def try_model(self) -> AsyncGenerator[None]:
        """Ask the student's model one word, and say what came of it."""
        student = await self._require_student()
        await limits.take("try-model", str(student.account_id))
        async with unit_of_work() as work:
            access = await service.find_model(work, account_id=student.account_id)
        if access is None:
            raise NotFoundError(NO_MODEL)
        self.is_trying, self.model_note = True, ""
        yield
        try:
            await service.ask_model(access)
            self.model_note = WORKS
        finally:
            self.is_trying = False

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            self.chosen = await service.preferences(work, account_id=student.account_id)


async def _keep_model(student: Student, form: dict[str, str]) -> None:
    async with unit_of_work() as work:
        await service.save_model(
            work,
            account_id=student.account_id,
            address=form.get("ai_address", ""),
            model=form.get("ai_model", ""),
            key=form.get("ai_key", ""),
        )
