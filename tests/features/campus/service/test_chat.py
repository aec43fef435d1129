import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import func, select

from studymaster.adapters import bus
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    TooManyRequestsError,
)
from studymaster.features.campus.schemas.chat import MessageView
from studymaster.features.campus.service import chat, groups, membership
from studymaster.models import Account, Block, GroupMessage
from studymaster.paging import Window
from tests.conftest import NOON, make_student
from tests.features.campus.people import group_of, make_group, say


async def read(student, group, *, offset: int = 0, limit: int = 50) -> list[MessageView]:
    async with unit_of_work() as work:
        found = await chat.list_messages(
            work,
            account_id=student.account_id,
            group_id=UUID(group.id),
            window=Window(offset, limit),
        )
    return found.items


async def take_back(student, group, message_id: str) -> None:
    async with unit_of_work() as work:
        await chat.remove_message(
            work,
            student=student,
            group_id=UUID(group.id),
            message_id=UUID(message_id),
            now=NOON,
        )


async def see(student, group, message_id: str) -> None:
    async with unit_of_work() as work:
        await chat.mark_read(
            work,
            account_id=student.account_id,
            group_id=UUID(group.id),
            message_id=UUID(message_id),
        )


async def unread(student, group) -> int:
    async with unit_of_work() as work:
        view = await groups.get_group(
            work, student=student, group_id=UUID(group.id), now=NOON
        )
    return view.unread


async def many(student, group, count: int) -> None:
    async with unit_of_work() as work:
        for number in range(count):
            work.session.add(
                GroupMessage(
                    group_id=UUID(group.id),
                    account_id=student.account_id,
                    sent_key=f"key-{number}",
                    text=f"line {number}",
                    created_at=NOON + timedelta(seconds=number),
                )
            )


async def test_what_one_says_the_other_reads(student, other_student) -> None:
    group = await group_of(student, other_student)
    text = "See https://example.edu\r\n<b>tonight</b>"
    await say(student, group, f"  {text} \n")
    (line,) = await read(other_student, group)
    assert line.text == "See https://example.edu\n<b>tonight</b>"
    assert (line.name, line.is_yours, line.fate) == ("Mina Aalto", False, "")
    (own,) = await read(student, group)
    assert own.is_yours


@pytest.mark.parametrize("text", ["", " \n\t", "x" * 2001, "a\0b", "\ud800", "\u200b"])
async def test_a_message_has_words(student, text: str) -> None:
    group = await make_group(student)
    with pytest.raises(InvalidInputError):
        await say(student, group, text)


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space", "a" * 8 + "\n"])
async def test_a_message_has_a_usable_key(student, key: str) -> None:
    group = await make_group(student)
    with pytest.raises(InvalidInputError):
        async with unit_of_work() as work:
            await chat.send_message(
                work,
                student=student,
                group_id=UUID(group.id),
                text="Hello",
                sent_key=key,
                now=NOON,
            )


async def test_a_message_sent_twice_at_once_is_one(student) -> None:
    group = await make_group(student)
    ids = await asyncio.gather(
        *[say(student, group, "Hello", key="the-same-key") for _ in range(4)]
    )
    assert len(set(ids)) == 1
    assert len(await read(student, group)) == 1


async def test_two_students_may_have_the_same_key(student, other_student) -> None:
    group = await group_of(student, other_student)
    for one in (student, other_student):
        await say(one, group, "Hello", key="the-same-key")
    assert len(await read(student, group)) == 2


