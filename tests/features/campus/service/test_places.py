from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.campus.service import places
from studymaster.models import GroupMember, GroupRole
from tests.conftest import make_student
from tests.features.campus.mates import gather


async def give(role: GroupRole, *, group_id: UUID, account_id: UUID) -> None:
    async with unit_of_work() as work:
        place = await work.session.get_one(GroupMember, (group_id, account_id))
        place.role = role
        work.session.add(place)


@pytest.mark.parametrize(
    ("role", "moderates", "owns"),
    [
        (GroupRole.OWNER, True, True),
        (GroupRole.MODERATOR, True, False),
        (GroupRole.MEMBER, False, False),
    ],
)
async def test_a_role_says_what_its_place_allows(
    student, other_student, role, *, moderates: bool, owns: bool
) -> None:
    group_id = await gather(student, other_student)
    account_id = other_student.account_id
    await give(role, group_id=group_id, account_id=account_id)
    async with unit_of_work() as work:
        row = await places.require_membership(
            work, account_id=account_id, group_id=group_id
        )
        assert row.role is role
        for demand, fits in (
            (places.require_moderator, moderates),
            (places.require_owner, owns),
        ):
            if fits:
                group = await demand(work, account_id=account_id, group_id=group_id)
                assert group.id == group_id
            else:
                with pytest.raises(ConflictError):
                    await demand(work, account_id=account_id, group_id=group_id)


async def test_for_a_stranger_there_is_no_such_group(student, other_student) -> None:
    group_id = await gather(student)
    account_id = other_student.account_id
    async with unit_of_work() as work:
        for step in (
            places.require_membership,
            places.require_moderator,
            places.require_owner,
            places.list_places,
            places.tell_members,
        ):
            with pytest.raises(NotFoundError):
                await step(work, account_id=account_id, group_id=group_id)


async def test_the_tabs_of_all_members_hear_of_a_change(student, other_student) -> None:
    outsider = await make_student("Noor Haddad")
    group_id = await gather(student, other_student)
    await gather(outsider, name="Others")
    async with unit_of_work() as work:
        await places.tell_members(work, account_id=student.account_id, group_id=group_id)
        heard = {(one.account_id, one.subject) for one in work._news}
    assert heard == {
        (str(one.account_id), str(group_id)) for one in (student, other_student)
    }


async def test_who_has_no_place_is_no_member(student, other_student) -> None:
    group_id = await gather(student)
    async with unit_of_work() as work:
        found = await places.list_places(
            work, account_id=student.account_id, group_id=group_id
        )
    assert places.place_of(found, student.account_id).role is GroupRole.OWNER
    with pytest.raises(NotFoundError):
        places.place_of(found, other_student.account_id)
