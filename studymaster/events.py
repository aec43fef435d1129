"""Events for programs and scripts: syncs and the leaderboard over Socket.IO at /events.

The namespace lies on the same server and port as the pages (path /_event). A client proves
who it is by the session's cookie or by `auth: {"token": <access token>}`. It sends
`sync:start` {courseId?}; it hears `sync:progress`, `sync:complete` and `leaderboard:update`.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, cast
from uuid import UUID

import structlog
from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError as RefusedError
from starlette.requests import cookie_parser

from studymaster.adapters import clock, limits
from studymaster.adapters.bus import News, Topic, news_for
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.errors import InvalidInputError, SignInError, StudyMasterError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import ACCESS_COOKIE, REFRESH_COOKIE
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.points import service as points
from studymaster.features.sync import rules, service
from studymaster.features.sync.schemas import RunStatus
from studymaster.paging import Window
from studymaster.problems import BROKEN

log = structlog.get_logger(__name__)

NAMESPACE: Final = "/events"
SIGNED_OUT = "You are signed out. Sign in to go on."
NO_COURSE_ID = "`courseId` has to be the number of a course in Moodle."
NEWEST: Final = Window(limit=10)
"""How many runs back a change is noticed: more are never under way at once."""

PLACES: Final = 50
UNDER_WAY: Final = frozenset({"queued", "running"})

Payload = dict[str, object]


@dataclass(slots=True)
class Listener:
    """A socket: who listens, and what it was last told of each run."""

    student: Student
    told: dict[str, tuple[str, Payload]] = field(
        default_factory=dict[str, tuple[str, Payload]]
    )


class Events:
    """The sockets that this process holds, and the news that they have yet to be told."""

    def __init__(self, server: AsyncServer | None) -> None:
        """Stand ready on a Socket.IO server; an app without one has no live pages either."""
        assert server is not None
        self.server = server
        self._listeners: dict[str, Listener] = {}
        self._pending: dict[News, None] = {}
        self._awake = asyncio.Event()
        server.on("connect", self._connect, namespace=NAMESPACE)
        server.on("disconnect", self._disconnect, namespace=NAMESPACE)
        server.on("sync:start", self._start_sync, namespace=NAMESPACE)

    def hear(self, news: News) -> None:
        """Take in what changed; the same twice is told once."""
        self._pending[news] = None
        self._awake.set()

    def catch_up(self) -> None:
        """Take in that anything may have changed unheard."""
        for listener in self._listeners.values():
            self.hear(news_for(listener.student.account_id, Topic.SYNC))
        self.hear(News(Topic.LEADERBOARD, account_id=""))

    async def relay(self) -> None:
        """Tell the sockets what was heard, as long as the process lives."""
        task = asyncio.current_task()
        # What it calls may take a request to end for itself: then it is asked here.
        while task is None or not task.cancelling():
            await self._awake.wait()
            self._awake.clear()
            pending, self._pending = self._pending, {}
            for news in pending:
                try:
                    await self._tell(news)
                except Exception:
                    log.exception("events_not_told", topic=news.topic)

    async def _connect(
        self, sid: str, environ: Mapping[str, str], auth: object = None
    ) -> None:
        cookies = cookie_parser(environ.get("HTTP_COOKIE", ""))
        access = _fields(auth).get("token", cookies.get(ACCESS_COOKIE, ""))
        try:
            async with unit_of_work() as work:
                student = await accounts.student_of_tokens(
                    work,
                    access_token=access if isinstance(access, str) else "",
                    refresh_token=cookies.get(REFRESH_COOKIE, ""),
                    now=clock.now(),
                )
                if student is None:
                    raise SignInError(SIGNED_OUT)
                listener = Listener(student)
                await _tellings(work, listener)  # what is over by now is no news to it
        except StudyMasterError as error:
            raise RefusedError(error.message) from error
        self._listeners[sid] = listener
        self.hear(news_for(student.account_id, Topic.SYNC))  # what happened meanwhile

    async def _disconnect(self, sid: str, *_: object) -> None:
        self._listeners.pop(sid, None)

    async def _start_sync(self, sid: str, wish: object = None) -> Payload:
        """Ask for a run as the Live Sync page does; answer with it, or with a problem."""
        try:
            return await self._request_sync(sid, wish)
        except StudyMasterError as error:
            return _problem(error.status, error.message, kind=type(error).__name__)
        except Exception:
            log.exception("event_failed", event_name="sync:start")
            return _problem(500, BROKEN, kind="UnexpectedError")

    async def _request_sync(self, sid: str, wish: object) -> Payload:
        account_id = (await self._require_student(sid)).account_id
        moodle_id = _wished_course(wish)
        await limits.take("sync", str(account_id))
        async with unit_of_work() as work:
            course_id = None
            if moodle_id is not None:
                course = await courses.course_of_moodle_id(
                    work, account_id=account_id, moodle_id=moodle_id
                )
                course_id = UUID(course.id)
            run_id = await service.request_sync(
                work, account_id=account_id, course_id=course_id, now=clock.now()
            )
        self.hear(news_for(account_id, Topic.SYNC))
        return {"runId": str(run_id)}

    async def _require_student(self, sid: str) -> Student:
        listener = self._listeners.get(sid)
        if listener is None:
            raise SignInError(SIGNED_OUT)
        student = listener.student
        async with unit_of_work() as work:
            if await _is_alive(work, student):
                return student
        # It leaves once it has its answer.
        self.hear(_ended(student))
        raise SignInError(SIGNED_OUT)

    async def _tell(self, news: News) -> None:
        if news.topic is Topic.SESSION_ENDED:
            await self._leave(
                sid
                for sid, listener in self._listeners.items()
                if str(listener.student.session_id) == news.subject
            )
        elif news.topic is Topic.SYNC:
            await self._tell_of_runs(news.account_id)
        elif news.topic is Topic.LEADERBOARD:
            await self._tell_of_leaderboard()

    async def _tell_of_runs(self, account_id: str) -> None:
        concerned = [
            sid
            for sid, listener in self._listeners.items()
            if str(listener.student.account_id) == account_id
        ]
        for sid, listener in (await self._alive(concerned)).items():
            async with unit_of_work() as work:
                tellings = await _tellings(work, listener)
            for name, payload in tellings:
                await self.server.emit(name, payload, to=sid, namespace=NAMESPACE)

    async def _tell_of_leaderboard(self) -> None:
        alive, now = await self._alive(list(self._listeners)), clock.now()
        weeks: dict[object, Payload] = {}
        for sid, listener in alive.items():
            today = listener.student.day_of(now)
            monday = today - timedelta(days=today.weekday())
            if monday not in weeks:
                weeks[monday] = await _rankings(listener.student)
            await self.server.emit(
                "leaderboard:update", weeks[monday], to=sid, namespace=NAMESPACE
            )

    async def _alive(self, sids: Sequence[str]) -> dict[str, Listener]:
        """Return the sockets whose sessions are still alive; the others have to leave."""
        alive: dict[str, Listener] = {}
        async with unit_of_work() as work:
            for sid in sids:
                listener = self._listeners.get(sid)
                if listener is not None and await _is_alive(work, listener.student):
                    alive[sid] = listener
        await self._leave(sid for sid in sids if sid not in alive)
        return alive

    async def _leave(self, sids: Iterable[str]) -> None:
        for sid in list(sids):
            self._listeners.pop(sid, None)
            await self.server.disconnect(sid, namespace=NAMESPACE)


def _ended(student: Student) -> News:
    subject = str(student.session_id)
    return news_for(student.account_id, Topic.SESSION_ENDED, subject=subject)


async def _is_alive(work: UnitOfWork, student: Student) -> bool:
    found = await accounts.student_of_session(
        work,
        account_id=student.account_id,
        session_id=student.session_id,
        now=clock.now(),
    )
    return found is not None


async def _tellings(work: UnitOfWork, listener: Listener) -> list[tuple[str, Payload]]:
    """Return what a socket does not know yet of the newest runs, the oldest first."""
    found = await service.list_statuses(
        work, account_id=listener.student.account_id, window=NEWEST
    )
    before = listener.told
    listener.told = {run.id: _telling(run) for run in reversed(found.items)}
    return [telling for run, telling in listener.told.items() if before.get(run) != telling]


def _telling(run: RunStatus) -> tuple[str, Payload]:
    about: Payload = {"runId": run.id, "courseId": run.course_id, "status": run.state}
    if run.state in UNDER_WAY:
        percent = rules.percent(
            courses=(run.courses_done, run.courses_total),
            files=(run.files_done, run.files_total),
        )
        return "sync:progress", {**about, "progress": percent / 100}
    counts: Payload = {
        "newItems": run.new_count,
        "changedItems": run.changed_count,
        "failedItems": run.failed_count,
        "failure": run.failure,
    }
    return "sync:complete", {**about, **counts}


async def _rankings(student: Student) -> Payload:
    board = await points.find_leaderboard(student=student, now=clock.now(), limit=PLACES)
    rankings = [
        {"rank": row.rank, "name": row.name, "points": row.points} for row in board.rows
    ]
    return {"week": board.monday.isoformat(), "rankings": rankings}


def _wished_course(wish: object) -> int | None:
    number = _fields(wish).get("courseId")
    if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
        raise InvalidInputError(NO_COURSE_ID)
    return number


def _fields(sent: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", sent if isinstance(sent, dict) else {})


def _problem(status: int, detail: str, *, kind: str) -> Payload:
    return {"problem": {"type": kind, "status": int(status), "detail": detail}}
