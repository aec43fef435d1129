import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.campus.schemas.resources import Draft, Order, Wanted
from studymaster.features.campus.service import buddies, resources
from studymaster.models import GroupMember, GroupRole, StudyGroup
from tests.conftest import NOON, make_student
from tests.features.campus.mates import SITE, classmates, enrol, gather
from tests.features.campus.sharing import listed, look, remove, report, restore, share, vote


async def test_a_course_sees_what_is_shared_with_it(student, other_student) -> None:
    for one in (student, other_student):
        await enrol(one)
    shared = await share(student, course_id=101)
    (seen,) = await listed(other_student)
    assert (seen.id, seen.title, seen.author) == (shared.id, shared.title, "Mina Aalto")
    assert (seen.audience, seen.course_id, seen.mine) == ("BIO 101", 101, False)
    assert (shared.mine, shared.may_judge, seen.may_judge) == (True, True, False)


@pytest.mark.parametrize(
    "course",
    [
        {"moodle_id": 102},
        {"site": "https://moodle.elsewhere.edu"},
        {"listed": False},
    ],
)
async def test_everybody_else_does_not(student, other_student, course) -> None:
    await enrol(student)
    await enrol(other_student, **course)
    shared = await share(student, course_id=101)
    assert await listed(other_student) == []
    for step in (look, vote, report, remove, restore):
        with pytest.raises(NotFoundError):
            await step(other_student, shared.id)


async def test_a_group_sees_what_is_shared_with_it(student, other_student) -> None:
    stranger = await make_student("Ada")
    group_id = await gather(student, other_student)
    shared = await share(other_student, group_id=group_id)
    (seen,) = await listed(student)
    assert (seen.audience, seen.group_id) == ("Night shift", str(group_id))
    assert await listed(stranger) == []
    for step in (look, vote, report, remove, restore):
        with pytest.raises(NotFoundError):
            await step(stranger, shared.id)


async def test_who_left_the_group_sees_only_their_own(student, other_student) -> None:
    group_id = await gather(student, other_student)
    theirs, own = (
        await share(student, group_id=group_id),
        await share(other_student, group_id=group_id),
    )
    async with unit_of_work() as work:
        place = await work.session.get(GroupMember, (group_id, other_student.account_id))
        await work.session.delete(place)
    assert [one.id for one in await listed(other_student)] == [own.id]
    with pytest.raises(NotFoundError):
        await look(other_student, theirs.id)


@pytest.mark.parametrize("names", [0, 2])
async def test_there_is_exactly_one_audience(student, names: int) -> None:
    await enrol(student)
    group_id = await gather(student)
    both = {"course_id": 101, "group_id": group_id} if names else {}
    with pytest.raises(InvalidInputError, match="one course or one group"):
        await share(student, **both)


async def test_nothing_is_shared_with_others_courses_and_groups(
    student, other_student
) -> None:
    await enrol(other_student)
    group_id = await gather(other_student)
    for audience in (
        {"course_id": 101},
        {"course_id": 2**80},
        {"group_id": group_id},
        {"group_id": uuid4()},
    ):
        with pytest.raises(NotFoundError):
            await share(student, **audience)


async def test_sharing_while_the_group_goes_leaves_nothing_behind(student) -> None:
    group_id = await gather(student)

    async def disband() -> None:
        async with unit_of_work() as work:
            await work.session.delete(
                await work.session.get_one(GroupMember, (group_id, student.account_id))
            )
            await work.session.flush()
            await work.session.delete(await work.session.get_one(StudyGroup, group_id))

    results = await asyncio.gather(
        share(student, group_id=group_id), disband(), return_exceptions=True
    )
    failures = [one for one in results if isinstance(one, BaseException)]
    assert {type(one) for one in failures} <= {NotFoundError}
    assert await listed(student) == []


async def test_markup_is_only_text(student) -> None:
    await enrol(student)
    words = "<script>alert(1)</script>"
    shared = await share(student, course_id=101, title=words, text=words)
    assert (shared.title, shared.text) == ("<script>alert(1)</script>",) * 2


@pytest.mark.parametrize("words", ["a\x00b", "a\ud800b", "", 7, None])
async def test_what_cannot_be_kept_is_refused(student, words: object) -> None:
    await enrol(student)
    for wrong in ({"title": words}, {"text": words}):
        with pytest.raises(InvalidInputError):
            await share(student, course_id=101, **wrong)


async def test_a_list_cuts_long_notes(student) -> None:
    await enrol(student)
    shared = await share(student, course_id=101, text="x" * 20_000)
    (seen,) = await listed(student)
    assert (len(seen.text), seen.cut) == (300, True)
    assert (len((await look(student, shared.id)).text), shared.cut) == (20_000, False)


