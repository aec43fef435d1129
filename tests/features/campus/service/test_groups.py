import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.campus.schemas.groups import (
    GroupChanges,
    GroupForm,
    GroupView,
    Invitation,
    SessionPlan,
)
from studymaster.features.campus.service import groups, membership
from studymaster.models import Account, Block, Notification, StudyGroup
from studymaster.paging import Window
from tests.conftest import NOBODYS_ID, NOON, make_student
from tests.features.campus.mates import SITE, enrol
from tests.features.campus.people import (
    code_of,
    group_of,
    make_group,
    roles_of,
    say,
)


async def names_found(student) -> list[str]:
    async with unit_of_work() as work:
        found = await groups.list_discoverable(
            work, student=student, window=Window(), now=NOON
        )
    return [one.name for one in found.items]


async def own(student) -> list[GroupView]:
    async with unit_of_work() as work:
        listed = await groups.list_groups(work, student=student, window=Window(), now=NOON)
    return listed.items


async def plan(student, group, moment, note="") -> GroupView:
    async with unit_of_work() as work:
        return await groups.set_session(
            work,
            student=student,
            group_id=UUID(group.id),
            plan=SessionPlan(moment, note),
            now=NOON,
        )


async def titles_told(student) -> list[str]:
    statement = select(Notification.title).where(
        Notification.account_id == student.account_id
    )
    async with unit_of_work() as work:
        return list((await work.session.exec(statement)).all())


async def test_whoever_makes_a_group_owns_it(student) -> None:
    course = await enrol(student)
    group = await make_group(student, name="  Night   owls ", course=course)
    assert (group.name, group.role, group.member_count) == ("Night owls", "owner", 1)
    assert (group.course_id, group.course_name, group.line) == (101, "BIO 101", 3)
    assert group.created_by == str(student.account_id)
    assert [one.id for one in await own(student)] == [group.id]


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("", ""),
        ("  ", ""),
        ("x" * 121, ""),
        ("\u200b", ""),
        ("Owls", "x" * 1001),
        ("a\0b", ""),
    ],
)
async def test_a_group_without_a_usable_name_is_not_made(student, name, about) -> None:
    form = GroupForm(name=name, about=about)
    with pytest.raises(InvalidInputError):
        async with unit_of_work() as work:
            await groups.create_group(work, student=student, form=form, now=NOON)
    assert await own(student) == []


@pytest.mark.parametrize("course", ["nonsense", NOBODYS_ID])
async def test_a_group_is_only_for_a_course_of_ones_own(student, course) -> None:
    form = GroupForm(name="Owls", course_id=course)
    with pytest.raises(NotFoundError, match="course"):
        async with unit_of_work() as work:
            await groups.create_group(work, student=student, form=form, now=NOON)


async def test_another_students_course_is_not_there(student, other_student) -> None:
    course = await enrol(other_student)
    with pytest.raises(NotFoundError):
        await make_group(student, course=course)


async def test_a_listed_group_is_found_by_course_mates_alone(
    student, other_student
) -> None:
    other_site, other_course, unlisted = [
        await make_student(name) for name in ("Ada", "Ben", "Cleo")
    ]
    await make_group(student, course=await enrol(student))
    await enrol(other_student)
    await enrol(other_site, site="https://elsewhere.example.edu")
    await enrol(other_course, moodle_id=102)
    await enrol(unlisted, listed=False)
    assert await names_found(other_student) == ["Night owls"]
    for one in (student, other_site, other_course, unlisted):
        assert await names_found(one) == []


async def test_a_group_that_is_not_listed_is_found_by_nobody(
    student, other_student
) -> None:
    await make_group(student, course=await enrol(student), listed=False)
    await make_group(student, name="No course", listed=True)
    await enrol(other_student)
    assert await names_found(other_student) == []


