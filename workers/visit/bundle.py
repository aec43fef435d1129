"""Results of many jobs of one run, put away a few at a time."""

from asyncio import Event, timeout
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from workers.visit.faults import ENDS_THE_RUN

T = TypeVar("T")

COMPANY_SECONDS = 0.1
"""The first of a bundle waits so long for others."""


PutAway = Callable[[Sequence[T]], Awaitable[None]]


async def in_company(things: Sequence[T], put_away: PutAway[T]) -> dict[int, Exception]:
    """Put things away together, or each by itself where that fails.

    Returns the failures by the place of what could not be put away even so.

    Raises:
        Exception: of the kind that ends the run.
    """
    failures: dict[int, Exception] = {}
    try:
        await put_away(things)
    except ENDS_THE_RUN:
        raise
    except Exception:  # noqa: BLE001 - it comes again below, from the one it belongs to
        for place, thing in enumerate(things):
            try:
                await put_away([thing])
            except ENDS_THE_RUN:
                raise
            except Exception as error:  # noqa: BLE001 - told to whom it belongs
                failures[place] = error
    return failures


class _Bundle(Generic[T]):
    """Things that are put away together; `done` once that was tried."""

    def __init__(self) -> None:
        self.things: list[T] = []
        self.full, self.done = Event(), Event()
        self.failures: dict[int, BaseException] = {}


class Bundler(Generic[T]):
    """Puts things away in bundles; one that cannot be put away costs only itself."""

    def __init__(self, put_away: PutAway[T], *, most: int) -> None:
        """Call `put_away` with up to `most` things."""
        self._put_away = put_away
        self._most = most
        self._open = _Bundle[T]()

    async def add(self, thing: T) -> None:
        """Return when it was put away.

        Raises:
            Exception: why it could not be.
        """
        bundle, place = self._open, len(self._open.things)
        bundle.things.append(thing)
        if len(bundle.things) >= self._most:
            self._close(bundle)
        if place == 0:
            await self._carry_out(bundle)
        await bundle.done.wait()
        if place in bundle.failures:
            raise bundle.failures[place]

    def _close(self, bundle: _Bundle[T]) -> None:
        if self._open is bundle:
            self._open = _Bundle[T]()
        bundle.full.set()

    async def _carry_out(self, bundle: _Bundle[T]) -> None:
        """Wait for company, then put the bundle away for all that are in it."""
        try:
            with suppress(TimeoutError):
                async with timeout(COMPANY_SECONDS):
                    await bundle.full.wait()
            self._close(bundle)
            bundle.failures |= await in_company(bundle.things, self._put_away)
        except BaseException as error:
            bundle.failures |= dict.fromkeys(range(len(bundle.things)), error)
            raise
        finally:
            self._close(bundle)
            bundle.done.set()
