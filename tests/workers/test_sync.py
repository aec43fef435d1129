"""A sync of the demo Moodle over HTTP, into a real database and a real folder."""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha1

import httpx
import pytest
from sqlmodel import col, func, select

from studymaster.adapters import bus, clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import blob_key, get_storage
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.features.sync import service
from studymaster.features.sync.schemas import SyncView
from studymaster.jobs import JobName
from studymaster.models import (
    Blob,
    BlobPage,
    ConnectionState,
    Course,
    Deadline,
    FetchState,
    Material,
    MaterialKind,
    MoodleConnection,
    RunState,
    SyncRun,
    TextState,
)
from tests.conftest import NOON
from tests.jobs import carry_out
from workers import sync


@dataclass(frozen=True)
class Campus:
    """A student who has connected the demo Moodle, and its switches."""

    student: Student
    site: str

    async def run(self) -> SyncView:

        await carry_out(sync.sync_account, account_id=str(self.student.account_id))
        return await self.overview()

    async def overview(self) -> SyncView:
        async with unit_of_work() as work:
            return await service.overview(work, student=self.student, now=clock.now())

    async def fail(self, failure: str, **wish: object) -> None:
        await self._post("/demo/failures", {"failure": failure, **wish})

    async def heal(self) -> None:
        async with httpx.AsyncClient(base_url=self.site) as client:
            await client.delete("/demo/failures")

    async def change(self, change: str, **wish: object) -> None:
        await self._post("/demo/changes", {"change": change, **wish})

    async def _post(self, path: str, body: dict[str, object]) -> None:
        async with httpx.AsyncClient(base_url=self.site) as client:
            (await client.post(path, json=body)).raise_for_status()


async def connect(student: Student, site: str, username: str = "mina") -> Campus:
    identity = await accounts.ask_moodle_by_password(
        site, username=username, password="campus"
    )
    async with unit_of_work() as work:
        await accounts.connect_moodle(
            work, account_id=student.account_id, identity=identity, now=NOON
        )
    return Campus(student, site)


@pytest.fixture(autouse=True)
def _ticking(monkeypatch) -> None:
    """A clock that goes on by a second each time somebody looks."""
    seconds = itertools.count()
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(seconds=next(seconds)))


@pytest.fixture
async def campus(student, demo_site, monkeypatch) -> Campus:
    told: list[bus.News] = []

    async def publish(news: bus.News) -> None:
        told.append(news)

    monkeypatch.setattr(bus, "publish", publish)
    return await connect(student, demo_site)


async def rows(model, *conditions):
    async with unit_of_work() as work:
        return (await work.session.exec(select(model).where(*conditions))).all()


async def count(model, *conditions) -> int:
    async with unit_of_work() as work:
        statement = select(func.count()).select_from(model).where(*conditions)
        return (await work.session.exec(statement)).one()


