"""The turns that this process has at one Moodle site, and who in it waits for one.

All that there is to say to Redis goes in one exchange: how requests went, turns that are over,
turns that are wanted. Bad news, a turn that is over and somebody who has none go at once, the
rest waits for the next exchange.
"""

from asyncio import get_running_loop
from collections import deque
from dataclasses import dataclass
from math import ceil, inf
from secrets import SystemRandom
from typing import Final, Protocol

import structlog

from studymaster.adapters.moodle.failures import MoodleError
from studymaster.adapters.moodle.ledger import Ledger, Letter, Outcome, Reply, Report
from studymaster.adapters.moodle.pace import Pace
from studymaster.adapters.moodle.pauses import Pauses
from studymaster.adapters.moodle.rhythm import Rhythm
from studymaster.adapters.shortcut import PassedByError

log = structlog.get_logger(__name__)

ALONE: Final = 2
"""Turns of one process at one site while Redis is away."""
MOST_OWED = 100
"""Turns to give back once Redis answers again; older ones run out by themselves."""
MOST_NEWS = 500
"""Answers to tell of once Redis answers again."""
AGAIN_S = 1.0
"""Seconds until Redis is tried again by somebody who only has something to tell."""


@dataclass(slots=True, eq=False)
class Turn:
    """The right to one connection; without a ticket only this process counts it."""

    ticket: str
    since: float
    renewed: float


class Caller(Protocol):
    """Somebody who asks the site, and has `turns` of them."""

    turns: int

    @property
    def wants(self) -> int:
        """How many more turns would be used at once."""
        ...

    def receive(self, turn: Turn) -> None:
        """Take a turn."""
        ...

    def refuse(self) -> None:
        """Hear that the site asks for a longer pause than anybody waits through."""
        ...


class Absence:
    """Tells a Redis that is not there from one that is late, or rests after being late."""

    def __init__(self, patience: float) -> None:
        """Wait `patience` seconds for one that is only late."""
        self._patience = patience
        self._since: float | None = None

    def is_over(self) -> None:
        """Note that Redis has answered."""
        self._since = None

    def lasts(self, error: PassedByError) -> bool:
        """Note that it did not; tell whether to do without."""
        now = get_running_loop().time()
        if not isinstance(error.__cause__, TimeoutError | None):
            self._since = -inf
        elif self._since is None:
            self._since = now
        return now - self._since > self._patience


