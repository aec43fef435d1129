"""The ledger in one browser tab."""

from datetime import timedelta

import pytest

from studymaster.errors import SignInError
from studymaster.features.accountability.state import LedgerState
from tests.conftest import NOON
from tests.features.points.log import earned, keep
from tests.tabs import open_tab, tab_of


async def test_the_ledger_unrolls_and_stays_unrolled(student, other_student) -> None:
    await keep(*(earned(student, NOON - timedelta(minutes=n), n + 100) for n in range(70)))
    await keep(earned(other_student, NOON, 7))
    tab = tab_of(student, LedgerState)
    await LedgerState.load.fn(tab)
    assert (len(tab.entries), tab.more) == (30, True)
    await LedgerState.show_more.fn(tab)
    assert (len(tab.entries), tab.more) == (60, True)
    await keep(earned(student, NOON + timedelta(minutes=1), 5))
    await LedgerState.refresh.fn(tab)
    assert (len(tab.entries), tab.entries[0].amount) == (60, "+5")
    await LedgerState.show_more.fn(tab)
    assert (len(tab.entries), tab.more) == (71, False)


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (LedgerState.load, LedgerState.refresh, LedgerState.show_more):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(LedgerState))