class TestFirstRun:
    async def test_everything_listed_is_here_afterwards(self, campus) -> None:
        view = await campus.run()
        assert view.run is not None
        assert view.run.state == RunState.DONE
        assert len(view.courses) == 5
        assert view.run.files_done == view.run.files_total > 15
        assert await count(Material, col(Material.fetch_state) == FetchState.WAITING) == 0
        assert await count(Deadline) >= 5

    async def test_stored_bytes_are_what_their_name_says(self, campus) -> None:
        await campus.run()
        blobs = await rows(Blob)
        assert len(blobs) > 15
        for blob in blobs:
            data = await get_storage().get_bytes(blob_key(blob.sha1))
            assert (sha1(data).hexdigest(), len(data)) == (blob.sha1, blob.size_bytes)

    async def test_lectures_are_read_page_by_page(self, campus) -> None:
        await campus.run()
        (lecture,) = await rows(Material, col(Material.filename) == LECTURE)
        pages = await rows(BlobPage, col(BlobPage.sha1) == lecture.blob_sha1)
        assert len(pages) >= 4
        assert all(len(page.text) > 50 for page in pages)

    async def test_what_cannot_be_read_is_named_as_such(self, campus) -> None:
        await campus.run()
        states = {blob.text_state for blob in await rows(Blob)}
        assert states >= {
            TextState.READY,
            TextState.NO_TEXT,
            TextState.ENCRYPTED,
            TextState.CORRUPT,
            TextState.EMPTY,
        }

    async def test_pages_chapters_and_glossaries_have_their_text(self, campus) -> None:
        await campus.run()
        for kind in (MaterialKind.PAGE, MaterialKind.CHAPTER, MaterialKind.GLOSSARY):
            found = await rows(Material, col(Material.kind) == kind)
            assert found
            assert all(item.fetch_state is FetchState.STORED for item in found)
        glossaries = await rows(Material, col(Material.kind) == MaterialKind.GLOSSARY)
        entries = col(BlobPage.sha1).in_([item.blob_sha1 for item in glossaries])
        assert await count(BlobPage, entries) >= 20

    async def test_a_student_without_courses_has_an_empty_shelf(
        self, other_student, demo_site
    ) -> None:
        view = await (await connect(other_student, demo_site, "noor")).run()
        assert view.run is not None
        assert (view.run.state, view.courses) == (RunState.DONE, ())

    async def test_another_student_sees_none_of_it(self, campus, other_student) -> None:
        await campus.run()
        async with unit_of_work() as work:
            view = await service.overview(work, student=other_student, now=NOON)
        assert (view.connections, view.run, view.courses) == ((), None, ())

    async def test_bytes_are_kept_once_for_both_students(
        self, campus, other_student, demo_site
    ) -> None:
        await campus.run()
        before = await count(Blob)
        view = await (await connect(other_student, demo_site, "jonas")).run()
        assert len(view.courses) == 2
        assert await count(Blob) == before


LECTURE = "lecture-01-arrays.pdf"


class TestLaterRuns:
    async def test_nothing_changed_means_nothing_fetched(self, campus) -> None:
        await campus.run()
        view = await campus.run()
        assert view.run is not None
        assert (view.run.files_total, view.run.new_count, view.run.changed_count) == (
            0,
            0,
            0,
        )

    async def test_a_replaced_lecture_arrives_in_its_new_version(self, campus) -> None:
        await campus.run()
        (before,) = await rows(Material, col(Material.filename) == LECTURE)
        await campus.change("replace_file", cmid=before.cmid)
        view = await campus.run()
        (after,) = await rows(Material, col(Material.filename) == LECTURE)
        assert view.run is not None
        assert view.run.changed_count == 1
        assert before.blob_sha1 != after.blob_sha1
        assert before.id == after.id

    async def test_a_hidden_module_stays_marked(self, campus) -> None:
        await campus.run()
        (before,) = await rows(Material, col(Material.filename) == LECTURE)
        await campus.change("hide_module", cmid=before.cmid)
        await campus.run()
        (after,) = await rows(Material, col(Material.filename) == LECTURE)
        assert (after.listed, after.blob_sha1) == (False, before.blob_sha1)


SITE_FAILURES = [
    "maintenance",
    "maintenance_cli",
    "web_services_off",
    "gateway_down",
    "database_down",
    "upgrade_running",
    "invalid_token",
    "expired_token",
    "user_suspended",
    "too_many_requests",
]


