"""What comes from Moodle: courses, lectures with their text, deadlines, and the syncs."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha1
from uuid import UUID

from benchmarks.filling.pen import DAYS, Pen, words
from studymaster.models import (
    Blob,
    BlobPage,
    Course,
    Deadline,
    DeadlineKind,
    FetchState,
    Material,
    MaterialKind,
    MoodleConnection,
    RunState,
    SyncRun,
    TextState,
)

SITE = "https://moodle.example.edu"
COURSES = 5
MATERIALS_PER_COURSE = 12
PAGES = 8
RUNS = 30
FIRST_MOODLE_ID = 1_000


def add_courses(pen: Pen, owner: UUID, *, count: int, number: int) -> list[UUID]:
    """Note a connection and so many courses, the same at the site for everybody."""
    connection_id, ids = pen.id(), [pen.id() for _ in range(count)]
    pen.add(
        MoodleConnection,
        id=connection_id,
        account_id=owner,
        site_url=SITE,
        site_name="Example University",
        moodle_user_id=number,
        moodle_username=f"student{number}",
        sealed_token="sealed",  # noqa: S106 - nobody opens it
        token_obtained_at=pen.now,
        created_at=pen.now - timedelta(days=DAYS),
    )
    for place, course_id in enumerate(ids):
        pen.add(
            Course,
            id=course_id,
            account_id=owner,
            connection_id=connection_id,
            moodle_id=FIRST_MOODLE_ID + place,
            shortname=f"SUB {place + 101}",
            fullname=f"Subject number {place + 1}",
            line=place % 10,
            followed_since=pen.now - timedelta(days=DAYS),
            created_at=pen.now - timedelta(days=DAYS),
            last_synced_at=pen.ago(most_days=0.02),
        )
    for _ in range(RUNS * count // COURSES):
        _add_run(pen, owner, connection_id)
    return ids


def _add_run(pen: Pen, owner: UUID, connection_id: UUID) -> None:
    began = pen.ago(most_days=30)
    pen.add(
        SyncRun,
        account_id=owner,
        connection_id=connection_id,
        state=RunState.DONE,
        created_at=began,
        started_at=began,
        beat_at=began,
        finished_at=began + timedelta(seconds=20),
        courses_total=COURSES,
        courses_done=COURSES,
        files_total=3,
        files_done=3,
    )


def add_materials(pen: Pen, owner: UUID, courses: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """Note what lies in courses; return the lectures and the names of their bytes."""
    return [
        _add_lecture(pen, owner, course_id, place=place)
        for course_id in courses
        for place in range(MATERIALS_PER_COURSE)
    ]


def _add_lecture(pen: Pen, owner: UUID, course_id: UUID, *, place: int) -> tuple[UUID, str]:
    material_id, changed = pen.id(), pen.ago()
    digest = sha1(material_id.bytes, usedforsecurity=False).hexdigest()
    pen.add(
        Blob,
        sha1=digest,
        created_at=changed,
        size_bytes=400_000,
        mimetype="application/pdf",
        text_state=TextState.READY,
        page_count=PAGES,
    )
    for number in range(1, PAGES + 1):
        pen.add(BlobPage, sha1=digest, number=number, text=words(pen.dice, 180))
    pen.add(
        Material,
        id=material_id,
        account_id=owner,
        course_id=course_id,
        cmid=place,
        filepath="/",
        filename=f"lecture-{place}.pdf",
        kind=MaterialKind.FILE,
        modname="resource",
        name=f"Lecture {place + 1}",
        section_name=f"Week {place // 2 + 1}",
        position=place,
        mimetype="application/pdf",
        size_bytes=400_000,
        fetch_state=FetchState.STORED,
        blob_sha1=digest,
        created_at=changed,
        changed_at=changed,
    )
    return material_id, digest


def add_deadlines(pen: Pen, owner: UUID, courses: Sequence[UUID], *, count: int) -> None:
    """Note deadlines of the coming weeks."""
    for number in range(count):
        pen.add(
            Deadline,
            account_id=owner,
            course_id=pen.dice.choice(courses),
            cmid=number,
            kind=DeadlineKind.ASSIGNMENT,
            title=f"Exercise {number + 1}",
            due_at=pen.now + timedelta(days=pen.dice.uniform(0.5, 40)),
            created_at=pen.ago(),
        )