async def test_course_mates_hear_of_a_group_that_is_listed_for_them(
    student, other_student
) -> None:
    course = await enrol(student)
    await enrol(other_student)
    for listed, heard in ((True, True), (False, False)):
        form = GroupForm(name="Night owls", course_id=str(course.id), listed=listed)
        async with unit_of_work() as work:
            group = await groups.create_group(work, student=student, form=form, now=NOON)
            told = {one.account_id for one in work._news}
        assert (str(other_student.account_id) in told) is heard
    async with unit_of_work() as work:
        await groups.change_group(
            work,
            student=student,
            group_id=UUID(group.id),
            changes=GroupChanges(listed=True),
            now=NOON,
        )
        assert str(other_student.account_id) in {one.account_id for one in work._news}


async def test_who_finds_a_group_learns_no_names(student, other_student) -> None:
    group = await make_group(student, course=await enrol(student))
    await plan(student, group, NOON + timedelta(hours=1), "Room 4")
    await enrol(other_student)
    async with unit_of_work() as work:
        found = await groups.list_discoverable(
            work, student=other_student, window=Window(), now=NOON
        )
    (one,) = found.items
    assert (one.created_by, one.role, one.unread) == (None, "", 0)
    assert (one.next_session, one.next_session_note, one.when) == (None, "", "")


async def test_the_lists_come_in_stretches(student, other_student) -> None:
    course = await enrol(student)
    await enrol(other_student)
    for number in range(3):
        await make_group(
            student, name=f"G{number}", course=course, now=NOON + timedelta(minutes=number)
        )
    async with unit_of_work() as work:
        first = await groups.list_discoverable(
            work, student=other_student, window=Window(limit=2), now=NOON
        )
        mine = await groups.list_groups(
            work, student=student, window=Window(offset=1, limit=1), now=NOON
        )
    assert ([one.name for one in first.items], first.next_offset) == (["G2", "G1"], 2)
    assert ([one.name for one in mine.items], mine.next_offset) == (["G1"], 2)


async def test_a_room_is_there_for_members_alone(student, other_student) -> None:
    stranger = await make_student("Vera")
    group = await group_of(student, other_student)
    async with unit_of_work() as work:
        for address in (group.id, str(uuid4()), "nonsense", ""):
            room = await groups.find_room(work, student=stranger, address=address, now=NOON)
            assert room is None
        inside = await groups.find_room(
            work, student=other_student, address=group.id, now=NOON
        )
    assert inside is not None
    assert [one.name for one in inside.members] == ["Mina Aalto", "Jonas Keller"]
    assert not any(one.may_remove or one.may_change_role for one in inside.members)


async def test_a_group_outlives_the_account_of_its_owner(student, other_student) -> None:
    group = await group_of(student, other_student)
    async with unit_of_work() as work:
        account = await work.session.get_one(Account, student.account_id)
        await work.session.delete(account)
    await asyncio.gather(*[roles_of(other_student, group) for _ in range(3)])
    async with unit_of_work() as work:
        room = await groups.get_room(
            work, student=other_student, group_id=UUID(group.id), now=NOON
        )
    assert (room.group.role, room.group.created_by) == ("owner", None)
    assert [(one.name, one.role) for one in room.members] == [("Jonas Keller", "owner")]
    assert await titles_told(other_student) == ["You own the group Night owls now"]


async def test_an_invitation_shows_what_it_leads_to(student, other_student) -> None:
    group = await make_group(student, course=await enrol(student))
    code = await code_of(student, group)
    async with unit_of_work() as work:
        seen = await groups.find_invitation(work, student=other_student, code=code)
        mine = await groups.find_invitation(work, student=student, code=code)
    assert seen == Invitation(
        name="Night owls", course_name="BIO 101", owner="Mina Aalto", member_count=1
    )
    assert mine is not None
    assert (mine.is_member, mine.group_id) == (True, group.id)


async def test_an_invitation_betrays_no_block(student, other_student) -> None:
    group = await make_group(student)
    code = await code_of(student, group)
    for one, other in ((student, other_student), (other_student, student)):
        await block(one, other)
        assert await owner_seen(other_student, code) == "Mina Aalto"


