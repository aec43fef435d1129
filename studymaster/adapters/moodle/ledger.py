"""What all processes know together of one Moodle site, kept in Redis.

How many turns there are is learnt as TCP learns it: one more after as many good answers as
there are turns, half as many when the site is out of breath (it says so, fails, or takes twice
its usual time). A turn is a lease that runs out by itself, so a worker that was killed holds
nobody up for long.

Own code, because the libraries for it (async-redis-rate-limiters, py-redis-limiters) count up
to a fixed number and know neither a changing limit nor a pause.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Final, NamedTuple, cast
from uuid import uuid4

from studymaster.adapters import shortcut
from studymaster.adapters.moodle.pace import Pace

KEEP_MS = 25 * 3600 * 1000
"""What is known of a site is forgotten after this rest; the longest pause is a day."""


class Outcome(StrEnum):
    """How a request ended, as far as it tells how the site is doing."""

    NOTHING = "nothing"
    ANSWERED = "answered"
    BUSY = "busy"
    CLOSED = "closed"


class Report(NamedTuple):
    """How one request went: when it began by Redis' clock, and times in milliseconds."""

    outcome: Outcome
    kind: str
    began: float
    took: int
    pause: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What a process tells and asks: turns over, turns kept, turns wanted, how it went.

    `waits` tells that somebody has no turn at all: that is who stands in the queue.
    """

    over: Sequence[str] = ()
    kept: Sequence[str] = ()
    wanted: Sequence[str] = ()
    waits: bool = False
    reports: Sequence[Report] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """How things stand: the first `given` of the turns wanted are there now.

    `pause` is what the site still asks for, in seconds, `why` what it answered; `now` is
    Redis' clock in milliseconds. Of at most `limit` turns `taken` are taken, and `others` is
    how many other processes wait for one. `halved` tells that this letter halved the limit.
    """

    given: int = 0
    pause: float = 0.0
    why: str = ""
    now: float = 0.0
    limit: int = 1
    taken: int = 1
    others: int = 0
    halved: bool = False


# One script, so that a whole exchange is one way there and back, and nobody comes in between.
# It reads the time from Redis, the one clock that all workers share. What a kind of request
# usually takes follows faster answers quickly and slower ones slowly.
EXCHANGE: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local leases, queue, alive, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local place = 0
local function read()
  place = place + 1
  return ARGV[place]
end
local function read_list()
  local list = {}
  for n = 1, tonumber(read()) do list[n] = read() end
  return list
end
local asker, waits, most, first = read(), read() == '1', tonumber(read()), tonumber(read())
local lease, absent, keep = tonumber(read()), tonumber(read()), read()
for _, ticket in ipairs(read_list()) do redis.call('ZREM', leases, ticket) end
for _, ticket in ipairs(read_list()) do redis.call('ZADD', leases, now + lease, ticket) end
local wanted = read_list()

local known = redis.call('HMGET', state, 'limit', 'good', 'halved', 'until', 'why')
local limit = math.min(most, tonumber(known[1] or first))
local good, last, halved = tonumber(known[2] or '0'), tonumber(known[3] or '0'), 0
local ends, why = tonumber(known[4] or '0'), known[5] or ''
local function is_slow(kind, took)
  local seen = redis.call('HMGET', state, 'n:' .. kind, 'usual:' .. kind, 'late:' .. kind)
  local n = tonumber(seen[1] or '0') + 1
  local usual, late = tonumber(seen[2] or took), tonumber(seen[3] or took)
  late = late + (took - late) / 4
  usual = usual + (took - usual) / (took < usual and 4 or 64)
  local slow = n >= 8 and late > 2 * usual + 50
  if slow then n, late = 0, usual end
  redis.call('HSET', state, 'n:' .. kind, n, 'usual:' .. kind, usual, 'late:' .. kind, late)
  return slow
end
local told = tonumber(read())
for _ = 1, told do
  local outcome, kind, began = read(), read(), tonumber(read())
  local took, pause = tonumber(read()), tonumber(read())
  local busy = outcome ~= 'answered'
  if busy and pause > 0 and now + pause > ends then ends, why = now + pause, outcome end
  if not busy and kind ~= '' then busy = is_slow(kind, took) end
  if began > last then
    if busy then
      limit, good, last, halved = math.max(1, math.floor(limit / 2)), 0, now, 1
    else
      good = good + 1
      if good >= limit then limit, good = math.min(most, limit + 1), 0 end
    end
  end
end
if told > 0 then
  redis.call('HSET', state, 'limit', limit, 'good', good, 'halved', last,
             'until', ends, 'why', why)
end

redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', alive, '-inf', now - absent)) do
  redis.call('ZREM', queue, gone)
  redis.call('ZREM', alive, gone)
end
local function leave_queue()
  redis.call('ZREM', queue, asker)
  redis.call('ZREM', alive, asker)
end
local given = 0
if waits and ends <= now then
  if not redis.call('ZSCORE', queue, asker) then
    redis.call('ZADD', queue, redis.call('HINCRBY', state, 'arrivals', 1), asker)
  end
  redis.call('ZADD', alive, now, asker)
else
  leave_queue()
end
if ends <= now then
  local ahead = redis.call('ZRANK', queue, asker) or redis.call('ZCARD', queue)
  local free = limit - redis.call('ZCARD', leases) - ahead
  if redis.call('ZCARD', queue) > (waits and 1 or 0) then free = math.min(free, 1) end
  while given < free and given < #wanted do
    given = given + 1
    redis.call('ZADD', leases, now + lease, wanted[given])
  end
  if given > 0 then leave_queue() end
end
local others = redis.call('ZCARD', queue)
if redis.call('ZRANK', queue, asker) then others = others - 1 end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, keep) end
return {given, math.max(0, math.ceil(ends - now)), why, string.format('%.3f', now),
        limit, redis.call('ZCARD', leases), others, halved}
"""


class Ledger:
    """The way of one process to what is known of one site."""

    def __init__(self, name: str, *, most: int, pace: Pace) -> None:
        """Read and write under `name`; never have more than `most` turns there at once."""
        self.asker = uuid4().hex
        self.most = most
        self._keys = [f"{name}:{part}" for part in ("leases", "queue", "alive", "state")]
        self._pace = pace

    async def exchange(self, letter: Letter) -> Reply:
        """Tell and ask all of it in one go; PassedByError while Redis is away."""
        async with shortcut.of_this_loop().attempt() as client:
            script = client.register_script(EXCHANGE)
            told = cast(
                "Sequence[int | bytes]",
                await script(keys=self._keys, args=self._spell(letter)),
            )
        return _read(told)

    def _spell(self, letter: Letter) -> list[str | int | float]:
        pace = self._pace
        times = (ceil(1000 * pace.lease), ceil(1000 * pace.absent), KEEP_MS)
        return [
            *(self.asker, int(letter.waits), self.most, pace.first, *times),
            *_counted(letter.over),
            *_counted(letter.kept),
            *_counted(letter.wanted),
            len(letter.reports),
            *(value for report in letter.reports for value in report),
        ]


def _counted(tickets: Iterable[str]) -> list[str | int]:
    listed = list(tickets)
    return [len(listed), *listed]


def _read(told: Sequence[int | bytes]) -> Reply:
    given, pause, why, now, limit, taken, others, halved = told
    return Reply(
        given=int(given),
        pause=int(pause) / 1000,
        why=cast("bytes", why).decode(),
        now=float(now),
        limit=int(limit),
        taken=int(taken),
        others=int(others),
        halved=bool(halved),
    )
