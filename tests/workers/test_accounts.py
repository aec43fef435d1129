"""A student takes their data along, or leaves for good; old rows are thrown away."""

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import (
    FileGoneError,
    LocalStorage,
    StorageAwayError,
    get_storage,
)
from studymaster.config import get_settings
from studymaster.errors import ConflictError, NotFoundError, SignInError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import exports as rules
from studymaster.features.accounts.schemas import ExportView, Student
from studymaster.features.accounts.service import exports, leaving
from studymaster.features.campus.service import membership
from studymaster.jobs import JobName
from studymaster.models import (
    Account,
    AuthSession,
    Blob,
    Export,
    GroupMessage,
    Notification,
    NotificationKind,
    Resource,
    RunState,
    StudyGroup,
    SyncIssue,
    SyncRun,
    TaskFailure,
)
from studymaster.paging import Window
from tests.conftest import NOON
from tests.factories.everything import BYTES, SECRET, make_everything
from tests.factories.moodle import connect
from tests.features.campus.people import code_of, group_of, join, make_group, say
from tests.features.campus.sharing import share
from tests.features.notifications.telling import inbox
from tests.features.sync.past import make_past
from tests.jobs import carry_out
from workers.accounts import delete_account, export_account, prune_old
from workers.sweep import sweep_unfinished

AWAY = "Our file store is not answering."


async def ask(student: Student) -> ExportView:
    async with unit_of_work() as work:
        return await exports.request_export(work, account_id=student.account_id, now=NOON)


async def listed(student: Student) -> list[ExportView]:
    async with unit_of_work() as work:
        part = await exports.list_exports(
            work, account_id=student.account_id, window=Window(), now=clock.now()
        )
    return part.items


async def pack(student: Student, export: ExportView) -> None:
    await carry_out(export_account, account_id=str(student.account_id), export_id=export.id)


async def packed(student: Student) -> zipfile.ZipFile:
    export = await ask(student)
    await pack(student, export)
    key = rules.storage_key(student.account_id, UUID(export.id))
    return zipfile.ZipFile(io.BytesIO(await get_storage().get_bytes(key)))


