from datetime import timedelta

import pytest

from studymaster.errors import SignInError
from studymaster.features.focus.state.history import HistoryState
from tests.conftest import NOON
from tests.features.focus.desk import finished
from tests.tabs import open_tab, tab_of


async def opened(student) -> HistoryState:
    tab = tab_of(student, HistoryState, path="/focus")
    await HistoryState.load.fn(tab)
    return tab


async def test_figures_and_sessions_are_shown(student) -> None:
    await finished(student, minutes=25)
    tab = await opened(student)
    assert (tab.loaded, tab.stats.today.minutes, tab.more) == (True, 25, False)
    assert [row.outcome for row in tab.rows] == ["25 min, 5 points"]


async def test_twenty_are_shown_first_and_more_on_demand(student) -> None:
    for hours in range(25):
        await finished(student, minutes=5, at=NOON - timedelta(hours=hours))
    tab = await opened(student)
    assert (len(tab.rows), tab.more) == (20, True)
    await HistoryState.show_more.fn(tab)
    assert (len(tab.rows), tab.more) == (25, False)
    await HistoryState.refresh.fn(tab)
    assert len(tab.rows) == 25


async def test_nobody_sees_another_students_sessions(student, other_student) -> None:
    await finished(student, minutes=25)
    tab = await opened(other_student)
    assert (tab.rows, tab.stats.today.sessions) == ([], 0)


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (HistoryState.load, HistoryState.refresh, HistoryState.show_more):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(HistoryState))
