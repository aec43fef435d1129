"""Who hosts the product sees how it is, and nobody else knows that there is a page."""

from datetime import timedelta

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.config import get_settings
from studymaster.errors import NotFoundError
from studymaster.features.accounts import service
from studymaster.features.accounts.schemas import FailedTask, HostView, Student
from studymaster.features.accounts.service import hosting
from tests.conftest import NOON
from tests.factories.moodle import connect


@pytest.fixture
def admins(monkeypatch):
    def name(*names: str) -> None:
        monkeypatch.setenv("ADMINS", ", ".join(names))
        get_settings.cache_clear()

    return name


async def is_host(student: Student) -> bool:
    async with unit_of_work() as work:
        return await hosting.is_host(work, account_id=student.account_id)


async def look(*, now=NOON) -> HostView:
    async with unit_of_work() as work:
        return await hosting.overview(work, now=now)


async def fail(task: str) -> None:
    async with unit_of_work() as work:
        await hosting.note_failure(work, failure=FailedTask(task, "", "E"), now=NOON)


class TestWhoIsAHost:
    async def test_nobody_is_when_nobody_is_named(self, student) -> None:
        await connect(student)
        assert not await is_host(student)

    async def test_a_moodle_user_is_named_with_their_site(
        self, student, other_student, admins
    ) -> None:
        connection = await connect(student)
        host = connection.site_url.removeprefix("https://").split("/")[0]
        admins("someone@else.edu", f"{connection.moodle_username.upper()}@{host}")
        assert await is_host(student)
        assert not await is_host(other_student)
        admins(f"{connection.moodle_username}@another.{host}")
        assert not await is_host(student)

    async def test_another_site_on_the_same_server_vouches_for_nobody(
        self, student, admins
    ) -> None:
        site = "https://uni.edu/~eve"
        connection = await connect(student, site_url=site)
        name = connection.moodle_username
        admins(f"{name}@uni.edu", f"{name}@uni.edu/moodle", f"{name}@uni.edu/~EVE")
        assert not await is_host(student)
        admins(f"{name}@UNI.edu/~eve")
        assert await is_host(student)

    async def test_an_account_is_named_by_its_id(
        self, student, other_student, admins
    ) -> None:
        admins(f"account:{str(student.account_id).upper()}")
        assert await is_host(student)
        assert not await is_host(other_student)

    @pytest.mark.parametrize("mark", ["", "account:", "email:"])
    async def test_nobody_becomes_a_host_by_typing_an_address(
        self, empty_database, admins, mark
    ) -> None:
        admins(f"{mark}anna@moodle.example.edu")
        async with unit_of_work() as work:
            stranger = await service.register(
                work,
                email="anna@moodle.example.edu",
                password_hash="x",
                display_name="Anna",
                time_zone="UTC",
                now=NOON,
            )
        async with unit_of_work() as work:
            assert not await hosting.is_host(work, account_id=stranger.id)

    async def test_everybody_else_is_told_that_there_is_no_page(
        self, student, admins
    ) -> None:
        admins("mina@uni.edu")
        with pytest.raises(NotFoundError):
            async with unit_of_work() as work:
                await hosting.require_host(work, account_id=student.account_id)


class TestOverview:
    async def test_it_counts_accounts_and_live_sessions(
        self, student, other_student
    ) -> None:
        facts = {fact.name: fact.value for fact in (await look()).facts}
        assert (facts["Accounts"], facts["Live sessions"]) == ("2", "2")
        assert facts["Syncs failed, last 24 h"] == "0"

    async def test_failed_tasks_are_listed_until_they_were_seen(
        self, empty_database
    ) -> None:
        await fail("one")
        await fail("two")
        view = await look()
        assert ({row.task for row in view.failures}, view.failure_count) == (
            {"one", "two"},
            2,
        )
        from studymaster.features.accounts.rules import parse_id

        first = parse_id(view.failures[0].id, missing="")
        async with unit_of_work() as work:
            await hosting.mark_seen(work, failure_id=first, now=NOON)
        assert (await look()).failure_count == 1
        async with unit_of_work() as work:
            await hosting.mark_seen(work, failure_id=None, now=NOON)
        assert (await look()).failures == ()

    async def test_at_most_thirty_are_shown_and_all_are_counted(
        self, empty_database
    ) -> None:
        for number in range(32):
            await fail(f"{number}")
        view = await look()
        assert (len(view.failures), view.failure_count) == (30, 32)

    async def test_a_late_tick_shows(self, empty_database) -> None:
        assert not (await look()).beats
        for moment in (NOON - timedelta(hours=1), NOON):
            async with unit_of_work() as work:
                await hosting.note_tick(work, now=moment)
        assert (await look()).beats
        assert not (await look(now=NOON + timedelta(minutes=4))).beats

    async def test_the_file_store_is_tried(self, services, monkeypatch, tmp_path) -> None:
        assert await hosting.storage_answers(get_storage())
        blocked = tmp_path / "a file"
        blocked.write_text("in the way")
        monkeypatch.setenv("STORAGE_DIR", str(blocked))
        get_settings.cache_clear()
        get_storage.cache_clear()
        assert not await hosting.storage_answers(get_storage())