class TestExport:
    async def test_it_holds_every_table_and_every_file_of_the_student(
        self, student, other_student
    ) -> None:
        await make_everything(student, other_student)
        await make_everything(other_student, student)
        archive = await packed(student)
        names = archive.namelist()
        for table in exports.tables():
            rows = json.loads(archive.read(f"tables/{table}.json"))
            assert rows, table
        files = [name for name in names if name.startswith("files/")]
        assert {name.split("/")[1] for name in files} >= {"voicememo", "resource"}
        assert all(archive.read(name) == BYTES for name in files)
        assert "README.txt" in names
        assert "missing.json" not in names

    async def test_it_holds_the_students_own_uploads_of_a_course(
        self, student, other_student
    ) -> None:
        await make_everything(student, other_student)
        names = (await packed(student)).namelist()
        assert any(name.startswith("files/material/") for name in names)

    async def test_it_holds_nothing_of_anybody_else(self, student, other_student) -> None:
        await make_everything(other_student, student)
        archive = await packed(student)
        for table in exports.tables():
            rows = json.loads(archive.read(f"tables/{table}.json"))
            mine = {"account", "authsession", "export", "buddylink"}
            assert not rows or table in mine, table
        assert not [name for name in archive.namelist() if name.startswith("files/")]

    async def test_it_does_not_tell_who_blocked_the_student(
        self, student, other_student
    ) -> None:
        await make_everything(other_student, student)
        archive = await packed(student)
        assert json.loads(archive.read("tables/block.json")) == []

    async def test_of_groups_it_tells_what_its_members_may_know(
        self, student, other_student
    ) -> None:
        left_one = await group_of(student, other_student, name="Left")
        await group_of(other_student, student, name="Mine too")
        async with unit_of_work() as work:
            for row in (await work.session.exec(select(StudyGroup))).all():
                row.next_session_note = "At the old mill"
        async with unit_of_work() as work:
            await membership.leave(
                work, student=student, group_id=UUID(left_one.id), now=NOON
            )
        archive = await packed(student)
        rows = json.loads(archive.read("tables/studygroup.json"))
        assert [row["name"] for row in rows] == ["Mine too"]
        assert "At the old mill" not in str(rows)
        assert str(other_student.account_id) not in str(rows)

    async def test_no_secret_is_in_it(self, student, other_student) -> None:
        await make_everything(student, other_student)
        async with unit_of_work() as work:
            account = await work.session.get(Account, student.account_id)
            assert account is not None
            account.password_hash = SECRET
        archive = await packed(student)
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert SECRET.encode() not in everything
        for words in (b"sealed", b"password_hash", b"storage_key", b"invite_code"):
            assert words not in everything.replace(b"invite code", b""), words

    async def test_more_rows_than_fit_one_look_all_come(self, student, monkeypatch) -> None:
        monkeypatch.setattr(exports, "ROWS_AT_ONCE", 3)
        async with unit_of_work() as work:
            for number in range(7):
                work.session.add(notification(student, f"c:{number}"))
        archive = await packed(student)
        rows = json.loads(archive.read("tables/notification.json"))
        assert {row["cause"] for row in rows} == {f"c:{number}" for number in range(7)}

    async def test_a_file_that_is_gone_is_named_and_the_rest_comes(
        self, student, other_student
    ) -> None:
        await make_everything(student, other_student)
        await get_storage().remove_folder(f"users/{student.account_id}")
        archive = await packed(student)
        assert json.loads(archive.read("missing.json"))

    async def test_the_student_is_told_when_it_is_ready(self, student) -> None:
        export = await ask(student)
        assert (export.state, export.address) == ("queued", "")
        await pack(student, export)
        (done,) = await listed(student)
        assert (done.state, done.address) == ("done", f"/api/v1/auth/exports/{export.id}")
        assert done.size.endswith("kB")
        assert [item.title for item in await inbox(student)] == [
            "Your data is ready to download"
        ]

    async def test_a_job_that_comes_twice_packs_and_tells_once(self, student) -> None:
        export = await ask(student)
        await pack(student, export)
        await pack(student, export)
        assert len(await inbox(student)) == 1

    async def test_asking_twice_at_once_promises_one(self, student, sent) -> None:
        views = await asyncio.gather(*(ask(student) for _ in range(4)))
        assert len({view.id for view in views}) == 1
        assert [job.name for job in sent] == [JobName.EXPORT_ACCOUNT]

    async def test_after_one_is_done_another_may_be_asked_for(self, student) -> None:
        first = await ask(student)
        await pack(student, first)
        assert (await ask(student)).id != first.id

    async def test_a_store_that_is_away_is_said_and_told(
        self, student, monkeypatch
    ) -> None:
        async def away(*_) -> None:
            raise StorageAwayError(AWAY)

        export = await ask(student)
        monkeypatch.setattr(LocalStorage, "put_file", away)
        await pack(student, export)
        (failed,) = await listed(student)
        assert (failed.state, failed.failure) == (
            "failed",
            AWAY,
        )
        assert [item.kind for item in await inbox(student)] == ["account"]

    async def test_a_silent_one_is_sent_again(self, student, sent, monkeypatch) -> None:
        await ask(student)
        sent.clear()
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=11))
        await carry_out(sweep_unfinished)
        await carry_out(sweep_unfinished)
        assert [job.name for job in sent] == [JobName.EXPORT_ACCOUNT]

    async def test_it_is_not_given_to_anybody_else_nor_too_early_nor_too_late(
        self, student, other_student
    ) -> None:
        export = await ask(student)

        async def get(who: Student, *, days: int = 0) -> str:
            async with unit_of_work() as work:
                return await exports.get_file(
                    work,
                    account_id=who.account_id,
                    export_id=UUID(export.id),
                    now=NOON + timedelta(days=days),
                )

        with pytest.raises(ConflictError):
            await get(student)
        await pack(student, export)
        assert await get(student)
        with pytest.raises(NotFoundError):
            await get(other_student)
        with pytest.raises(NotFoundError):
            await get(student, days=7)


