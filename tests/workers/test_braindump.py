from collections.abc import Iterator
from uuid import UUID

import pytest
from cryptography.fernet import Fernet

from studymaster.adapters import vault
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.features.braindump.service import memos
from studymaster.models import Preferences
from tests.conftest import NOON
from tests.features.braindump.service.test_memos import recorded, view
from tests.jobs import carry_out
from tests.workers.answering import answering
from workers.braindump import transcribe_memo


@pytest.fixture
def endpoint(monkeypatch) -> Iterator[list[tuple[int, dict]]]:
    """Something on a real socket that takes sound; it gives these answers in turn."""
    answers: list[tuple[int, dict]] = []

    def reply(_headers, sound: bytes) -> tuple[int, object]:
        status, told = answers.pop(0)
        if b"RIFF" in sound and b"whisper-1" in sound and b".wav" in sound:
            return status, told
        return 400, {"error": "no sound"}

    with answering(reply, monkeypatch):
        yield answers


async def promised(student, tmp_path) -> tuple[str, dict[str, str]]:
    memo = await recorded(student, tmp_path)
    async with unit_of_work() as work:
        await memos.request_transcript(
            work, account_id=student.account_id, memo_id=UUID(memo.id), now=NOON
        )
    return memo.id, {"account_id": str(student.account_id), "memo_id": memo.id}


async def test_what_was_said_comes_back_as_words(student, tmp_path, endpoint) -> None:
    endpoint.append((200, {"text": " Osmosis moves water. "}))
    memo_id, job = await promised(student, tmp_path)
    await carry_out(transcribe_memo, **job)
    memo = await view(student, memo_id)
    assert (memo.state, memo.transcript) == ("done", "Osmosis moves water.")


async def test_a_job_that_comes_twice_asks_once(student, tmp_path, endpoint) -> None:
    endpoint.append((200, {"text": "Once"}))
    memo_id, job = await promised(student, tmp_path)
    for _ in range(2):
        await carry_out(transcribe_memo, **job)
    assert ((await view(student, memo_id)).transcript, endpoint) == ("Once", [])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((500, {}), "does not answer"),
        ((401, {}), "does not accept the key"),
        ((429, {}), "too much to do"),
        ((404, {}), "does not turn speech into words"),
        ((200, {"words": 3}), "does not turn speech into words"),
    ],
)
async def test_a_failure_becomes_a_sentence_beside_the_recording(
    student, tmp_path, endpoint, answer, words
) -> None:
    endpoint.append(answer)
    memo_id, job = await promised(student, tmp_path)
    await carry_out(transcribe_memo, **job)
    memo = await view(student, memo_id)
    assert (memo.state, words in memo.failure) == ("failed", True), memo.failure


async def test_an_endpoint_that_was_taken_away_is_said(
    student, tmp_path, endpoint, monkeypatch
) -> None:
    memo_id, job = await promised(student, tmp_path)
    monkeypatch.delenv("LLM_BASE_URL")
    get_settings.cache_clear()
    await carry_out(transcribe_memo, **job)
    assert "no AI endpoint" in (await view(student, memo_id)).failure


async def test_a_recording_that_was_deleted_meanwhile_is_let_go(
    student, tmp_path, endpoint
) -> None:
    memo_id, job = await promised(student, tmp_path)
    async with unit_of_work() as work:
        await memos.remove(work, account_id=student.account_id, memo_id=UUID(memo_id))
    await carry_out(transcribe_memo, **job)
    assert endpoint == []


async def test_a_key_that_nobody_can_open_any_more_is_said(
    student, tmp_path, endpoint, monkeypatch
) -> None:
    memo_id, job = await promised(student, tmp_path)
    await own_key(student, "sk-own")
    monkeypatch.setenv("FERNET_KEYS", Fernet.generate_key().decode())
    get_settings.cache_clear()
    await carry_out(transcribe_memo, **job)
    memo = await view(student, memo_id)
    assert (memo.state, "Type it again" in memo.failure) == ("failed", True)


async def test_a_fault_of_ours_ends_the_promise_and_is_noted(
    student, tmp_path, endpoint
) -> None:
    memo_id, job = await promised(student, tmp_path)
    await own_key(student, "sk-schlüssel")
    with pytest.raises(UnicodeError):
        await carry_out(transcribe_memo, **job)
    memo = await view(student, memo_id)
    assert (memo.state, memo.failure) == ("failed", memos.BROKEN)


async def own_key(student, key: str) -> None:
    async with unit_of_work() as work:
        row = Preferences(
            account_id=student.account_id,
            ai_address=get_settings().llm_base_url,
            ai_model="small",
            ai_sealed_key=vault.seal(key),
        )
        work.session.add(row)
