import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from studymaster.adapters import bus
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    TooManyRequestsError,
)
from studymaster.features.campus.rules.groups import MOST_MEMBERS
from studymaster.features.campus.service import groups, membership
from studymaster.models import Account, Block, GroupMember, Notification
from studymaster.paging import Window
from tests.conftest import NOON, make_student
from tests.features.campus.mates import enrol, titles_told
from tests.features.campus.people import (
    code_of,
    group_of,
    join,
    make_group,
    roles_of,
)


async def join_listed(student, group) -> None:
    async with unit_of_work() as work:
        await membership.join_listed(
            work, student=student, group_id=UUID(group.id), now=NOON
        )


async def leave(student, group) -> None:
    async with unit_of_work() as work:
        await membership.leave(work, student=student, group_id=UUID(group.id), now=NOON)


async def remove(student, other, group) -> str:
    async with unit_of_work() as work:
        return await membership.remove_member(
            work,
            student=student,
            group_id=UUID(group.id),
            other_id=other.account_id,
            now=NOON,
        )


async def give(student, other, group, role: str) -> None:
    async with unit_of_work() as work:
        await membership.set_role(
            work,
            student=student,
            group_id=UUID(group.id),
            other_id=other.account_id,
            role=role,
            now=NOON,
        )


async def told(student) -> list[str]:
    statement = select(Notification.title).where(
        Notification.account_id == student.account_id
    )
    async with unit_of_work() as work:
        return list((await work.session.exec(statement)).all())


async def crowd(group, count: int) -> None:
    """Bring so many more members into a group."""
    people = [
        Account(display_name=f"P{number}", created_at=NOON) for number in range(count)
    ]
    async with unit_of_work() as work:
        work.session.add_all(people)
        await work.session.flush()
        for one in people:
            work.session.add(
                GroupMember(group_id=UUID(group.id), account_id=one.id, joined_at=NOON)
            )


async def test_a_course_mate_joins_a_listed_group(student, other_student) -> None:
    group = await make_group(student, course=await enrol(student))
    await enrol(other_student)
    for _ in range(2):
        await join_listed(other_student, group)
    assert await roles_of(student, group) == {
        "Mina Aalto": "owner",
        "Jonas Keller": "member",
    }
    assert await told(student) == ["Jonas Keller joined Night owls"]


async def test_who_lacks_the_course_finds_nothing_to_join(student, other_student) -> None:
    group = await make_group(student, course=await enrol(student))
    private = await make_group(student, course=await enrol(student), listed=False)
    for one in (group, private):
        with pytest.raises(NotFoundError):
            await join_listed(other_student, one)
    await enrol(other_student)
    with pytest.raises(NotFoundError):
        await join_listed(other_student, private)


async def test_a_link_brings_anybody_in(student, other_student) -> None:
    group = await make_group(student, course=await enrol(student), listed=False)
    code = await code_of(student, group)
    for _ in range(2):
        await join(other_student, group, code=code)
    assert (await roles_of(other_student, group))["Jonas Keller"] == "member"


@pytest.mark.parametrize("code", ["", "\0", "nonsense", "A" * 16])
async def test_a_wrong_code_joins_nothing(student, code: str) -> None:
    with pytest.raises(NotFoundError, match="invitation"):
        async with unit_of_work() as work:
            await membership.join_by_code(work, student=student, code=code, now=NOON)


async def test_of_two_who_come_at_once_one_takes_the_last_place(
    student, other_student
) -> None:
    vera = await make_student("Vera")
    group = await make_group(student)
    code = await code_of(student, group)
    await crowd(group, MOST_MEMBERS - 2)
    outcomes = await asyncio.gather(
        join(other_student, group, code=code),
        join(vera, group, code=code),
        return_exceptions=True,
    )
    refused = [one for one in outcomes if one is not None]
    assert [type(one) for one in refused] == [ConflictError]
    assert len(await roles_of(student, group)) == MOST_MEMBERS


