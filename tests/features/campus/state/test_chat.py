from datetime import timedelta

import pytest

from studymaster import live
from studymaster.adapters import bus
from studymaster.errors import (
    InvalidInputError,
    NotFoundError,
    SignInError,
    TooManyRequestsError,
)
from studymaster.features.campus.state.chat import ChatState
from tests.conftest import NOON
from tests.features.campus.people import group_of, make_group, say, tab_of
from tests.tabs import open_tab

KEY = "a-key-of-this-tab"


def chat_of(student, group) -> ChatState:
    return tab_of(student, ChatState, path=f"/campus/group/{group.id}")


async def test_what_is_sent_stands_in_the_chat_and_is_settled(
    student, other_student
) -> None:
    group = await group_of(student, other_student)
    tab, theirs = chat_of(student, group), chat_of(other_student, group)
    await ChatState.load.fn(tab)
    await ChatState.load.fn(theirs)
    for _ in range(2):
        await ChatState.send.fn(tab, KEY, "Hello")
    await ChatState.refresh.fn(theirs)
    assert [one.text for one in tab.messages] == ["Hello"]
    assert KEY in tab.sent
    assert [(one.text, one.is_yours) for one in theirs.messages] == [("Hello", False)]
    assert theirs.sent == []


async def test_a_message_reaches_the_other_tab_by_itself(
    student, other_student, monkeypatch
) -> None:
    group = await group_of(student, other_student)
    await ChatState.load.fn(chat_of(other_student, group))
    heard: list[bus.News] = []

    async def hear(*news: bus.News) -> None:
        heard.extend(news)

    monkeypatch.setattr(bus, "publish", hear)
    await ChatState.send.fn(chat_of(student, group), KEY, "Hello")
    told = {one.account_id for one in heard}
    assert told == {str(student.account_id), str(other_student.account_id)}
    (news,) = [one for one in heard if one.account_id == str(other_student.account_id)]
    (update,) = live.tabs.updates_for(news, closing={}).values()
    assert [event.name for event in update.events] == [
        f"{ChatState.get_full_name()}.refresh"
    ]


async def test_the_browser_keeps_unsent_words_apart(student, other_student) -> None:
    group = await group_of(student, other_student)
    tab, theirs = chat_of(student, group), chat_of(other_student, group)
    await ChatState.load.fn(tab)
    await ChatState.load.fn(theirs)
    assert len({tab.outbox, theirs.outbox, ""}) == 3


@pytest.mark.parametrize(
    ("key", "text"),
    [(KEY, ""), (KEY, "x" * 2001), (KEY, None), (KEY, {"a": 1}), ("", "Hi"), (None, "Hi")],
)
async def test_what_is_refused_is_not_settled(student, key, text) -> None:
    tab = chat_of(student, await make_group(student))
    await ChatState.load.fn(tab)
    with pytest.raises(InvalidInputError):
        await ChatState.send.fn(tab, key, text)
    assert (tab.sent, tab.messages) == ([], [])


async def test_a_flood_is_stopped(student) -> None:
    tab = chat_of(student, await make_group(student))
    await ChatState.load.fn(tab)
    with pytest.raises(TooManyRequestsError):
        for number in range(31):
            await ChatState.send.fn(tab, f"{KEY}-{number}", "Hello")
    assert len(tab.sent) == 30


async def test_a_tab_is_sent_fifty_messages_and_older_ones_on_request(student) -> None:
    group = await make_group(student)
    for number in range(60):
        await say(student, group, f"{number}", now=NOON + timedelta(seconds=number))
    tab = chat_of(student, group)
    await ChatState.load.fn(tab)
    assert [one.text for one in tab.messages] == [f"{number}" for number in range(10, 60)]
    await ChatState.show_older.fn(tab, tab.messages[0].id)
    assert [one.text for one in tab.older] == [f"{number}" for number in range(10)]
    assert tab.older[0].id == tab.first_id


async def test_news_without_a_change_sends_nothing(student) -> None:
    group = await make_group(student)
    await say(student, group, "Hello")
    tab = chat_of(student, group)
    await ChatState.load.fn(tab)
    tab._clean()
    await ChatState.refresh.fn(tab)
    assert not {"messages", "older", "removed", "first_id"} & tab.dirty_vars


async def test_a_removed_message_loses_its_words_in_every_tab(
    student, other_student
) -> None:
    group = await group_of(student, other_student)
    line = await say(other_student, group, "Rude")
    tab, theirs = chat_of(student, group), chat_of(other_student, group)
    await ChatState.load.fn(theirs)
    await ChatState.remove.fn(tab, line)
    await ChatState.refresh.fn(theirs)
    (one,) = theirs.messages
    assert (one.fate, one.text) == ("removed_by_moderator", "")
    assert [gone.id for gone in theirs.removed] == [line]


async def test_another_students_chat_looks_like_not_there(student, other_student) -> None:
    group = await make_group(student)
    line = await say(student, group, "Among us")
    tab = chat_of(other_student, group)
    await ChatState.load.fn(tab)
    assert (tab.messages, tab.first_id) == ([], "")
    for attempt in (
        ChatState.send.fn(tab, KEY, "Hello"),
        ChatState.show_older.fn(tab, line),
        ChatState.remove.fn(tab, line),
        ChatState.seen.fn(tab, line),
    ):
        with pytest.raises(NotFoundError):
            await attempt


@pytest.mark.parametrize("message_id", ["", "nonsense", None, 7])
async def test_a_message_that_is_not_there(student, message_id) -> None:
    tab = chat_of(student, await make_group(student))
    for handler in (ChatState.show_older, ChatState.remove, ChatState.seen):
        with pytest.raises(NotFoundError):
            await handler.fn(tab, message_id)


async def test_a_visitor_neither_reads_nor_writes(student) -> None:
    tab = open_tab(ChatState)
    for attempt in (
        ChatState.load.fn(tab),
        ChatState.refresh.fn(tab),
        ChatState.send.fn(tab, KEY, "Hello"),
        ChatState.seen.fn(tab, KEY),
    ):
        with pytest.raises(SignInError):
            await attempt
