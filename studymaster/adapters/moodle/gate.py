"""Whose turn it is to ask a Moodle site: one count for all workers, kept in Redis.

A turn is a lease that runs out by itself, so a worker that was killed holds nobody up for
long. How many may ask a site at once is learnt as TCP learns it: one more after as many
answers as there are turns, half as many when the site is out of breath (it says so, fails, or
takes twice its usual time). A pause that it asks for holds for everybody.

Own code, because the libraries for it (async-redis-rate-limiters, py-redis-limiters) count up
to a fixed number and know neither a changing limit nor a pause.
"""

from asyncio import AbstractEventLoop, Event, Lock, get_running_loop, timeout
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, inf
from secrets import SystemRandom
from typing import Final, cast
from uuid import uuid4
from weakref import WeakKeyDictionary, WeakValueDictionary

import structlog

from studymaster.adapters import shortcut
from studymaster.adapters.moodle.failures import (
    MaintenanceError,
    MoodleError,
    TooBusyError,
)
from studymaster.adapters.shortcut import PassedByError
from studymaster.config import get_settings

log = structlog.get_logger(__name__)

PREFIX = "studymaster:gate"
ALONE = 2
"""Turns of one process at one site while Redis is away."""


class Outcome(StrEnum):
    """How a request ended, as far as it tells how the site is doing."""

    NOTHING = "nothing"
    ANSWERED = "answered"
    BUSY = "busy"
    CLOSED = "closed"


PAUSES: Final[dict[str, type[MoodleError]]] = {
    Outcome.BUSY: TooBusyError,
    Outcome.CLOSED: MaintenanceError,
}
"""What somebody is told who comes while the site has asked for a pause."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How turns are given; all times in seconds.

    A turn runs out after `lease`; as long as bytes come it is renewed every `renew`. Who
    waits looks every `look` or a little later, and loses the place in the queue after
    `absent` without looking. A site begins with `first` turns. Nobody waits through a pause
    longer than `pause`, or longer than `queue`. A Redis that is only late is waited for up to
    `late`: a busy machine is no reason to ask more than the limit.
    """

    lease: float = 120.0
    renew: float = 30.0
    look: float = 0.02
    absent: float = 1.0
    first: int = 2
    pause: float = 60.0
    queue: float = 600.0
    late: float = 10.0


PACE: Final = Pace()
MOST_OWED = 100
"""Turns to give back once Redis answers again; older ones run out by themselves."""
PAUSE_LOOK = 1.0
"""Seconds between two looks of somebody who waits for the end of a pause."""
KEEP_MS = 25 * 3600 * 1000
"""What is known of a site is forgotten after this rest; the longest pause is a day."""

# Every script reads the time from Redis, the one clock that all workers share.
NOW = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local leases, queue, alive, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
"""

TAKE: Final = (
    NOW
    + """
local ticket, most, first = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local lease, absent, keep = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local pause = tonumber(redis.call('HGET', state, 'until') or '0') - now
if pause > 0 then
  return {0, pause, redis.call('HGET', state, 'why'), now}
end
redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', alive, '-inf', now - absent)) do
  redis.call('ZREM', queue, gone)
  redis.call('ZREM', alive, gone)
end
if not redis.call('ZSCORE', queue, ticket) then
  redis.call('ZADD', queue, redis.call('HINCRBY', state, 'arrivals', 1), ticket)
end
redis.call('ZADD', alive, now, ticket)
local limit = math.min(most, tonumber(redis.call('HGET', state, 'limit') or first))
local free = limit - redis.call('ZCARD', leases)
local mine = 0
if redis.call('ZRANK', queue, ticket) < free then
  redis.call('ZREM', queue, ticket)
  redis.call('ZREM', alive, ticket)
  redis.call('ZADD', leases, now + lease, ticket)
  mine = 1
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, keep) end
return {mine, 0, '', now}
"""
)

# What a kind of request usually takes follows faster answers quickly and slower ones slowly.
LEAVE: Final = (
    NOW
    + """
local ticket, outcome, kind = ARGV[1], ARGV[2], ARGV[3]
local began, took, pause = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local most, first, keep = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]
redis.call('ZREM', leases, ticket)
redis.call('ZREM', queue, ticket)
redis.call('ZREM', alive, ticket)
if outcome == 'nothing' then return {0, 0} end
local limit = math.min(most, tonumber(redis.call('HGET', state, 'limit') or first))
local busy = outcome ~= 'answered'
if busy and pause > 0 then
  local known = tonumber(redis.call('HGET', state, 'until') or '0')
  if now + pause > known then
    redis.call('HSET', state, 'until', now + pause, 'why', outcome)
  end
