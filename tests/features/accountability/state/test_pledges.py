"""Pledges in one browser tab."""

import pytest

from studymaster import live
from studymaster.adapters.bus import News, Topic
from studymaster.errors import (
    InvalidInputError,
    NotFoundError,
    SignInError,
    TooManyRequestsError,
)
from studymaster.features.accountability.state import PledgesState
from tests.conftest import NOBODYS_ID
from tests.features.accountability.weeks import befriend, pledges, promise, review
from tests.statements import asked
from tests.tabs import open_tab, tab_of


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
    said = await PledgesState.make.fn(tab, form(other_student.account_id))
    assert "Promised to Jonas Keller: 50 cards until Tue 22 Jan." in str(said[0].args)
    assert tab.made == 1
    (own,) = tab.own
    assert (own.words, own.state) == ("50 cards until Tue 22 Jan", "open")
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
    [{"kind": "<b>"}, {"days": "x" * 9999}, {"kind": ["reviews"]}],
)
async def test_nonsense_in_the_form_is_refused(student, other_student, fields) -> None:
    await befriend(student, other_student)
    tab = tab_of(student, PledgesState)
    with pytest.raises(InvalidInputError):
        await PledgesState.make.fn(tab, form(other_student.account_id, **fields))
    assert await pledges(student) == ([], [])


@pytest.mark.parametrize("amount", ["", "1", "5001", ["50"], "x" * 9999])
async def test_an_amount_out_of_bounds_is_said_at_its_field_and_nothing_is_promised(
    student, other_student, amount
) -> None:
    await befriend(student, other_student)
    tab = tab_of(student, PledgesState)
    await PledgesState.load.fn(tab)
    await PledgesState.make.fn(tab, form(other_student.account_id, amount=amount))
    assert (tab.problem, tab.made) == ("Promise 20 to 5,000 cards.", 0)
    assert await pledges(student) == ([], [])
    await PledgesState.make.fn(tab, form(other_student.account_id))
    assert (tab.problem, tab.made) == ("", 1)


async def test_the_bounds_follow_the_kind(student) -> None:
    tab = tab_of(student, PledgesState)
    assert tab.bounds.words == "20 to 5,000 cards."
    await PledgesState.choose_kind.fn(tab, "days")
    assert (tab.bounds.least, tab.bounds.most) == (2, 28)
    for nonsense in ("streak", "", None, {"days": 1}, ["days"]):
        await PledgesState.choose_kind.fn(tab, nonsense)
        assert tab.bounds.words == "2 to 28 active days."


async def test_a_fresh_form_has_the_bounds_of_what_it_offers_first(
    student, other_student
) -> None:
    await befriend(student, other_student)
    tab = tab_of(student, PledgesState)
    await PledgesState.choose_kind.fn(tab, "days")
    days = form(other_student.account_id, kind="days", amount="2")
    await PledgesState.make.fn(tab, days)
    assert tab.bounds.words == "20 to 5,000 cards."
    await PledgesState.choose_kind.fn(tab, "days")
    await PledgesState.load.fn(tab)
    assert tab.bounds.words == "20 to 5,000 cards."


async def test_what_a_buddy_does_moves_the_pledge_in_an_open_tab(
    student, other_student
) -> None:
    await befriend(student, other_student)
    await promise(other_student, student)
    tab = tab_of(student, PledgesState)
    await PledgesState.load.fn(tab)
    news = News(Topic.LEADERBOARD, account_id="")
    (update,) = live.tabs.updates_for(news, closing={}).values()
    assert [event.name for event in update.events] == [
        f"{PledgesState.get_full_name()}.follow"
    ]
    await review(other_student, 7)
    await PledgesState.follow.fn(tab)
    assert [one.progress for one in tab.theirs] == [7]


async def test_nobody_looks_again_while_nothing_is_promised_to_them(student) -> None:
    tab = tab_of(student, PledgesState)
    await PledgesState.load.fn(tab)
    with asked() as statements:
        await PledgesState.follow.fn(tab)
    assert not [one for one in statements if "pledge" in one]


async def test_pledges_cannot_be_made_without_end(student, other_student) -> None:
    tab = tab_of(student, PledgesState)
    for _ in range(10):
        with pytest.raises(NotFoundError):
            await PledgesState.make.fn(tab, form(other_student.account_id))
    with pytest.raises(TooManyRequestsError):
        await PledgesState.make.fn(tab, form(other_student.account_id))


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
    for handler in (
        PledgesState.load,
        PledgesState.refresh,
        PledgesState.withdraw,
        PledgesState.follow,
    ):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(PledgesState))
    for handler in (
        PledgesState.make,
        PledgesState.ask_withdrawal,
        PledgesState.choose_kind,
    ):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(PledgesState), {})