async def test_a_link_shows_its_host(student) -> None:
    await enrol(student)
    shared = await share(
        student, kind="link", course_id=101, address="https://example.org/a"
    )
    assert (shared.address, shared.host) == ("https://example.org/a", "example.org")


async def test_the_most_useful_can_come_first(student) -> None:
    await enrol(student)
    (one,) = await classmates(1)
    useful = await share(student, course_id=101, title="Useful")
    await share(student, course_id=101, title="Newer", now=NOON + timedelta(hours=1))
    await vote(one, useful.id)
    newest, by_use = await listed(one), await listed(one, Wanted(order=Order.USEFUL))
    assert [view.title for view in newest] == ["Newer", "Useful"]
    assert [view.title for view in by_use] == ["Useful", "Newer"]


async def test_a_list_can_be_of_one_audience(student) -> None:
    await enrol(student)
    group_id = await gather(student)
    await share(student, course_id=101, title="Course")
    await share(student, group_id=group_id, title="Group")
    async with unit_of_work() as work:
        course = await resources.get_audience(
            work, account_id=student.account_id, course_id=101
        )
        group = await resources.get_audience(
            work, account_id=student.account_id, group_id=group_id
        )
    for audience, title in ((course, "Course"), (group, "Group")):
        (view,) = await listed(student, Wanted(audience))
        assert view.title == title


@pytest.mark.parametrize("role", [GroupRole.OWNER, GroupRole.MODERATOR])
async def test_who_keeps_a_group_clean_removes(student, role) -> None:
    one, judge = await make_student("Ada"), await make_student("Bo")
    group_id = await gather(student, one, judge)
    async with unit_of_work() as work:
        place = await work.session.get_one(GroupMember, (group_id, judge.account_id))
        place.role = role
    shared = await share(one, group_id=group_id)
    await remove(judge, shared.id)
    assert await listed(one) == []


async def test_removing_twice_at_once_says_that_it_is_gone(student) -> None:
    await enrol(student)
    shared = await share(student, course_id=101)
    results = await asyncio.gather(
        remove(student, shared.id), remove(student, shared.id), return_exceptions=True
    )
    assert [type(one) for one in results if one] == [NotFoundError]


async def test_of_two_who_do_not_meet_neither_sees_what_the_other_shares(
    student, other_student
) -> None:
    for one in (student, other_student):
        await enrol(one)
    shared = await share(student, course_id=101)
    async with unit_of_work() as work:
        await buddies.block(
            work,
            account_id=other_student.account_id,
            other_id=student.account_id,
            now=NOON,
        )
    assert await listed(other_student) == []
    with pytest.raises(NotFoundError):
        await look(other_student, shared.id)
    theirs = await share(other_student, course_id=101)
    assert [one.id for one in await listed(student)] == [shared.id]
    with pytest.raises(NotFoundError):
        await look(student, theirs.id)


async def test_nobody_shuts_out_who_keeps_their_group_clean(student, other_student) -> None:
    group_id = await gather(student, other_student)
    shared = await share(other_student, group_id=group_id)
    async with unit_of_work() as work:
        await buddies.block(
            work,
            account_id=other_student.account_id,
            other_id=student.account_id,
            now=NOON,
        )
    assert [one.id for one in await listed(student)] == [shared.id]
    await remove(student, shared.id)
    assert await listed(other_student) == []


async def test_one_chooses_among_ones_own_courses_and_groups(
    student, other_student
) -> None:
    await enrol(student)
    await enrol(student, site=f"{SITE}/second", shortname="ZZZ 1")
    await enrol(student, moodle_id=102, shortname="CHEM 221", listed=False)
    group_id = await gather(student)
    await gather(other_student, name="Others")
    async with unit_of_work() as work:
        choices = await resources.audience_choices(work, account_id=student.account_id)
    assert [(one.value, one.name) for one in choices] == [
        ("course:101", "BIO 101"),
        (f"group:{group_id}", "Night shift"),
    ]


@pytest.mark.parametrize("in_group", [False, True])
async def test_the_tabs_of_all_who_see_it_hear_of_it_when_it_comes_and_goes(
    student, other_student, *, in_group: bool
) -> None:
    outsider = await make_student("Noor Haddad")
    await enrol(outsider, moodle_id=102)
    for one in (student, other_student):
        await enrol(one)
    group_id = await gather(student, other_student) if in_group else None
    audience = {"group_id": group_id} if in_group else {"course_id": 101}
    draft = Draft("note", "Osmosis", "Water goes.", "", **audience)
    everybody = {str(one.account_id) for one in (student, other_student)}
    async with unit_of_work() as work:
        shared = await resources.share(
            work, student=student, draft=draft, file=None, now=NOON
        )
        assert {one.account_id for one in work._news} == everybody
    async with unit_of_work() as work:
        await resources.remove(
            work, account_id=student.account_id, resource_id=UUID(shared.id)
        )
        assert {one.account_id for one in work._news} == everybody