async def test_the_same_student_twice_at_once_is_one_member(student, other_student) -> None:
    group = await make_group(student)
    code = await code_of(student, group)
    await asyncio.gather(*[join(other_student, group, code=code) for _ in range(4)])
    assert len(await roles_of(student, group)) == 2
    assert len(await told(student)) == 1


async def test_a_full_group_says_so_beforehand(student, other_student) -> None:
    group = await make_group(student)
    await crowd(group, MOST_MEMBERS - 1)
    code = await code_of(student, group)
    async with unit_of_work() as work:
        seen = await groups.find_invitation(work, student=other_student, code=code)
    assert seen is not None
    assert seen.full


async def test_guessing_links_is_stopped(student) -> None:
    for _ in range(membership.TRIES_A_MINUTE):
        await membership.take_try(account_id=student.account_id)
    with pytest.raises(TooManyRequestsError):
        await membership.take_try(account_id=student.account_id)


async def test_who_leaves_is_gone(student, other_student) -> None:
    group = await group_of(student, other_student)
    await leave(other_student, group)
    assert await roles_of(student, group) == {"Mina Aalto": "owner"}
    with pytest.raises(NotFoundError):
        await leave(other_student, group)


async def test_the_longest_standing_moderator_inherits(student, other_student) -> None:
    ada, ben = await make_student("Ada"), await make_student("Ben")
    group = await group_of(student, other_student, ada, ben)
    for one in (ada, ben):
        await give(student, one, group, "moderator")
    await leave(student, group)
    assert await roles_of(ada, group) == {
        "Jonas Keller": "member",
        "Ada": "owner",
        "Ben": "moderator",
    }
    assert "You own the group Night owls now" in await told(ada)


async def test_without_moderators_the_longest_standing_member_inherits(
    student, other_student
) -> None:
    group = await group_of(student, other_student, await make_student("Ada"))
    await leave(student, group)
    assert await roles_of(other_student, group) == {
        "Jonas Keller": "owner",
        "Ada": "member",
    }


async def test_with_a_second_owner_nobody_inherits(student, other_student) -> None:
    ada = await make_student("Ada")
    group = await group_of(student, other_student, ada)
    await give(student, ada, group, "owner")
    await leave(student, group)
    assert (await roles_of(ada, group))["Jonas Keller"] == "member"


async def test_two_who_leave_at_once_leave_an_owner_behind(student, other_student) -> None:
    ada = await make_student("Ada")
    group = await group_of(student, other_student, ada)
    await asyncio.gather(leave(student, group), leave(other_student, group))
    assert await roles_of(ada, group) == {"Ada": "owner"}


async def test_the_last_one_is_told_what_leaving_would_do(student) -> None:
    group = await make_group(student)
    with pytest.raises(ConflictError, match="delete the group"):
        await leave(student, group)
    assert await roles_of(student, group) == {"Mina Aalto": "owner"}


async def test_who_comes_into_an_empty_group_owns_it(student, other_student) -> None:
    group = await make_group(student)
    code = await code_of(student, group)
    async with unit_of_work() as work:  # as when the account of the last one is deleted
        place = await work.session.get_one(
            GroupMember, (UUID(group.id), student.account_id)
        )
        await work.session.delete(place)
    await join(other_student, group, code=code)
    assert await roles_of(other_student, group) == {"Jonas Keller": "owner"}


async def test_a_removed_member_is_out_and_their_link_with_them(
    student, other_student
) -> None:
    course = await enrol(student)
    await enrol(other_student)
    group = await make_group(student, course=course)
    old = await code_of(student, group)
    await join(other_student, group, code=old)
    new = await remove(student, other_student, group)
    assert new != old
    with pytest.raises(NotFoundError):
        await join(other_student, group, code=old)
    with pytest.raises(ConflictError, match="removed you"):
        await join_listed(other_student, group)
    async with unit_of_work() as work:
        found = await groups.list_discoverable(
            work, student=other_student, window=Window(), now=NOON
        )
    assert found.items == []
    assert await told(other_student) == ["You were removed from Night owls"]


