"""A student's own data over HTTP."""

import io
import zipfile

import httpx
import pytest

from studymaster.adapters.storage import get_storage
from studymaster.api import create_api
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student
from tests.jobs import carry_out
from workers.accounts import export_account

EXPORTS = "/api/v1/auth/exports"


def client_of(student: Student) -> httpx.AsyncClient:
    api = create_api()
    api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=api)
    return httpx.AsyncClient(transport=transport, base_url="http://t")


async def packed(client: httpx.AsyncClient, student: Student) -> dict[str, str]:
    promised = await client.post(EXPORTS)
    assert promised.status_code == 202
    await carry_out(
        export_account,
        account_id=str(student.account_id),
        export_id=promised.json()["id"],
    )
    (one,) = (await client.get(EXPORTS)).json()["items"]
    return one


async def test_it_is_asked_for_listed_and_fetched(student) -> None:
    async with client_of(student) as client:
        one = await packed(client, student)
        answer = await client.get(one["address"])
    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    assert "no-store" in answer.headers["cache-control"]
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert "tables/account.json" in names


async def test_one_that_is_being_packed_is_not_there_yet(student) -> None:
    async with client_of(student) as client:
        promised = (await client.post(EXPORTS)).json()
        answer = await client.get(f"{EXPORTS}/{promised['id']}")
    assert answer.status_code == 409
    assert answer.json()["detail"].endswith(".")


async def test_a_file_that_was_lost_is_said(student) -> None:
    async with client_of(student) as client:
        one = await packed(client, student)
        await get_storage().remove_folder(f"users/{student.account_id}")
        assert (await client.get(one["address"])).status_code == 404


async def test_anothers_is_not_there(student, other_student) -> None:
    async with client_of(student) as client:
        one = await packed(client, student)
    async with client_of(other_student) as client:
        assert (await client.get(one["address"])).status_code == 404
        assert (await client.get(EXPORTS)).json()["items"] == []


@pytest.mark.parametrize("wrong", ["x", "0", "%00"])
async def test_nonsense_is_not_there(student, wrong) -> None:
    async with client_of(student) as client:
        assert (await client.get(f"{EXPORTS}/{wrong}")).status_code == 404


async def test_asking_is_braked(student) -> None:
    async with client_of(student) as client:
        codes = [(await client.post(EXPORTS)).status_code for _ in range(11)]
    assert codes == [202] * 10 + [429]


async def test_a_visitor_gets_nothing(empty_database) -> None:
    transport = httpx.ASGITransport(app=create_api())
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        assert (await client.get(EXPORTS)).status_code == 401
        assert (await client.post(EXPORTS)).status_code == 401
