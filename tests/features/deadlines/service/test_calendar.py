"""A student's calendar: under one key at a time, and for whoever has it."""

import asyncio

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.deadlines.schemas import Feed
from studymaster.features.deadlines.service import calendar
from studymaster.models import SubmissionState
from tests.conftest import NOON, make_student
from tests.features.campus.mates import enrol
from tests.features.deadlines.due import days, make_deadline


async def key_of(student) -> str:
    async with unit_of_work() as work:
        return await calendar.find_key(work, account_id=student.account_id)


async def switch_on(student) -> str:
    async with unit_of_work() as work:
        await calendar.switch_on(work, account_id=student.account_id, now=NOON)
    return await key_of(student)


async def renew(student) -> str:
    async with unit_of_work() as work:
        await calendar.renew(work, account_id=student.account_id)
    return await key_of(student)


async def switch_off(student) -> None:
    async with unit_of_work() as work:
        await calendar.switch_off(work, account_id=student.account_id)


async def read(key: str) -> Feed:
    async with unit_of_work() as work:
        return await calendar.read_feed(work, key=key, now=NOON)


async def test_it_is_off_until_it_is_switched_on(student, other_student) -> None:
    assert await key_of(student) == ""
    key = await switch_on(student)
    assert len(key) == 43
    assert await key_of(other_student) == ""


async def test_switching_on_twice_or_at_once_keeps_one_key(student) -> None:
    keys = await asyncio.gather(*(switch_on(student) for _ in range(4)))
    assert len({*keys, await switch_on(student)}) == 1


async def test_a_renewed_key_replaces_the_old_one(student) -> None:
    old = await switch_on(student)
    new = await renew(student)
    assert new != old
    assert (await read(new)).entries == ()
    with pytest.raises(NotFoundError):
        await read(old)


async def test_a_key_that_was_switched_off_opens_nothing(student) -> None:
    key = await switch_on(student)
    await switch_off(student)
    await switch_off(student)
    assert await key_of(student) == ""
    with pytest.raises(NotFoundError):
        await read(key)
    with pytest.raises(NotFoundError, match="switched off"):
        await renew(student)
    assert await switch_on(student) != key


@pytest.mark.parametrize("key", ["", "x", "\x00", "\ud800", "x" * 10_000, "' OR 1=1 --"])
async def test_what_is_no_key_is_answered_like_an_unknown_one(student, key) -> None:
    await switch_on(student)
    with pytest.raises(NotFoundError) as caught:
        await read(key)
    assert caught.value.message == calendar.NO_CALENDAR


async def test_it_holds_sixty_days_back_and_all_that_is_ahead(student) -> None:
    course = await enrol(student)
    for due in (-61, -60, 0, 900):
        await make_deadline(course, f"{due}", days(due))
    key = await switch_on(student)
    assert [one.title for one in (await read(key)).entries] == ["-60", "0", "900"]


async def test_it_holds_only_the_own_and_what_moodle_still_lists(
    student, other_student
) -> None:
    await make_deadline(await enrol(other_student), "Theirs")
    await make_deadline(await enrol(student, moodle_id=7, listed=False), "Gone")
    await make_deadline(await enrol(student), "Mine")
    assert [one.title for one in (await read(await switch_on(student))).entries] == ["Mine"]


async def test_an_entry_says_by_the_students_own_clock_how_far_they_are() -> None:
    tokyo = await make_student("Aiko", time_zone="Asia/Tokyo")
    course = await enrol(tokyo)
    await make_deadline(
        course, closes_at=days(4), submission=SubmissionState.DRAFT, submitted_at=days(1)
    )
    (entry,) = (await read(await switch_on(tokyo))).entries
    assert entry.description == (
        "Draft saved, not handed in yet\nTaken until Sun 20 Jan 2030, 21:00"
    )
    assert (entry.course, entry.changed_at) == ("BIO 101 in full", days(1))


@pytest.fixture(autouse=True)
async def _rows(empty_database) -> None:
    """Every test begins with empty tables."""


async def test_a_due_date_that_comes_again_has_the_name_that_it_had(student) -> None:
    course = await enrol(student)
    first = await make_deadline(course, cmid=7)
    key = await switch_on(student)
    (before,) = (await read(key)).entries
    async with unit_of_work() as work:
        await work.session.delete(first)
    await make_deadline(course, "Essay, renamed", days(9), cmid=7)
    await make_deadline(course, "Another", days(10), cmid=8)
    again, other = (await read(key)).entries
    assert again.uid == before.uid != other.uid