async def leave(student: Student) -> None:
    async with unit_of_work() as work:
        await leaving.request_deletion(work, account_id=student.account_id, now=NOON)


async def tables_that_name(account_id: UUID) -> set[str]:
    """Return every table with a row in which the id stands anywhere."""
    found: set[str] = set()
    async with unit_of_work() as work:
        connection = await work.session.connection()
        for name in SQLModel.metadata.tables:
            statement = text(f'SELECT 1 FROM "{name}" t WHERE t::text LIKE :id LIMIT 1')
            if (await connection.execute(statement, {"id": f"%{account_id}%"})).first():
                found.add(name)
    return found


def files_of(account_id: UUID) -> list[Path]:
    folder = get_settings().storage_dir / f"users/{account_id}"
    return [path for path in folder.rglob("*") if path.is_file()]


class TestDeletion:
    async def test_no_row_and_no_file_names_the_account_any_more(
        self, student, other_student
    ) -> None:
        await make_everything(student, other_student)
        await make_everything(other_student, student)
        async with unit_of_work() as work:
            named = f"account_id={student.account_id}"
            work.session.add(
                TaskFailure(task="x", arguments=named, error="E", created_at=NOON)
            )
        assert len(await tables_that_name(student.account_id)) > 30
        assert files_of(student.account_id)
        await leave(student)
        await carry_out(delete_account, account_id=str(student.account_id))
        assert await tables_that_name(student.account_id) == set()
        assert files_of(student.account_id) == []

    async def test_everybody_else_keeps_what_is_theirs(
        self, student, other_student
    ) -> None:
        await make_everything(student, other_student)
        await make_everything(other_student, student)
        before = await tables_that_name(other_student.account_id)
        kept = files_of(other_student.account_id)
        await leave(student)
        await carry_out(delete_account, account_id=str(student.account_id))
        shared = {"buddylink", "block", "pledge", "groupremoval"}
        assert before - await tables_that_name(other_student.account_id) <= shared
        assert files_of(other_student.account_id) == kept

    async def test_its_sessions_end_at_once_and_nobody_signs_in_meanwhile(
        self, student
    ) -> None:
        async def who() -> Student | None:
            async with unit_of_work() as work:
                return await accounts.student_of_session(
                    work,
                    account_id=student.account_id,
                    session_id=student.session_id,
                    now=NOON,
                )

        assert await who() == student
        await leave(student)
        assert await who() is None
        async with unit_of_work() as work:
            account = await accounts.get_account(work, student.account_id)
        with pytest.raises(ConflictError, match="being deleted"):
            async with unit_of_work() as work:
                await accounts.start_session(work, account=account, user_agent="", now=NOON)

    async def test_it_is_promised_once_and_the_leaderboard_forgets(
        self, student, sent
    ) -> None:
        await asyncio.gather(*(leave(student) for _ in range(3)))
        assert sorted(job.name for job in sent) == [
            JobName.DELETE_ACCOUNT,
            JobName.REFRESH_LEADERBOARD,
        ]

    async def test_a_job_that_comes_twice_or_unasked_does_no_harm(
        self, student, other_student
    ) -> None:
        await carry_out(delete_account, account_id=str(student.account_id))
        assert await tables_that_name(student.account_id)
        await leave(student)
        for _ in range(2):
            await carry_out(delete_account, account_id=str(student.account_id))
        await carry_out(delete_account, account_id=str(uuid4()))
        assert await tables_that_name(other_student.account_id)

    async def test_two_workers_at_once_delete_it_once(self, student) -> None:
        await leave(student)
        jobs = (
            carry_out(delete_account, account_id=str(student.account_id)) for _ in range(3)
        )
        await asyncio.gather(*jobs)
        assert await tables_that_name(student.account_id) == set()

    async def test_what_was_cut_short_is_done_by_the_sweeper(
        self, student, sent, monkeypatch
    ) -> None:
        await leave(student)
        sent.clear()
        await carry_out(sweep_unfinished)
        assert sent == []
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=11))
        await carry_out(sweep_unfinished)
        assert [job.name for job in sent] == [JobName.DELETE_ACCOUNT]

    async def test_a_file_that_comes_while_the_rows_go_is_removed_too(
        self, student, monkeypatch
    ) -> None:
        remove = LocalStorage.remove_folder
        late = [f"users/{student.account_id}/notes/late.md"]

        async def remove_then_put(self, folder) -> None:
            await remove(self, folder)
            if late:
                await get_storage().put_bytes(BYTES, late.pop())

        monkeypatch.setattr(LocalStorage, "remove_folder", remove_then_put)
        await leave(student)
        await carry_out(delete_account, account_id=str(student.account_id))
        assert files_of(student.account_id) == []

    async def test_a_group_goes_with_the_last_one_in_it(
        self, student, other_student
    ) -> None:
        alone = await make_group(student, name="Alone")
        both = await group_of(student, other_student, name="Both")
        old_link = await code_of(student, alone)
        await say(student, alone, "Nobody else reads this")
        shared = await share(student, group_id=UUID(alone.id))
        key = "shared/resources/sheet.pdf"
        await get_storage().put_bytes(BYTES, key)
        async with unit_of_work() as work:
            row = await work.session.get_one(Resource, UUID(shared.id))
            row.storage_key = key
        await leave(student)
        await carry_out(delete_account, account_id=str(student.account_id))
        assert await left(StudyGroup, "id") == {UUID(both.id)}
        assert await left(GroupMessage, "id") == set()
        assert await left(Resource, "id") == set()
        with pytest.raises(FileGoneError):
            await get_storage().get_bytes(key)
        with pytest.raises(NotFoundError):
            await join(other_student, alone, code=old_link)

    async def test_whoever_joins_while_the_last_one_leaves_keeps_the_group(
        self, student, other_student
    ) -> None:
        group = await make_group(student)
        code = await code_of(student, group)
        await leave(student)
        await join(other_student, group, code=code)
        await carry_out(delete_account, account_id=str(student.account_id))
        assert await left(StudyGroup, "id") == {UUID(group.id)}

    async def test_an_export_that_ends_after_its_student_left_leaves_no_file(
        self, student, monkeypatch
    ) -> None:
        export = await ask(student)
        put = LocalStorage.put_file

        async def put_late(self, path, key) -> None:
            await leave(student)
            await carry_out(delete_account, account_id=str(student.account_id))
            await put(self, path, key)

        monkeypatch.setattr(LocalStorage, "put_file", put_late)
        await pack(student, export)
        assert files_of(student.account_id) == []


