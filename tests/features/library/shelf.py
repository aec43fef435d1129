"""Courses with real files in them, put into the database and the store by hand."""

import hashlib
import io
from uuid import uuid4

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import blob_key, get_storage
from studymaster.features.accounts.schemas import Student
from studymaster.models import (
    Blob,
    BlobPage,
    Course,
    FetchState,
    Material,
    MaterialKind,
    MoodleConnection,
    TextState,
)
from tests.conftest import NOON

LECTURE_PAGES = (
    (
        "Cells",
        "Osmosis is the movement of water through a membrane towards the higher",
        "concentration of dissolved particles.",
        "A ribosome is a large complex that builds proteins from amino acids.",
    ),
    (
        "Energy",
        "A mitochondrion is an organelle that makes most of the ATP of a cell.",
        "Chlorophyll is the green pigment that absorbs light in photosynthesis.",
    ),
)


def lecture_pdf(pages: tuple[tuple[str, ...], ...] = LECTURE_PAGES) -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4, invariant=True)
    for lines in pages:
        canvas.setFont("Helvetica", 13)
        for row, line in enumerate(lines):
            canvas.drawString(60, 760 - 26 * row, line)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


async def make_course(student: Student, *, shortname: str = "BIO 101") -> Course:
    connection = MoodleConnection(
        account_id=student.account_id,
        site_url="https://moodle.example.edu",
        site_name="Example University",
        moodle_user_id=uuid4().int % 2**31,
        moodle_username="mina",
        sealed_token="sealed",
        token_obtained_at=NOON,
        created_at=NOON,
    )
    course = Course(
        account_id=student.account_id,
        connection_id=connection.id,
        moodle_id=uuid4().int % 2**31,
        shortname=shortname,
        fullname=f"{shortname} in full",
        line=3,
        followed_since=NOON,
        created_at=NOON,
    )
    async with unit_of_work() as work:
        work.session.add(connection)
        await work.session.flush()
        work.session.add(course)
    return course


async def make_blob(
    data: bytes,
    *,
    mimetype: str = "application/pdf",
    text_state: TextState = TextState.READY,
    pages: tuple[str, ...] = (),
    page_count: int | None = None,
) -> Blob:
    sha1 = hashlib.sha1(data).hexdigest()
    await get_storage().put_bytes(data, blob_key(sha1))
    async with unit_of_work() as work:
        known = await work.session.get(Blob, sha1)
        if known is not None:
            return known
        blob = Blob(
            sha1=sha1,
            created_at=NOON,
            size_bytes=len(data),
            mimetype=mimetype,
            text_state=text_state,
            page_count=len(pages) if page_count is None else page_count,
        )
        work.session.add(blob)
        await work.session.flush()
        for number, text in enumerate(pages, start=1):
            work.session.add(BlobPage(sha1=sha1, number=number, text=text))
    return blob


async def make_material(
    course: Course,
    *,
    name: str = "Lecture 7.pdf",
    blob: Blob | None = None,
    kind: MaterialKind = MaterialKind.FILE,
    section: str = "Week 1",
    position: int = 0,
    **fields,
) -> Material:
    material = Material(
        account_id=course.account_id,
        course_id=course.id,
        cmid=uuid4().int % 2**31,
        filename=name if kind is MaterialKind.FILE else "",
        kind=kind,
        modname="resource",
        name=name,
        section_name=section,
        position=position,
        fetch_state=FetchState.STORED if blob else fields.pop("fetch", FetchState.NONE),
        blob_sha1=blob.sha1 if blob else None,
        changed_at=NOON,
        created_at=NOON,
        **fields,
    )
    async with unit_of_work() as work:
        work.session.add(material)
    return material


async def make_lecture(student: Student, *, course: Course | None = None) -> Material:
    course = course or await make_course(student)
    texts = tuple("\n".join(lines) for lines in LECTURE_PAGES)
    return await make_material(course, blob=await make_blob(lecture_pdf(), pages=texts))
