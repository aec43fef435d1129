"""The address of a student's calendar, in a tab."""

import pytest

from studymaster.errors import NotFoundError, SignInError
from studymaster.features.deadlines.state import CalendarState
from tests.tabs import open_tab, tab_of


async def opened(student, token: str = "tab") -> CalendarState:
    tab = tab_of(student, CalendarState, token=token)
    await CalendarState.load.fn(tab)
    return tab


async def test_there_is_no_address_until_the_student_wants_one(student) -> None:
    tab = await opened(student)
    assert (tab.loaded, tab.address, tab.subscription) == (True, "", "")
    event = await CalendarState.switch_on.fn(tab)
    assert "ref_calendar_feed" in str(event.args), "the focus stays in this part"
    assert tab.address.startswith("http://testserver/api/v1/calendar/")
    assert tab.address.endswith(".ics")
    assert tab.subscription == tab.address.replace("http://", "webcal://")
    assert (await opened(student)).address == tab.address


async def test_another_address_and_none_show_in_every_tab(student) -> None:
    tab, second = await opened(student), await opened(student, "second")
    await CalendarState.switch_on.fn(tab)
    old = tab.address
    await CalendarState.renew.fn(tab)
    assert tab.address not in {old, ""}
    await CalendarState.refresh.fn(second)
    assert second.address == tab.address
    await CalendarState.switch_off.fn(second)
    await CalendarState.refresh.fn(tab)
    assert (tab.address, tab.subscription, second.address) == ("", "", "")
    with pytest.raises(NotFoundError):
        await CalendarState.renew.fn(tab)


async def test_every_student_has_an_address_of_their_own(student, other_student) -> None:
    tab, other = await opened(student), await opened(other_student, "other")
    await CalendarState.switch_on.fn(tab)
    await CalendarState.refresh.fn(other)
    assert other.address == ""
    await CalendarState.switch_on.fn(other)
    await CalendarState.switch_off.fn(tab)
    await CalendarState.refresh.fn(other)
    assert other.address != ""


@pytest.mark.parametrize("event", ["load", "refresh", "switch_on", "renew", "switch_off"])
async def test_a_visitor_has_none(empty_database, event: str) -> None:
    with pytest.raises(SignInError):
        await getattr(CalendarState, event).fn(open_tab(CalendarState))
