"""The host's page, in a tab."""

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.errors import NotFoundError, SignInError
from studymaster.features.accounts.schemas import FailedTask, Student
from studymaster.features.accounts.service import hosting
from studymaster.features.accounts.state import HostState
from tests.conftest import NOON
from tests.factories.moodle import connect
from tests.tabs import open_tab, tab_of


@pytest.fixture
async def host(student, monkeypatch) -> Student:
    connection = await connect(student)
    site = connection.site_url.removeprefix("https://").split("/")[0]
    monkeypatch.setenv("ADMINS", f"{connection.moodle_username}@{site}")
    get_settings.cache_clear()
    return student


async def fail(task: str) -> None:
    async with unit_of_work() as work:
        await hosting.note_failure(work, failure=FailedTask(task, "", "E"), now=NOON)


async def test_a_host_sees_what_answers_and_what_failed(host) -> None:
    await fail("accounts.export")
    tab = tab_of(host, HostState)
    await HostState.load.fn(tab)
    assert tab.allowed
    assert {part.name: part.works for part in tab.parts} == {
        "Database": True,
        "Redis": True,
        "File store": True,
    }
    assert [row.task for row in tab.failures] == ["accounts.export"]
    assert {fact.value for fact in tab.waiting} == {"0"}


async def test_a_part_that_is_away_is_said(host, monkeypatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    tab = tab_of(host, HostState)
    await HostState.load.fn(tab)
    assert {part.name: part.works for part in tab.parts}["Redis"] is False
    assert tab.waiting == []


async def test_what_was_seen_leaves_the_list(host) -> None:
    for task in ("one", "two", "three"):
        await fail(task)
    tab = tab_of(host, HostState)
    await HostState.load.fn(tab)
    await HostState.mark_seen.fn(tab, tab.failures[0].id)
    assert len(tab.failures) == 2
    await HostState.mark_all_seen.fn(tab)
    assert tab.failures == []


@pytest.mark.parametrize("wrong", ["", "x", None])
async def test_nonsense_is_not_a_failure(host, wrong) -> None:
    with pytest.raises(NotFoundError):
        await HostState.mark_seen.fn(tab_of(host, HostState), wrong)


async def test_for_everybody_else_there_is_no_such_page(host, other_student) -> None:
    await fail("one")
    tab = tab_of(other_student, HostState)
    await HostState.load.fn(tab)
    assert tab.loaded
    assert not tab.allowed
    assert holds_nothing(tab)
    for call in (
        lambda: HostState.mark_all_seen.fn(tab),
        lambda: HostState.mark_seen.fn(tab, "x"),
    ):
        with pytest.raises(NotFoundError, match="no such page"):
            await call()
    assert holds_nothing(tab)
    async with unit_of_work() as work:
        assert (await hosting.overview(work, now=NOON)).failure_count == 1


def holds_nothing(tab: HostState) -> bool:
    """Tell whether nothing of the host's is in a tab."""
    lists = [tab.parts, tab.waiting, tab.facts, tab.failures]
    return not any(lists) and not tab.failure_count and not tab.ticked_at and not tab.beats


async def test_who_was_a_host_has_nothing_left_of_it(host, monkeypatch) -> None:
    await fail("one")
    tab = tab_of(host, HostState)
    await HostState.load.fn(tab)
    assert not holds_nothing(tab)
    monkeypatch.setenv("ADMINS", "")
    get_settings.cache_clear()
    await HostState.load.fn(tab)
    assert tab.loaded
    assert not tab.allowed
    assert holds_nothing(tab)


async def test_a_visitor_is_led_to_sign_in(empty_database) -> None:
    with pytest.raises(SignInError):
        await HostState.load.fn(open_tab(HostState))
