"""How a thing is timed: warmed up first, many times over, two things in turns."""

from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from statistics import median
from time import perf_counter

Action = Callable[[], Awaitable[object]]

ROUNDS = 30
WARM_UP = 3
MS = 1000


@dataclass(frozen=True, slots=True)
class Timing:
    """How long each round took (ms, the shortest first), and all of them together (s)."""

    rounds_ms: tuple[float, ...]
    seconds: float

    def percentile(self, percent: float) -> float:
        """Return what so many percent of the rounds did not take longer than (ms).

        The nearest rank: always a round that really happened.
        """
        rank = max(1, ceil(len(self.rounds_ms) * percent / 100))
        return self.rounds_ms[rank - 1]

    @property
    def p50(self) -> float:
        """What half of the rounds did not take longer than (ms)."""
        return self.percentile(50)

    @property
    def p99(self) -> float:
        """What 99 of 100 rounds did not take longer than (ms)."""
        return self.percentile(99)

    @property
    def per_second(self) -> float:
        """How many rounds went through in a second."""
        return len(self.rounds_ms) / self.seconds

    def figures(self) -> dict[str, float]:
        """Return what a table shows of it."""
        return {
            "p50 ms": self.p50,
            "p95 ms": self.percentile(95),
            "p99 ms": self.p99,
            "per second": self.per_second,
        }


def timing(rounds_ms: Sequence[float], *, seconds: float | None = None) -> Timing:
    """Return the timing of rounds; without `seconds` they went one after the other.

    Raises:
        ValueError: there was no round.
    """
    if not rounds_ms:
        msg = "Nothing was timed."
        raise ValueError(msg)
    total = sum(rounds_ms) / MS if seconds is None else seconds
    return Timing(tuple(sorted(rounds_ms)), total)


class Watch:
    """A stopwatch; `ms` is set once its block is over."""

    ms: float = 0.0


@contextmanager
def watched() -> Generator[Watch]:
    """Time a block."""
    watch, began = Watch(), perf_counter()
    yield watch
    watch.ms = (perf_counter() - began) * MS


async def time_once(action: Action) -> float:
    """Return how long one round takes (ms)."""
    with watched() as watch:
        await action()
    return watch.ms


async def time_rounds(
    action: Action, *, rounds: int = ROUNDS, warm_up: int = WARM_UP
) -> Timing:
    """Time rounds one after the other."""
    taken = [await time_once(action) for _ in range(warm_up + rounds)]
    return timing(taken[warm_up:])


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two things timed in turns within the same minute of the same machine.

    `ratio` is how many times as long the first takes: the median over the pairs of rounds.
    """

    first: Timing
    second: Timing
    ratio: float


async def time_in_turns(
    first: Action,
    second: Action,
    *,
    rounds: int = ROUNDS,
    warm_up: int = WARM_UP,
    before_first: Callable[[], object] = lambda: None,
) -> Comparison:
    """Time two things by turns, so that their ratio does not depend on the machine's load.

    What comes `before_first` is not timed.
    """
    pairs: list[tuple[float, float]] = []
    for number in range(warm_up + rounds):
        before_first()
        pair = await time_once(first), await time_once(second)
        if number >= warm_up:
            pairs.append(pair)
    ratio = median(one / other for one, other in pairs)
    return Comparison(
        timing([one for one, _ in pairs]), timing([other for _, other in pairs]), ratio
    )
