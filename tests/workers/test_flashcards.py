import asyncio
import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

from studymaster.adapters import vault
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.config import get_settings
from studymaster.features.flashcards.service import generation
from studymaster.models import Generation, Preferences, Proposal, RunState
from tests.conftest import NOON, make_student
from tests.features.flashcards.pile import QUOTE
from tests.features.library.shelf import make_lecture
from tests.workers.answering import answering
from workers.app import _runner
from workers.flashcards import generate


def in_own_loop(work):
    """Run the test's side on a loop and a pool of its own, as another process would."""

    async def whole():
        get_engine.cache_clear()
        try:
            return await work()
        finally:
            await get_engine().dispose()
            get_engine.cache_clear()

    return asyncio.run(whole())


@pytest.fixture
def promise(services) -> Iterator[dict[str, str]]:
    async def prepare() -> dict[str, str]:
        names = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
        async with get_engine().begin() as connection:
            await connection.execute(text(f"TRUNCATE {names} CASCADE"))
        student = await make_student("Mina Aalto")
        material = await make_lecture(student)
        async with unit_of_work() as work:
            view = await generation.request_generation(
                work, student=student, material_id=material.id, now=NOON
            )
        return {"account_id": str(student.account_id), "generation_id": view.id}

    yield in_own_loop(prepare)
    _runner().run(get_engine().dispose())
    get_engine.cache_clear()


def outcome() -> tuple[Generation, list[Proposal]]:
    async def read():
        async with unit_of_work() as work:
            row = (await work.session.exec(select(Generation))).one()
            return row, list((await work.session.exec(select(Proposal))).all())

    _runner().run(get_engine().dispose())
    return in_own_loop(read)


@pytest.fixture
def keys() -> list[str]:
    """The keys that the model was shown, in order."""
    return []


@pytest.fixture
def model(monkeypatch, keys) -> Iterator[list[tuple[int, object]]]:
    """A model on a real socket; it gives the answers of the list one after the other."""
    answers: list[tuple[int, object]] = []

    def reply(headers, _asked: bytes) -> tuple[int, object]:
        keys.append(headers["Authorization"].removeprefix("Bearer "))
        status, content = answers.pop(0)
        message = {"role": "assistant", "content": json.dumps(content)}
        return status, {"choices": [{"message": message}]}

    monkeypatch.setenv("LLM_API_KEY", "key")
    with answering(reply, monkeypatch):
        yield answers


def card(**changes: object) -> dict[str, object]:
    good = {
        "kind": "basic",
        "front": "What builds proteins?",
        "back": "A ribosome.",
        "page": 1,
        "quote": QUOTE,
    }
    return good | changes


def test_the_rules_find_cards_in_a_real_lecture(promise) -> None:
    generate(**promise)
    row, proposals = outcome()
    assert (row.state, row.maker, row.failure) == (RunState.DONE, "rules", None)
    assert row.found_count == len(proposals) > 0
    assert {proposal.page for proposal in proposals} == {1, 2}


def test_the_same_job_twice_in_one_process_writes_once(promise) -> None:
    for _ in range(2):
        generate(**promise)
    row, proposals = outcome()
    assert row.found_count == len(proposals) > 0
    assert len({proposal.front for proposal in proposals}) == len(proposals)


def test_a_model_makes_the_cards_and_invented_quotes_are_left_out(promise, model) -> None:
    invented = card(front="Who?", quote="Cells were invented on a Tuesday.")
    model.append((200, {"cards": [card(), invented]}))
    generate(**promise)
    row, proposals = outcome()
    assert (row.state, row.maker) == (RunState.DONE, "model")
    assert (row.found_count, row.refused_count) == (1, 1)
    assert [proposal.front for proposal in proposals] == ["What builds proteins?"]


def test_a_model_that_is_away_leaves_a_sentence(promise, model) -> None:
    model.append((500, {}))
    generate(**promise)
    row, proposals = outcome()
    assert (row.state, proposals) == (RunState.FAILED, [])
    assert row.failure == "The model does not answer at the moment. Try again in a minute."


def test_a_job_without_its_promise_does_nothing(promise) -> None:
    generate(account_id=promise["account_id"], generation_id=str(uuid4()))
    generate(account_id=str(uuid4()), generation_id=promise["generation_id"])
    row, proposals = outcome()
    assert (row.state, proposals) == (RunState.QUEUED, [])


def choose_model(promise: dict[str, str], *, sealed_key: str) -> None:
    """Let the student name the running model as their own."""
    address = get_settings().llm_base_url

    async def keep() -> None:
        async with unit_of_work() as work:
            work.session.add(
                Preferences(
                    account_id=UUID(promise["account_id"]),
                    ai_address=address,
                    ai_model="their-own",
                    ai_sealed_key=sealed_key,
                )
            )

    in_own_loop(keep)


def test_the_students_own_model_is_asked_with_their_own_key(promise, model, keys) -> None:
    choose_model(promise, sealed_key=vault.seal("mine alone"))
    model.append((200, {"cards": [card()]}))
    generate(**promise)
    row, proposals = outcome()
    assert (row.maker, len(proposals), keys) == ("model", 1, ["mine alone"])


def test_a_key_that_cannot_be_opened_any_more_is_said_so(promise, model, keys) -> None:
    choose_model(promise, sealed_key="sealed by somebody else")
    generate(**promise)
    row, proposals = outcome()
    assert (row.state, proposals, keys) == (RunState.FAILED, [], [])
    assert "Your AI key cannot be opened" in row.failure
