"""Who is signed in, over HTTP."""

import httpx
import pytest

from studymaster.adapters import vault
from studymaster.adapters.database import unit_of_work
from studymaster.api import create_api
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import service as points
from tests.conftest import NOON
from tests.factories.moodle import connect


async def me(student: Student) -> dict:
    api = create_api()
    api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=api)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        return (await client.get("/api/v1/auth/me")).json()


async def test_it_says_who_is_there_and_how_they_stand(student) -> None:
    connection = await connect(student)
    async with unit_of_work() as work:
        await points.award(
            work, student=student, amount=7, cause="x", sentence="For x.", now=NOON
        )
    body = await me(student)
    assert body["id"] == str(student.account_id)
    assert body["username"] == connection.moodle_username
    assert (body["points"], body["streak_days"]) == (7, 0)
    assert (body["display_name"], body["time_zone"]) == ("Mina Aalto", "UTC")
    assert body["created_at"] == "2030-01-16T12:00:00Z"
    assert (body["email"], body["last_login"]) == (None, None)


async def test_the_moodle_token_is_not_in_it_not_even_sealed(student) -> None:
    connection = await connect(student)
    body = await me(student)
    fingerprint = body["encrypted_token"]
    assert len(fingerprint) == 12
    assert connection.sealed_token not in str(body)
    async with unit_of_work() as work:
        work.session.add(connection)
        connection.sealed_token = vault.seal("another token")
    assert (await me(student))["encrypted_token"] != fingerprint


async def test_without_a_moodle_there_is_no_token(student) -> None:
    assert (await me(student))["encrypted_token"] is None


@pytest.mark.parametrize("proof", ["", "Bearer", "Bearer x", "Basic x"])
async def test_a_visitor_is_nobody(empty_database, proof) -> None:
    transport = httpx.ASGITransport(app=create_api())
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        answer = await client.get("/api/v1/auth/me", headers={"authorization": proof})
    assert answer.status_code == 401
