import pytest

from studymaster.errors import NotFoundError, SignInError, TooManyRequestsError
from studymaster.features.campus.state.joining import JoinState
from tests.features.campus.people import code_of, make_group, roles_of, tab_of
from tests.tabs import open_tab


async def test_an_invitation_is_seen_before_it_is_taken(student, other_student) -> None:
    group = await make_group(student)
    code = await code_of(student, group)
    tab = tab_of(other_student, JoinState, path=f"/campus/join/{code}")
    await JoinState.load.fn(tab)
    assert (tab.invitation.name, tab.invitation.member_count) == ("Night owls", 1)
    assert tab.invitation.group_id == ""
    assert set(await roles_of(student, group)) == {"Mina Aalto"}
    await JoinState.join.fn(tab)
    assert set(await roles_of(student, group)) == {"Mina Aalto", "Jonas Keller"}


async def test_a_member_is_led_straight_in(student) -> None:
    code = await code_of(student, await make_group(student))
    tab = tab_of(student, JoinState, path=f"/campus/join/{code}")
    assert await JoinState.load.fn(tab) is not None


@pytest.mark.parametrize("code", ["", "nonsense", "A" * 16, "%00"])
async def test_a_wrong_link_leads_nowhere(student, code: str) -> None:
    tab = tab_of(student, JoinState, path=f"/campus/join/{code}")
    await JoinState.load.fn(tab)
    assert (tab.missing, tab.loaded) == (True, True)
    with pytest.raises(NotFoundError):
        await JoinState.join.fn(tab)


async def test_guessing_is_stopped(student) -> None:
    tab = tab_of(student, JoinState, path="/campus/join/AAAAAAAAAAAAAAAA")
    with pytest.raises(TooManyRequestsError):
        for _ in range(21):
            await JoinState.load.fn(tab)


async def test_a_visitor_signs_in_first(student) -> None:
    code = await code_of(student, await make_group(student))
    tab = open_tab(JoinState, path=f"/campus/join/{code}")
    for handler in (JoinState.load, JoinState.join):
        with pytest.raises(SignInError):
            await handler.fn(tab)
    assert tab.invitation.name == ""
