"""What a run keeps, whoever else keeps the same at the same moment."""

import asyncio

import pytest
from sqlmodel import col, select

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.documents import Finding, Reading
from studymaster.features.courses import service as courses
from studymaster.features.courses.schemas import ListedCourse
from studymaster.features.sync import service
from studymaster.models import Blob, BlobPage, TextState
from tests.conftest import NOON
from tests.factories.moodle import connect

SHA1 = "a" * 40
UNREADABLE = Reading(Finding.UNSUPPORTED)
READ = Reading(Finding.READY, ("Cells", "Membranes"), 2)


async def keep(reading: Reading, *, mimetype: str = "application/pdf") -> None:
    async with unit_of_work() as work:
        await service.keep_blob(
            work, sha1=SHA1, size_bytes=9, mimetype=mimetype, reading=reading, now=NOON
        )


async def kept() -> tuple[Blob, list[str]]:
    async with unit_of_work() as work:
        blob = (await work.session.exec(select(Blob))).one()
        pages = select(BlobPage).order_by(col(BlobPage.number))
        return blob, [page.text for page in (await work.session.exec(pages)).all()]


async def test_two_students_may_store_the_same_bytes_at_once(empty_database) -> None:
    together = asyncio.Barrier(4)

    async def keep_together() -> None:
        async with unit_of_work() as work:
            await work.session.connection()
            await together.wait()
            await service.keep_blob(
                work,
                sha1=SHA1,
                size_bytes=9,
                mimetype="application/pdf",
                reading=READ,
                now=NOON,
            )

    await asyncio.gather(*(keep_together() for _ in range(4)))
    blob, pages = await kept()
    assert (blob.text_state, blob.page_count) == (TextState.READY, 2)
    assert pages == ["Cells", "Membranes"]


@pytest.mark.parametrize(
    ("first", "second", "state", "pages"),
    [
        (UNREADABLE, READ, TextState.READY, ["Cells", "Membranes"]),
        (READ, UNREADABLE, TextState.READY, ["Cells", "Membranes"]),
        (READ, Reading(Finding.READY, ("Other",), 1), TextState.READY, READ.pages),
        (UNREADABLE, UNREADABLE, TextState.UNSUPPORTED, []),
    ],
)
async def test_bytes_are_read_again_only_when_nobody_could_before(
    empty_database, first, second, state, pages
) -> None:
    await keep(first)
    await keep(second)
    blob, texts = await kept()
    assert (blob.text_state, texts) == (state, list(pages))


async def test_unread_bytes_are_missing_only_to_who_can_read_them(empty_database) -> None:
    await keep(UNREADABLE, mimetype="application/octet-stream")
    async with unit_of_work() as work:
        assert await service.has_bytes(work, sha1=SHA1, readable=False)
        assert not await service.has_bytes(work, sha1=SHA1, readable=True)


async def test_numbers_from_outside_may_be_large(student) -> None:
    connection = await connect(student)
    huge = 5_000_000_000
    async with unit_of_work() as work:
        (course,) = await courses.keep_listed(
            work,
            account_id=student.account_id,
            connection_id=connection.id,
            listed=[ListedCourse(huge, "BIO", "Biology")],
            now=NOON,
        )
        await service.promise_runs(work, account_id=student.account_id, now=NOON)
        errand = await service.claim_run(
            work, account_id=student.account_id, job=None, now=NOON
        )
        assert errand is not None
        await service.note_progress(work, errand=errand, now=NOON, bytes_done=huge)
    assert course.moodle_id == huge