end
if not busy and kind ~= '' then
  local seen = redis.call('HMGET', state, 'n:' .. kind, 'usual:' .. kind, 'late:' .. kind)
  local n = tonumber(seen[1] or '0') + 1
  local usual, late = tonumber(seen[2] or took), tonumber(seen[3] or took)
  late = late + (took - late) / 4
  usual = usual + (took - usual) / (took < usual and 4 or 64)
  busy = n >= 8 and late > 2 * usual + 50
  if busy then n, late = 0, usual end
  redis.call('HSET', state, 'n:' .. kind, n, 'usual:' .. kind, usual, 'late:' .. kind, late)
end
local halved = 0
if began > tonumber(redis.call('HGET', state, 'halved') or '0') then
  local good = 0
  if busy then
    limit = math.max(1, math.floor(limit / 2))
    redis.call('HSET', state, 'halved', now)
    halved = 1
  else
    good = redis.call('HINCRBY', state, 'good', 1)
    if good >= limit then
      limit = math.min(most, limit + 1)
      good = 0
    end
  end
  redis.call('HSET', state, 'limit', limit, 'good', good)
end
redis.call('PEXPIRE', state, keep)
return {halved, limit}
"""
)

RENEW: Final = (
    NOW
    + """
redis.call('ZADD', leases, now + tonumber(ARGV[2]), ARGV[1])
redis.call('PEXPIRE', leases, ARGV[3])
return {0, 0}
"""
)


class _Place:
    """The queue of this process before one site: its first asks Redis, the others wait."""

    def __init__(self) -> None:
        self.first = Lock()  # lets in by order of arrival
        self.left = Event()
        self.alone = 0


class Gate:
    """Gives turns at every site to the callers of one event loop."""

    def __init__(self, *, most: int, pace: Pace = PACE) -> None:
        """Never give more than `most` turns at one site at once, over all processes."""
        self.most = most
        self.pace = pace
        self._places: WeakValueDictionary[str, _Place] = WeakValueDictionary()
        self._pauses: dict[str, tuple[float, str]] = {}
        self._owed: deque[Turn] = deque(maxlen=MOST_OWED)
        self._late_since: float | None = None

    async def enter(self, host: str) -> "Turn":
        """Wait for a turn at `host` ("name:port"); whoever has it must leave.

        Raises:
            TooBusyError, MaintenanceError: the site has asked for a pause longer than anybody
                waits here, or no turn came in time. `retry_after` tells when to come again.
        """
        place = self._places.setdefault(host, _Place())
        turn = Turn(self, host, place)
        try:
            async with timeout(self.pace.queue), place.first:
                await self._wait_for(turn, place)
        except TimeoutError as error:
            await turn.leave()
            raise TooBusyError(_name(host), detail="no turn in time") from error
        except BaseException:
            await turn.leave()  # it may have been given just as we went away
            raise
        return turn

    async def _wait_for(self, turn: "Turn", place: _Place) -> None:
        place.left.clear()
        while (wait := await self._look(turn)) > 0:
            with suppress(TimeoutError):
                async with timeout(wait):
                    await place.left.wait()
            place.left.clear()

    async def _look(self, turn: "Turn") -> float:
        """Take the turn if there is one: return 0, or after how many seconds to look again."""
        paused = self._check_pause(turn.host)
        if paused > 0:
            return paused
        pace = self.pace
        args = (self.most, pace.first, _ms(pace.lease), _ms(pace.absent), KEEP_MS)
        try:
            await self._pay()
            turn.asked = True
            reply = await self.run(TAKE, turn, *args)
        except PassedByError as error:
            alone = self._is_away(error) and turn.take_alone()
            return 0 if alone else self._next_look()
        self._late_since = None
        given, pause, why, now = reply
        if cast("int", pause) > 0:
            self.note_pause(
                turn.host, cast("int", pause) / 1000, cast("bytes", why).decode()
            )
            return self._check_pause(turn.host)
        if given:
            turn.begin(cast("int", now))
            return 0
        return self._next_look()

    def _is_away(self, error: PassedByError) -> bool:
        """Tell a Redis that is not there from one that is late, or rests after being late."""
        now = get_running_loop().time()
        if isinstance(error.__cause__, TimeoutError | None):
            self._late_since = now if self._late_since is None else self._late_since
        else:
            self._late_since = -inf
        return now - self._late_since > self.pace.late

    def owe(self, turn: "Turn") -> None:
        """Give a turn back later: Redis does not answer now."""
        self._owed.append(turn)

    async def _pay(self) -> None:
        while self._owed:
            turn = self._owed.popleft()
            try:
                await turn.give_back()
            except BaseException:
                self._owed.append(turn)
                raise

    def _next_look(self) -> float:
        return SystemRandom().uniform(self.pace.look, 3 * self.pace.look)

    def _check_pause(self, host: str) -> float:
        until, why = self._pauses.get(host, (0.0, ""))
        left = until - get_running_loop().time()
        if left > self.pace.pause:
            raise PAUSES.get(why, TooBusyError)(
                _name(host), detail="has asked for a pause", retry_after=ceil(left)
            )
        return min(left, PAUSE_LOOK)

    def note_pause(self, host: str, seconds: float, why: str) -> None:
        """Remember a pause in this process too: it holds while Redis is away."""
        now = get_running_loop().time()
        pause = max((now + seconds, why), self._pauses.get(host, (0.0, "")))
        current = {name: known for name, known in self._pauses.items() if known[0] > now}
        self._pauses = current | {host: pause}

    async def run(self, script: str, turn: "Turn", *args: str | int) -> Sequence[object]:
        """Run one of the scripts for a turn; PassedByError while Redis is away."""
        names = ("leases", "queue", "alive", "state")
        keys = [f"{PREFIX}:{{{turn.host}}}:{name}" for name in names]
        async with shortcut.of_this_loop().attempt() as client:
            known = client.register_script(script)
            return cast(
                "Sequence[object]", await known(keys=keys, args=[turn.ticket, *args])
            )


class Turn:
    """One request at a site, from before it is sent until its answer is read or given up."""

    def __init__(self, gate: Gate, host: str, place: _Place) -> None:
        """Begin outside."""
        self.host = host
        self.ticket = uuid4().hex
        self.asked = False
        self._gate = gate
        self._place = place
        self._alone = False
        self._began = 0
        self._renewed = 0.0
        self._told: tuple[Outcome, str, int, int] = (Outcome.NOTHING, "", 0, 0)

    def begin(self, now: int) -> None:
        """Note when Redis gave the turn, in its milliseconds."""
        self._began = now
        self._renewed = get_running_loop().time()

    def take_alone(self) -> bool:
        """Take a turn that only this process counts; tell whether there was one."""
        if self._place.alone >= ALONE:
            return False
        self._place.alone += 1
        self._alone = True
        return True

    def tell(
        self,
        outcome: Outcome,
        *,
        kind: str = "",
        seconds: float = 0.0,
        retry_after: float | None = None,
    ) -> None:
        """Say how it went; it counts when the turn ends.

        Args:
            outcome: what the request says about the site.
            kind: requests of one kind usually take about the same time.
            seconds: until the answer began.
            retry_after: the pause in seconds that the site has asked for.
        """
        self._told = (outcome, kind, _ms(seconds), _ms(retry_after or 0))
        if retry_after:
            self._gate.note_pause(self.host, retry_after, outcome)

    async def renew(self) -> None:
        """Keep the turn while bytes still come; costs nothing most of the time."""
        pace = self._gate.pace
        now = get_running_loop().time()
        if self._began and now - self._renewed > pace.renew:
            self._renewed = now
            with suppress(PassedByError):
                await self._gate.run(RENEW, self, _ms(pace.lease), KEEP_MS)

    async def leave(self) -> None:
        """Let the next one in."""
        gate, place = self._gate, self._place
        if self._alone:
            self._alone = False
            place.alone -= 1
        elif self.asked:
            try:
                await self.give_back()
            except PassedByError:
                gate.owe(self)
        place.left.set()

    async def give_back(self) -> None:
        """Tell Redis that the turn is over, and how it went; PassedByError if it is away."""
        gate = self._gate
        outcome, kind, took, pause = self._told
        args = (outcome, kind, self._began, took, pause, gate.most, gate.pace.first)
        halved, limit = await gate.run(LEAVE, self, *args, KEEP_MS)
        if halved:
            log.info("moodle_site_out_of_breath", host=self.host, limit=limit)


_gates: WeakKeyDictionary[AbstractEventLoop, Gate] = WeakKeyDictionary()


def of_this_loop() -> Gate:
    """Return the gate of this event loop, with the limit that the host has set."""
    loop, most = get_running_loop(), get_settings().moodle_host_limit
    known = _gates.get(loop)
    if known is None or known.most != most:
        known = _gates[loop] = Gate(most=most)
    return known


def _ms(seconds: float) -> int:
    return ceil(seconds * 1000)


def _name(host: str) -> str:
    """Return the name without the port, as sentences show it."""
    return host.rpartition(":")[0]
