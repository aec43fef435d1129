"""A student is told a thing once, unless they do not want to hear of it."""

import asyncio
from datetime import timedelta

import pytest

from studymaster.adapters import bus
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.accounts import rules
from studymaster.features.accounts import service as accounts
from studymaster.features.notifications import service
from studymaster.models import NotificationKind
from tests.conftest import NOON
from tests.features.notifications.telling import inbox, tell


@pytest.fixture
def news(monkeypatch) -> list[bus.News]:
    heard: list[bus.News] = []

    async def publish(item: bus.News) -> None:
        heard.append(item)

    monkeypatch.setattr(bus, "publish", publish)
    return heard


class TestTelling:
    async def test_what_is_told_stands_in_the_inbox_and_is_news(
        self, student, news
    ) -> None:
        assert await tell(student)
        (item,) = await inbox(student)
        assert (item.kind, item.title, item.path) == (
            "focus",
            "Your session is over",
            "/focus",
        )
        assert not item.read
        assert [(one.topic, one.account_id) for one in news] == [
            (Topic.NOTIFICATIONS, str(student.account_id))
        ]

    async def test_what_was_answered_elsewhere_waits_no_more(
        self, student, other_student, news
    ) -> None:
        for one in (student, other_student):
            await tell(one, "asked:7")
        await tell(student, "asked:8")
        for _ in range(2):
            async with unit_of_work() as work:
                await service.settle(
                    work, account_id=student.account_id, cause="asked:7", now=NOON
                )
        assert sorted(item.read for item in await inbox(student)) == [False, True]
        assert [item.read for item in await inbox(other_student)] == [False]
        assert len(news) == 4
        assert not await tell(student, "asked:7")

    async def test_one_cause_is_told_once(self, student, other_student, news) -> None:
        assert await tell(student, "cards:7")
        assert not await tell(student, "cards:7")
        assert await tell(other_student, "cards:7")
        assert (len(await inbox(student)), len(news)) == (1, 2)

    async def test_two_workers_at_once_tell_it_once(self, student) -> None:
        told = await asyncio.gather(*(tell(student, "cards:7") for _ in range(4)))
        assert sorted(told) == [False, False, False, True]

    async def test_a_kind_that_is_switched_off_is_not_told(self, student, news) -> None:
        async with unit_of_work() as work:
            await accounts.save_preference(
                work, account_id=student.account_id, name="notify_focus", on=False
            )
        assert not await tell(student)
        assert await tell(student, "sync:1", kind=NotificationKind.SYNC)
        assert [item.kind for item in await inbox(student)] == ["sync"]

    async def test_what_concerns_the_account_is_always_told(self, student) -> None:
        for name in accounts_switches():
            async with unit_of_work() as work:
                await accounts.save_preference(
                    work, account_id=student.account_id, name=name, on=False
                )
        assert await tell(student, "export:1", kind=NotificationKind.ACCOUNT)

    async def test_a_long_title_is_cut_instead_of_lost(self, student) -> None:
        assert await tell(student, title="x" * 900)
        (item,) = await inbox(student)
        assert len(item.title) == 200


def accounts_switches() -> list[str]:
    return [f"notify_{kind.value}" for kind in NotificationKind if kind != "account"]


class TestInbox:
    async def test_the_newest_comes_first(self, student) -> None:
        for number in range(3):
            await tell(student, f"c:{number}", title=f"T{number}", now=later(number))
        assert [item.title for item in await inbox(student)] == ["T2", "T1", "T0"]

    async def test_nobody_sees_anothers(self, student, other_student) -> None:
        await tell(student)
        assert await inbox(other_student) == []

    async def test_the_bell_counts_what_is_unread_and_names_the_newest(
        self, student
    ) -> None:
        assert await ring(student) == (0, "")
        for number in range(3):
            await tell(student, f"c:{number}", title=f"T{number}", now=later(number))
        assert await ring(student) == (3, "T2")
        newest = (await inbox(student))[0]
        await read(student, newest.id)
        assert await ring(student) == (2, "T1")

    async def test_reading_is_kept_and_is_news_once(self, student, news) -> None:
        await tell(student)
        (item,) = await inbox(student)
        await read(student, item.id)
        await read(student, item.id)
        assert [one.read for one in await inbox(student)] == [True]
        assert len(news) == 2

    async def test_all_can_be_read_at_once(self, student, other_student) -> None:
        for number in range(3):
            await tell(student, f"c:{number}")
        await tell(other_student)
        async with unit_of_work() as work:
            await service.mark_all_read(work, account_id=student.account_id, now=NOON)
        assert all(item.read for item in await inbox(student))
        assert not any(item.read for item in await inbox(other_student))

    async def test_anothers_notification_is_not_there(self, student, other_student) -> None:
        await tell(student)
        (item,) = await inbox(student)
        with pytest.raises(NotFoundError):
            await read(other_student, item.id)
        assert [one.read for one in await inbox(student)] == [False]


def later(minutes: int):
    return NOON + timedelta(minutes=minutes)


async def ring(student) -> tuple[int, str]:
    async with unit_of_work() as work:
        bell = await service.bell(work, account_id=student.account_id)
    assert bell.looked
    return bell.unread, bell.newest_title


async def read(student, notification_id: str) -> None:
    async with unit_of_work() as work:
        await service.mark_read(
            work,
            account_id=student.account_id,
            notification_id=rules.parse_id(notification_id, missing="Not here."),
            now=NOON,
        )
