"""How a Moodle is connected: once for each of its users, and as old as its key."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from studymaster.adapters import moodle, vault
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.errors import ConflictError
from studymaster.features.accounts import service
from studymaster.features.accounts.rules import DISCONNECTED
from studymaster.features.accounts.schemas import Student
from studymaster.models import Account, ConnectionState, ConnectionWay, MoodleConnection
from tests.conftest import NOON
from tests.factories.browsing import fail, let_sign_in
from tests.features.accounts.test_service import MINA

LATER = NOON + timedelta(days=80)


async def connect(student: Student, identity=MINA, *, now=NOON) -> None:
    async with unit_of_work() as work:
        await service.connect_moodle(
            work, account_id=student.account_id, identity=identity, now=now
        )


async def enter(identity=MINA, *, now=NOON) -> Account:
    async with unit_of_work() as work:
        return await service.enter_by_moodle(
            work, identity=identity, time_zone="UTC", now=now
        )


async def connection() -> MoodleConnection:
    async with unit_of_work() as work:
        return (await work.session.exec(select(MoodleConnection))).one()


async def change(**fields) -> None:
    async with unit_of_work() as work:
        row = (await work.session.exec(select(MoodleConnection))).one()
        for name, value in fields.items():
            setattr(row, name, value)


async def test_a_new_key_begins_a_new_life(student) -> None:
    await connect(student)
    await connect(student, replace(MINA, token="f" * 32), now=LATER)
    assert (await connection()).token_obtained_at == LATER


async def test_the_same_key_is_as_old_as_it_was(student) -> None:
    await connect(student)
    await connect(student, now=LATER)
    row = await connection()
    assert row.token_obtained_at == NOON
    assert vault.unseal(row.sealed_token) == MINA.token


async def test_connecting_again_mends_what_was_broken_by_the_way_it_came(student) -> None:
    await connect(student)
    await change(
        state=ConnectionState.BROKEN, failure="It ran out.", failure_code="token_expired"
    )
    renewed = replace(MINA, way=ConnectionWay.BROWSER, site_name="New", username="mina2")
    await connect(student, renewed, now=LATER)
    row = await connection()
    assert (row.state, row.failure, row.failure_code) == (
        ConnectionState.ACTIVE,
        None,
        None,
    )
    assert (row.way, row.site_name, row.moodle_username) == (
        ConnectionWay.BROWSER,
        "New",
        "mina2",
    )


async def test_who_disconnected_a_moodle_still_signs_in_with_it(student, sent) -> None:
    await connect(student)
    await change(state=ConnectionState.BROKEN, sealed_token="", failure_code=DISCONNECTED)
    sent.clear()
    assert (await enter()).id == student.account_id
    row = await connection()
    assert (row.state, row.sealed_token, sent) == (ConnectionState.BROKEN, "", [])
    await connect(student)
    assert (await connection()).state is ConnectionState.ACTIVE


async def test_two_tabs_that_connect_the_same_user_at_once_make_one_connection(
    student,
) -> None:
    await asyncio.gather(*(connect(student) for _ in range(4)))
    assert (await connection()).account_id == student.account_id


async def test_two_students_cannot_both_connect_the_same_user(
    student, other_student
) -> None:
    outcomes = await asyncio.gather(
        connect(student), connect(other_student), return_exceptions=True
    )
    refused = [one for one in outcomes if one is not None]
    assert [type(one) for one in refused] == [ConflictError]
    assert (await connection()).account_id in {student.account_id, other_student.account_id}


async def test_a_password_is_of_no_use_where_the_site_has_its_own_page(demo_site) -> None:
    await let_sign_in(demo_site, 2)
    with pytest.raises(service.BrowserOnlyError, match="through the browser instead"):
        await service.ask_moodle_by_password(demo_site, username="mina", password="no")


async def test_where_it_takes_passwords_a_wrong_one_is_called_wrong(demo_site) -> None:
    for failure in ("", "maintenance"):
        if failure:
            await fail(demo_site, failure, function="tool_mobile_get_public_config")
        with pytest.raises(Exception, match="did not accept this user name") as caught:
            await service.ask_moodle_by_password(demo_site, username="mina", password="no")
        assert not isinstance(caught.value, service.BrowserOnlyError)


@pytest.mark.parametrize("failure", ["garbage", "html_instead_of_json"])
async def test_a_moodle_that_stammers_is_not_called_no_moodle(demo_site, failure) -> None:
    await fail(demo_site, failure, function="token")
    with pytest.raises(moodle.NotAnswerableError) as caught:
        await service.ask_moodle_by_password(demo_site, username="mina", password="campus")
    assert caught.value.message.startswith("Lindmark University sent an answer that")


class TestTheDemo:
    ROBIN = replace(MINA, username="robin", user_id=8, full_name="Robin Vale")

    @pytest.fixture(autouse=True)
    def _is_offered(self, monkeypatch) -> None:
        monkeypatch.setenv("DEMO_MOODLE_URL", MINA.site_url)
        get_settings.cache_clear()

    async def test_who_left_it_disconnected_leaves_it_connected_to_the_next(
        self, student
    ) -> None:
        first = await enter(self.ROBIN)
        await change(
            state=ConnectionState.BROKEN, sealed_token="", failure_code=DISCONNECTED
        )
        assert (await enter(self.ROBIN)).id == first.id
        assert (await connection()).state is ConnectionState.ACTIVE

    async def test_a_robin_of_another_site_is_a_student_like_any(self, student) -> None:
        await connect(student, replace(self.ROBIN, site_url="https://other.uni.edu"))
        assert (await connection()).account_id == student.account_id
