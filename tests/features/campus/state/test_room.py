from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    SignInError,
)
from studymaster.features.campus.rules import groups as rules
from studymaster.features.campus.state.room import RoomState
from studymaster.models import Resource, ResourceKind
from tests.conftest import NOON, make_student
from tests.features.campus.mates import enrol
from tests.features.campus.people import (
    group_of,
    make_group,
    roles_of,
    say,
    tab_of,
)
from tests.tabs import open_tab


def room_of(student, group) -> RoomState:
    return tab_of(student, RoomState, path=f"/campus/group/{group.id}")


async def test_a_member_comes_in(student, other_student) -> None:
    group = await group_of(student, other_student)
    tab = room_of(other_student, group)
    assert await RoomState.load.fn(tab) is not None
    assert (tab.group.name, tab.missing, tab.loaded) == ("Night owls", False, True)
    assert [one.name for one in tab.members] == ["Mina Aalto", "Jonas Keller"]
    assert tab.invitation.startswith("http://testserver/campus/join/")


@pytest.mark.parametrize(
    "address", ["nonsense", "", "00000000-0000-0000-0000-000000000007"]
)
async def test_a_room_that_is_not_there_says_so(student, address: str) -> None:
    tab = tab_of(student, RoomState, path=f"/campus/group/{address}")
    assert await RoomState.load.fn(tab) is None
    assert (tab.missing, tab.members, tab.invitation) == (True, [], "")


async def test_another_students_room_looks_like_not_there(student, other_student) -> None:
    tab = room_of(other_student, await make_group(student))
    await RoomState.load.fn(tab)
    assert (tab.missing, tab.group.name, tab.invitation) == (True, "", "")


async def test_nothing_can_be_done_in_another_students_room(student, other_student) -> None:
    tab = room_of(other_student, await make_group(student))
    for attempt in (
        RoomState.save_group.fn(tab, {"name": "Mine"}),
        RoomState.save_session.fn(tab, {"moment": "2030-01-17T10:00"}),
        RoomState.clear_session.fn(tab),
        RoomState.renew_invitation.fn(tab),
        RoomState.set_role.fn(tab, str(student.account_id), "member"),
        RoomState.remove.fn(tab, str(student.account_id)),
        RoomState.leave.fn(tab),
        RoomState.delete.fn(tab),
    ):
        with pytest.raises(NotFoundError):
            await attempt


async def test_who_is_removed_while_looking_sees_it_at_once(student, other_student) -> None:
    group = await group_of(student, other_student)
    tab, owners_tab = room_of(other_student, group), room_of(student, group)
    await RoomState.load.fn(tab)
    await RoomState.load.fn(owners_tab)
    before = owners_tab.invitation
    await RoomState.remove.fn(owners_tab, str(other_student.account_id))
    await RoomState.refresh.fn(tab)
    assert (tab.missing, tab.members, tab.invitation) == (True, [], "")
    assert owners_tab.invitation != before


async def test_an_owner_changes_the_group(student) -> None:
    tab = room_of(student, await make_group(student, course=await enrol(student)))
    await RoomState.load.fn(tab)
    await RoomState.ask.fn(tab, "group", is_open=True)
    form = {"name": "Early birds", "about": "Dawn", "listed": "no"}
    await RoomState.save_group.fn(tab, form)
    assert (tab.group.name, tab.group.about) == ("Early birds", "Dawn")
    assert (tab.group.listed, tab.asking) == (False, "")


async def test_a_refused_change_keeps_its_window_open(student) -> None:
    tab = room_of(student, await make_group(student))
    await RoomState.load.fn(tab)
    await RoomState.ask.fn(tab, "group", is_open=True)
    with pytest.raises(InvalidInputError):
        await RoomState.save_group.fn(tab, {"name": ""})
    assert tab.asking == "group"


