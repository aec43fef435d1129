"""What a student chose is kept, and their key is never seen again."""

import asyncio

import pytest

from studymaster.adapters import llm, vault
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.errors import ConflictError, InvalidInputError
from studymaster.features.accounts import service
from studymaster.features.accounts.queries import choices as queries
from studymaster.features.accounts.schemas import (
    CHOICES,
    ModelAccess,
    PreferencesView,
    Student,
)
from studymaster.features.points import service as points
from studymaster.jobs import JobName
from tests.conftest import NOON

OWN = {"address": "https://api.example.com/v1", "model": "small", "key": "sk-own"}


async def flip(student: Student, name: str, *, on: bool) -> None:
    async with unit_of_work() as work:
        await service.save_preference(work, account_id=student.account_id, name=name, on=on)


async def chosen(student: Student) -> PreferencesView:
    async with unit_of_work() as work:
        return await service.preferences(work, account_id=student.account_id)


async def save(student: Student, **fields: str) -> None:
    async with unit_of_work() as work:
        await service.save_model(work, account_id=student.account_id, **OWN | fields)


async def access(student: Student) -> ModelAccess | None:
    async with unit_of_work() as work:
        return await service.find_model(work, account_id=student.account_id)


class TestSwitches:
    async def test_at_first_nobody_sees_the_student_and_everything_is_told(
        self, student
    ) -> None:
        view = await chosen(student)
        assert not view.on_leaderboard
        assert not view.open_to_buddies
        assert all(getattr(view, name) for name in CHOICES if name.startswith("notify_"))
        assert view.sync_enabled

    @pytest.mark.parametrize("name", CHOICES)
    async def test_each_can_be_turned_and_is_seen_at_once(self, student, name) -> None:
        before = await chosen(student)
        await flip(student, name, on=not getattr(before, name))
        after = await chosen(student)
        changed = {one for one in CHOICES if getattr(before, one) != getattr(after, one)}
        assert changed == {name}

    async def test_two_tabs_at_once_do_not_undo_each_other(self, student) -> None:
        await asyncio.gather(
            *(flip(student, name, on=False) for name in ("notify_sync", "notify_cards")),
            flip(student, "on_leaderboard", on=True),
        )
        view = await chosen(student)
        assert (view.notify_sync, view.notify_cards, view.on_leaderboard) == (
            False,
            False,
            True,
        )

    @pytest.mark.parametrize(
        "name", ["", "account_id", "ai_sealed_key", "notify_", "x" * 99]
    )
    async def test_there_are_no_other_switches(self, student, name) -> None:
        with pytest.raises(InvalidInputError):
            await flip(student, name, on=True)

    async def test_who_leaves_the_leaderboard_is_soon_off_it(self, student, sent) -> None:
        await flip(student, "on_leaderboard", on=False)
        await flip(student, "notify_sync", on=False)
        assert [job.name for job in sent] == [JobName.REFRESH_LEADERBOARD]

    async def test_nobody_changes_anothers(self, student, other_student) -> None:
        await flip(student, "on_leaderboard", on=True)
        assert not (await chosen(other_student)).on_leaderboard


async def choose_mail(student: Student, *, on: bool) -> None:
    async with unit_of_work() as work:
        await service.choose_mail(work, account_id=student.account_id, on=on)


async def give_address(student: Student) -> None:
    async with unit_of_work() as work:
        account = await service.get_account(work, student.account_id)
        account.email = f"{student.account_id}@example.edu"


@pytest.fixture
def _mail(monkeypatch) -> None:
    """Have the host name a mail server."""
    monkeypatch.setenv("SMTP_HOST", "localhost")
    get_settings.cache_clear()


@pytest.mark.usefixtures("_mail")
class TestMail:
    async def test_it_is_off_at_first_and_a_students_own(
        self, student, other_student
    ) -> None:
        for one in (student, other_student):
            await give_address(one)
        assert not (await chosen(student)).notify_by_email
        await choose_mail(student, on=True)
        assert (await chosen(student)).notify_by_email
        assert not (await chosen(other_student)).notify_by_email
        await choose_mail(student, on=False)
        assert not (await chosen(student)).notify_by_email

    async def test_without_an_address_there_is_nowhere_to_send_it(self, student) -> None:
        with pytest.raises(ConflictError, match="no e-mail address in your account"):
            await choose_mail(student, on=True)
        await choose_mail(student, on=False)
        assert not (await chosen(student)).notify_by_email

    async def test_a_host_without_a_mail_server_offers_none(
        self, student, monkeypatch
    ) -> None:
        await give_address(student)
        monkeypatch.setenv("SMTP_HOST", "")
        get_settings.cache_clear()
        with pytest.raises(InvalidInputError):
            await choose_mail(student, on=True)

    async def test_two_tabs_at_once_do_not_undo_each_other(self, student) -> None:
        await give_address(student)
        await asyncio.gather(
            choose_mail(student, on=True), flip(student, "notify_sync", on=False)
        )
        view = await chosen(student)
        assert (view.notify_by_email, view.notify_sync) == (True, False)


