"""The text of what came: read after the run, once for everybody, and never given up."""

from datetime import timedelta
from itertools import chain

import pytest
from sqlmodel import col

from studymaster.adapters import clock, documents, storage
from studymaster.adapters.database import unit_of_work
from studymaster.features.sync import rules, service
from studymaster.jobs import JobName
from studymaster.models import (
    Blob,
    BlobPage,
    Generation,
    Notification,
    RunState,
    SyncRun,
    TextState,
)
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
from workers import sync, texts

AWAY = "Our file store is not answering."


class KilledError(BaseException):
    """What ends a worker's work wherever it is."""


WAITING = col(Blob.text_state) == TextState.WAITING


@pytest.fixture
async def campus(student, demo_site, monkeypatch) -> Campus:
    let_time_pass(monkeypatch)
    keep_news(monkeypatch)
    hurry(monkeypatch)
    return await connect(student, demo_site)


async def sync_only(campus: Campus) -> SyncRun:
    """Bring in what is there, and read nothing of it."""
    account_id = str(campus.student.account_id)
    await carry_out(sync.sync_account, account_id=account_id)
    (run,) = await rows(SyncRun, col(SyncRun.reading_at).is_not(None))
    return run


async def read_states() -> dict[str, TextState]:
    return {row.sha1: row.text_state for row in await rows(Blob)}


class TestAfterARun:
    async def test_everything_is_here_before_its_text_is_read(self, campus, sent) -> None:
        sent.clear()
        run = await sync_only(campus)
        assert run.state is RunState.DONE
        assert set((await read_states()).values()) == {TextState.WAITING}
        assert await count(BlobPage) == 0
        jobs = [job for job in sent if job.name is JobName.READ_TEXTS]
        assert [job.arguments["run_id"] for job in jobs] == [str(run.id)]

    async def test_reading_says_what_came_of_each_file(self, campus) -> None:
        await sync_only(campus)
        await campus.read()
        states = set((await read_states()).values())
        assert TextState.WAITING not in states
        assert {TextState.READY, TextState.CORRUPT, TextState.ENCRYPTED} <= states
        assert await count(BlobPage) > 20
        assert await count(SyncRun, col(SyncRun.reading_at).is_not(None)) == 0

    async def test_the_student_is_told_once_it_is_read(self, campus) -> None:
        await sync_only(campus)
        assert await count(Notification) == 0
        await campus.read()
        (told,) = await rows(Notification)
        assert "lectures" in told.text

    async def test_cards_are_proposed_from_what_was_read(self, campus, sent) -> None:
        await campus.run()
        await campus.change("add_lecture", course="BIO 110", name="Brand new")
        await sync_only(campus)
        assert await count(Generation) == 0
        await campus.read()
        assert await count(Generation) == 1

    async def test_a_run_that_was_stopped_has_its_files_read_and_is_not_told_of(
        self, campus, monkeypatch
    ) -> None:
        await sync_only(campus)
        (run,) = await rows(SyncRun)
        async with unit_of_work() as work:
            row = await work.session.get(SyncRun, run.id)
            assert row is not None
            row.state = RunState.FAILED
        await campus.read()
        assert await count(Blob, WAITING) == 0
        assert await count(Notification) == 0

    async def test_nothing_to_read_is_no_job(self, campus, sent) -> None:
        await campus.run()
        sent.clear()
        await campus.run()
        assert JobName.READ_TEXTS not in {job.name for job in sent}


class TestFaults:
    async def test_one_poisonous_text_costs_only_itself(self, campus, monkeypatch) -> None:
        read, poisoned = documents.read, []

        def read_all_but_the_first(path, **told):
            if not poisoned:
                poisoned.append(path.name)
                raise RecursionError
            return read(path, **told)

        monkeypatch.setattr(documents, "read", read_all_but_the_first)
        await campus.run()
        states = await read_states()
        assert states.pop(poisoned[0]) is TextState.UNSUPPORTED
        assert TextState.WAITING not in states.values()

    async def test_bytes_that_are_gone_are_not_looked_for_for_ever(self, campus) -> None:
        await sync_only(campus)
        (first, *_) = await rows(Blob, col(Blob.mimetype) == "application/pdf")
        await storage.get_storage().remove(storage.blob_key(first.sha1))
        await campus.read()
        assert (await read_states())[first.sha1] is TextState.CORRUPT
        assert await count(Blob, WAITING) == 0

    async def test_a_store_that_is_away_is_asked_again_by_the_sweeper(
        self, campus, monkeypatch, sent
    ) -> None:
        run = await sync_only(campus)

        def away(*_: object) -> None:
            raise storage.StorageAwayError(AWAY)

        with monkeypatch.context() as while_away:
            while_away.setattr(storage.LocalStorage, "lend", away)
            with pytest.raises(storage.StorageAwayError):
                await campus.read()
        assert await count(Blob, WAITING) > 20
        assert await swept(sent, after=rules.SILENCE / 2) == []
        assert await swept(sent, after=rules.SILENCE * 2) == [str(run.id)]
        assert await swept(sent, after=rules.SILENCE * 2) == []
        await campus.read()
        assert await count(Blob, WAITING) == 0
        assert await count(Notification) == 1

    async def test_what_a_worker_had_read_when_it_died_is_kept(
        self, campus, monkeypatch
    ) -> None:
        await sync_only(campus)
        read, before_it_dies = service.read_stored, iter(range(10))

        def read_and_die(path, **told):
            if next(before_it_dies, None) is None:
                raise KilledError
            return read(path, **told)

        with monkeypatch.context() as dying:
            # Kept after each text, as after a second of reading.
            dying.setattr(texts, "KEPT_EVERY", -1)
            dying.setattr(service, "read_stored", read_and_die)
            with pytest.raises(KilledError):
                await campus.read()
        states = await read_states()
        assert len(states) - list(states.values()).count(TextState.WAITING) == 10
        again = list[str]()
        monkeypatch.setattr(
            service,
            "read_stored",
            lambda path, **told: (again.append(path.name), read(path, **told))[1],
        )
        await campus.read()
        left = {sha1 for sha1, state in states.items() if state is TextState.WAITING}
        assert sorted(again) == sorted(left)


async def swept(sent, *, after: timedelta) -> list[str]:
    """Let the sweeper look so long after now; return the runs whose texts it asked for."""
    sent.clear()
    async with unit_of_work() as work:
        await service.sweep(work, now=clock.now() + after)
    jobs = [job for job in sent if job.name is JobName.READ_TEXTS]
    return list(chain(job.arguments["run_id"] for job in jobs))


class TestTwoStudents:
    async def test_the_second_finds_it_read(
        self, campus, other_student, monkeypatch
    ) -> None:
        await campus.run()
        read = list[str]()
        monkeypatch.setattr(service, "read_stored", lambda path, **_: read.append(path))
        other = await connect(other_student, campus.site, username="jonas")
        view = await other.run()
        assert view.run is not None
        assert (view.run.state, view.run.files_done > 5) == (RunState.DONE, True)
        assert read == []