async def test_a_newer_link_brings_a_removed_member_back_for_good(
    student, other_student
) -> None:
    course = await enrol(student)
    await enrol(other_student)
    group = await make_group(student, course=course)
    await join_listed(other_student, group)
    code = await remove(student, other_student, group)
    await join(other_student, group, code=code)
    await leave(other_student, group)
    await join_listed(other_student, group)
    assert len(await roles_of(student, group)) == 2


@pytest.mark.parametrize(
    ("by", "whom", "allowed"),
    [
        ("owner", "owner", True),
        ("owner", "moderator", True),
        ("owner", "member", True),
        ("moderator", "member", True),
        ("moderator", "moderator", False),
        ("moderator", "owner", False),
        ("member", "member", False),
    ],
)
async def test_who_may_remove_whom(student, other_student, by, whom, allowed) -> None:
    ada = await make_student("Ada")
    group = await group_of(student, other_student, ada)
    await give(student, other_student, group, by)
    await give(student, ada, group, whom)
    if allowed:
        await remove(other_student, ada, group)
    else:
        with pytest.raises(ConflictError):
            await remove(other_student, ada, group)
    assert ("Ada" in await roles_of(student, group)) is not allowed


async def test_nobody_removes_or_promotes_themselves(student, other_student) -> None:
    group = await group_of(student, other_student)
    with pytest.raises(ConflictError, match="other members"):
        await remove(student, student, group)
    with pytest.raises(ConflictError, match="other members"):
        await give(student, student, group, "member")


@pytest.mark.parametrize("role", ["", "king", "OWNER", "owner\0"])
async def test_there_are_three_roles(student, other_student, role: str) -> None:
    group = await group_of(student, other_student)
    with pytest.raises(InvalidInputError):
        await give(student, other_student, group, role)


async def test_only_owners_give_roles(student, other_student) -> None:
    ada = await make_student("Ada")
    group = await group_of(student, other_student, ada)
    await give(student, other_student, group, "moderator")
    with pytest.raises(ConflictError):
        await give(other_student, ada, group, "moderator")
    assert "You are a moderator of Night owls now" in await told(other_student)


async def test_strangers_find_nobody_to_remove(student, other_student) -> None:
    group = await make_group(student)
    with pytest.raises(NotFoundError):
        await remove(other_student, student, group)
    with pytest.raises(NotFoundError):
        await remove(student, other_student, group)
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await membership.leave(work, student=student, group_id=uuid4(), now=NOON)


async def test_an_owner_is_not_told_of_a_newcomer_they_do_not_meet(
    student, other_student
) -> None:
    group = await make_group(student)
    block = Block(
        blocker_id=student.account_id, blocked_id=other_student.account_id, created_at=NOON
    )
    async with unit_of_work() as work:
        work.session.add(block)
    await join(other_student, group, code=await code_of(student, group))
    assert await titles_told(student) == []
    third = await make_student("Ada")
    await join(third, group, code=await code_of(student, group))
    assert await titles_told(student) == ["Ada joined Night owls"]


async def test_every_member_hears_of_a_newcomer(
    student, other_student, monkeypatch
) -> None:
    heard: list[bus.News] = []

    async def hear(*news: bus.News) -> None:
        heard.extend(news)

    group = await make_group(student)
    code = await code_of(student, group)
    monkeypatch.setattr(bus, "publish", hear)
    await join(other_student, group, code=code, now=NOON + timedelta(minutes=1))
    campus = {one.account_id for one in heard if one.topic is Topic.CAMPUS}
    assert campus == {str(student.account_id), str(other_student.account_id)}
    assert {one.subject for one in heard if one.topic is Topic.CAMPUS} == {group.id}
