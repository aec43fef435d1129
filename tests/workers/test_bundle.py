"""What comes one by one is put away together, and one thing that cannot be costs only itself."""

import asyncio

import pytest

from studymaster.adapters.database import AWAY, DatabaseAwayError
from workers.visit import bundle
from workers.visit.bundle import Bundler, in_company


class Shelf:
    """Takes things away, but not those that are broken."""

    def __init__(self, *, broken: tuple[int, ...] = (), ends: bool = False) -> None:
        self.taken: list[list[int]] = []
        self._broken, self._ends = set(broken), ends

    async def take(self, things) -> None:
        if self._ends:
            raise DatabaseAwayError(AWAY)
        if broken := self._broken.intersection(things):
            raise ZeroDivisionError(*sorted(broken))
        self.taken.append(list(things))


@pytest.fixture(autouse=True)
def _patient(monkeypatch) -> None:
    """Nothing here may depend on how long the first waits for company."""
    monkeypatch.setattr(bundle, "COMPANY_SECONDS", 60)


async def test_things_that_come_at_once_are_put_away_together() -> None:
    shelf = Shelf()
    bundler = Bundler[int](shelf.take, most=3)
    await asyncio.gather(*(bundler.add(number) for number in range(6)))
    assert shelf.taken == [[0, 1, 2], [3, 4, 5]]


async def test_who_is_alone_does_not_wait_for_ever(monkeypatch) -> None:
    monkeypatch.setattr(bundle, "COMPANY_SECONDS", 0)
    shelf = Shelf()
    await Bundler[int](shelf.take, most=3).add(7)
    assert shelf.taken == [[7]]


async def test_one_that_cannot_be_put_away_costs_only_itself() -> None:
    shelf = Shelf(broken=(1,))
    bundler = Bundler[int](shelf.take, most=3)
    came = await asyncio.gather(
        *(bundler.add(number) for number in range(3)), return_exceptions=True
    )
    assert [type(one) for one in came] == [type(None), ZeroDivisionError, type(None)]
    assert shelf.taken == [[0], [2]]
    assert list(await in_company([1, 2], shelf.take)) == [0]


async def test_what_ends_the_run_is_raised_to_everybody() -> None:
    bundler = Bundler[int](Shelf(ends=True).take, most=2)
    came = await asyncio.gather(bundler.add(0), bundler.add(1), return_exceptions=True)
    assert [type(one) for one in came] == [DatabaseAwayError, DatabaseAwayError]


async def test_nobody_is_left_waiting_when_the_first_is_stopped() -> None:
    shelf = Shelf()
    bundler = Bundler[int](shelf.take, most=3)
    first, second = (asyncio.create_task(bundler.add(number)) for number in range(2))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert shelf.taken == []
