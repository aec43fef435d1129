"""Pledges in one browser tab."""

import pytest

from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.accountability.state import PledgesState
from tests.conftest import NOBODYS_ID
from tests.features.accountability.weeks import befriend, pledges, promise
from tests.features.flashcards.state.tab import tab_of
from tests.tabs import open_tab


def form(buddy_id: object, **fields) -> dict:
    typed = {"kind": "reviews", "amount": "50", "days": "7"}
    return {"buddy_id": str(buddy_id), **typed, **fields}


async def test_a_pledge_is_made_and_withdrawn_after_a_question(
    student, other_student
) -> None:
    await befriend(student, other_student)
    tab = tab_of(student, PledgesState)
    await PledgesState.load.fn(tab)
    assert ([one.name for one in tab.buddies], tab.own) == (["Jonas Keller"], [])
    await PledgesState.make.fn(tab, form(other_student.account_id))
    (own,) = tab.own
    assert (own.words, own.state) == ("50 reviews until Tue 22 Jan", "open")
    await PledgesState.ask_withdrawal.fn(tab, own.id)
    assert tab.withdrawing == own.id
    await PledgesState.ask_withdrawal.fn(tab, "")
    assert (tab.withdrawing, tab.own[0].state) == ("", "open")
    await PledgesState.ask_withdrawal.fn(tab, own.id)
    await PledgesState.withdraw.fn(tab)
    assert (tab.withdrawing, tab.own[0].state) == ("", "withdrawn")


async def test_what_buddies_promise_is_seen(student, other_student) -> None:
    await befriend(student, other_student)
    await promise(other_student, student)
    tab = tab_of(student, PledgesState)
    await PledgesState.load.fn(tab)
    assert [(one.name, one.goal) for one in tab.theirs] == [("Jonas Keller", 20)]


@pytest.mark.parametrize("buddy_id", ["", "nonsense", "\x00", NOBODYS_ID, None])
async def test_nobody_but_a_buddy_can_be_promised_to(
    student, other_student, buddy_id
) -> None:
    tab = tab_of(student, PledgesState)
    for one in (buddy_id, other_student.account_id):
        with pytest.raises(NotFoundError):
            await PledgesState.make.fn(tab, form(one))


@pytest.mark.parametrize(
    "fields",
    [{"amount": ""}, {"kind": "<b>"}, {"days": "x" * 9999}, {"amount": ["50"]}],
)
async def test_nonsense_in_the_form_is_refused(student, other_student, fields) -> None:
    await befriend(student, other_student)
    tab = tab_of(student, PledgesState)
    with pytest.raises(InvalidInputError):
        await PledgesState.make.fn(tab, form(other_student.account_id, **fields))
    assert await pledges(student) == ([], [])


async def test_an_empty_form_is_refused(student) -> None:
    with pytest.raises(InvalidInputError):
        await PledgesState.make.fn(tab_of(student, PledgesState), {})


async def test_somebody_elses_pledge_cannot_be_withdrawn(student, other_student) -> None:
    await befriend(student, other_student)
    await promise(other_student, student)
    tab = tab_of(student, PledgesState)
    await PledgesState.load.fn(tab)
    await PledgesState.ask_withdrawal.fn(tab, tab.theirs[0].id)
    assert tab.withdrawing == ""
    tab.withdrawing = tab.theirs[0].id
    with pytest.raises(NotFoundError):
        await PledgesState.withdraw.fn(tab)
    assert tab.theirs[0].state == "open"


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (PledgesState.load, PledgesState.refresh, PledgesState.withdraw):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(PledgesState))
    for handler in (PledgesState.make, PledgesState.ask_withdrawal):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(PledgesState), {})
