import pytest

from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.state.groups import GroupsState
from studymaster.features.campus.state.lists import first
from studymaster.features.campus.state.questions import QuestionsState
from studymaster.paging import Stretch, Window, stretch


@pytest.mark.parametrize(
    ("there", "count", "shown", "more"),
    [(0, 20, 0, False), (20, 20, 20, False), (21, 20, 20, True), (350, 240, 240, True)],
)
async def test_a_list_shows_its_first_items(there, count, shown, more) -> None:
    async def fetch(window: Window) -> Stretch[int]:
        return stretch(
            range(window.offset, min(there, window.offset + window.probe)), window=window
        )

    assert await first(count, fetch) == (list(range(shown)), more)


def test_two_lists_of_one_tab_go_on_each_for_itself() -> None:
    tab = SessionState(_reflex_internal_init=True)
    groups, questions = (
        tab.substates[kind.get_name()] for kind in (GroupsState, QuestionsState)
    )
    groups.more = True
    assert not questions.more
