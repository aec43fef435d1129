"""The leaderboard in one browser tab."""

import pytest

from studymaster import live
from studymaster.adapters.bus import News, Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import SignInError
from studymaster.features.accountability.state import BoardState
from studymaster.features.points import service as points
from tests.conftest import NOON
from tests.features.points.log import earned, keep, show
from tests.tabs import open_tab, tab_of


async def refresh() -> None:
    async with unit_of_work() as work:
        await points.refresh_leaderboard(work)


async def test_a_student_enters_and_leaves_by_the_switch(student) -> None:
    await keep(earned(student, NOON, 30))
    tab = tab_of(student, BoardState)
    await BoardState.load.fn(tab)
    assert (tab.taking_part, tab.rows, tab.week) == (False, [], "14 Jan to 20 Jan")
    await BoardState.take_part.fn(tab, on=True)
    assert (tab.taking_part, [row.name for row in tab.rows]) == (True, ["Mina Aalto"])
    await BoardState.take_part.fn(tab, on=False)
    assert (tab.taking_part, tab.rows) == (False, [])


async def test_it_moves_while_it_is_looked_at(student, other_student) -> None:
    await show(other_student)
    tab = tab_of(student, BoardState)
    await BoardState.load.fn(tab)
    await keep(earned(other_student, NOON, 30))
    await refresh()
    updates = live.tabs.updates_for(News(Topic.LEADERBOARD, account_id=""), closing={})
    assert [event.name for event in updates["tab"].events] == [
        f"{BoardState.get_full_name()}.refresh"
    ]
    await BoardState.refresh.fn(tab)
    assert [(row.name, row.points) for row in tab.rows] == [("Jonas Keller", 30)]


@pytest.mark.parametrize("on", ["yes", 1, None, {"on": True}])
async def test_only_a_switch_puts_a_name_on_it(student, on) -> None:
    tab = tab_of(student, BoardState)
    await BoardState.take_part.fn(tab, on=on)
    assert tab.taking_part is False


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (BoardState.load, BoardState.refresh):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(BoardState))
    with pytest.raises(SignInError):
        await BoardState.take_part.fn(open_tab(BoardState), on=True)