def notification(
    student: Student, cause: str, *, days: int = 0, read: bool = False
) -> Notification:
    return Notification(
        account_id=student.account_id,
        kind=NotificationKind.SYNC,
        title="Your courses are here",
        cause=cause,
        created_at=NOON - timedelta(days=days),
        read_at=NOON - timedelta(days=days) if read else None,
    )


def failure(name: str, *, days: int, seen: bool) -> TaskFailure:
    moment = NOON - timedelta(days=days)
    return TaskFailure(
        task=name, error="E", created_at=moment, seen_at=moment if seen else None
    )


async def left(kind: type[SQLModel], column: str) -> set[object]:
    async with unit_of_work() as work:
        rows = (await work.session.exec(select(kind))).all()
    return {getattr(row, column) for row in rows}


class TestPruning:
    async def test_sessions_that_ended_long_ago_go(self, student) -> None:
        long_ago, lately = NOON - timedelta(days=31), NOON - timedelta(days=29)
        devices = {
            "ended": (long_ago, NOON),
            "expired": (None, long_ago),
            "ended lately": (lately, lately),
        }
        async with unit_of_work() as work:
            for device, (ended, expires) in devices.items():
                work.session.add(
                    AuthSession(
                        account_id=student.account_id,
                        device=device,
                        created_at=long_ago,
                        ended_at=ended,
                        expires_at=expires,
                    )
                )
        await carry_out(prune_old)
        assert await left(AuthSession, "device") == {"", "ended lately"}

    async def test_old_syncs_go_but_the_newest_of_each_connection(self, student) -> None:
        first, second = await connect(student), await connect(student)
        ages = ((first, 200), (first, 150), (second, 120), (second, 10), (second, 95))
        async with unit_of_work() as work:
            for connection, days in ages:
                work.session.add(run_of(connection, days=days))
        await carry_out(prune_old)
        async with unit_of_work() as work:
            runs = (await work.session.exec(select(SyncRun))).all()
            issues = (await work.session.exec(select(SyncIssue))).all()
        assert {(NOON - run.created_at).days for run in runs} == {150, 10}
        assert {issue.run_id for issue in issues} <= {run.id for run in runs}

    async def test_after_a_long_break_the_last_sync_that_went_through_is_kept(
        self, student
    ) -> None:
        past = await make_past(student)
        connection = past.connection
        async with unit_of_work() as work:
            for days in (300, 200):
                work.session.add(run_of(connection, days=days))
            for days in (190, 180, 170):
                work.session.add(run_of(connection, days=days, state=RunState.FAILED))
            for days in (160, 150):
                work.session.add(run_of(connection, days=days, course_id=past.biology.id))
        await carry_out(prune_old)
        async with unit_of_work() as work:
            runs = (await work.session.exec(select(SyncRun))).all()
        assert {(NOON - run.created_at).days for run in runs} == {200, 170, 150}

    async def test_notifications_that_were_read_long_ago_go(self, student) -> None:
        async with unit_of_work() as work:
            work.session.add_all(
                [
                    notification(student, "old", days=91, read=True),
                    notification(student, "old, unread", days=91),
                    notification(student, "new", days=89, read=True),
                ]
            )
        await carry_out(prune_old)
        assert await left(Notification, "cause") == {"old, unread", "new"}

    async def test_failures_that_somebody_saw_long_ago_go(self, empty_database) -> None:
        async with unit_of_work() as work:
            work.session.add_all(
                [
                    failure("old", days=31, seen=True),
                    failure("old, unseen", days=31, seen=False),
                    failure("new", days=29, seen=True),
                ]
            )
        await carry_out(prune_old)
        assert await left(TaskFailure, "task") == {"old, unseen", "new"}

    async def test_exports_go_after_a_week_with_their_files(
        self, student, monkeypatch
    ) -> None:
        export = await ask(student)
        await pack(student, export)
        key = rules.storage_key(student.account_id, UUID(export.id))
        await carry_out(prune_old)
        assert await get_storage().get_bytes(key)
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=7, seconds=1))
        await carry_out(prune_old)
        assert await left(Export, "id") == set()
        with pytest.raises(FileGoneError):
            await get_storage().get_bytes(key)

    async def test_it_may_run_again(self, student, other_student) -> None:
        await make_everything(student, other_student)
        for _ in range(2):
            await carry_out(prune_old)
        assert await left(Blob, "sha1")