class Turns:
    """The turns of the callers of one event loop at one site."""

    def __init__(
        self, host: str, ledger: Ledger, *, pace: Pace, pauses: Pauses, absence: Absence
    ) -> None:
        """Begin with none at `host` ("name:port")."""
        self.host = host
        self.pace = pace
        self.pauses = pauses
        self._ledger = ledger
        self._absence = absence
        self._rhythm = Rhythm(self._talk, due=self._due)
        self._callers: dict[Caller, None] = {}  # who wants more, longest without one first
        self._held: dict[str, Turn] = {}
        self._alone = 0
        self._ending = 0
        self._over: deque[str] = deque(maxlen=MOST_OWED)
        self._news: deque[Report] = deque(maxlen=MOST_NEWS)
        self._tickets = 0
        self._heard = Reply()
        self._heard_at = self._talked_at = self._look_at = -inf
        self._surplus = 0
        self._late_since: float | None = None
        self._is_urgent = self._is_queued = False

    # What callers say.

    def want(self, caller: Caller) -> None:
        """Hear that somebody wants a turn, or does not want it any more."""
        if caller.wants:
            self._callers.setdefault(caller)
        else:
            self._callers.pop(caller, None)
        self._rhythm.plan()

    def report(self, turn: Turn, report: Report) -> None:
        """Hear how a request went that began by the clock of the loop, in seconds."""
        if report.outcome is Outcome.NOTHING or not turn.ticket:
            return
        by_redis = self._heard.now + 1000 * (report.began - self._heard_at)
        self._news.append(report._replace(began=by_redis))
        self._is_urgent |= report.outcome is not Outcome.ANSWERED
        self._rhythm.plan()

    def refusal(self) -> MoodleError | None:
        """Return what somebody is told who comes now, None when there is no long pause."""
        return self.pauses.refusal(self.host)

    def note_pause(self, seconds: float, why: str) -> None:
        """Hear that the site asks for a pause: nobody waits through a long one."""
        self.pauses.note(self.host, seconds, why)
        if self.refusal():
            for caller in list(self._callers):
                caller.refuse()

    def is_missed(self, turn: Turn) -> bool:
        """Tell whether a turn should end when its request does, though more could be asked."""
        now = get_running_loop().time()
        held = now - turn.since
        if self.pauses.left(self.host) or now - turn.renewed > self.pace.lease:
            return True
        if not turn.ticket:
            return held >= self.pace.hold
        missed = self._surplus
        if held >= self.pace.hold:
            free = max(self._heard.limit - self._heard.taken, 0)
            missed = max(missed, self._heard.others + self._count_hungry() - free)
        owed = 0 if self._late_since else len(self._over)
        return missed > self._ending + owed

    def end(self) -> None:
        """Hear that a turn will be given back: what it allowed is being closed."""
        self._ending += 1

    def give_back(self, turn: Turn, caller: Caller) -> None:
        """Take back a turn that was to end: what it allowed is closed."""
        self._ending -= 1
        caller.turns -= 1
        if caller in self._callers:
            self._callers[caller] = self._callers.pop(caller)  # behind those who have none
        if turn.ticket:
            del self._held[turn.ticket]
            self._over.append(turn.ticket)
            self._is_urgent = True
        else:
            self._alone -= 1
        self._rhythm.plan()

    async def settle(self) -> None:
        """Wait until Redis has heard of turns that are over; not for long if it is away."""
        for _ in range(2):  # the exchange that goes on now may bring a turn, or miss an end
            if self._over or self._rhythm.is_acting:
                await self._rhythm.once()

    # What is said to Redis, and when.

    def _due(self) -> float:
        """Return when to talk to Redis next, by the clock of the loop."""
        is_hungry = bool(self._count_hungry())
        has_left = self._is_queued and not is_hungry
        if self._late_since:
            again = self._talked_at + AGAIN_S if self._over or self._held else inf
            return self._look_at if self._callers else again
        if self._is_urgent or has_left:
            return -inf
        times = [inf]
        if self._held:
            times.append(self._talked_at + self.pace.tell)
        if self._callers:
            times.append(self._ask_at(is_hungry=is_hungry))
        return min(times)

    def _ask_at(self, *, is_hungry: bool) -> float:
        """Return when asking for more turns may bring some."""
        paused = self.pauses.left(self.host)
        if paused:
            return get_running_loop().time() + paused
        if is_hungry:
            return self._look_at
        heard = self._heard
        if heard.taken + heard.others < heard.limit:
            return self._talked_at
        is_earned = heard.limit < self._ledger.most and len(self._news) >= heard.limit
        return self._talked_at + (self.pace.more if is_earned else self.pace.tell)

    async def _talk(self) -> None:
        now = get_running_loop().time()
        letter = self._write(now)
        self._talked_at, self._is_urgent = now, False
        try:
            reply = await self._ledger.exchange(letter)
        except PassedByError as error:
            self._do_without(letter, error)
        else:
            self._hear(letter, reply)
        finally:
            self._plan_look()

    def _plan_look(self) -> None:
        """Let who has got nothing look a little later, and who comes anew look at once."""
        now = get_running_loop().time()
        if self._heard_at < self._talked_at:
            self._late_since = self._late_since or now
        wait = SystemRandom().uniform(self.pace.look, 3 * self.pace.look)
        again = self._late_since or self._count_hungry()
        self._look_at = now + wait if again else -inf

    def _write(self, now: float) -> Letter:
        wants = sum(caller.wants for caller in self._callers)
        if self.pauses.left(self.host):
            wants = 0
        first = self._tickets
        self._tickets += min(wants, self._ledger.most)
        renewed_before = now - self.pace.renew
        return Letter(
            over=tuple(self._over),
            kept=[
                name for name, turn in self._held.items() if turn.renewed < renewed_before
            ],
            wanted=[
                f"{self._ledger.asker}:{number}" for number in range(first, self._tickets)
            ],
            waits=bool(wants and self._count_hungry()),
            reports=tuple(self._news),
        )

    def _hear(self, letter: Letter, reply: Reply) -> None:
        now = get_running_loop().time()
        self._absence.is_over()
        self._heard, self._heard_at, self._late_since = reply, now, None
        for _ in letter.over:
            self._over.popleft()
        for _ in letter.reports:
            self._news.popleft()
        for ticket in letter.kept:
            if ticket in self._held:
                self._held[ticket].renewed = self._talked_at
        self._is_queued = letter.waits and not reply.given and not reply.pause
        if reply.halved:
            log.info("moodle_site_out_of_breath", host=self.host, limit=reply.limit)
        if reply.pause:
            self.note_pause(reply.pause, reply.why)
        for ticket in letter.wanted[: reply.given]:
            self._give(Turn(ticket, since=now, renewed=self._talked_at))
        mine = len(self._held) + len(self._over)
        self._surplus = ceil((reply.taken - reply.limit) * mine / max(reply.taken, 1))

    def _do_without(self, letter: Letter, error: PassedByError) -> None:
        """Go on while Redis does not answer: it may have heard the letter all the same."""
        now = get_running_loop().time()
        self._late_since = self._late_since or now
        if error.__cause__ is not None:
            self._over.extend(letter.wanted)
        if now - self._late_since > self.pace.lease:
            self._over.clear()  # they have run out by themselves
        if not self._absence.lasts(error) or self.pauses.left(self.host):
            return
        while self._callers and len(self._held) + self._alone < ALONE:
            self._alone += 1
            self._give(Turn("", since=now, renewed=now))

    # Who gets a turn.

    def _give(self, turn: Turn) -> None:
        """Give a turn to who has the fewest, and of those to who waits longest."""
        if turn.ticket:
            self._held[turn.ticket] = turn
        caller = min(self._callers, key=lambda one: one.turns, default=None)
        if caller is None:
            self._take_back(turn)
            return
        del self._callers[caller]
        caller.turns += 1
        caller.receive(turn)
        if caller.wants:
            self._callers[caller] = None

    def _take_back(self, turn: Turn) -> None:
        del self._held[turn.ticket]
        self._over.append(turn.ticket)
        self._is_urgent = True

    def _count_hungry(self) -> int:
        return sum(not caller.turns for caller in self._callers)
