"""One thing that is done again and again: when it is due, and never twice at once."""

from asyncio import Task, TimerHandle, create_task, get_running_loop, wait
from collections.abc import Callable, Coroutine
from math import inf


class Rhythm:
    """Does its thing in the background; nothing of it is left when it is never due again."""

    def __init__(
        self,
        act: Callable[[], Coroutine[object, object, None]],
        *,
        due: Callable[[], float],
    ) -> None:
        """Call `act` at the times of the event loop's clock that `due` names, or inf."""
        self._act = act
        self._due = due
        self._timer: TimerHandle | None = None
        self._acting: Task[None] | None = None

    @property
    def is_acting(self) -> bool:
        """Tell whether it is being done now."""
        return self._acting is not None

    def plan(self) -> None:
        """Ask when it is due next; whoever changes the answer calls this."""
        if self._acting:
            return
        due = self._due()
        if self._timer:
            if self._timer.when() <= due:
                return
            self._timer.cancel()
            self._timer = None
        if due <= get_running_loop().time():
            self._begin()
        elif due < inf:
            self._timer = get_running_loop().call_at(due, self._ring)

    async def once(self) -> None:
        """Wait for the one that goes on; let it be done now if none does."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        await wait([self._acting or self._begin()])

    def _ring(self) -> None:
        self._timer = None
        self.plan()

    def _begin(self) -> Task[None]:
        self._acting = create_task(self._act())
        self._acting.add_done_callback(self._end)
        return self._acting

    def _end(self, acting: Task[None]) -> None:
        self._acting = None
        if not acting.cancelled():
            self.plan()