async def test_an_invitation_names_no_owner_whose_account_is_being_deleted(
    student, other_student
) -> None:
    ada = await make_student("Ada")
    group = await group_of(student, ada)
    code = await code_of(student, group)
    await begin_to_delete(student)
    assert await owner_seen(other_student, code) == ""
    async with unit_of_work() as work:
        await membership.set_role(
            work,
            student=student,
            group_id=UUID(group.id),
            other_id=ada.account_id,
            role="owner",
            now=NOON,
        )
    assert await owner_seen(other_student, code) == "Ada"
    await begin_to_delete(ada)
    assert await owner_seen(other_student, code) == ""


async def begin_to_delete(student) -> None:
    async with unit_of_work() as work:
        account = await work.session.get_one(Account, student.account_id)
        account.deleting_since = NOON


async def owner_seen(student, code: str) -> str:
    async with unit_of_work() as work:
        seen = await groups.find_invitation(work, student=student, code=code)
    assert seen is not None
    return seen.owner


async def test_whom_one_blocks_stays_in_the_group_and_is_marked_for_them_alone(
    student, other_student
) -> None:
    group = await group_of(student, other_student)
    await block(student, other_student)
    marked = {}
    for one in (student, other_student):
        async with unit_of_work() as work:
            room = await groups.get_room(
                work, student=one, group_id=UUID(group.id), now=NOON
            )
        marked[one.display_name] = [(who.name, who.blocked) for who in room.members]
    assert marked == {
        "Mina Aalto": [("Mina Aalto", False), ("Jonas Keller", True)],
        "Jonas Keller": [("Mina Aalto", False), ("Jonas Keller", False)],
    }


async def block(one, other) -> None:
    blocked = Block(blocker_id=one.account_id, blocked_id=other.account_id, created_at=NOON)
    async with unit_of_work() as work:
        work.session.add(blocked)


@pytest.mark.parametrize("code", ["", "x", "a" * 41, "\0" * 16, "%" * 16, "A" * 16])
async def test_a_wrong_code_leads_nowhere(student, code: str) -> None:
    async with unit_of_work() as work:
        assert await groups.find_invitation(work, student=student, code=code) is None


async def test_a_replaced_link_leads_nowhere(student, other_student) -> None:
    group = await make_group(student)
    old = await code_of(student, group)
    async with unit_of_work() as work:
        new = await groups.renew_code(work, student=student, group_id=UUID(group.id))
    async with unit_of_work() as work:
        gone = await groups.find_invitation(work, student=other_student, code=old)
        there = await groups.find_invitation(work, student=other_student, code=new)
    assert gone is None
    assert there is not None


async def test_only_owners_and_moderators_steer_a_group(student, other_student) -> None:
    group = await group_of(student, other_student)
    group_id, changes = UUID(group.id), GroupChanges(name="Mine")
    with pytest.raises(ConflictError):
        await plan(other_student, group, NOON + timedelta(hours=1))
    with pytest.raises(ConflictError):
        async with unit_of_work() as work:
            await groups.renew_code(work, student=other_student, group_id=group_id)
    with pytest.raises(ConflictError):
        async with unit_of_work() as work:
            await groups.change_group(
                work, student=other_student, group_id=group_id, changes=changes, now=NOON
            )


async def test_a_stranger_finds_no_group_to_steer(student, other_student) -> None:
    group = await make_group(student)
    group_id = UUID(group.id)
    with pytest.raises(NotFoundError):
        await plan(other_student, group, NOON + timedelta(hours=1))
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await groups.renew_code(work, student=other_student, group_id=group_id)
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await groups.delete_group(work, student=other_student, group_id=group_id)
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await groups.get_group(work, student=other_student, group_id=group_id, now=NOON)


async def test_an_owner_changes_the_group(student) -> None:
    group = await make_group(student, course=await enrol(student))
    changes = GroupChanges(name="Early birds", about="At dawn.\r\nDaily.", listed=False)
    async with unit_of_work() as work:
        changed = await groups.change_group(
            work, student=student, group_id=UUID(group.id), changes=changes, now=NOON
        )
    assert (changed.name, changed.about) == ("Early birds", "At dawn.\nDaily.")
    assert changed.listed is False


