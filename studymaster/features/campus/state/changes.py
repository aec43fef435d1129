"""What a tab is sent when news come: only what is not there yet."""

import reflex as rx

from studymaster.features.accounts.schemas import Student


class LiveState(rx.State, mixin=True):
    """What a tab shows its student, and shows again whenever there is news of it.

    It stands after SessionState among the bases: that one knows who the student is.
    """

    @rx.event
    async def refresh(self) -> None:
        """Bring everything up to date."""
        await self._show(await self._require_student())

    async def _require_student(self) -> Student:
        raise NotImplementedError

    async def _show(self, student: Student) -> None:
        raise NotImplementedError


def put(state: rx.State, **values: object) -> None:
    """Set the vars that changed; one that is set is sent whole, even to what it was."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
