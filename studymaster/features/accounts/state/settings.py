"""What a student can change about themselves, as one tab holds it."""

import reflex as rx
from reflex.event import EventType

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts import rules, service
from studymaster.features.accounts.schemas import ConnectionView, DeviceView, Profile
from studymaster.features.accounts.state.choices import ChoicesState
from studymaster.features.accounts.state.credentials import CredentialsState
from studymaster.features.accounts.state.own_data import OwnDataState
from studymaster.features.accounts.state.session import SessionState

NO_SESSION = "That session is not one of yours."


class SettingsState(SessionState):
    """What a student can change about their own account."""

    has_password: bool = False
    theme: str = "system"
    time_zone: str = "UTC"
    day_start_hour: int = 4
    zones: list[str] = []
    devices: list[DeviceView] = []
    connections: list[ConnectionView] = []

    @rx.event
    async def load(self) -> EventType[()]:
        """Fetch the settings as they are kept."""
        student = await self._require_student()
        async with unit_of_work() as work:
            self._show(await service.profile(work, student=student, now=clock.now()))
        self.zones = service.list_zones(self.time_zone)
        return [CredentialsState.load, ChoicesState.load, OwnDataState.load]

    @rx.event
    async def save_theme(self, theme: str) -> None:
        """Keep the look."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.save_theme(work, account_id=student.account_id, theme=theme)
        self.theme = theme

    @rx.event
    async def save_day(self, form: dict[str, str]) -> None:
        """Keep the time zone and the hour at which the day starts."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.save_day(
                work,
                account_id=student.account_id,
                time_zone=str(form.get("time_zone", "")),
                day_start_hour=str(form.get("day_start_hour", "")),
            )
            self._show(await service.profile(work, student=student, now=clock.now()))

    @rx.event
    async def end_session(self, session_id: str) -> None:
        """End one session, this one or another."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.end_session(
                work,
                account_id=student.account_id,
                session_id=rules.parse_id(session_id, missing=NO_SESSION),
                now=clock.now(),
            )
        async with unit_of_work() as work:
            self._show(await service.profile(work, student=student, now=clock.now()))

    @rx.event
    async def end_others(self) -> None:
        """End every session but this one."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await service.end_other_sessions(work, student=student, now=clock.now())
        async with unit_of_work() as work:
            self._show(await service.profile(work, student=student, now=clock.now()))

    def _show(self, profile: Profile) -> None:
        self.has_password = profile.has_password
        self.theme, self.time_zone = profile.theme, profile.time_zone
        self.day_start_hour = profile.day_start_hour
        self.devices = list(profile.devices)
        self.connections = list(profile.connections)
