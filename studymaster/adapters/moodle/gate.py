"""Whose turn it is to connect to a Moodle site: one count for all workers, kept in Redis.

`pace` says how turns are given, `ledger` what all processes know together, `turns` what this
one has at a site, `lanes` what a turn allows.
"""

from asyncio import AbstractEventLoop, get_running_loop
from weakref import WeakKeyDictionary, WeakValueDictionary

from studymaster.adapters.moodle.ledger import Ledger
from studymaster.adapters.moodle.pace import PACE, Pace
from studymaster.adapters.moodle.pauses import Pauses
from studymaster.adapters.moodle.turns import Absence, Turns
from studymaster.config import get_settings

PREFIX = "studymaster:gate"


class Gate:
    """Gives turns at every site to the callers of one event loop."""

    def __init__(self, *, most: int, pace: Pace = PACE) -> None:
        """Never give more than `most` turns at one site at once, over all processes."""
        self.most = most
        self._pace = pace
        self._pauses = Pauses(pace.pause)
        self._absence = Absence(pace.late)
        self._sites: WeakValueDictionary[str, Turns] = WeakValueDictionary()

    def at(self, host: str) -> Turns:
        """Return the turns at `host` ("name:port"): the same ones as long as any are used."""
        known = self._sites.get(host)
        if known is None:
            ledger = Ledger(f"{PREFIX}:{{{host}}}", most=self.most, pace=self._pace)
            known = self._sites[host] = Turns(
                host, ledger, pace=self._pace, pauses=self._pauses, absence=self._absence
            )
        return known


_gates: WeakKeyDictionary[AbstractEventLoop, Gate] = WeakKeyDictionary()


def of_this_loop() -> Gate:
    """Return the gate of this event loop, with the limit that the host has set."""
    loop, most = get_running_loop(), get_settings().moodle_host_limit
    known = _gates.get(loop)
    if known is None or known.most != most:
        known = _gates[loop] = Gate(most=most)
    return known