class TestModel:
    async def test_the_key_is_sealed_and_not_in_what_is_shown(self, student) -> None:
        await save(student)
        view = await chosen(student)
        assert (view.ai_address, view.ai_model) == (OWN["address"], OWN["model"])
        assert view.ai_ready
        assert view.ai_has_key
        assert OWN["key"] not in str(view)
        async with unit_of_work() as work:
            row = await queries.preferences(work.session, student.account_id)
        assert row is not None
        assert OWN["key"] not in row.ai_sealed_key
        found = await access(student)
        assert found is not None
        assert found.key.get_secret_value() == OWN["key"]
        assert OWN["key"] not in str(found)

    async def test_an_empty_key_keeps_the_one_that_is_there(self, student) -> None:
        await save(student)
        await save(student, model="large", key="")
        found = await access(student)
        assert found is not None
        assert (found.model, found.key.get_secret_value()) == ("large", OWN["key"])

    async def test_a_key_never_follows_to_another_address(self, student) -> None:
        await save(student)
        await save(student, address="https://elsewhere.example.com/v1", key="")
        found = await access(student)
        assert found is not None
        assert found.key.get_secret_value() == ""

    async def test_removing_it_leaves_nothing(self, student) -> None:
        await save(student)
        async with unit_of_work() as work:
            await service.remove_model(work, account_id=student.account_id)
        assert await access(student) is None
        async with unit_of_work() as work:
            row = await queries.preferences(work.session, student.account_id)
        assert row is not None
        assert row.ai_sealed_key == ""

    @pytest.mark.parametrize(
        "wrong",
        [
            {"address": "http://api.example.com/v1"},
            {"address": "https://localhost/v1"},
            {"address": ""},
            {"model": ""},
            {"model": "x" * 121},
            {"key": "x" * 501},
            {"address": "https://" + "x" * 400 + ".com"},
        ],
    )
    async def test_what_cannot_be_used_changes_nothing(self, student, wrong) -> None:
        await save(student)
        with pytest.raises(InvalidInputError):
            await save(student, **wrong)
        assert (await chosen(student)).ai_address == OWN["address"]

    async def test_without_ones_own_the_hosts_is_used(self, student, monkeypatch) -> None:
        assert await access(student) is None
        monkeypatch.setenv("LLM_BASE_URL", "http://127.0.0.1:9/v1")
        monkeypatch.setenv("LLM_MODEL", "the-hosts")
        monkeypatch.setenv("LLM_API_KEY", "sk-host")
        get_settings.cache_clear()
        found = await access(student)
        assert found is not None
        assert (found.model, found.key.get_secret_value()) == ("the-hosts", "sk-host")
        await save(student)
        found = await access(student)
        assert found is not None
        assert found.model == OWN["model"]

    async def test_a_key_that_cannot_be_opened_says_what_to_do(
        self, student, monkeypatch
    ) -> None:
        await save(student)
        async with unit_of_work() as work:
            await queries.keep_preferences(
                work.session, student.account_id, changes={"ai_sealed_key": "torn"}
            )
        with pytest.raises(vault.SealError, match="Type it again"):
            await access(student)

    async def test_a_private_endpoint_is_not_tried(self, student) -> None:
        from pydantic import SecretStr

        inside = ModelAccess("http://127.0.0.1:9/v1", "small", SecretStr(""))
        with pytest.raises(llm.ModelAddressError):
            await service.ask_model(inside)

    @pytest.mark.parametrize(
        "key", ["sk-schlüssel", "sk-\N{NON-BREAKING HYPHEN}own", "ключ"]
    )
    async def test_a_key_that_no_request_can_carry_is_refused(self, student, key) -> None:
        with pytest.raises(InvalidInputError, match="Copy it again"):
            await save(student, key=key)
        assert await access(student) is None


async def test_who_leaves_the_board_is_off_it_before_any_worker_comes(
    student, other_student
) -> None:
    async def names(reader: Student) -> list[str]:
        board = await points.find_leaderboard(student=reader, now=NOON, limit=10)
        return [row.name for row in board.rows]

    await flip(student, "on_leaderboard", on=True)
    async with unit_of_work() as work:
        await points.award(
            work, student=student, amount=5, cause="one", sentence="One.", now=NOON
        )
    async with unit_of_work() as work:
        await points.refresh_leaderboard(work)
    assert await names(other_student) == ["Mina Aalto"]
    await flip(student, "on_leaderboard", on=False)
    assert await names(other_student) == []
