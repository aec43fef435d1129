"""Points, streak and challenges in one browser tab."""

import pytest

from studymaster import live
from studymaster.adapters.bus import Topic, news_for
from studymaster.errors import NotFoundError, SignInError
from studymaster.features.accountability.state import OverviewState
from tests.conftest import NOON
from tests.features.points.log import answers, earned, keep
from tests.tabs import open_tab, tab_of


async def test_the_page_loads_its_parts_and_follows_the_points(student) -> None:
    await keep(earned(student, NOON.replace(hour=11), 1284))
    tab = tab_of(student, OverviewState)
    following = await OverviewState.load.fn(tab)
    assert (tab.loaded, tab.figures.points, len(tab.calendar)) == (True, "1,284", 42)
    assert len(following) == 3
    updates = live.tabs.updates_for(news_for(student.account_id, Topic.POINTS), closing={})
    assert [event.name for event in updates["tab"].events] == [
        f"{OverviewState.get_full_name()}.refresh"
    ]


async def test_a_challenge_is_taken_on(student) -> None:
    await keep(*answers(student, NOON.replace(hour=11), count=30))
    tab = tab_of(student, OverviewState)
    await OverviewState.load.fn(tab)
    await OverviewState.join.fn(tab, "reviews-100")
    joined = [(one.code, one.progress) for one in tab.challenges if one.joined]
    assert joined == [("reviews-100", 30)]


@pytest.mark.parametrize("code", ["", "nonsense", None, 7, {"code": "reviews-100"}])
async def test_nonsense_is_no_challenge(student, code) -> None:
    tab = tab_of(student, OverviewState)
    with pytest.raises(NotFoundError):
        await OverviewState.join.fn(tab, code)


async def test_what_did_not_change_is_not_sent_again(student) -> None:
    tab = tab_of(student, OverviewState)
    await OverviewState.load.fn(tab)
    before = tab.calendar
    tab._clean()
    await OverviewState.refresh.fn(tab)
    assert "calendar" not in tab.dirty_vars
    assert tab.calendar == before


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (OverviewState.load, OverviewState.refresh):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(OverviewState))
    with pytest.raises(SignInError):
        await OverviewState.join.fn(open_tab(OverviewState), "reviews-100")
