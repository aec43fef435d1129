"""The pauses that Moodle sites have asked for, as far as this process has heard of them."""

from asyncio import get_running_loop
from math import ceil
from typing import Final

from studymaster.adapters.moodle.failures import (
    MaintenanceError,
    MoodleError,
    TooBusyError,
)
from studymaster.adapters.moodle.ledger import Outcome

REASONS: Final[dict[str, type[MoodleError]]] = {
    Outcome.BUSY: TooBusyError,
    Outcome.CLOSED: MaintenanceError,
}
"""What somebody is told who comes while the site has asked for a pause."""


class Pauses:
    """Until when nobody asks which site; it holds while Redis is away too."""

    def __init__(self, longest: float) -> None:
        """Nobody waits through a pause of more than `longest` seconds."""
        self._longest = longest
        self._known: dict[str, tuple[float, str]] = {}

    def note(self, host: str, seconds: float, why: str) -> None:
        """Remember that `host` ("name:port") wants to be left alone; the longest counts."""
        now = get_running_loop().time()
        pause = max((now + seconds, why), self._known.get(host, (0.0, "")))
        current = {name: known for name, known in self._known.items() if known[0] > now}
        self._known = current | {host: pause}

    def left(self, host: str) -> float:
        """Return for how many seconds nobody asks `host`; 0 when it may be asked."""
        if host not in self._known:
            return 0.0
        return max(self._known[host][0] - get_running_loop().time(), 0.0)

    def refusal(self, host: str) -> MoodleError | None:
        """Return what somebody is told who comes now, None when the pause is waited for."""
        left = self.left(host)
        if left <= self._longest:
            return None
        reason = REASONS.get(self._known[host][1], TooBusyError)
        return reason(name_of(host), detail="has asked for a pause", retry_after=ceil(left))


def name_of(host: str) -> str:
    """Return the name without the port, as sentences show it."""
    return host.rpartition(":")[0]
