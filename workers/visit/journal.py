"""What a run writes down of itself: how far it is, what did not come, and that it lives."""

from asyncio import Lock, sleep
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

import structlog

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import DatabaseAwayError, unit_of_work
from studymaster.errors import StudyMasterError
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Errand
from workers.visit.faults import ENDS_THE_RUN, PART_FAULT, OurFaultError, RunStoppedError

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.5
"""How far a run is, is written at most so often; as often it looks whether it was stopped."""

SIGN_OF_LIFE = timedelta(seconds=30)
STOPPED = "The run was stopped."

NoteFailure = Callable[[StudyMasterError], Awaitable[None]]


class Journal:
    """The row of one run, written in bundles."""

    def __init__(self, errand: Errand, *, requests: Callable[[], int]) -> None:
        """Write of `errand`; `requests` tells how many were sent so far."""
        self._errand = errand
        self._requests = requests
        self._counted = 0
        self._amounts: dict[str, int] = {}
        self._current: str | None = None
        self._written_at: datetime | None = None
        self._pen = Lock()
        self.is_whole = True

    def note(self, *, current: str | None = None, **amounts: int) -> None:
        """Remember how far the run is; amounts are added, totals are set."""
        for name, amount in amounts.items():
            before = 0 if name.endswith("_total") else self._amounts.get(name, 0)
            self._amounts[name] = before + amount
        if current is not None:
            self._current = current

    async def rest(self) -> dict[str, int]:
        """Return the amounts that were not written yet, for whoever closes the run."""
        async with self._pen:  # what is just being written is not lost when its watch ends
            self._current = None
            return self._take()

    def _take(self) -> dict[str, int]:
        self._count_requests()
        amounts, self._amounts = self._amounts, {}
        return amounts

    async def write(self) -> None:
        """Write what was noted, and tell every open tab of it."""
        async with self._pen:
            amounts = self._take()
            current, self._current = self._current, None
            self._written_at = clock.now()
            async with unit_of_work() as work:
                await service.note_progress(
                    work,
                    errand=self._errand,
                    now=self._written_at,
                    current=current,
                    **amounts,
                )
                work.announce(news_for(self._errand.account_id, Topic.SYNC))

    def _count_requests(self) -> None:
        fresh = self._requests() - self._counted
        if fresh:
            self._counted += fresh
            self.note(requests=fresh)

    async def keep(self, *, every: float = LOOK_SECONDS) -> None:
        """Write what is noted every so many seconds, until the run is to end.

        Raises:
            RunStoppedError: its student stopped it, or it is somebody else's by now.
        """
        while True:
            await sleep(every)
            try:
                await self._write_or_look()
            except DatabaseAwayError as error:
                log.warning("sign_of_life_lost", reason=error.message)

    async def _write_or_look(self) -> None:
        now = clock.now()
        self._written_at = self._written_at or now
        is_due = now - self._written_at >= SIGN_OF_LIFE
        async with unit_of_work() as work:
            if await service.is_cancelled(work, errand=self._errand):
                raise RunStoppedError(STOPPED)
        if self._amounts or self._current is not None or is_due:
            await self.write()

    @asynccontextmanager
    async def apart(self, note: NoteFailure) -> AsyncGenerator[None]:
        """Keep what goes wrong with one part of a run from ending the whole run."""
        try:
            yield
        except ENDS_THE_RUN:
            raise
        except StudyMasterError as error:
            self.is_whole = False
            await note(error)
        except Exception:
            self.is_whole = False
            log.exception("sync_part_broke", run_id=str(self._errand.run_id))
            await note(OurFaultError(PART_FAULT))

    def issue(self, course_name: str, item_name: str) -> NoteFailure:
        """Return how to note that one thing did not come."""
        return partial(self.note_issue, course_name, item_name)

    async def note_issue(
        self, course_name: str, item_name: str, error: StudyMasterError
    ) -> None:
        """Keep one thing that did not come, with its sentence."""
        self.is_whole = False
        async with unit_of_work() as work:
            await service.note_missing(
                work,
                errand=self._errand,
                names=(course_name, item_name),
                error=error,
                now=clock.now(),
            )
