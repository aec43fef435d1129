"""How a run goes through a site: what it asks, what it writes, how it is stopped."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from studymaster.adapters import documents
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.moodle import MoodleSite, failures
from studymaster.adapters.moodle.translate import DISCUSSIONS, GRADES
from studymaster.features.sync import rules, service
from studymaster.models import (
    Announcement,
    Blob,
    ConnectionState,
    Course,
    CourseSection,
    Deadline,
    FetchState,
    GradeItem,
    Material,
    MoodleConnection,
    Notification,
    RunState,
    SubmissionState,
    SyncChange,
    SyncRun,
    TextState,
)
from tests.jobs import carry_out
from tests.statements import asked
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
from workers.visit import files, journal, listing

AWAY = "It is not answering."
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
async def campus(student, demo_site, monkeypatch) -> Campus:
    let_time_pass(monkeypatch)
    keep_news(monkeypatch)
    hurry(monkeypatch)
    return await connect(student, demo_site)


async def newest_run() -> SyncRun:
    return max(await rows(SyncRun), key=lambda run: run.created_at)


class TestUnchanged:
    async def test_nothing_is_written_but_the_run_itself(self, campus) -> None:
        await campus.run()
        with asked() as statements:
            await campus.run()
        written = [one.split() for one in statements if one.startswith(WRITES)]
        tables = {words[1] if words[0] == "UPDATE" else words[2] for words in written}
        assert tables == {"syncrun"}
        assert len(statements) < 30

    async def test_a_handful_of_requests_and_no_download(self, campus) -> None:
        await campus.run()
        await campus.run()
        run = await newest_run()
        assert (run.state, run.files_total, run.bytes_done) == (RunState.DONE, 0, 0)
        assert run.requests <= 10

    async def test_answers_that_are_known_are_not_parsed(self, campus, monkeypatch) -> None:
        await campus.run()

        def parse(*_: object, **__: object) -> None:
            pytest.fail("it was looked into")

        for name in ("listed_course", "glossary_text", "grades", "announcements"):
            monkeypatch.setattr(service, name, parse)
        await campus.run()
        assert (await newest_run()).failed_count == 0


class TestEverything:
    async def test_sections_grades_announcements_and_submissions_are_here(
        self, campus
    ) -> None:
        await campus.run()
        assert await count(CourseSection) > 5
        assert await count(GradeItem) > 5
        assert await count(Announcement) >= 1
        states = {row.submission for row in await rows(Deadline)}
        assert SubmissionState.NONE in states or SubmissionState.SUBMITTED in states
        placed = await rows(Material, col(Material.section_id).is_(None))
        assert placed == []

    async def test_what_a_site_does_not_offer_is_left_out_without_a_word(
        self, campus, monkeypatch
    ) -> None:
        ask = MoodleSite.site_info

        async def without(self):
            info = await ask(self)
            left = info.functions - {GRADES.function, DISCUSSIONS.function}
            self.functions = left
            return replace(info, functions=left)

        monkeypatch.setattr(MoodleSite, "site_info", without)
        view = await campus.run()
        assert view.run is not None
        assert (view.run.state, view.issues) == (RunState.DONE, ())
        assert (await count(GradeItem), await count(Announcement)) == (0, 0)
        monkeypatch.setattr(MoodleSite, "site_info", ask)
        await campus.run()
        assert await count(GradeItem) > 5
        assert await count(Announcement) >= 1

    async def test_a_part_that_did_not_come_is_made_up_for_by_the_next_run(
        self, campus
    ) -> None:
        await campus.spoil(GRADES.function)
        view = await campus.run()
        assert {issue.item_name for issue in view.issues} == {"Grades"}
        assert await count(GradeItem) == 0
        assert await count(Material) > 50
        await campus.heal()
        view = await campus.run()
        assert view.issues == ()
        assert await count(GradeItem) > 5
        assert await count(SyncChange) == 0

    async def test_a_course_that_was_not_read_is_named_and_read_next_time(
        self, campus
    ) -> None:
        await campus.fail("not_enrolled", function="core_course_get_contents", times=1)
        await campus.run()
        run = await newest_run()
        assert len(run.unread_courses) == 1
        (unread,) = await rows(Course, col(Course.moodle_id) == run.unread_courses[0])
        assert (unread.listing_sha1, unread.last_synced_at) == (None, None)
        await campus.run()
        assert (await newest_run()).unread_courses == []
        assert await count(Material, col(Material.course_id) == unread.id) > 0


class TestSharing:
    async def test_what_another_student_has_is_not_sent_again(
        self, campus, other_student, demo_site
    ) -> None:
        await campus.run()
        blobs = await count(Blob)
        await (await connect(other_student, demo_site, "jonas")).run()
        (run,) = await rows(SyncRun, col(SyncRun.account_id) == other_student.account_id)
        own = await rows(Material, col(Material.account_id) == other_student.account_id)
        with_size = [row for row in own if row.filename and row.size_bytes]
        assert len(with_size) > 3
        assert {row.fetch_state for row in with_size} == {FetchState.STORED}
        # Chapters have no hash that Moodle could compare: they come each time.
        chapters = [row for row in own if row.filename and not row.size_bytes]
        assert run.bytes_done == await size_of(chapters)
        assert run.files_total == run.files_done == len(with_size) + len(chapters)
        assert await count(Blob) == blobs

    async def test_what_moodle_does_not_let_a_student_read_is_not_theirs(
        self, campus, other_student, demo_site
    ) -> None:
        await campus.run()
        await campus.fail("file_error_as_200", function="file")
        await (await connect(other_student, demo_site, "jonas")).run()
        own = await rows(
            Material,
            col(Material.account_id) == other_student.account_id,
            col(Material.filename) != "",
        )
        assert {row.fetch_state for row in own} == {FetchState.FAILED}
        assert {row.blob_sha1 for row in own} == {None}

    async def test_the_text_that_nobody_could_read_is_read_from_what_is_here(
        self, campus, other_student, demo_site, monkeypatch
    ) -> None:
        with monkeypatch.context() as without_readers:
            without_readers.setattr(documents, "READERS", {})
            await campus.run()
        await (await connect(other_student, demo_site, "jonas")).run()
        own = select(Material.blob_sha1).where(
            Material.account_id == other_student.account_id,
            Material.mimetype == "application/pdf",
        )
        found = await rows(Blob, col(Blob.sha1).in_(own))
        assert len(found) > 3
        assert TextState.UNSUPPORTED not in {blob.text_state for blob in found}


async def size_of(materials: list[Material]) -> int:
    named = [row.blob_sha1 for row in materials]
    sizes = {blob.sha1: blob.size_bytes for blob in await rows(Blob)}
    return sum(sizes[sha1] for sha1 in named)


class TestStopping:
    @pytest.mark.parametrize("place", ["core_webservice_get_site_info", "file"])
    async def test_a_run_ends_wherever_it_is_and_keeps_what_it_has(
        self, campus, monkeypatch, place
    ) -> None:
        waits = asyncio.Event()
        hang(monkeypatch, place, waits)
        monkeypatch.setattr(journal.Journal.keep, "__kwdefaults__", {"every": 0})
        account_id = campus.student.account_id
        running = asyncio.create_task(
            carry_out(sync.sync_account, account_id=str(account_id))
        )
        async with asyncio.timeout(20):
            await waits.wait()
            run = await newest_run()
            async with unit_of_work() as work:
                await service.cancel_run(
                    work,
                    account_id=account_id,
                    run_id=run.id,
                    now=run.created_at + timedelta(seconds=1),
                )
            await running
        run = await newest_run()
        assert (run.state, run.failure) == (
            RunState.FAILED,
            "You stopped this sync. What had arrived is kept.",
        )
        (connection,) = await rows(MoodleConnection)
        assert (connection.state, connection.failure) == (ConnectionState.ACTIVE, None)
        assert await rows(Notification) == []
        assert (await count(Material) > 50) == (place == "file")

    async def test_it_is_looked_for_a_wish_to_stop_twice_a_second(self) -> None:
        assert journal.LOOK_SECONDS <= 0.5


def hang(monkeypatch, place: str, waits: asyncio.Event) -> None:
    """Let one kind of request never be answered."""

    async def never(*_: object, **__: object) -> None:
        waits.set()
        await asyncio.Event().wait()

    if place == "file":
        monkeypatch.setattr(files.Files, "_fetch", never)
    else:
        monkeypatch.setattr(MoodleSite, "site_info", never)


class TestLongWork:
    async def test_reading_a_long_document_does_not_stop_the_signs_of_life(
        self, campus, monkeypatch
    ) -> None:
        alive = asyncio.Event()
        loop, note_progress, read = (
            asyncio.get_running_loop(),
            service.note_progress,
            documents.read,
        )

        async def note(work, **wish) -> None:
            await note_progress(work, **wish)
            alive.set()

        def read_until_there_is_a_sign(path, **told):
            asyncio.run_coroutine_threadsafe(alive.wait(), loop).result(timeout=20)
            return read(path, **told)

        monkeypatch.setattr(journal.Journal.keep, "__kwdefaults__", {"every": 0})
        monkeypatch.setattr(service, "note_progress", note)
        monkeypatch.setattr(documents, "read", read_until_there_is_a_sign)
        view = await campus.run()
        assert view.run is not None
        assert (view.run.state, view.run.failed_count) == (RunState.DONE, 0)


class TestTelling:
    async def test_new_grades_are_told_to_their_owner_once(self, campus) -> None:
        await campus.run()
        (line, *_) = await rows(GradeItem, col(GradeItem.grade).is_not(None))
        await forget(GradeItem, line.id, grade=None, shown="-")
        await campus.run()
        await campus.run()
        (course,) = await rows(Course, col(Course.id) == line.course_id)
        told = [one for one in await rows(Notification) if "grade" in one.title]
        assert [(one.title, one.path) for one in told] == [
            (f"New grade in {course.shortname}: {line.name}", "/live-sync?tab=grades")
        ]

    async def test_a_deadline_that_moved_is_told_with_its_new_moment(self, campus) -> None:
        await campus.run()
        ahead = [row for row in await rows(Deadline) if row.due_at > row.created_at]
        await forget(Deadline, ahead[0].id, due_at=ahead[0].due_at - timedelta(hours=1))
        await campus.run()
        (told,) = [one for one in await rows(Notification) if "moved" in one.title]
        assert told.title == "1 deadline has moved"
        assert ahead[0].title in told.text
        assert told.path == "/live-sync?tab=deadlines"

    async def test_an_announcement_is_told_by_its_subject(self, campus) -> None:
        await campus.run()
        (first, *_) = await rows(Announcement)
        await unlearn(first)
        await campus.run()
        (course,) = await rows(Course, col(Course.id) == first.course_id)
        titles = [one.title for one in await rows(Notification)]
        assert f"{course.shortname}: {first.subject}" in titles

    async def test_what_a_run_found_before_it_died_is_told_all_the_same_and_once(
        self, campus, monkeypatch
    ) -> None:
        await campus.run()
        ahead = [row for row in await rows(Deadline) if row.due_at > row.created_at]
        await forget(Deadline, ahead[0].id, due_at=ahead[0].due_at - timedelta(hours=1))
        (first, *_) = await rows(Announcement)
        await unlearn(first)

        async def fall_silent(_files: object) -> bool:
            raise failures.UnreachableError(AWAY)

        with monkeypatch.context() as down:
            down.setattr(files.Files, "fetch_all", fall_silent)
            view = await campus.run()
        assert view.run is not None
        assert view.run.state == RunState.FAILED
        await campus.run()
        titles = [one.title for one in await rows(Notification)]
        assert titles.count("1 deadline has moved") == 1
        assert sum(first.subject in title for title in titles) == 1

    async def test_many_announcements_do_not_fill_the_inbox_however_they_are_kept(
        self, campus, monkeypatch
    ) -> None:
        monkeypatch.setattr(listing, "TOGETHER", 1)
        await campus.run()
        known = await rows(Announcement)
        for row in known:
            await unlearn(row)
        before = await count(Notification)
        await campus.run()
        titles = [one.title for one in await rows(Notification)][before:]
        singly = [title for title in titles if " more announcement" not in title]
        assert len(known) > rules.TOLD_SINGLY
        assert len(singly) == rules.TOLD_SINGLY

    async def test_a_token_in_its_last_week_is_told_once(self, campus) -> None:
        await campus.run()
        (connection,) = await rows(MoodleConnection)
        old = connection.token_obtained_at - timedelta(days=78)
        await forget(MoodleConnection, connection.id, token_obtained_at=old)
        for _ in range(2):
            await campus.run()
        told = [one for one in await rows(Notification) if "runs out" in one.title]
        assert [(one.title, one.path) for one in told] == [
            ("Your Moodle connection runs out in a week", "/live-sync")
        ]


async def unlearn(announcement: Announcement) -> None:
    """Let an announcement be unknown, and its course be looked at again."""
    async with unit_of_work() as work:
        row = await work.session.get(Announcement, announcement.id)
        course = await work.session.get(Course, announcement.course_id)
        await work.session.delete(row)
        course.listing_sha1 = None


async def forget(model, row_id, **values: object) -> None:
    """Let what is known of a row be older, and its course be looked at again."""
    async with unit_of_work() as work:
        row = await work.session.get(model, row_id)
        for name, value in values.items():
            setattr(row, name, value)
        if hasattr(row, "course_id"):
            course = await work.session.get(Course, row.course_id)
            course.listing_sha1 = None
