from studymaster.features.campus.state.changes import put
from studymaster.features.campus.state.groups import GroupsState
from tests.tabs import open_tab


def test_only_what_changed_is_sent() -> None:
    tab = open_tab(GroupsState)
    tab._clean()
    put(tab, groups=[], making=False, loaded=False)
    assert tab.dirty_vars == set()
    put(tab, groups=[], making=True)
    assert (tab.making, tab.dirty_vars) == (True, {"making"})
