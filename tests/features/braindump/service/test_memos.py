import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import LocalStorage, get_storage
from studymaster.config import get_settings
from studymaster.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    UpstreamError,
)
from studymaster.features.accounts.service import leaving
from studymaster.features.braindump import rules
from studymaster.features.braindump.service import memos, notes
from studymaster.jobs import JobName
from tests.conftest import NOON
from tests.features.braindump.service.test_notes import caught
from tests.features.braindump.sounds import wav
from tests.jobs import carry_out
from tests.waiting import until_it_waits
from workers.accounts import delete_account


async def recorded(student, tmp_path: Path, *, data: bytes | None = None, **given):
    note_id = given.get("note_id") or UUID((await caught(student, "With a voice")).id)
    path = tmp_path / "upload"
    path.write_bytes(wav() if data is None else data)
    return await memos.store(
        path,
        account_id=student.account_id,
        note_id=note_id,
        memo_id=given.get("memo_id") or uuid4(),
        seconds=given.get("seconds", 3),
        now=NOON,
    )


@pytest.fixture
def with_model(monkeypatch) -> None:
    monkeypatch.setenv("LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("LLM_MODEL", "small")
    get_settings.cache_clear()


async def view(student, memo_id: str):
    async with unit_of_work() as work:
        row = await memos._memo(work, student.account_id, UUID(memo_id))
        note = await notes.get_note(
            work, account_id=student.account_id, note_id=row.note_id
        )
    return next(memo for memo in note.memos if memo.id == memo_id)


async def test_a_recording_lies_in_the_students_own_folder(student, tmp_path) -> None:
    memo = await recorded(student, tmp_path)
    async with unit_of_work() as work:
        recording = await memos.get_recording(
            work, account_id=student.account_id, memo_id=UUID(memo.id)
        )
    assert recording.storage_key == f"users/{student.account_id}/audio/{memo.id}.wav"
    assert await get_storage().get_bytes(recording.storage_key) == wav()
    assert (memo.seconds, memo.size, memo.state) == (3, "3 kB", "")


async def test_a_recording_sent_twice_at_once_is_kept_once(student, tmp_path) -> None:
    note = await caught(student, "With a voice")
    one = {"note_id": UUID(note.id), "memo_id": uuid4()}
    both = await asyncio.gather(*[recorded(student, tmp_path, **one) for _ in range(2)])
    assert both[0] == both[1]
    async with unit_of_work() as work:
        kept = await notes.get_note(
            work, account_id=student.account_id, note_id=one["note_id"]
        )
    assert len(kept.memos) == 1


@pytest.mark.parametrize("data", [b"", b"<html><script>alert(1)</script>", b"%PDF-1.7 ..."])
async def test_what_is_no_recording_is_refused(student, tmp_path, data: bytes) -> None:
    with pytest.raises(InvalidInputError, match="not a recording"):
        await recorded(student, tmp_path, data=data)


async def test_a_recording_that_is_too_large_is_refused(student, tmp_path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as stream:
        stream.write(wav())
        stream.truncate(rules.MEMO_MAX_BYTES + 1)
    with pytest.raises(InvalidInputError, match="25 MB"):
        memos.recording_of(path, account_id=student.account_id, memo_id=uuid4())


@pytest.mark.parametrize("seconds", [-5, 0, rules.MEMO_MAX_SECONDS + 1, 10**9])
async def test_a_length_that_no_recording_has_is_refused(
    student, tmp_path, seconds: int
) -> None:
    with pytest.raises(InvalidInputError, match="1 to 3,600 seconds"):
        await recorded(student, tmp_path, seconds=seconds)
    assert files_of(student) == []


@pytest.mark.parametrize(
    ("measured", "said"), [(1, "0:01"), (rules.MEMO_MAX_SECONDS, "60:00"), (None, "")]
)
async def test_a_recording_says_how_long_it_is_if_anybody_measured_it(
    student, tmp_path, measured: int | None, said: str
) -> None:
    memo = await recorded(student, tmp_path, seconds=measured)
    assert (memo.duration, (await view(student, memo.id)).duration) == (said, said)


async def test_another_students_recording_is_not_there(
    student, other_student, tmp_path
) -> None:
    memo = await recorded(student, tmp_path)
    one = {"account_id": other_student.account_id, "memo_id": UUID(memo.id)}
    calls = [
        lambda work: memos.get_recording(work, **one),
        lambda work: memos.remove(work, **one),
        lambda work: memos.request_transcript(work, **one, now=NOON),
        lambda work: memos.take_words_over(work, **one, now=NOON),
    ]
    for call in calls:
        with pytest.raises(NotFoundError):
            async with unit_of_work() as work:
                await call(work)
    note = await caught(student, "Mine")
    with pytest.raises(NotFoundError):
        await recorded(other_student, tmp_path, note_id=UUID(note.id))
    with pytest.raises(NotFoundError):
        await recorded(other_student, tmp_path, memo_id=UUID(memo.id))


async def test_without_a_model_the_sentence_says_so(student, tmp_path, sent) -> None:
    memo = await recorded(student, tmp_path)
    with pytest.raises(ConflictError, match="no AI endpoint"):
        async with unit_of_work() as work:
            await memos.request_transcript(
                work, account_id=student.account_id, memo_id=UUID(memo.id), now=NOON
            )
    assert sent == []


async def promised(student, tmp_path):
    memo = await recorded(student, tmp_path)
    for _ in range(2):
        async with unit_of_work() as work:
            await memos.request_transcript(
                work, account_id=student.account_id, memo_id=UUID(memo.id), now=NOON
            )
    return {"account_id": student.account_id, "memo_id": UUID(memo.id)}, memo.id


@pytest.mark.usefixtures("with_model")
async def test_a_transcript_asked_for_twice_is_promised_once(
    student, tmp_path, sent
) -> None:
    _, memo_id = await promised(student, tmp_path)
    assert [job.name for job in sent] == [JobName.TRANSCRIBE_MEMO]
    assert (await view(student, memo_id)).state == "queued"


@pytest.mark.usefixtures("with_model")
async def test_the_words_come_beside_the_recording_and_into_the_note_on_demand(
    student, tmp_path
) -> None:
    one, memo_id = await promised(student, tmp_path)
    async with unit_of_work() as work:
        assert await memos.start_transcript(work, **one, now=NOON)
        await memos.finish_transcript(work, **one, words="Said aloud", now=NOON)
        await memos.finish_transcript(work, **one, words="Said again", now=NOON)
    memo = await view(student, memo_id)
    assert (memo.state, memo.transcript) == ("done", "Said aloud")
    for _ in range(2):
        async with unit_of_work() as work:
            note = await memos.take_words_over(work, **one, now=NOON)
    assert note.text == "With a voice\n\n> Said aloud\n"


@pytest.mark.usefixtures("with_model")
async def test_a_failure_is_said_and_can_be_tried_again(student, tmp_path, sent) -> None:
    one, memo_id = await promised(student, tmp_path)
    async with unit_of_work() as work:
        await memos.start_transcript(work, **one, now=NOON)
        await memos.fail_transcript(
            work, **one, error=UpstreamError("It is away."), now=NOON
        )
    memo = await view(student, memo_id)
    assert (memo.state, memo.failure) == ("failed", "It is away.")
    async with unit_of_work() as work:
        await memos.request_transcript(work, **one, now=NOON)
    assert len(sent) == 2


@pytest.mark.usefixtures("with_model")
async def test_a_silent_promise_is_asked_for_again(student, tmp_path, sent) -> None:
    await promised(student, tmp_path)
    for minutes in (1, 30):
        async with unit_of_work() as work:
            await memos.resend_silent(
                work, before=NOON + timedelta(minutes=minutes - 5), now=NOON
            )
    assert len(sent) == 2


async def test_deleting_for_good_needs_the_bin_and_names_the_bytes(
    student, tmp_path
) -> None:
    note = await caught(student, "Old")
    memo = await recorded(student, tmp_path, note_id=UUID(note.id))
    one = {"account_id": student.account_id, "note_id": UUID(note.id)}
    with pytest.raises(ConflictError, match="bin first"):
        async with unit_of_work() as work:
            await memos.delete_for_good(work, **one)
    async with unit_of_work() as work:
        await notes.delete(work, **one, now=NOON)
        remains = await memos.delete_for_good(work, **one)
    assert remains.recordings == (f"users/{student.account_id}/audio/{memo.id}.wav",)
    async with unit_of_work() as work:
        with pytest.raises(NotFoundError):
            await notes.get_note(work, **one)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("first", "other"),
    [("recording", "recording"), ("note", "note"), ("note", "recording")],
)
async def test_what_is_deleted_twice_at_once_is_deleted_once(
    student, tmp_path, first: str, other: str
) -> None:
    note = await caught(student, "Old")
    memo = await recorded(student, tmp_path, note_id=UUID(note.id))
    one = {"account_id": student.account_id, "note_id": UUID(note.id)}
    the_memo = {"account_id": student.account_id, "memo_id": UUID(memo.id)}
    ways = {
        "recording": partial(memos.remove, **the_memo),
        "note": partial(memos.delete_for_good, **one),
    }

    async def late() -> None:
        async with unit_of_work() as work:
            await ways[other](work)

    async with unit_of_work() as work:
        await notes.delete(work, **one, now=NOON)
    async with unit_of_work() as work:
        await ways[first](work)
        task = asyncio.create_task(late())
        await until_it_waits(task)
    with pytest.raises(NotFoundError):
        await task
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await memos.get_recording(work, **the_memo)


async def test_a_recording_for_a_note_that_is_just_deleted_finds_none(
    student, tmp_path
) -> None:
    note = await caught(student, "Old")
    one = {"account_id": student.account_id, "note_id": UUID(note.id)}
    async with unit_of_work() as work:
        await notes.delete(work, **one, now=NOON)
        await memos.delete_for_good(work, **one)
        task = asyncio.create_task(recorded(student, tmp_path, note_id=UUID(note.id)))
        await until_it_waits(task)
    with pytest.raises(NotFoundError):
        await task
    assert files_of(student) == []


def files_of(student) -> list[Path]:
    folder = get_settings().storage_dir / f"users/{student.account_id}"
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_bytes_that_come_after_the_account_left_are_removed(
    student, tmp_path, monkeypatch
) -> None:
    note = await caught(student, "With a voice")
    put = LocalStorage.put_file

    async def put_late(self, path, key) -> None:
        async with unit_of_work() as work:
            await leaving.request_deletion(work, account_id=student.account_id, now=NOON)
        await carry_out(delete_account, account_id=str(student.account_id))
        await put(self, path, key)

    monkeypatch.setattr(LocalStorage, "put_file", put_late)
    with pytest.raises(NotFoundError):
        await recorded(student, tmp_path, note_id=UUID(note.id))
    assert files_of(student) == []


async def test_a_second_try_that_fails_takes_nothing_from_the_first(
    student, tmp_path, monkeypatch
) -> None:
    other = await caught(student, "Another one")
    memo = await recorded(student, tmp_path)
    put = LocalStorage.put_file

    async def put_late(self, path, key) -> None:
        await put(self, path, key)
        one = {"account_id": student.account_id, "note_id": UUID(other.id)}
        async with unit_of_work() as work:
            await notes.delete(work, **one, now=NOON)
            await memos.delete_for_good(work, **one)

    monkeypatch.setattr(LocalStorage, "put_file", put_late)
    with pytest.raises(NotFoundError):
        await recorded(student, tmp_path, note_id=UUID(other.id), memo_id=UUID(memo.id))
    assert [path.name for path in files_of(student)] == [f"{memo.id}.wav"]
