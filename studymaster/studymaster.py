"""The table of contents: every screen, the API, live news, and how failures look."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import reflex as rx
from reflex.event import IndividualEventType

from studymaster import live
from studymaster.adapters import logs
from studymaster.api import create_api, with_headers
from studymaster.features.accountability import page as accountability
from studymaster.features.accounts import page as accounts
from studymaster.features.accounts.state import (
    OneStudentPerTab,
    SessionState,
    SettingsState,
    SignInState,
)
from studymaster.features.braindump import page as braindump
from studymaster.features.campus import page as campus
from studymaster.features.dashboard import page as dashboard
from studymaster.features.dashboard.state import DashboardState, ShellState
from studymaster.features.flashcards.page import decks, lecture, review
from studymaster.features.flashcards.state import DecksState, LectureState, ReviewState
from studymaster.features.focus import page as focus
from studymaster.features.sync import page as sync
from studymaster.features.sync.state import LiveSyncState
from studymaster.ui import failure, layout
from studymaster.ui.theme import Line


@dataclass(frozen=True, slots=True)
class Screen:
    """A page inside the frame: where it is, how it draws, what it loads."""

    route: str
    title: str
    line: Line | None
    draw: Callable[[], rx.Component]
    load: IndividualEventType[()] | None = None


def _settings() -> rx.Component:
    return accounts.settings(theme_saved=ShellState.load)


SCREENS = (
    Screen(
        dashboard.ROUTE,
        dashboard.TITLE,
        dashboard.LINE,
        dashboard.page,
        DashboardState.load,
    ),
    Screen(decks.ROUTE, decks.TITLE, decks.LINE, decks.page, DecksState.load),
    Screen(lecture.ROUTE, lecture.TITLE, lecture.LINE, lecture.page, LectureState.load),
    Screen(review.ROUTE, review.TITLE, review.LINE, review.page, ReviewState.load),
    Screen(focus.ROUTE, focus.TITLE, focus.LINE, focus.page),
    Screen(campus.ROUTE, campus.TITLE, campus.LINE, campus.page),
    Screen(sync.ROUTE, sync.TITLE, sync.LINE, sync.page, LiveSyncState.load),
    Screen(
        accountability.ROUTE, accountability.TITLE, accountability.LINE, accountability.page
    ),
    Screen(braindump.ROUTE, braindump.TITLE, braindump.LINE, braindump.page),
    Screen(
        accounts.SETTINGS_ROUTE,
        accounts.SETTINGS_TITLE,
        accounts.SETTINGS_LINE,
        _settings,
        SettingsState.load,
    ),
)


def _framed(screen: Screen) -> Callable[[], rx.Component]:
    def draw() -> rx.Component:
        return layout.frame(screen.draw(), line=screen.line, shell=dashboard.shell())

    return draw


@asynccontextmanager
async def _news() -> AsyncGenerator[None]:
    """Relay news into this process's tabs for as long as it lives."""
    closing = {SessionState.get_full_name(): {f"ended{STATE_SUFFIX}": True}}
    relay = asyncio.create_task(live.relay(app, closing=closing))
    yield
    relay.cancel()
    with suppress(asyncio.CancelledError):
        await relay


STATE_SUFFIX = "_rx_state_"

logs.configure()
app = rx.App(
    api_transformer=[create_api(), with_headers],
    backend_exception_handler=failure.show,
    app_wraps=layout.app_wraps(),
    head_components=layout.head(),
    stylesheets=layout.STYLESHEETS,
    html_lang="en",
    toaster=None,
)
app.add_middleware(OneStudentPerTab())
app.register_lifespan_task(_news)
for screen in SCREENS:
    app.add_page(
        _framed(screen),
        route=screen.route,
        title=f"{screen.title} · StudyMaster",
        on_load=[ShellState.load, *([screen.load] if screen.load else [])],
    )
app.add_page(
    accounts.sign_in,
    route=accounts.SIGN_IN_ROUTE,
    title=f"{accounts.SIGN_IN_TITLE} · StudyMaster",
    on_load=SignInState.load,
)
app.add_page(layout.not_found, route="404", title="No such page · StudyMaster")
