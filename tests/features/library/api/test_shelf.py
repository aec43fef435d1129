"""What lies in a course over HTTP, and PDFs of one's own."""

import asyncio
import io

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import LocalStorage, StorageAwayError, get_storage
from studymaster.features.accounts.service import leaving
from studymaster.features.library import service
from studymaster.models import Blob, BlobPage, Course, Material, MoodleConnection
from tests.conftest import NOON
from tests.features.library.shelf import (
    lecture_pdf,
    make_course,
    make_lecture,
    make_material,
)
from tests.features.over_http import client_of
from tests.jobs import carry_out
from workers.accounts import delete_account


def shelf_of(course: Course) -> str:
    return f"/courses/{course.moodle_id}/materials"


def pdf(data: bytes | None = None, *, name: str = "My notes.pdf") -> dict[str, object]:
    return {"file": (name, lecture_pdf() if data is None else data, "application/pdf")}


async def rows(model):
    async with unit_of_work() as work:
        return (await work.session.exec(select(model))).all()


async def test_materials_come_in_stretches_in_moodles_order(student) -> None:
    course = await make_course(student)
    for place, name in enumerate(("b", "a", "c")):
        await make_material(course, name=name, position=place)
    async with client_of(student) as client:
        first = (await client.get(shelf_of(course), params={"limit": 2})).json()
        rest = (await client.get(shelf_of(course), params={"limit": 2, "offset": 2})).json()
    assert ([one["name"] for one in first["items"]], first["next_offset"]) == (
        ["b", "a"],
        2,
    )
    assert ([one["name"] for one in rest["items"]], rest["next_offset"]) == (["c"], None)
    assert first["items"][0]["course_id"] == course.moodle_id


async def test_materials_are_kept_until_one_is_opened(student) -> None:
    lecture = await make_lecture(student)
    (course,) = await rows(Course)
    async with client_of(student) as client:
        (before,) = (await client.get(shelf_of(course))).json()["items"]
        async with unit_of_work() as work:
            await service.open_material(
                work, account_id=student.account_id, material_id=lecture.id, now=NOON
            )
        (after,) = (await client.get(shelf_of(course))).json()["items"]
    assert (before["fresh"], after["fresh"]) == (True, False)


async def test_another_students_course_has_no_materials(student, other_student) -> None:
    course = await make_course(student)
    async with client_of(other_student) as client:
        assert (await client.get(shelf_of(course))).status_code == 404
        refused = await client.post(shelf_of(course), files=pdf())
    assert refused.status_code == 404
    assert await rows(Blob) == []


async def test_of_two_sites_with_one_number_the_named_one_is_meant(student) -> None:
    one, two = await make_course(student), await make_course(student)
    async with unit_of_work() as work:
        for course, site in ((one, "https://one.edu"), (two, "https://two.edu")):
            row = await work.session.get(Course, course.id)
            connection = await work.session.get(MoodleConnection, course.connection_id)
            row.moodle_id, connection.site_url = 2, site
    await make_material(one, name="One")
    await make_material(two, name="Two")
    async with client_of(student) as client:
        for site, name in (("https://one.edu", "One"), ("https://two.edu", "Two")):
            answer = await client.get("/courses/2/materials", params={"site": site})
            assert [item["name"] for item in answer.json()["items"]] == [name]
        for site in ("https://nowhere.edu", "\x00"):
            answer = await client.get("/courses/2/materials", params={"site": site})
            assert answer.status_code == 404


async def test_an_own_pdf_can_be_read_at_once_and_by_nobody_else(
    student, other_student
) -> None:
    course = await make_course(student)
    async with client_of(student) as client:
        answer = await client.post(shelf_of(course), files=pdf())
        added = answer.json()
        assert answer.status_code == 201
        assert (added["name"], added["own"], added["readable"]) == (
            "My notes.pdf",
            True,
            True,
        )
        (listed,) = (await client.get(shelf_of(course))).json()["items"]
        assert listed == added
        file = await client.get(f"/materials/{added['id']}/file")
        picture = await client.get(f"/materials/{added['id']}/pages/1.webp?width=480")
    assert file.content == lecture_pdf()
    assert 'filename="My notes.pdf"' in file.headers["content-disposition"]
    assert picture.headers["content-type"] == "image/webp"
    async with client_of(other_student) as client:
        for path in ("file", "pages/1.webp?width=480"):
            refused = await client.get(f"/materials/{added['id']}/{path}")
            assert refused.status_code == 404
        assert (await client.delete(f"/materials/{added['id']}")).status_code == 404