def run_of(connection, *, days: int, **fields) -> SyncRun:
    moment = NOON - timedelta(days=days)
    return SyncRun(
        account_id=connection.account_id,
        connection_id=connection.id,
        **{"state": RunState.DONE} | fields,
        beat_at=moment,
        created_at=moment,
    )


@pytest.mark.parametrize(
    ("word", "fits"),
    [
        ("delete", True),
        (" DELETE ", True),
        ("mina  aalto", True),
        ("", False),
        ("no", False),
    ],
)
async def test_leaving_takes_the_word_or_the_name(student, word, fits) -> None:
    async with unit_of_work() as work:
        account = await accounts.get_account(work, student.account_id)
    if fits:
        await leaving.prove_wish(account, word=word, password="")
        return
    with pytest.raises(Exception, match="type delete or your name"):
        await leaving.prove_wish(account, word=word, password="")


async def test_a_local_account_is_deleted_by_its_password_alone(empty_database) -> None:
    async with unit_of_work() as work:
        account = await accounts.register(
            work,
            email="mina@uni.edu",
            password_hash=await accounts.hash_new_password("correct horse"),
            display_name="Mina",
            time_zone="UTC",
            now=NOON,
        )
    await leaving.prove_wish(account, word="delete", password="correct horse")
    with pytest.raises(Exception, match="not your password") as refusal:
        await leaving.prove_wish(account, word="delete", password="wrong horse")
    assert not isinstance(refusal.value, SignInError)
