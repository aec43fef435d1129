"""A sync of the demo Moodle over HTTP, into a real database and a real folder."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha1
from uuid import uuid4

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from studymaster.adapters import bus, clock, documents, storage
from studymaster.adapters.cache import Kept, kept
from studymaster.adapters.database import DatabaseAwayError, unit_of_work
from studymaster.adapters.moodle import failures
from studymaster.adapters.moodle.retry import MOST_TRIES
from studymaster.adapters.storage import blob_key, get_storage
from studymaster.errors import ConflictError
from studymaster.features.accounts import service as accounts
from studymaster.features.courses import service as courses
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Errand, Parcel, SyncView
from studymaster.jobs import JobName
from studymaster.models import (
    UPLOAD,
    Blob,
    BlobPage,
    ConnectionState,
    Course,
    Deadline,
    FetchState,
    Generation,
    Material,
    MaterialKind,
    MoodleConnection,
    Notification,
    NotificationKind,
    RunState,
    SyncChange,
    SyncRun,
    TextState,
)
from tests.conftest import NOON
from tests.features.library.service.test_uploads import add
from tests.jobs import carry_out
from tests.workers.campus import (
    Campus,
    connect,
    count,
    hurry,
    keep_news,
    let_time_pass,
    rows,
)
from workers import sync
from workers.accounts import prune_old
from workers.visit import RunStoppedError, files, journal, watched


@pytest.fixture(autouse=True)
def _ticking(monkeypatch) -> None:
    let_time_pass(monkeypatch)


@pytest.fixture
async def campus(student, demo_site, monkeypatch) -> Campus:
    keep_news(monkeypatch)
    hurry(monkeypatch)
    return await connect(student, demo_site)


TRIED_AGAIN = "Your cards are safe; the next try is at about 12:30."


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
AWAY = "It is not answering."


def broken(*_: object, **__: object) -> None:
    raise ZeroDivisionError


async def texts() -> set[tuple[object, ...]]:
    """What is known of every page and glossary."""
    kinds = (MaterialKind.PAGE, MaterialKind.GLOSSARY)
    return {
        (row.id, row.size_bytes, row.modified_at, row.mimetype, row.fetch_state)
        for row in await rows(Material, col(Material.kind).in_(kinds))
    }


async def waiting_by_course(campus: Campus) -> set[str]:
    (connection,) = await rows(MoodleConnection)
    errand = Errand(
        run_id=uuid4(),
        account_id=campus.student.account_id,
        connection_id=connection.id,
        site_url=campus.site,
        site_name=connection.site_name,
        sealed_token="",
        token_obtained_at=NOON,
        moodle_user_id=connection.moodle_user_id,
        failing=False,
        untold=False,
    )
    async with unit_of_work() as work:
        found = await service.parcels(work, errand=errand, limit_mb=200, now=NOON)
        return {item.course_name for item in found}


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


class TestReading:
    async def test_a_pdf_is_read_whatever_moodle_calls_it(
        self, campus, monkeypatch
    ) -> None:
        list_parcels = service.parcels

        async def list_without_types(work, **wish):
            found = await list_parcels(work, **wish)
            return [replace(item, mimetype="application/octet-stream") for item in found]

        monkeypatch.setattr(service, "parcels", list_without_types)
        await campus.run()
        (lecture,) = await rows(Material, col(Material.filename) == LECTURE)
        (blob,) = await rows(Blob, col(Blob.sha1) == lecture.blob_sha1)
        assert (blob.text_state, blob.mimetype) == (TextState.READY, "application/pdf")

    async def test_what_nobody_could_read_is_read_once_somebody_can(
        self, campus, other_student, demo_site, monkeypatch
    ) -> None:
        with monkeypatch.context() as without_readers:
            without_readers.setattr(documents, "READERS", {})
            await campus.run()
        unread = {blob.sha1 for blob in await rows(Blob, UNSUPPORTED)}
        await (await connect(other_student, demo_site, "jonas")).run()
        still_unread = {blob.sha1 for blob in await rows(Blob, UNSUPPORTED)}
        assert still_unread < unread
        pages = await rows(BlobPage, col(BlobPage.sha1).in_(unread - still_unread))
        assert len(pages) >= 4


UNSUPPORTED = col(Blob.text_state) == TextState.UNSUPPORTED

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
        (connection,) = view.connections
        assert connection.failure.endswith(".")
        hope = "" if connection.broken else f" {TRIED_AGAIN}"
        assert view.run.detail == f"{connection.failure}{hope}"

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
        await campus.spoil("core_course_get_contents", failure, times=MOST_TRIES)
        view = await campus.run()
        assert view.run is not None
        assert (view.run.state, view.run.failed_count) == (RunState.DONE, 1)
        assert len([course for course in view.courses if course.materials]) == 4

    async def test_a_fault_of_ours_closes_the_run_and_is_not_hidden(
        self, campus, monkeypatch
    ) -> None:
        monkeypatch.setattr(service, "parcels", broken)
        with capture_logs() as logs:
            view = await campus.run()
        assert view.run is not None
        assert view.run.state == RunState.FAILED
        assert "our side" in view.run.detail
        assert view.connections[0].failure == ""
        assert [line["log_level"] for line in logs].count("error") == 1

    async def test_one_poisonous_file_costs_only_itself(self, campus, monkeypatch) -> None:
        kind_of, poisoned = documents.kind_of, []

        def tell_all_but_the_first(start, **told):
            if start and not poisoned:
                poisoned.append(start)
                raise RecursionError
            return kind_of(start, **told)

        monkeypatch.setattr(documents, "kind_of", tell_all_but_the_first)
        view = await campus.run()
        assert view.run is not None
        assert (view.run.state, view.run.failed_count) == (RunState.DONE, 1)
        assert view.run.files_done == view.run.files_total
        (issue,) = view.issues
        assert "our side" in issue.sentence
        again = await campus.run()
        assert again.run is not None
        assert (again.run.files_total, again.run.failed_count) == (1, 0)

    async def test_one_poisonous_course_costs_only_itself(
        self, campus, monkeypatch
    ) -> None:
        list_materials, poisoned = service.listed_course, []

        def list_all_but_the_first(*arguments, **options):
            if not poisoned:
                poisoned.append(arguments)
                raise ZeroDivisionError
            return list_materials(*arguments, **options)

        monkeypatch.setattr(service, "listed_course", list_all_but_the_first)
        view = await campus.run()
        assert view.run is not None
        assert (view.run.state, view.run.failed_count) == (RunState.DONE, 1)
        assert len([course for course in view.courses if course.materials]) == 4

    @pytest.mark.parametrize("method", ["take_files", "put_bytes"])
    async def test_a_store_that_is_away_stops_the_run_and_spares_the_connection(
        self, campus, monkeypatch, method
    ) -> None:
        async def away(*_: object) -> None:
            raise storage.StorageAwayError(AWAY)

        monkeypatch.setattr(storage.LocalStorage, method, away)
        view = await campus.run()
        assert view.run is not None
        assert (view.run.state, view.run.failed_count) == (RunState.FAILED, 0)
        assert view.run.detail == f"{AWAY} {TRIED_AGAIN}"
        assert view.connections[0].failure == ""
        (connection,) = await rows(MoodleConnection)
        assert connection.state is ConnectionState.ACTIVE

    async def test_a_job_goes_on_once_the_database_is_back(
        self, campus, monkeypatch
    ) -> None:
        async def away(*_: object, **__: object) -> None:
            raise DatabaseAwayError(AWAY)

        monkeypatch.setattr(sync, "current_job", lambda: "this job")
        with monkeypatch.context() as while_away, pytest.raises(DatabaseAwayError):
            while_away.setattr(service, "parcels", away)
            await campus.run()
        (left,) = await rows(SyncRun)
        assert left.state is RunState.RUNNING
        await campus.run()
        runs = sorted(await rows(SyncRun), key=lambda run: run.created_at)
        assert [run.state for run in runs] == [RunState.FAILED, RunState.DONE]
        assert runs[0].failure == (
            "The sync was interrupted. What had arrived is kept; it goes on by itself."
        )

    async def test_another_job_leaves_a_run_alone_that_is_alive(
        self, campus, monkeypatch
    ) -> None:
        async with unit_of_work() as work:
            await service.request_sync(work, account_id=campus.student.account_id, now=NOON)
            await service.claim_run(
                work, account_id=campus.student.account_id, job="other", now=NOON
            )
        for seconds, states in ((50, {"running"}), (70, {"failed", "done"})):
            monkeypatch.setattr(clock, "now", lambda s=seconds: NOON + timedelta(seconds=s))
            await campus.run()
            assert {run.state for run in await rows(SyncRun)} == states

    @pytest.mark.parametrize(
        "function",
        ["mod_page_get_pages_by_courses", "mod_glossary_get_glossaries_by_courses"],
    )
    async def test_a_failed_question_for_texts_changes_nothing(
        self, campus, function
    ) -> None:
        await campus.run()
        before = await texts()
        await campus.spoil(function)
        view = await campus.run()
        assert view.run is not None
        assert (view.run.changed_count, view.run.failed_count) == (0, 1)
        assert await texts() == before
        await campus.heal()
        view = await campus.run()
        assert view.run is not None
        assert (view.run.changed_count, view.run.files_total) == (0, 0)

    async def test_a_course_that_is_gone_or_off_is_not_fetched(self, campus) -> None:
        await campus.fail("file_not_found", function="file")
        await campus.run()
        waiting = await waiting_by_course(campus)
        assert len(waiting) >= 3
        gone, off = sorted(waiting)[:2]
        async with unit_of_work() as work:
            for row in (await work.session.exec(select(Course))).all():
                row.listed = row.listed and row.fullname != gone
                row.sync_enabled = row.fullname != off
        assert await waiting_by_course(campus) == waiting - {gone, off}

    async def test_deadlines_survive_a_failed_question(self, campus) -> None:
        await campus.run()
        before = await count(Deadline)
        await campus.spoil("mod_assign_get_assignments")
        await campus.run()
        assert await count(Deadline) == before


async def promise(campus: Campus) -> None:
    async with unit_of_work() as work:
        await service.request_sync(work, account_id=campus.student.account_id, now=NOON)


async def claim(campus: Campus) -> Errand:
    await promise(campus)
    async with unit_of_work() as work:
        errand = await service.claim_run(
            work, account_id=campus.student.account_id, job=None, now=NOON
        )
    assert errand is not None
    return errand


def journal_of(errand: Errand) -> journal.Journal:
    return journal.Journal(errand, requests=lambda: 0)


class TestPromises:
    async def test_asking_twice_makes_one_run(self, campus, sent) -> None:
        for _ in range(2):
            await promise(campus)
        assert await count(SyncRun) == 1

    async def test_asking_twice_at_once_makes_one_run(self, campus, sent) -> None:
        sent.clear()
        together = asyncio.Barrier(4)

        async def ask() -> None:
            async with unit_of_work() as work:
                await work.session.connection()
                await together.wait()
                await service.request_sync(
                    work, account_id=campus.student.account_id, now=NOON
                )

        await asyncio.gather(*(ask() for _ in range(4)))
        assert await count(SyncRun) == 1
        assert len(sent) == 1

    async def test_a_job_that_comes_twice_syncs_once(self, campus) -> None:
        await promise(campus)
        for _ in range(2):
            await carry_out(
                sync.sync_account,
                account_id=str(campus.student.account_id),
                promised="yes",
            )
        (run,) = await rows(SyncRun)
        assert run.state is RunState.DONE

    async def test_a_run_left_by_a_dead_worker_is_promised_anew(self, campus, sent) -> None:
        await claim(campus)
        sent.clear()
        async with unit_of_work() as work:
            await service.sweep(work, now=NOON + timedelta(minutes=10))
        runs = sorted(await rows(SyncRun), key=lambda run: run.created_at)
        assert [run.state for run in runs] == [RunState.FAILED, RunState.QUEUED]
        assert "interrupted" in (runs[0].failure or "")
        assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]

    async def test_a_running_run_is_left_alone(self, campus, sent) -> None:
        await claim(campus)
        sent.clear()
        async with unit_of_work() as work:
            await service.sweep(work, now=NOON + timedelta(minutes=1))
        assert sent == []

    async def test_a_worker_that_lost_its_run_changes_nothing(self, campus) -> None:
        errand = await claim(campus)
        async with unit_of_work() as work:
            await service.sweep(work, now=NOON + timedelta(minutes=10))
        before = await rows(SyncRun), await rows(MoodleConnection)
        for late in (
            partial(service.note_progress, files_done=1),
            service.finish_run,
            partial(
                service.fail_run,
                error=failures.TokenExpiredError("m.edu"),
                connection_broken=True,
            ),
        ):
            with pytest.raises(service.RunLostError):
                async with unit_of_work() as work:
                    await late(work, errand=errand, now=NOON + timedelta(minutes=11))
        assert (await rows(SyncRun), await rows(MoodleConnection)) == before

    async def test_a_run_lost_under_way_stops_quietly(self, campus, monkeypatch) -> None:
        list_parcels = service.parcels

        async def list_after_the_sweeper(work, **wish):
            async with unit_of_work() as other:
                await service.sweep(other, now=clock.now() + timedelta(minutes=10))
            monkeypatch.setattr(service, "parcels", list_parcels)
            return await list_parcels(work, **wish)

        monkeypatch.setattr(service, "parcels", list_after_the_sweeper)
        await campus.run()
        (connection,) = await rows(MoodleConnection)
        assert (connection.state, connection.failure) == (ConnectionState.ACTIVE, None)
        states = sorted(run.state for run in await rows(SyncRun))
        assert states == [RunState.DONE, RunState.FAILED]

    async def test_a_worker_gives_signs_of_life_until_its_run_is_lost(
        self, campus, monkeypatch
    ) -> None:
        errand = await claim(campus)
        later = iter([NOON, NOON + timedelta(minutes=2)])
        now = [NOON]
        monkeypatch.setattr(
            clock, "now", lambda: now.append(next(later, now[-1])) or now[-1]
        )
        life = asyncio.create_task(journal_of(errand).keep(every=0))
        while (await rows(SyncRun))[0].beat_at != NOON + timedelta(minutes=2):
            pass
        async with unit_of_work() as work:
            await service.sweep(work, now=NOON + timedelta(minutes=3))
        assert (await rows(SyncRun))[0].state is RunState.RUNNING
        async with unit_of_work() as work:
            await service.sweep(work, now=NOON + timedelta(minutes=10))
        with pytest.raises(RunStoppedError):
            await life

    async def test_a_run_ends_though_its_company_did_not_hear_that_it_does(self) -> None:
        begun, ends = asyncio.Event(), []

        async def hard_of_hearing() -> None:
            while len(ends) < 2:
                begun.set()
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    ends.append("told")

        async with asyncio.timeout(10):
            await watched(begun.wait(), by=hard_of_hearing())
        assert ends == ["told", "told"]

    async def test_tabs_are_told_of_progress_in_bundles(self, campus, monkeypatch) -> None:
        told: asyncio.Queue[bus.News] = asyncio.Queue()
        journal = journal_of(await claim(campus))
        monkeypatch.setattr(bus, "publish", told.put)
        for _ in range(5):
            journal.note(files_done=1)
        assert told.empty()
        news = await watched(told.get(), by=journal.keep(every=0))
        assert news == bus.news_for(campus.student.account_id, bus.Topic.SYNC)
        assert (await rows(SyncRun))[0].files_done == 5
        assert told.empty()

    async def test_a_run_shows_life_while_a_file_is_long_in_coming(
        self, campus, monkeypatch
    ) -> None:
        alive, note_progress = asyncio.Event(), service.note_progress

        async def note(work, **wish) -> None:
            await note_progress(work, **wish)
            alive.set()

        async def long_in_coming(*_: object, **__: object) -> list[Parcel]:
            await asyncio.wait_for(alive.wait(), timeout=10)
            return []

        monkeypatch.setattr(journal.Journal.keep, "__kwdefaults__", {"every": 0})
        monkeypatch.setattr(service, "note_progress", note)
        monkeypatch.setattr(service, "parcels", long_in_coming)
        view = await campus.run()
        assert view.run is not None
        assert view.run.state == RunState.DONE

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


async def course_named(shortname: str) -> Course:
    (course,) = await rows(Course, col(Course.shortname) == shortname)
    return course


async def switch(campus: Campus, course: Course, *, on: bool) -> None:
    async with unit_of_work() as work:
        await courses.switch_sync(
            work, account_id=campus.student.account_id, course_id=course.id, on=on, now=NOON
        )


async def choose(campus: Campus, name: str, *, on: bool) -> None:
    async with unit_of_work() as work:
        await accounts.save_preference(
            work, account_id=campus.student.account_id, name=name, on=on
        )


async def run_only(campus: Campus, course: Course) -> SyncView:
    account_id = campus.student.account_id
    async with unit_of_work() as work:
        await service.request_sync(
            work, account_id=account_id, course_id=course.id, now=clock.now()
        )
    await carry_out(sync.sync_account, account_id=str(account_id), promised="yes")
    return await campus.overview()


async def found_different() -> set[tuple[str, str]]:
    return {(change.what.value, change.name) for change in await rows(SyncChange)}


async def told() -> list[Notification]:
    """Return what was told after the first run, which says that the courses are here."""
    first, *later = sorted(await rows(Notification), key=lambda one: one.created_at)
    assert first.title == "Your courses are here"
    return later


class TestOneCourse:
    async def test_only_that_course_is_read(self, campus) -> None:
        await campus.run()
        for course in ("BIO 110", "COMP 352"):
            await campus.change("add_lecture", course=course, name=f"New in {course}")
        view = await run_only(campus, await course_named("BIO 110"))
        assert view.run is not None
        assert (view.run.courses_total, view.run.new_count) == (1, 1)
        assert view.run.headline == "BIO 110 is here"
        assert await found_different() == {("new", "New in BIO 110")}
        view = await campus.run()
        assert view.run is not None
        assert view.run.new_count == 1

    async def test_it_does_not_count_as_a_sync_of_everything(self, campus, sent) -> None:
        await campus.run()
        (before,) = await rows(MoodleConnection)
        await run_only(campus, await course_named("BIO 110"))
        (after,) = await rows(MoodleConnection)
        assert before.last_synced_at == after.last_synced_at
        async with unit_of_work() as work:
            for run in (await work.session.exec(select(SyncRun))).all():
                if run.course_id is None:
                    run.created_at = NOON - timedelta(minutes=31)
        sent.clear()
        async with unit_of_work() as work:
            await service.request_due_syncs(work, now=clock.now())
        assert len(sent) == 1

    async def test_a_course_that_moodle_lists_no_more_is_named(
        self, campus, monkeypatch
    ) -> None:
        await campus.run()
        course, keep = await course_named("BIO 110"), courses.keep_listed

        async def list_all_but_it(work, *, listed, **wish):
            left = [item for item in listed if item.shortname != "BIO 110"]
            return await keep(work, listed=left, **wish)

        monkeypatch.setattr(courses, "keep_listed", list_all_but_it)
        view = await run_only(campus, course)
        assert view.run is not None
        assert (view.run.courses_total, view.run.failed_count) == (0, 1)
        assert "does not list this course" in view.issues[0].sentence

    async def test_a_wish_for_everything_widens_one_that_waits(self, campus) -> None:
        await campus.run()
        account_id = campus.student.account_id
        course = await course_named("BIO 110")
        async with unit_of_work() as work:
            first = await service.request_sync(
                work, account_id=account_id, course_id=course.id, now=clock.now()
            )
        async with unit_of_work() as work:
            second = await service.request_sync(
                work, account_id=account_id, now=clock.now()
            )
        assert first == second
        (run,) = await rows(SyncRun, col(SyncRun.id) == first)
        assert run.course_id is None

    async def test_what_is_under_way_is_not_taken_for_what_it_is_not(self, campus) -> None:
        await campus.run()
        account_id = campus.student.account_id
        biology, data = await course_named("BIO 110"), await course_named("COMP 352")
        async with unit_of_work() as work:
            await service.request_sync(
                work, account_id=account_id, course_id=biology.id, now=clock.now()
            )
            await service.claim_run(work, account_id=account_id, job=None, now=clock.now())
        for other in (None, data.id):
            with pytest.raises(ConflictError, match="Ask again"):
                async with unit_of_work() as work:
                    await service.request_sync(
                        work, account_id=account_id, course_id=other, now=clock.now()
                    )

    async def test_an_interrupted_run_goes_on_with_its_course_only(self, campus) -> None:
        await campus.run()
        account_id = campus.student.account_id
        biology = await course_named("BIO 110")
        async with unit_of_work() as work:
            await service.request_sync(
                work, account_id=account_id, course_id=biology.id, now=clock.now()
            )
            await service.claim_run(work, account_id=account_id, job=None, now=clock.now())
        async with unit_of_work() as work:
            await service.sweep(work, now=clock.now() + timedelta(minutes=10))
        (again,) = await rows(SyncRun, col(SyncRun.state) == RunState.QUEUED)
        assert again.course_id == biology.id


class TestSwitches:
    async def test_a_course_that_is_off_is_kept_and_not_read(self, campus) -> None:
        await campus.run()
        biology = await course_named("BIO 110")
        before = await count(Material, col(Material.course_id) == biology.id)
        await switch(campus, biology, on=False)
        await campus.change("add_lecture", course="BIO 110", name="Unseen")
        view = await campus.run()
        assert view.run is not None
        assert (view.run.courses_total, view.run.new_count) == (4, 0)
        assert await count(Material, col(Material.course_id) == biology.id) == before
        await switch(campus, biology, on=True)
        await campus.run()
        assert await found_different() == {("new", "Unseen")}

    async def test_a_course_that_is_off_cannot_be_asked_for(self, campus) -> None:
        await campus.run()
        biology = await course_named("BIO 110")
        await switch(campus, biology, on=False)
        with pytest.raises(ConflictError, match="switched off"):
            await run_only(campus, biology)

    async def test_beat_passes_over_accounts_that_have_it_off(self, campus, sent) -> None:
        await choose(campus, "sync_enabled", on=False)
        sent.clear()
        await carry_out(sync.sync_due_accounts)
        assert sent == []
        await promise(campus)  # asked for by hand
        assert len(sent) == 1

    async def test_beat_asks_for_accounts_that_have_it_on(self, campus, sent) -> None:
        await choose(campus, "sync_enabled", on=True)
        sent.clear()
        await carry_out(sync.sync_due_accounts)
        assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]


class TestWhatChanged:
    async def test_the_first_time_nothing_counts_as_different(self, campus) -> None:
        view = await campus.run()
        assert view.run is not None
        assert view.run.here_count > 50
        assert await found_different() == set()
        assert await told() == []

    async def test_each_kind_of_change_is_found_once(self, campus) -> None:
        await campus.run()
        lectures = sorted(
            await rows(Material, col(Material.modname) == "resource"),
            key=lambda row: row.name,
        )
        replaced, hidden, renamed = lectures[:3]
        await campus.change("replace_file", cmid=replaced.cmid)
        await campus.change("hide_module", cmid=hidden.cmid)
        await campus.change("rename_module", cmid=renamed.cmid, name="Another name")
        await campus.change("add_lecture", course="BIO 110", name="Brand new")
        await campus.run()
        assert await found_different() == {
            ("changed", replaced.name),
            ("gone", hidden.name),
            ("renamed", "Another name"),
            ("new", "Brand new"),
        }
        await campus.change("show_module", cmid=hidden.cmid)
        await campus.run()
        await campus.run()
        assert await count(SyncChange) == 5
        assert ("back", hidden.name) in await found_different()

    async def test_a_file_of_ones_own_is_never_gone(self, campus) -> None:
        await campus.run()
        biology = await course_named("BIO 110")
        await add(campus.student, biology)
        view = await campus.run()
        assert view.run is not None
        (own,) = await rows(Material, col(Material.modname) == UPLOAD)
        assert own.listed
        assert await found_different() == set()

    async def test_kept_lists_are_right_after_a_run(self, campus) -> None:
        await campus.run()
        biology = await course_named("BIO 110")
        owner = str(campus.student.account_id)
        made = []

        async def make() -> int:
            made.append(await count(Material, col(Material.course_id) == biology.id))
            return made[-1]

        async def look() -> int:
            return await kept(Kept.MATERIALS, owner, "biology", shape=int, make=make)

        before = await look()
        await campus.change("add_lecture", course="BIO 110", name="Brand new")
        await campus.run()
        assert (await look(), len(made)) == (before + 1, 2)


class TestTelling:
    async def test_the_first_run_says_what_is_here_and_what_to_do_with_it(
        self, campus
    ) -> None:
        await campus.run()
        lectures = await count(Blob, col(Blob.text_state) == TextState.READY)
        (notice,) = await rows(Notification)
        assert notice.title == "Your courses are here"
        number = int(notice.text.split(" with ")[1].split(" lectures")[0])
        assert notice.text.startswith(f"{await count(Course)} courses with ")
        assert number >= lectures > 10
        assert (notice.kind, notice.path) == (NotificationKind.SYNC, "/live-sync")

    async def test_a_first_run_that_stopped_is_made_up_for_by_the_next(
        self, campus
    ) -> None:
        await campus.fail("maintenance")
        await campus.run()
        await campus.heal()
        await campus.run()
        titles = [one.title for one in await rows(Notification)]
        assert sorted(titles) == ["A sync stopped", "Your courses are here"]

    async def test_a_course_that_is_new_this_term_is_told_once(
        self, campus, monkeypatch
    ) -> None:
        keep = courses.keep_listed

        async def list_all_but_one(work, *, listed, **wish):
            left = [item for item in listed if item.shortname != "BIO 110"]
            return await keep(work, listed=left, **wish)

        with monkeypatch.context() as before_term:
            before_term.setattr(courses, "keep_listed", list_all_but_one)
            await campus.run()
        await campus.run()
        await campus.run()
        (notice,) = await told()
        assert notice.title == "1 thing is new in Moodle"
        assert notice.text.startswith("BIO 110 is here: ")

    async def test_after_a_long_break_of_failures_it_is_not_the_first_time_again(
        self, campus
    ) -> None:
        await campus.run()
        await campus.fail("maintenance")
        await campus.run()
        await campus.heal()
        async with unit_of_work() as work:
            for kind in (SyncRun, Course):
                for row in (await work.session.exec(select(kind))).all():
                    row.created_at -= timedelta(days=200)
        await carry_out(prune_old)
        await campus.change("add_lecture", course="BIO 110", name="One")
        await campus.run()
        stopped, news = await told()
        assert stopped.title == "A sync stopped"
        assert (news.title, news.text) == ("1 thing is new in Moodle", "BIO 110: 1 new.")

    async def test_news_is_told_once_with_numbers_and_courses(self, campus) -> None:
        await campus.run()
        await campus.change("add_lecture", course="BIO 110", name="One")
        await campus.change("add_lecture", course="BIO 110", name="Two")
        (lecture,) = await rows(Material, col(Material.filename) == LECTURE)
        await campus.change("replace_file", cmid=lecture.cmid)
        await campus.run()
        await campus.run()
        (notice,) = await told()
        assert notice.title == "3 things are new in Moodle"
        assert notice.text == "BIO 110: 2 new. COMP 352: 1 new version."
        assert (notice.kind, notice.path) == (NotificationKind.SYNC, "/live-sync")

    async def test_a_run_without_news_tells_nothing(self, campus) -> None:
        await campus.run()
        await campus.run()
        assert await told() == []

    async def test_who_wants_no_word_of_it_gets_none(self, campus) -> None:
        await choose(campus, "notify_sync", on=False)
        await campus.run()
        await campus.change("add_lecture", course="BIO 110", name="One")
        await campus.run()
        assert await count(Notification) == 0

    async def test_a_failure_is_told_when_it_is_new(self, campus) -> None:
        await campus.run()
        await campus.change("add_lecture", course="BIO 110", name="One")
        await campus.fail("file_not_found", function="file")
        await campus.run()
        await campus.run()
        (notice,) = await told()
        assert notice.text == "BIO 110: 1 new. 1 item did not come."

    async def test_a_dead_token_is_told_once(self, campus) -> None:
        await campus.run()
        await campus.fail("invalid_token")
        view = await campus.run()
        await campus.run()
        (notice,) = await told()
        assert notice.title == "Moodle needs you to connect again"
        assert notice.text == view.connections[0].failure

    async def test_a_site_that_stays_away_is_told_once(self, campus) -> None:
        await campus.run()
        await campus.fail("maintenance")
        for _ in range(3):
            await campus.run()
        (notice,) = await told()
        assert notice.title == "A sync stopped"
        await campus.heal()
        await campus.run()
        await campus.fail("maintenance")
        await campus.run()
        assert len(await told()) == 2

    async def test_the_log_says_whose_run_took_how_long_and_brought_what(
        self, campus
    ) -> None:
        with capture_logs() as logs:
            view = await campus.run()
        assert view.run is not None
        (line,) = [one for one in logs if one["event"] == "moodle_sync_completed"]
        assert line["user_id"] == str(campus.student.account_id)
        assert line["run_id"] == view.run.id
        assert line["duration_ms"] > 0
        assert line["items_synced"] == view.run.here_count
        assert line["items_failed"] == 0


def proposals(sent) -> int:
    return sum(job.name is JobName.GENERATE_PROPOSALS for job in sent)


class TestOfARunThatDidNotGoThrough:
    """What it had found is news all the same, and no later run finds it again."""

    @pytest.fixture
    async def interrupted(self, campus, monkeypatch) -> Campus:
        await campus.run()
        await campus.change("add_lecture", course="BIO 110", name="Brand new")

        async def fall_silent(_files: object) -> bool:
            raise failures.UnreachableError(AWAY)

        with monkeypatch.context() as down:
            down.setattr(files.Files, "fetch_all", fall_silent)
            view = await campus.run()
        assert view.run is not None
        assert view.run.state == RunState.FAILED
        assert await count(SyncChange) == 1
        return campus

    async def test_the_next_one_tells_of_it(self, interrupted) -> None:
        await interrupted.run()
        told = [row.text for row in await rows(Notification)]
        assert any("BIO 110" in text and "new" in text for text in told)
        before = len(told)
        await interrupted.run()
        assert await count(Notification) == before

    async def test_the_next_one_has_cards_proposed_from_it(self, interrupted, sent) -> None:
        await interrupted.run()
        assert proposals(sent) == 1


class TestProposing:
    async def test_the_first_run_proposes_nothing(self, campus, sent) -> None:
        await campus.run()
        assert proposals(sent) == 0

    async def test_new_lectures_are_turned_into_proposals(self, campus, sent) -> None:
        await campus.run()
        await campus.change("add_lecture", course="BIO 110", name="Brand new")
        await campus.run()
        await campus.run()
        assert proposals(sent) == 1
        (generation,) = await rows(Generation)
        (lecture,) = await rows(Material, col(Material.name) == "Brand new")
        assert generation.material_id == lecture.id

    async def test_a_terms_worth_does_not_drown_a_day(self, campus, sent) -> None:
        await campus.run()
        for number in range(7):
            await campus.change("add_lecture", course="BIO 110", name=f"New {number}")
        await campus.run()
        assert proposals(sent) == 5

    async def test_who_wants_no_proposals_gets_none(self, campus, sent) -> None:
        await campus.run()
        await choose(campus, "propose_after_sync", on=False)
        await campus.change("add_lecture", course="BIO 110", name="Brand new")
        await campus.run()
        assert proposals(sent) == 0

    async def test_what_has_no_text_is_passed_over(self, campus, sent, monkeypatch) -> None:
        await campus.run()
        await campus.change("add_lecture", course="BIO 110", name="Brand new")
        with monkeypatch.context() as without_readers:
            without_readers.setattr(documents, "READERS", {})
            await campus.run()
        assert proposals(sent) == 0
