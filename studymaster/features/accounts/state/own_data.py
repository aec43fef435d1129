"""Taking one's data along and leaving for good, as one tab holds it."""

import reflex as rx

from studymaster.adapters import clock, limits
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts import service
from studymaster.features.accounts.schemas import ExportView, Student
from studymaster.features.accounts.service import exports, leaving
from studymaster.features.accounts.state.session import SessionState
from studymaster.paging import Window

SHOWN = 5


class OwnDataState(SessionState):
    """The student's exports, newest first."""

    exports: list[ExportView] = []
    is_packing: bool = False

    @rx.event
    async def load(self) -> None:
        """Fetch the exports, and keep them fresh."""
        student = await self._require_student()
        self._watch(Topic.NOTIFICATIONS, OwnDataState.refresh)
        await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Fetch the exports again."""
        await self._show(await self._require_student())

    @rx.event
    async def request_export(self) -> None:
        """Ask for all of the student's data."""
        student = await self._require_student()
        await limits.take("export", str(student.account_id))
        async with unit_of_work() as work:
            await exports.request_export(
                work, account_id=student.account_id, now=clock.now()
            )
        await self._show(student)

    @rx.event
    async def delete_account(self, form: dict[str, str]) -> None:
        """Delete the account once the student proved that they mean it."""
        student = await self._require_student()
        await limits.take("delete-account", str(student.account_id))
        async with unit_of_work() as work:
            account = await service.get_account(work, student.account_id)
        await leaving.prove_wish(
            account, word=form.get("word", ""), password=form.get("password", "")
        )
        async with unit_of_work() as work:
            await leaving.request_deletion(
                work, account_id=student.account_id, now=clock.now()
            )
        self.ended = True

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            part = await exports.list_exports(
                work,
                account_id=student.account_id,
                window=Window(limit=SHOWN),
                now=clock.now(),
            )
        self.exports = part.items
        self.is_packing = any(one.state in {"queued", "running"} for one in part.items)