async def test_own_files_lie_in_the_students_own_folder(student, tmp_path) -> None:
    course = await make_course(student)
    async with client_of(student) as client:
        added = (await client.post(shelf_of(course), files=pdf())).json()
        await client.get(f"/materials/{added['id']}/pages/1.webp?width=480")
    (blob,) = await rows(Blob)
    own = tmp_path / "storage/users" / str(student.account_id) / "pdfs"
    assert (own / f"{blob.sha1}.pdf").read_bytes() == lecture_pdf()
    stored = [path for path in (tmp_path / "storage").rglob("*") if path.is_file()]
    assert all(path.is_relative_to(own) for path in stored)
    assert len(stored) == 2


async def test_the_same_pdf_of_two_students_is_two(student, other_student) -> None:
    for one in (student, other_student):
        course = await make_course(one)
        async with client_of(one) as client:
            assert (await client.post(shelf_of(course), files=pdf())).status_code == 201
    assert len({blob.sha1 for blob in await rows(Blob)}) == 2


async def test_the_same_pdf_twice_at_once_is_one(student) -> None:
    course = await make_course(student)
    async with client_of(student) as client:
        answers = await asyncio.gather(
            *(client.post(shelf_of(course), files=pdf()) for _ in range(4))
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (len(await rows(Material)), len(await rows(Blob))) == (1, 1)
    assert len(await rows(BlobPage)) == 2


def locked_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    written = io.BytesIO()
    canvas = Canvas(written, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(60, 700, "Nobody reads this.")
    canvas.save()
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 a document", "not a PDF"),
        (b"<html>%PDF is mentioned</html>", "not a PDF"),
        (b"%PDF-1.7 and then nothing", "damaged"),
        (locked_pdf(), "password"),
    ],
)
async def test_what_does_not_open_as_a_pdf_is_refused_in_a_sentence(
    student, tmp_path, data, words
) -> None:
    course = await make_course(student)
    async with client_of(student) as client:
        answer = await client.post(shelf_of(course), files=pdf(data))
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert await rows(Material) == []
    assert not (tmp_path / "storage").exists()


async def test_a_pdf_larger_than_a_lecture_is_refused(student, monkeypatch) -> None:
    from studymaster.features.library import rules

    monkeypatch.setattr(rules, "UPLOAD_LIMIT_BYTES", len(lecture_pdf()) - 1)
    course = await make_course(student)
    async with client_of(student) as client:
        answer = await client.post(shelf_of(course), files=pdf())
    assert (answer.status_code, "50 MB" in answer.json()["detail"]) == (422, True)


async def test_a_form_without_a_file_is_refused(student) -> None:
    course = await make_course(student)
    async with client_of(student) as client:
        assert (await client.post(shelf_of(course))).status_code == 422
        named = await client.post(shelf_of(course), data={"file": "words"})
    assert named.status_code == 422


async def test_a_store_that_is_away_loses_nothing(student, monkeypatch) -> None:
    async def away(*_: object) -> None:
        msg = "Our file store is not answering."
        raise StorageAwayError(msg)

    monkeypatch.setattr(LocalStorage, "put_file", away)
    course = await make_course(student)
    async with client_of(student) as client:
        answer = await client.post(shelf_of(course), files=pdf())
    assert answer.status_code == 503
    assert await rows(Material) == []


async def test_a_removed_file_is_gone_with_its_bytes(student, tmp_path) -> None:
    course = await make_course(student)
    async with client_of(student) as client:
        added = (await client.post(shelf_of(course), files=pdf())).json()
        await client.get(f"/materials/{added['id']}/pages/1.webp?width=480")
        assert (await client.delete(f"/materials/{added['id']}")).status_code == 204
        assert (await client.delete(f"/materials/{added['id']}")).status_code == 404
        assert (await client.get(shelf_of(course))).json()["items"] == []
    assert await rows(Blob) == []
    assert not [path for path in (tmp_path / "storage").rglob("*") if path.is_file()]


async def test_what_came_from_moodle_cannot_be_removed(student) -> None:
    lecture = await make_lecture(student)
    async with client_of(student) as client:
        answer = await client.delete(f"/materials/{lecture.id}")
    assert (answer.status_code, "Moodle" in answer.json()["detail"]) == (409, True)
    assert await get_storage().get_bytes(
        f"blobs/{lecture.blob_sha1[:2]}/{lecture.blob_sha1}"
    )


async def test_a_file_for_an_account_that_left_meanwhile_leaves_no_bytes(
    student, tmp_path, monkeypatch
) -> None:
    course = await make_course(student)
    put = LocalStorage.put_file

    async def put_late(self, path, key) -> None:
        async with unit_of_work() as work:
            await leaving.request_deletion(work, account_id=student.account_id, now=NOON)
        await carry_out(delete_account, account_id=str(student.account_id))
        await put(self, path, key)

    monkeypatch.setattr(LocalStorage, "put_file", put_late)
    async with client_of(student) as client:
        answer = await client.post(shelf_of(course), files=pdf())
    assert answer.status_code == 404
    assert list((tmp_path / "storage").rglob("*.pdf")) == []
