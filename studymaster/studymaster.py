"""The table of contents: every screen, the API, live news, and how failures look."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import reflex as rx
from reflex.event import IndividualEventType

from studymaster import live, outage, probes, rubbish, tab_states
from studymaster.adapters import logs
from studymaster.api import create_api
from studymaster.events import Events
from studymaster.features.accountability import page as accountability
from studymaster.features.accountability.state import OverviewState
from studymaster.features.accounts.page import host, settings, sign_in
from studymaster.features.accounts.state import (
    HostState,
    OneStudentPerTab,
    SessionState,
    SettingsState,
    SignInState,
)
from studymaster.features.braindump import page as braindump
from studymaster.features.braindump.state import NotesState
from studymaster.features.campus.page import campus, joining, room
from studymaster.features.campus.state.campus import CampusState
from studymaster.features.campus.state.joining import JoinState
from studymaster.features.campus.state.room import RoomState
from studymaster.features.dashboard import page as dashboard
from studymaster.features.dashboard.state import DashboardState, ShellState
from studymaster.features.exams import page as exams
from studymaster.features.exams.state import ExamsState
from studymaster.features.exchange import page as exchange
from studymaster.features.exchange.state import ExchangeState
from studymaster.features.flashcards.page import (
    browse,
    cram,
    decks,
    lecture,
    review,
    schedule,
    statistics,
)
from studymaster.features.flashcards.state import (
    BrowseState,
    CramState,
    DecksState,
    LectureState,
    ReviewState,
    ScheduleState,
    StatisticsState,
)
from studymaster.features.focus import page as focus
from studymaster.features.focus.state.timer import TimerState
from studymaster.features.notifications import page as notifications
from studymaster.features.notifications.state import InboxState
from studymaster.features.quizzes.page import play, start
from studymaster.features.quizzes.state import QuizStartState, QuizState
from studymaster.features.sync import page as sync
from studymaster.features.sync.page import items
from studymaster.features.sync.state.items import CourseItemsState
from studymaster.features.sync.state.tabs import SyncTabsState
from studymaster.passage import behind_proxies, with_headers
from studymaster.ui import connection, failure, layout
from studymaster.ui.notice import NoticeState
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
    return settings.page(theme_saved=ShellState.load)


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
    Screen(browse.ROUTE, browse.TITLE, browse.LINE, browse.page, BrowseState.load),
    Screen(
        statistics.ROUTE,
        statistics.TITLE,
        statistics.LINE,
        statistics.page,
        StatisticsState.load,
    ),
    Screen(
        schedule.ROUTE, schedule.TITLE, schedule.LINE, schedule.page, ScheduleState.load
    ),
    Screen(cram.ROUTE, cram.TITLE, cram.LINE, cram.page, CramState.load),
    Screen(
        exchange.ROUTE, exchange.TITLE, exchange.LINE, exchange.page, ExchangeState.load
    ),
    Screen(exams.ROUTE, exams.TITLE, exams.LINE, exams.page, ExamsState.load),
    Screen(start.ROUTE, start.TITLE, start.LINE, start.page, QuizStartState.load),
    Screen(play.ROUTE, play.TITLE, play.LINE, play.page, QuizState.load),
    Screen(focus.ROUTE, focus.TITLE, focus.LINE, focus.page, TimerState.load),
    Screen(campus.ROUTE, campus.TITLE, campus.LINE, campus.page, CampusState.load),
    Screen(room.ROUTE, room.TITLE, room.LINE, room.page, RoomState.load),
    Screen(joining.ROUTE, joining.TITLE, joining.LINE, joining.page, JoinState.load),
    Screen(sync.ROUTE, sync.TITLE, sync.LINE, sync.page, SyncTabsState.load),
    Screen(items.ROUTE, items.TITLE, items.LINE, items.page, CourseItemsState.load),
    Screen(
        accountability.ROUTE,
        accountability.TITLE,
        accountability.LINE,
        accountability.page,
        OverviewState.load,
    ),
    Screen(
        braindump.ROUTE, braindump.TITLE, braindump.LINE, braindump.page, NotesState.load
    ),
    Screen(
        notifications.ROUTE,
        notifications.TITLE,
        notifications.LINE,
        notifications.page,
        InboxState.load,
    ),
    Screen(settings.ROUTE, settings.TITLE, settings.LINE, _settings, SettingsState.load),
    Screen(host.ROUTE, host.TITLE, host.LINE, host.page, HostState.load),
)


def _framed(screen: Screen) -> Callable[[], rx.Component]:
    def draw() -> rx.Component:
        return layout.frame(screen.draw(), line=screen.line, shell=dashboard.shell())

    return draw


@asynccontextmanager
async def _news() -> AsyncGenerator[None]:
    """Relay news into this process's tabs and sockets for as long as it lives."""
    rubbish.settle()
    closing = {SessionState.get_full_name(): {f"ended{connection.STATE_SUFFIX}": True}}
    tasks = [
        asyncio.create_task(live.relay(app, closing=closing, ears=[events])),
        asyncio.create_task(events.relay()),
        asyncio.create_task(probes.watch(events.server)),
        asyncio.create_task(
            outage.tell(
                app,
                whole=probes.everything_answers,
                away=connection.told(away=True),
                back=connection.told(away=False),
            )
        ),
    ]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=ENDING_SECONDS)


ENDING_SECONDS = 3.0

logs.configure()
tab_states.keep()
app = rx.App(
    api_transformer=[create_api(), with_headers, behind_proxies],
    backend_exception_handler=failure.show,
    app_wraps=layout.app_wraps(),
    head_components=layout.head(),
    stylesheets=layout.STYLESHEETS,
    html_lang="en",
    toaster=None,
)
events = Events(app.sio)
app.add_middleware(OneStudentPerTab())
app.register_lifespan_task(_news)
for screen in SCREENS:
    app.add_page(
        _framed(screen),
        route=screen.route,
        title=f"{screen.title} · StudyMaster",
        on_load=[
            NoticeState.arrive,
            ShellState.load,
            *([screen.load] if screen.load else []),
        ],
    )
app.add_page(
    sign_in.page,
    route=sign_in.ROUTE,
    title=f"{sign_in.TITLE} · StudyMaster",
    on_load=[NoticeState.arrive, SignInState.load],
)
app.add_page(layout.not_found, route="404", title="No such page · StudyMaster")
