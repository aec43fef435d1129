import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.campus.service import judging
from tests.conftest import NOON, make_student
from tests.features.campus.mates import classmates, enrol, gather, titles_told
from tests.features.campus.sharing import listed, look, remove, report, restore, share, vote


async def test_votes_count_once_and_can_be_taken_back(student) -> None:
    await enrol(student)
    (one, two) = await classmates(2)
    shared = await share(student, course_id=101)
    await asyncio.gather(*[vote(one, shared.id) for _ in range(4)])
    assert (await vote(two, shared.id)).votes == 2
    seen = await vote(one, shared.id, useful=False)
    assert (seen.votes, seen.voted) == (1, False)
    assert (await vote(one, shared.id, useful=None)).votes == 2
    assert (await vote(one, shared.id, useful=None)).votes == 1


async def test_the_author_and_all_who_see_it_hear_of_a_vote(student) -> None:
    await enrol(student)
    (one,) = await classmates(1)
    shared = await share(student, course_id=101)
    async with unit_of_work() as work:
        await judging.vote(
            work,
            account_id=one.account_id,
            resource_id=UUID(shared.id),
            useful=True,
            now=NOON,
        )
        heard = {news.account_id for news in work._news if news.topic == "campus"}
    assert heard == {str(student.account_id), str(one.account_id)}


async def test_nobody_votes_for_or_reports_their_own(student) -> None:
    await enrol(student)
    shared = await share(student, course_id=101)
    for step in (vote, report):
        with pytest.raises(ConflictError):
            await step(student, shared.id)


async def test_three_reports_hide_it_from_the_course(student) -> None:
    await enrol(student)
    readers = await classmates(4)
    shared = await share(student, course_id=101)
    await asyncio.gather(*[report(one, shared.id) for one in readers[:3]])
    assert await listed(readers[3]) == []
    with pytest.raises(NotFoundError):
        await look(readers[3], shared.id)
    (own,) = await listed(student)
    assert own.hidden
    assert await titles_told(student) == ["“Osmosis in short” is hidden"]
    with pytest.raises(NotFoundError):
        await restore(student, shared.id)


async def test_only_who_reported_it_sees_that_they_did(student) -> None:
    await enrol(student)
    (one, other) = await classmates(2)
    shared = await share(student, course_id=101)
    assert not (await look(one, shared.id)).reported
    await report(one, shared.id)
    seen = [(await listed(reader))[0].reported for reader in (student, one, other)]
    assert seen == [False, True, False]


async def test_the_same_student_reports_once(student) -> None:
    await enrol(student)
    (one, other) = await classmates(2)
    shared = await share(student, course_id=101)
    results = await asyncio.gather(
        *[report(one, shared.id) for _ in range(3)], return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == [
        "ConflictError",
        "ConflictError",
        "NoneType",
    ]
    assert len(await listed(other)) == 1


@pytest.mark.parametrize("reason", ["", "x" * 301, None, "\x00"])
async def test_a_report_says_why(student, reason: object) -> None:
    await enrol(student)
    (one,) = await classmates(1)
    shared = await share(student, course_id=101)
    with pytest.raises(InvalidInputError):
        await report(one, shared.id, reason=reason)


async def test_a_group_restores_what_was_hidden(student) -> None:
    members = [await make_student(f"Member {number}") for number in range(5)]
    group_id = await gather(student, *members)
    shared = await share(members[0], group_id=group_id)
    for one in members[1:4]:
        await report(one, shared.id)
    assert await listed(members[4]) == []
    (seen,) = await listed(student)
    assert (seen.hidden, seen.may_judge) == (True, True)
    assert await titles_told(student) == ["“Osmosis in short” needs your eye"]
    assert not (await restore(student, shared.id)).hidden
    assert len(await listed(members[4])) == 1
    with pytest.raises(ConflictError):
        await report(members[1], shared.id, now=NOON + timedelta(days=1))
    await report(members[4], shared.id, now=NOON + timedelta(days=1))
    assert len(await listed(members[4])) == 1


async def test_a_member_neither_restores_nor_removes_what_is_not_theirs(student) -> None:
    one, other = await make_student("Ada"), await make_student("Bo")
    group_id = await gather(student, one, other)
    shared = await share(one, group_id=group_id)
    for step in (remove, restore):
        with pytest.raises(NotFoundError):
            await step(other, shared.id)