async def test_a_group_without_a_course_is_never_listed(student) -> None:
    group = await make_group(student)
    async with unit_of_work() as work:
        changed = await groups.change_group(
            work,
            student=student,
            group_id=UUID(group.id),
            changes=GroupChanges(listed=True),
            now=NOON,
        )
    assert changed.listed is False


async def test_everybody_sees_the_session_by_their_own_clock(student) -> None:
    abroad = await make_student("Noor", time_zone="Asia/Tokyo")
    group = await group_of(student, abroad)
    moment = datetime(2030, 1, 17, 17, 30, tzinfo=UTC)
    here = await plan(student, group, moment, " Room  4 ")
    async with unit_of_work() as work:
        there = await groups.get_group(
            work, student=abroad, group_id=UUID(group.id), now=NOON
        )
    assert (here.when, there.when) == ("Thu 17 Jan, 17:30", "Fri 18 Jan, 02:30")
    assert (here.next_session, there.next_session_note) == (moment, "Room 4")
    assert await titles_told(abroad) == ["Night owls meets Fri 18 Jan, 02:30"]
    assert "meets" not in " ".join(await titles_told(student))


async def test_the_same_session_is_told_once(student, other_student) -> None:
    group = await group_of(student, other_student)
    for note in ("Room 4", "Room 5"):
        await plan(student, group, NOON + timedelta(hours=1), note)
    assert len(await titles_told(other_student)) == 1


async def test_a_session_can_be_called_off(student) -> None:
    group = await make_group(student)
    await plan(student, group, NOON + timedelta(hours=1), "Room 4")
    off = await plan(student, group, None, "Room 4")
    assert (off.next_session, off.next_session_note, off.when) == (None, "", "")


@pytest.mark.parametrize(
    "moment",
    [NOON, NOON - timedelta(days=1), NOON + timedelta(days=367), datetime(2030, 1, 17)],  # noqa: DTZ001 - a moment without a zone is none
)
async def test_a_session_lies_ahead(student, moment) -> None:
    group = await make_group(student)
    with pytest.raises(InvalidInputError):
        await plan(student, group, moment)


async def test_a_session_that_is_long_over_is_not_shown(student) -> None:
    group = await make_group(student)
    await plan(student, group, NOON + timedelta(hours=1))
    async with unit_of_work() as work:
        views = [
            await groups.get_group(
                work,
                student=student,
                group_id=UUID(group.id),
                now=NOON + timedelta(hours=hours),
            )
            for hours in (2, 5)
        ]
    assert [bool(view.when) for view in views] == [True, False]


async def test_the_last_one_deletes_the_group_with_its_chat(student) -> None:
    group = await make_group(student)
    await say(student, group, "Anybody here?")
    async with unit_of_work() as work:
        await groups.delete_group(work, student=student, group_id=UUID(group.id))
    async with unit_of_work() as work:
        left = await work.session.exec(select(col(StudyGroup.id)))
        assert left.all() == []


async def test_a_group_with_others_in_it_is_not_deleted(student, other_student) -> None:
    group = await group_of(student, other_student)
    with pytest.raises(ConflictError):
        async with unit_of_work() as work:
            await groups.delete_group(work, student=student, group_id=UUID(group.id))
    assert await roles_of(student, group) == {
        "Mina Aalto": "owner",
        "Jonas Keller": "member",
    }


async def test_nobody_is_in_more_than_fifty_groups(student, other_student) -> None:
    for number in range(50):
        await make_group(student, name=f"Group {number}")
    with pytest.raises(ConflictError, match="50 groups"):
        await make_group(student, name="One more")
    await make_group(other_student)
    assert len(await own(student)) == 50


async def test_the_site_of_a_group_is_that_of_the_course(student) -> None:
    group = await make_group(student, course=await enrol(student))
    async with unit_of_work() as work:
        row = await work.session.get_one(StudyGroup, UUID(group.id))
    assert row.site_url == SITE
