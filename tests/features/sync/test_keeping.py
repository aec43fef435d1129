"""What a course is found to be from one reading to the next."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.moodle.translate import CONTENTS, FileEntry, Module, Section
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.courses import service as courses
from studymaster.features.courses.schemas import CourseView, ListedCourse
from studymaster.features.sync import rules, service
from studymaster.features.sync.schemas import Errand
from studymaster.models import (
    Course,
    CourseSection,
    FetchState,
    Material,
    RunState,
    SyncChange,
    SyncIssue,
    SyncRun,
)
from tests.conftest import NOBODYS_ID, NOON
from tests.factories.moodle import connect
from tests.statements import asked

RECORDED = Path(__file__).parents[2] / "recorded"
WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Reader:
    """A run over one course that reads it again and again."""

    errand: Errand
    course: CourseView

    async def read(self, sections: list[Section]) -> bool:
        """Read the course as it is now; tell whether anything was different."""
        async with unit_of_work() as work:
            differ = await service.keep_courses(
                work,
                errand=self.errand,
                listed=[(self.course, service.listed_course(sections, inline=[]))],
                now=NOON,
            )
        self.course = replace(self.course, last_synced=NOON)
        return bool(differ)

    async def changes(self, sections: list[Section]) -> set[tuple[str, str]]:
        """Read the course once more; return what was found different."""
        before = {row.id for row in await rows(SyncChange)}
        await self.read(sections)
        found = [row for row in await rows(SyncChange) if row.id not in before]
        return {(row.what.value, row.name) for row in found}

    async def parcels(self, *, limit_mb: int) -> list[str]:
        """Return what is to be fetched under a limit."""
        async with unit_of_work() as work:
            found = await service.parcels(
                work, errand=self.errand, limit_mb=limit_mb, now=NOON
            )
        return [item.name for item in found]


async def rows(model, *conditions):
    async with unit_of_work() as work:
        return (await work.session.exec(select(model).where(*conditions))).all()


@pytest.fixture
async def reader(student) -> Reader:
    connection = await connect(student)
    async with unit_of_work() as work:
        (course,) = await courses.keep_listed(
            work,
            account_id=student.account_id,
            connection_id=connection.id,
            listed=[ListedCourse(2, "MUT", "Mutations")],
            now=NOON,
        )
        await service.promise_runs(work, account_id=student.account_id, now=NOON)
        errand = await service.claim_run(
            work, account_id=student.account_id, job=None, now=NOON
        )
    assert errand is not None
    return Reader(errand, course)


def recorded(name: str) -> list[Section]:
    text = (RECORDED / f"mut_{name}_contents.json").read_text(encoding="utf-8")
    return CONTENTS.translate(json.loads(text))


MUTATIONS = [
    ("01_add_file", {("new", "Added file")}),
    ("02_replace_file", {("changed", "Doc one")}),
    ("03_add_to_folder", {("new", "Editable folder: extra.txt")}),
    ("04_remove_from_folder", {("gone", "Editable folder: three.pdf")}),
    ("05_edit_page", {("changed", "Editable page")}),
    ("06_edit_url", {("changed", "Link")}),
    ("07_edit_label", {("changed", "Label version 2")}),
    ("08_set_due", set()),
    ("09_rename", {("renamed", "Doc two, renamed & moved")}),
    ("10_move", {("moved", "Doc two, renamed & moved")}),
    ("11_hide", {("gone", "Link")}),
    ("12_show", {("back", "Link")}),
    ("13_delete_async", {("gone", "Doc one")}),
    ("14_delete_done", set()),
    ("15_rename_section", set()),
    (
        "16_delete_section",
        {
            ("gone", "Editable page"),
            ("gone", "Editable folder: four.pdf"),
            ("gone", "Editable folder: extra.txt"),
        },
    ),
    ("17_rename_course", set()),
    ("18_grade", set()),
    ("19_discuss", set()),
]
"""What a real Moodle listed after one change at a time, and what has to be found."""


async def test_each_change_in_a_real_moodle_is_found_for_what_it_is(reader) -> None:
    assert await reader.changes(recorded("00_before")) == set()
    found = [(name, await reader.changes(recorded(name))) for name, _ in MUTATIONS]
    assert found == MUTATIONS


async def test_what_is_deleted_stays_with_its_past(reader) -> None:
    for name in ("00_before", "02_replace_file", "13_delete_async"):
        await reader.read(recorded(name))
    (lost,) = await rows(Material, col(Material.filename) == "one.pdf")
    assert (lost.listed, lost.last_change, lost.last_change_at) == (False, "gone", NOON)


async def test_sections_keep_their_order_and_are_marked_when_they_go(reader) -> None:
    await reader.read(recorded("00_before"))
    await reader.read(recorded("16_delete_section"))
    found = sorted(
        await rows(CourseSection), key=lambda row: (not row.listed, row.position)
    )
    assert [(row.name, row.listed) for row in found] == [
        ("General", True),
        ("Alpha renamed", True),
        ("Gamma", True),
        ("New section", True),
        ("Beta", False),
    ]


async def test_reading_the_same_again_writes_nothing(reader) -> None:
    await reader.read(recorded("00_before"))
    with asked() as statements:
        assert not await reader.read(recorded("00_before"))
    assert [one for one in statements if one.startswith(WRITES)] == []


async def test_the_first_reading_is_no_change(reader) -> None:
    await reader.read(recorded("00_before"))
    found = await rows(Material)
    assert {row.last_change for row in found} == {None}
    (run,) = await rows(SyncRun)
    assert run.new_count == len(found)


def file(name: str = "a.pdf", *, size: int = 9, kind: str = "application/pdf") -> FileEntry:
    return FileEntry(
        name=name,
        folder="/",
        size=size,
        url="https://m.edu/f",
        mimetype=kind,
        modified_at=NOON,
    )


def lecture(*files: FileEntry, **fields) -> Module:
    return Module(id=7, kind="resource", name="Lecture", files=files, **fields)


def week(*modules: Module, **fields) -> list[Section]:
    return [Section(id=1, number=0, name="Week 1", modules=modules, **fields)]


SHUT = lecture(accessible=False, availability_html="<p>From <b>Monday</b></p>")


async def test_a_file_that_is_shut_is_told_and_kept(reader) -> None:
    await reader.read(week(lecture(file())))
    assert await reader.changes(week(SHUT)) == {("restricted", "Lecture")}
    (row,) = await rows(Material)
    assert (row.listed, row.accessible, row.restriction) == (True, False, "From Monday")
    assert await reader.changes(week(SHUT)) == set()
    assert await reader.parcels(limit_mb=1) == []
    assert await reader.changes(week(lecture(file()))) == {("opened", "Lecture")}
    assert await reader.parcels(limit_mb=1) == ["a.pdf"]


async def test_what_was_shut_from_the_beginning_becomes_its_file(reader) -> None:
    await reader.read(week(SHUT))
    (before,) = await rows(Material)
    found = await reader.changes(week(lecture(file())))
    (after,) = await rows(Material)
    assert (found, after.id, after.filename) == (
        {("opened", "Lecture")},
        before.id,
        "a.pdf",
    )
    assert after.fetch_state is FetchState.WAITING


async def test_what_lies_in_a_shut_section_is_shut_not_gone(reader) -> None:
    await reader.read(week(lecture(file())))
    shut = week(accessible=False, availability_html="Until June")
    assert await reader.changes(shut) == {("restricted", "Lecture")}
    (row,) = await rows(Material)
    assert (row.listed, row.restriction) == (True, "Until June")
    assert await reader.changes(week(lecture(file()))) == {("opened", "Lecture")}
    assert await reader.changes([]) == {("gone", "Lecture")}


async def test_a_kind_that_nobody_knows_is_kept_as_a_link(reader) -> None:
    await reader.read(
        week(Module(id=8, kind="holodeck", name="Tour", url="https://m.edu/8"))
    )
    (row,) = await rows(Material)
    assert (row.kind, row.name, row.address) == ("activity", "Tour", "https://m.edu/8")


ODD_NAMES = [
    "lecture\u2215one.pdf",
    "e\u0301te\u0301.pdf",
    "\u202egnp.exe.pdf",
    "👩‍🔬 lab.pdf",
    "a%20b+c#d?e;[f]{g}.pdf",
    "x" * 250 + ".pdf",
    "<script>alert(1)</script>.pdf",
    "a  b.pdf",
]


async def test_names_with_every_trick_are_files_of_their_own(reader) -> None:
    listed = week(lecture(*(file(name) for name in ODD_NAMES)))
    await reader.read(listed)
    assert {row.filename for row in await rows(Material)} == set(ODD_NAMES)
    assert await reader.changes(listed) == set()


class TestOnDemand:
    @pytest.mark.parametrize(
        ("entry", "state"),
        [
            (file("talk.mp4", kind="video/mp4"), FetchState.ON_DEMAND),
            (file("talk.mp3", kind="audio/mpeg"), FetchState.ON_DEMAND),
            (
                file("data.zip", kind="application/zip", size=30_000_000),
                FetchState.ON_DEMAND,
            ),
            (file("data.zip", kind="application/zip"), FetchState.WAITING),
            (file("book.pdf", size=30_000_000), FetchState.WAITING),
        ],
    )
    async def test_recordings_wait_until_somebody_asks(self, reader, entry, state) -> None:
        await reader.read(week(lecture(entry)))
        (row,) = await rows(Material)
        assert row.fetch_state is state

    async def test_what_is_asked_for_is_fetched_by_a_run_over_its_course(
        self, reader, sent
    ) -> None:
        await reader.read(week(lecture(file("talk.mp4", kind="video/mp4"))))
        assert await reader.parcels(limit_mb=1) == []
        (row,) = await rows(Material)
        await finish(reader)
        async with unit_of_work() as work:
            await service.ask_for(
                work, account_id=reader.errand.account_id, material_id=row.id, now=NOON
            )
        assert await reader.parcels(limit_mb=1) == ["talk.mp4"]
        (run,) = await rows(SyncRun, col(SyncRun.state) == RunState.QUEUED)
        assert run.course_id == UUID(reader.course.id)

    async def test_nobody_asks_for_what_is_anothers_or_no_file(
        self, reader, other_student
    ) -> None:
        await reader.read(week(Module(id=8, kind="quiz", name="Quiz")))
        (row,) = await rows(Material)
        owner = reader.errand.account_id
        for account_id, material_id, refusal in (
            (other_student.account_id, row.id, NotFoundError),
            (owner, UUID(NOBODYS_ID), NotFoundError),
            (owner, row.id, ConflictError),
        ):
            with pytest.raises(refusal):
                async with unit_of_work() as work:
                    await service.ask_for(
                        work, account_id=account_id, material_id=material_id, now=NOON
                    )


async def finish(reader: Reader) -> None:
    async with unit_of_work() as work:
        await service.finish_run(
            work, errand=reader.errand, now=NOON + timedelta(seconds=1)
        )


class TestTooLarge:
    async def test_it_is_named_once_and_asked_for_once_the_limit_is_higher(
        self, reader
    ) -> None:
        await reader.read(week(lecture(file(size=300_000_000))))
        for _ in range(2):
            assert await reader.parcels(limit_mb=200) == []
        (row,) = await rows(Material)
        assert (row.fetch_state, row.failure) == (
            FetchState.TOO_LARGE,
            rules.too_large(200),
        )
        assert len(await rows(SyncIssue)) == 1
        assert await reader.parcels(limit_mb=300) == ["a.pdf"]

    async def test_it_comes_when_it_has_become_smaller(self, reader) -> None:
        await reader.read(week(lecture(file(size=3_000_000))))
        assert await reader.parcels(limit_mb=1) == []
        await reader.read(week(lecture(file(size=900_000))))
        assert await reader.parcels(limit_mb=1) == ["a.pdf"]

    async def test_one_that_announced_another_size_is_not_asked_for_again(
        self, reader
    ) -> None:
        await reader.read(week(lecture(file())))
        async with unit_of_work() as work:
            (parcel,) = await service.parcels(
                work, errand=reader.errand, limit_mb=1, now=NOON
            )
            await service.note_failed_file(
                work,
                errand=reader.errand,
                parcel=parcel,
                error=service.TooLargeError(rules.too_large(1)),
                now=NOON,
            )
        assert await reader.parcels(limit_mb=1) == []


async def test_an_upgrade_of_the_product_is_no_change_in_moodle(reader) -> None:
    await reader.read(recorded("00_before"))
    async with unit_of_work() as work:
        for row in (await work.session.exec(select(Material))).all():
            row.section_id = None
            if not row.filename:
                row.size_bytes, row.modified_at = 0, None
    assert await reader.changes(recorded("00_before")) == set()
    assert await rows(Material, col(Material.section_id).is_(None)) == []
    assert len(await rows(Course)) == 1