async def test_a_session_is_planned_by_the_students_own_clock(student) -> None:
    noor = await make_student("Noor", time_zone="Asia/Tokyo")
    group = await group_of(noor, student)
    hers, his = room_of(noor, group), room_of(student, group)
    await RoomState.load.fn(hers)
    await RoomState.save_session.fn(hers, {"moment": "2030-01-17T18:30", "note": "Room 4"})
    await RoomState.load.fn(his)
    assert (hers.group.when, his.group.when) == ("Thu 17 Jan, 18:30", "Thu 17 Jan, 09:30")
    assert hers.group.wall_clock == "2030-01-17T18:30"
    await RoomState.clear_session.fn(hers)
    assert hers.group.when == ""


@pytest.mark.parametrize("form", [{}, {"moment": ""}, {"moment": None}, {"moment": "soon"}])
async def test_a_session_needs_a_time(student, form) -> None:
    tab = room_of(student, await make_group(student))
    await RoomState.ask.fn(tab, "session", is_open=True)
    await RoomState.save_session.fn(tab, form)
    assert (tab.asking, tab.problem) == ("session", rules.BAD_MOMENT)


async def test_what_is_wrong_with_a_session_stands_beside_its_field(student) -> None:
    tab = room_of(student, await make_group(student))
    await RoomState.ask.fn(tab, "session", is_open=True)
    await RoomState.save_session.fn(tab, {"moment": "2020-01-17T18:30"})
    assert (tab.asking, tab.problem) == ("session", rules.NOT_AHEAD)
    await RoomState.ask.fn(tab, "session", is_open=False)
    assert tab.problem == ""


async def test_roles_change_from_the_list(student, other_student) -> None:
    group = await group_of(student, other_student)
    tab = room_of(student, group)
    await RoomState.load.fn(tab)
    await RoomState.set_role.fn(tab, str(other_student.account_id), "moderator")
    assert [one.role for one in tab.members] == ["owner", "moderator"]
    for nonsense in ("nonsense", "", None, 7):
        with pytest.raises(NotFoundError):
            await RoomState.set_role.fn(tab, nonsense, "member")


async def test_leaving_and_deleting(student, other_student) -> None:
    group = await group_of(student, other_student)
    first, last = room_of(student, group), room_of(other_student, group)
    with pytest.raises(ConflictError):
        await RoomState.delete.fn(first)
    await RoomState.leave.fn(first)
    with pytest.raises(ConflictError):
        await RoomState.leave.fn(last)
    assert await roles_of(other_student, group) == {"Jonas Keller": "owner"}
    await RoomState.delete.fn(last)
    await RoomState.refresh.fn(last)
    assert last.missing


async def test_a_deleted_group_leaves_no_file_behind(student) -> None:
    group = await make_group(student)
    await get_storage().put_bytes(b"notes", "shared/resources/notes.txt")
    shared = Resource(
        account_id=student.account_id,
        group_id=UUID(group.id),
        kind=ResourceKind.FILE,
        title="Notes",
        storage_key="shared/resources/notes.txt",
        created_at=NOON,
    )
    async with unit_of_work() as work:
        work.session.add(shared)
    await RoomState.delete.fn(room_of(student, group))
    with pytest.raises(NotFoundError):
        async with get_storage().lend("shared/resources/notes.txt"):
            pass


async def test_a_message_does_not_send_the_members_again(student, other_student) -> None:
    group = await group_of(student, other_student)
    tab = room_of(student, group)
    await RoomState.load.fn(tab)
    tab._clean()
    await say(other_student, group, "Hello", now=NOON.replace(hour=13))
    await RoomState.refresh.fn(tab)
    assert not {"group", "members", "invitation"} & tab.dirty_vars


async def test_a_window_opens_and_closes(student) -> None:
    tab = room_of(student, await make_group(student))
    await RoomState.ask.fn(tab, "session", is_open=True)
    assert tab.asking == "session"
    await RoomState.ask.fn(tab, "session", is_open=False)
    assert tab.asking == ""
    await RoomState.ask.fn(tab, "nonsense", is_open=True)
    assert tab.asking == ""


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (RoomState.load, RoomState.refresh, RoomState.leave, RoomState.delete):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(RoomState))