async def test_strangers_neither_read_nor_write(student, other_student) -> None:
    group = await make_group(student)
    line = await say(student, group, "Among us")
    for attempt in (
        read(other_student, group),
        say(other_student, group, "Hello"),
        take_back(other_student, group, line),
        see(other_student, group, line),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    async with unit_of_work() as work:
        with pytest.raises(NotFoundError):
            await chat.list_older(
                work,
                account_id=other_student.account_id,
                group_id=UUID(group.id),
                before_id=UUID(line),
            )
        window = await chat.find_window(
            work, account_id=other_student.account_id, address=group.id
        )
    assert window is None


async def test_a_removed_member_reads_no_more(student, other_student) -> None:
    group = await group_of(student, other_student)
    await say(student, group, "Before")
    async with unit_of_work() as work:
        await membership.remove_member(
            work,
            student=student,
            group_id=UUID(group.id),
            other_id=other_student.account_id,
            now=NOON,
        )
    for attempt in (read(other_student, group), say(other_student, group, "Hello")):
        with pytest.raises(NotFoundError):
            await attempt


async def test_saying_something_while_the_group_is_deleted_breaks_nothing(student) -> None:
    group = await make_group(student)

    async def delete() -> None:
        async with unit_of_work() as work:
            await groups.delete_group(work, student=student, group_id=UUID(group.id))

    outcomes = await asyncio.gather(
        say(student, group, "Hello"), delete(), return_exceptions=True
    )
    assert outcomes[1] is None
    assert isinstance(outcomes[0], str | NotFoundError)
    async with unit_of_work() as work:
        left = await work.session.exec(select(func.count()).select_from(GroupMessage))
        assert left.one() == 0


async def test_a_message_of_another_group_is_not_there(student) -> None:
    here, elsewhere = await make_group(student), await make_group(student, name="B")
    line = await say(student, elsewhere, "Hello")
    for attempt in (take_back(student, here, line), see(student, here, line)):
        with pytest.raises(NotFoundError):
            await attempt


async def test_a_removed_message_keeps_its_place(student, other_student) -> None:
    group = await group_of(student, other_student)
    own = await say(other_student, group, "Wrong room")
    others = await say(other_student, group, "Rude", now=NOON + timedelta(seconds=1))
    await take_back(other_student, group, own)
    for _ in range(2):
        await take_back(student, group, others)
    lines = await read(student, group)
    assert [(one.fate, one.text) for one in lines] == [
        ("removed_by_moderator", ""),
        ("removed_by_author", ""),
    ]


async def test_members_remove_only_their_own_words(student, other_student) -> None:
    group = await group_of(student, other_student)
    line = await say(student, group, "Mine")
    with pytest.raises(ConflictError):
        await take_back(other_student, group, line)
    assert (await read(student, group))[0].text == "Mine"


async def test_of_two_who_do_not_meet_neither_hears_the_other(
    student, other_student
) -> None:
    third = await make_student("Ada")
    group = await group_of(third, student, other_student)
    await block(student, other_student)
    for one, other in ((student, other_student), (other_student, student)):
        line = await say(one, group, "Hello", now=NOON + timedelta(hours=1))
        (heard,) = (found for found in await read(other, group) if found.id == line)
        assert (heard.fate, heard.text, heard.name) == ("hidden", "", "")
        assert await unread(other, group) == 0
    assert await unread(third, group) == 2


async def test_who_keeps_a_group_clean_misses_only_whom_they_block(
    student, other_student
) -> None:
    group = await group_of(student, other_student)
    await say(other_student, group, "Hello", now=NOON + timedelta(hours=1))
    await block(other_student, student)
    (line,) = await read(student, group)
    assert (line.text, await unread(student, group)) == ("Hello", 1)
    await block(student, other_student)
    (line,) = await read(student, group)
    assert (line.fate, await unread(student, group)) == ("hidden", 0)


async def block(one, other) -> None:
    blocked = Block(blocker_id=one.account_id, blocked_id=other.account_id, created_at=NOON)
    async with unit_of_work() as work:
        work.session.add(blocked)


async def test_words_outlive_the_account(student, other_student) -> None:
    group = await group_of(student, other_student)
    await say(other_student, group, "Hello")
    async with unit_of_work() as work:
        account = await work.session.get_one(Account, other_student.account_id)
        await work.session.delete(account)
    (line,) = await read(student, group)
    assert (line.name, line.text, line.account_id) == ("A former student", "Hello", "")


async def test_a_chat_comes_in_stretches(student) -> None:
    group = await make_group(student)
    await many(student, group, 120)
    async with unit_of_work() as work:
        window = await chat.find_window(
            work, account_id=student.account_id, address=group.id
        )
        assert window is not None
        older = await chat.list_older(
            work,
            account_id=student.account_id,
            group_id=UUID(group.id),
            before_id=UUID(window.messages[0].id),
        )
        oldest = await chat.list_older(
            work,
            account_id=student.account_id,
            group_id=UUID(group.id),
            before_id=UUID(older[0].id),
        )
    lines = [one.text for one in (*oldest, *older, *window.messages)]
    assert lines == [f"line {number}" for number in range(120)]
    assert [len(window.messages), len(older), len(oldest)] == [50, 50, 20]
    assert window.first_id == oldest[0].id


async def test_what_was_removed_long_ago_is_told(student) -> None:
    group = await make_group(student)
    first = await say(student, group, "Oops", now=NOON - timedelta(hours=1))
    await many(student, group, 60)
    await take_back(student, group, first)
    async with unit_of_work() as work:
        window = await chat.find_window(
            work, account_id=student.account_id, address=group.id
        )
    assert window is not None
    assert [one.id for one in window.removed] == [first]
    assert first not in {one.id for one in window.messages}


async def test_unread_counts_what_others_said_since(student, other_student) -> None:
    group = await group_of(student, other_student)
    later = [NOON + timedelta(hours=hours) for hours in range(1, 5)]
    first = await say(student, group, "One", now=later[0])
    await say(student, group, "Two", now=later[1])
    gone = await say(student, group, "Three", now=later[2])
    await say(other_student, group, "Mine", now=later[3])
    await take_back(student, group, gone)
    assert await unread(other_student, group) == 2
    await see(other_student, group, first)
    assert await unread(other_student, group) == 1


async def test_reading_never_goes_backwards(student, other_student) -> None:
    group = await group_of(student, other_student)
    first = await say(student, group, "One", now=NOON + timedelta(hours=1))
    second = await say(student, group, "Two", now=NOON + timedelta(hours=2))
    for line in (second, first):
        await see(other_student, group, line)
    assert await unread(other_student, group) == 0


async def test_unread_stops_counting_at_a_hundred(student, other_student) -> None:
    group = await group_of(student, other_student)
    await many(student, group, 130)
    async with unit_of_work() as work:
        await work.session.exec(
            GroupMessage.__table__.update().values(created_at=NOON + timedelta(hours=1))
        )
    assert await unread(other_student, group) == 100


async def test_a_minute_has_thirty_messages_in_each_group(student) -> None:
    here, elsewhere = uuid4(), uuid4()
    for _ in range(30):
        await chat.take_turn(account_id=student.account_id, group_id=here)
    with pytest.raises(TooManyRequestsError):
        await chat.take_turn(account_id=student.account_id, group_id=here)
    await chat.take_turn(account_id=student.account_id, group_id=elsewhere)


async def test_every_member_hears_once_and_nobody_else(
    student, other_student, monkeypatch
) -> None:
    await make_student("Vera")
    group = await group_of(student, other_student)
    heard: list[bus.News] = []

    async def hear(*news: bus.News) -> None:
        heard.extend(news)

    monkeypatch.setattr(bus, "publish", hear)
    for _ in range(2):
        await say(student, group, "Hello", key="the-same-key")
    assert all(one.topic is Topic.CAMPUS and one.subject == group.id for one in heard)
    assert sorted(one.account_id for one in heard) == sorted(
        [str(student.account_id), str(other_student.account_id)]
    )


async def test_a_browser_keeps_unsent_words_apart(student, other_student) -> None:
    here, elsewhere = uuid4(), uuid4()
    names = {
        chat.outbox_name(account_id=one.account_id, group_id=group_id)
        for one in (student, other_student)
        for group_id in (here, elsewhere)
    }
    assert len(names) == 4
    assert not any(str(student.account_id) in name for name in names)
