"""The connections of one door to its site: each is allowed by a turn, and closed before it ends.

So all processes together never have more connections open at a site than there are turns,
whether something is asked on them or not. One connection serves one request after the other.

Own code, because the pools of HTTP clients count the connections of one process only.
"""

from asyncio import (
    CancelledError,
    Future,
    Task,
    TimerHandle,
    create_task,
    gather,
    get_running_loop,
    shield,
    timeout,
)
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from math import ceil

import httpx

from studymaster.adapters.moodle.failures import TooBusyError
from studymaster.adapters.moodle.ledger import Outcome, Report
from studymaster.adapters.moodle.pauses import name_of
from studymaster.adapters.moodle.turns import Turn, Turns

NOTHING = Report(Outcome.NOTHING, "", began=0.0, took=0, pause=0)


@dataclass(slots=True, eq=False)
class Lane:
    """One connection to a site, for one request at a time; the first one opens it."""

    turn: Turn
    transport: httpx.AsyncBaseTransport
    began: float = 0.0
    told: Report = NOTHING
    is_fresh: bool = True
    is_broken: bool = False
    idle: TimerHandle | None = None


class Lanes:
    """The lanes of one door, and its requests that wait for one, by order of arrival."""

    def __init__(
        self, site: Turns, open_transport: Callable[[], httpx.AsyncBaseTransport]
    ) -> None:
        """Begin with none; a transport of `open_transport` must keep to one connection."""
        self.turns = 0
        self._site = site
        self._open_transport = open_transport
        self._waiting: deque[Future[Lane]] = deque()
        self._lanes: set[Lane] = set()
        self._free: list[Lane] = []
        self._closing: set[Task[None]] = set()

    @property
    def wants(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    async def take(self) -> Lane:
        """Wait for a lane; whoever has it must free it.

        Raises:
            TooBusyError, MaintenanceError: the site has asked for a pause longer than anybody
                waits here, or no turn came in time. `retry_after` tells when to come again.
        """
        if refusal := self._site.refusal():
            raise refusal
        lane = self._find_free() or await self._wait()
        lane.began = get_running_loop().time()
        return lane

    def tell(
        self,
        lane: Lane,
        outcome: Outcome,
        *,
        kind: str = "",
        seconds: float = 0.0,
        pause: float = 0.0,
    ) -> None:
        """Say how the request went; it counts when the lane is free again.

        Args:
            lane: what it went on.
            outcome: what it says about the site.
            kind: requests of one kind usually take about the same time.
            seconds: until the answer began.
            pause: the seconds that the site has asked for; they begin now.
        """
        took, asked = ceil(1000 * seconds), ceil(1000 * pause)
        lane.told = Report(outcome, kind, began=lane.began, took=took, pause=asked)
        if pause:
            self._site.note_pause(pause, outcome)

    def free(self, lane: Lane) -> None:
        """Let the next request have the lane; or end it, when it is broken or missed."""
        report, lane.told, lane.is_fresh = lane.told, NOTHING, False
        self._site.report(lane.turn, report)
        if lane.is_broken or self._site.is_missed(lane.turn):
            self._end(lane)
        else:
            self._serve(lane)

    def receive(self, turn: Turn) -> None:
        """Open a lane for the first who waits."""
        lane = Lane(turn, self._open_transport())
        self._lanes.add(lane)
        self._serve(lane)

    def refuse(self) -> None:
        """Send everybody away who waits."""
        while waiter := self._next():
            if refusal := self._site.refusal():
                waiter.set_exception(refusal)
        self._site.want(self)

    async def close(self) -> None:
        """Close all connections, then give the turns back, even when told to end."""
        closing = create_task(self._close())
        try:
            await shield(closing)
        except CancelledError:
            await closing
            raise

    def _find_free(self) -> Lane | None:
        while self._free:
            lane = self._free[-1]
            if not self._site.is_missed(lane.turn):
                if lane.idle:
                    lane.idle.cancel()
                return self._free.pop()
            self._end(lane)
        return None

    async def _wait(self) -> Lane:
        waiter: Future[Lane] = get_running_loop().create_future()
        self._waiting.append(waiter)
        self._site.want(self)
        try:
            async with timeout(self._site.pace.queue):
                return await waiter
        except BaseException as error:
            self._give_up(waiter)
            if isinstance(error, TimeoutError):
                host = name_of(self._site.host)
                raise TooBusyError(host, detail="no turn in time") from error
            raise

    def _give_up(self, waiter: Future[Lane]) -> None:
        """Wait no longer; a lane may have come just as we went away."""
        if waiter in self._waiting:
            self._waiting.remove(waiter)
            self._site.want(self)
        elif not waiter.cancelled() and not waiter.exception():
            self.free(waiter.result())

    def _next(self) -> Future[Lane] | None:
        """Return who waits longest, without those who have been told to end."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                return waiter
        return None

    def _serve(self, lane: Lane) -> None:
        if waiter := self._next():
            waiter.set_result(lane)
        else:
            self._free.append(lane)
            pause = self._site.pace.idle
            lane.idle = get_running_loop().call_later(pause, self._end, lane)
        if not self._waiting:
            self._site.want(self)

    def _end(self, lane: Lane) -> None:
        if lane not in self._lanes:
            return
        self._lanes.remove(lane)
        if lane in self._free:
            self._free.remove(lane)
        if lane.idle:
            lane.idle.cancel()
        self._site.end()
        closing = create_task(self._close_lane(lane))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def _close_lane(self, lane: Lane) -> None:
        try:
            with suppress(httpx.HTTPError, OSError):
                await lane.transport.aclose()
        finally:
            self._site.give_back(lane.turn, self)

    async def _close(self) -> None:
        for waiter in self._waiting:
            waiter.cancel()
        for lane in list(self._lanes):
            self._end(lane)
        await gather(*self._closing, return_exceptions=True)
        await self._site.settle()
