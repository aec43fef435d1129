"""What a run keeps, whoever else keeps the same at the same moment."""

import asyncio
import itertools

import pytest
from sqlmodel import col, select

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.documents import Finding, Reading
from studymaster.features.courses import service as courses
from studymaster.features.courses.schemas import ListedCourse
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Arrival
from studymaster.models import Blob, BlobPage, TextState
from tests.conftest import NOON
from tests.factories.moodle import connect

SHA1 = "a" * 40
PDF = "application/pdf"
UNREADABLE = Reading(Finding.UNSUPPORTED)
READ = Reading(Finding.READY, ("Cells", "Membranes"), 2)
OTHER = Reading(Finding.READY, ("Other",), 1)


async def come(*, readable: bool = True) -> None:
    async with unit_of_work() as work:
        arrivals = [Arrival(SHA1, 9, PDF, readable)]
        await service.keep_bytes(work, arrivals=arrivals, now=NOON)


async def read(student, reading: Reading) -> None:
    async with unit_of_work() as work:
        await service.keep_texts(
            work, account_id=student.account_id, readings={SHA1: reading}
        )


async def kept() -> tuple[Blob, list[str]]:
    async with unit_of_work() as work:
        blob = (await work.session.exec(select(Blob))).one()
        pages = select(BlobPage).order_by(col(BlobPage.number))
        return blob, [page.text for page in (await work.session.exec(pages)).all()]


async def all_at_once(do) -> None:
    together = asyncio.Barrier(4)

    async def do_it() -> None:
        async with unit_of_work() as work:
            await work.session.connection()
            await together.wait()
            await do(work)

    await asyncio.gather(*(do_it() for _ in range(4)))


async def test_two_students_may_bring_the_same_bytes_at_once(student) -> None:
    more = [Arrival(f"{number:040}", 9, PDF, readable=True) for number in range(9)]
    orders = itertools.cycle([more, more[::-1]])

    async def keep(work) -> None:
        await service.keep_bytes(work, arrivals=next(orders), now=NOON)

    await all_at_once(keep)
    async with unit_of_work() as work:
        known = await service.bytes_here(work, sha1s=[one.sha1 for one in more] + [SHA1])
    assert known == {one.sha1 for one in more}


async def test_two_may_read_the_same_bytes_at_once(student) -> None:
    await come()

    async def keep(work) -> None:
        await service.keep_texts(work, account_id=student.account_id, readings={SHA1: READ})

    await all_at_once(keep)
    blob, pages = await kept()
    assert (blob.text_state, blob.page_count) == (TextState.READY, 2)
    assert pages == ["Cells", "Membranes"]


async def test_what_was_read_stays(student) -> None:
    await come()
    await read(student, READ)
    await come()
    await read(student, OTHER)
    blob, pages = await kept()
    assert (blob.text_state, pages) == (TextState.READY, ["Cells", "Membranes"])


@pytest.mark.parametrize(
    ("readable", "state", "pages"),
    [(True, TextState.READY, ["Other"]), (False, TextState.UNSUPPORTED, [])],
)
async def test_what_nobody_could_read_is_read_again_once_somebody_can(
    student, readable, state, pages
) -> None:
    await come()
    await read(student, UNREADABLE)
    await come(readable=readable)
    await read(student, OTHER)
    blob, texts = await kept()
    assert (blob.text_state, texts) == (state, pages)


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