class TestFailures:
    @pytest.mark.parametrize("failure", SITE_FAILURES)
    async def test_what_the_whole_site_says_ends_the_run_with_its_sentence(
        self, campus, failure
    ) -> None:
        await campus.fail(failure)
        view = await campus.run()
        assert view.run is not None
        assert view.run.state == RunState.FAILED
        assert view.run.detail.endswith(".")
        assert view.connections[0].failure == view.run.detail

    @pytest.mark.parametrize(
        "failure", ["invalid_token", "expired_token", "user_suspended"]
    )
    async def test_a_dead_token_is_not_asked_again(self, campus, failure) -> None:
        await campus.fail(failure)
        await campus.run()
        (connection,) = await rows(MoodleConnection)
        assert connection.state is ConnectionState.BROKEN
        runs = await count(SyncRun)
        await campus.run()
        assert await count(SyncRun) == runs

    @pytest.mark.parametrize(
        "failure",
        ["broken_off", "wrong_bytes", "file_error_as_200", "file_not_found"],
    )
    async def test_a_bad_file_is_never_stored_and_comes_next_time(
        self, campus, failure
    ) -> None:
        await campus.fail(failure, function="file")
        view = await campus.run()
        assert view.run is not None
        assert view.run.state == RunState.DONE
        assert view.run.failed_count > 0
        assert len(view.issues) == view.run.failed_count
        assert all(issue.sentence.endswith(".") for issue in view.issues)
        stored = await rows(Material, col(Material.fetch_state) == FetchState.STORED)
        # Moodle announces no length and no hash for chapters: nothing there to check by.
        announced = {item.kind for item in stored if item.size_bytes}
        assert announced <= {MaterialKind.PAGE, MaterialKind.GLOSSARY}
        await campus.heal()
        again = await campus.run()
        assert again.run is not None
        assert (again.run.failed_count, again.issues) == (0, ())

    @pytest.mark.parametrize(
        "failure", ["garbage", "truncated_json", "html_instead_of_json"]
    )
    async def test_one_unreadable_answer_costs_only_that_part(
        self, campus, failure
    ) -> None:
        await campus.fail(failure, function="core_course_get_contents", times=1)
        view = await campus.run()
        assert view.run is not None
        assert (view.run.state, view.run.failed_count) == (RunState.DONE, 1)
        assert len([course for course in view.courses if course.materials]) == 4

    async def test_a_fault_of_ours_closes_the_run_and_is_not_hidden(
        self, campus, monkeypatch
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(service, "listed_materials", broken)
        with pytest.raises(ZeroDivisionError):
            await campus.run()
        view = await campus.overview()
        assert view.run is not None
        assert view.run.state == RunState.FAILED
        assert "our side" in view.run.detail

    async def test_deadlines_survive_a_failed_question(self, campus) -> None:
        await campus.run()
        before = await count(Deadline)
        await campus.fail("garbage", function="mod_assign_get_assignments")
        await campus.run()
        assert await count(Deadline) == before


class TestPromises:
    async def test_asking_twice_makes_one_run(self, campus, sent) -> None:
        for _ in range(2):
            async with unit_of_work() as work:
                await service.request_sync(
                    work, account_id=campus.student.account_id, now=NOON
                )
        assert await count(SyncRun) == 1

    async def test_a_run_left_by_a_dead_worker_is_asked_for_again(
        self, campus, sent
    ) -> None:
        async with unit_of_work() as work:
            await service.request_sync(work, account_id=campus.student.account_id, now=NOON)
            await service.claim_run(work, account_id=campus.student.account_id, now=NOON)
        sent.clear()
        async with unit_of_work() as work:
            await service.sweep(work, now=NOON + timedelta(minutes=10))
        (run,) = await rows(SyncRun)
        assert run.state is RunState.FAILED
        assert "interrupted" in (run.failure or "")
        assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]

    async def test_a_running_run_is_left_alone(self, campus, sent) -> None:
        async with unit_of_work() as work:
            await service.request_sync(work, account_id=campus.student.account_id, now=NOON)
            await service.claim_run(work, account_id=campus.student.account_id, now=NOON)
        sent.clear()
        async with unit_of_work() as work:
            await service.sweep(work, now=NOON + timedelta(minutes=1))
        assert sent == []

    async def test_accounts_are_due_every_half_hour(self, campus, sent) -> None:
        await campus.run()
        sent.clear()
        for minutes, jobs in ((29, 0), (45, 1)):
            async with unit_of_work() as work:
                await service.request_due_syncs(work, now=NOON + timedelta(minutes=minutes))
            assert len(sent) == jobs

    async def test_courses_keep_their_line_for_good(self, campus) -> None:
        await campus.run()
        before = {course.shortname: course.line for course in await rows(Course)}
        await campus.run()
        assert before == {course.shortname: course.line for course in await rows(Course)}
        assert len(set(before.values())) == 5
