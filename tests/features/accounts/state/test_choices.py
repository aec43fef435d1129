"""The switches and the model of a student, in a tab."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    TooManyRequestsError,
)
from studymaster.features.accounts import service
from studymaster.features.accounts.schemas import FieldProblem
from studymaster.features.accounts.state import ChoicesState
from studymaster.features.accounts.state.choices import SAVED, WORKS
from tests.tabs import tab_of


@pytest.fixture
def endpoint(monkeypatch):
    """A model that answers, on a port that the host allows."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            body = json.dumps({"choices": [{"message": {"content": "ready"}}]}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    host = f"127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("LLM_ALLOWED_HOSTS", host)
    get_settings.cache_clear()
    yield f"http://{host}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def form(address: str, key: str = "sk-own") -> dict[str, str]:
    return {"ai_address": address, "ai_model": "small", "ai_key": key}


async def run(events) -> None:
    async for _ in events:
        pass


async def test_a_switch_is_kept_and_shown(student) -> None:
    tab = tab_of(student, ChoicesState)
    await ChoicesState.load.fn(tab)
    assert not tab.waits
    await ChoicesState.flip.fn(tab, "on_leaderboard", on=True)
    assert tab.chosen.on_leaderboard
    again = tab_of(student, ChoicesState)
    await ChoicesState.load.fn(again)
    assert again.chosen == tab.chosen


@pytest.mark.parametrize("on", ["yes", 1, None, {}])
async def test_only_true_turns_a_switch_on(student, on) -> None:
    tab = tab_of(student, ChoicesState)
    await ChoicesState.flip.fn(tab, "on_leaderboard", on)
    assert not tab.chosen.on_leaderboard


@pytest.mark.parametrize("name", ["", None, "account_id", ["on_leaderboard"]])
async def test_there_is_no_other_switch(student, name) -> None:
    with pytest.raises(InvalidInputError):
        await ChoicesState.flip.fn(tab_of(student, ChoicesState), name, on=True)


class TestMail:
    async def test_it_is_not_shown_where_none_is_sent(self, student) -> None:
        tab = tab_of(student, ChoicesState)
        await ChoicesState.load.fn(tab)
        assert not tab.mail_offered

    async def test_it_goes_to_the_address_of_the_account(
        self, student, monkeypatch
    ) -> None:
        monkeypatch.setenv("SMTP_HOST", "localhost")
        get_settings.cache_clear()
        tab = tab_of(student, ChoicesState)
        await ChoicesState.load.fn(tab)
        assert (tab.mail_offered, tab.mail_address) == (True, "")
        with pytest.raises(ConflictError):
            await ChoicesState.flip_mail.fn(tab, on=True)
        async with unit_of_work() as work:
            account = await service.get_account(work, student.account_id)
            account.email = "mina@example.edu"
        await ChoicesState.load.fn(tab)
        assert tab.mail_address == "mina@example.edu"
        await ChoicesState.flip_mail.fn(tab, on=True)
        assert tab.chosen.notify_by_email
        for off in (False, "yes", None):
            await ChoicesState.flip_mail.fn(tab, off)
            assert not tab.chosen.notify_by_email


class TestModel:
    async def test_it_is_saved_tried_and_removed(self, student, endpoint) -> None:
        tab = tab_of(student, ChoicesState)
        await ChoicesState.save_model.fn(tab, form(endpoint))
        assert tab.chosen.ai_ready
        await run(ChoicesState.try_model.fn(tab))
        assert (tab.model_note, tab.is_trying) == (WORKS, False)
        await ChoicesState.remove_model.fn(tab)
        assert (tab.chosen.ai_ready, tab.model_note) == (False, "")

    async def test_the_key_never_reaches_the_browser(self, student, endpoint) -> None:
        tab = tab_of(student, ChoicesState)
        await ChoicesState.save_model.fn(tab, form(endpoint, key="sk-very-own"))
        assert "sk-very-own" not in str(tab.dict())

    async def test_a_model_that_does_not_answer_says_why(
        self, student, endpoint, monkeypatch
    ) -> None:
        tab = tab_of(student, ChoicesState)
        await ChoicesState.save_model.fn(tab, form(endpoint))
        monkeypatch.setenv("LLM_ALLOWED_HOSTS", "")
        get_settings.cache_clear()
        with pytest.raises(InvalidInputError, match="cannot be used"):
            await run(ChoicesState.try_model.fn(tab))
        assert (tab.model_note, tab.is_trying) == ("", False)

    async def test_without_a_model_there_is_nothing_to_try(self, student) -> None:
        with pytest.raises(NotFoundError):
            await run(ChoicesState.try_model.fn(tab_of(student, ChoicesState)))

    async def test_it_is_tried_ten_times_a_minute(self, student) -> None:
        tab = tab_of(student, ChoicesState)
        for _ in range(10):
            with pytest.raises(NotFoundError):
                await run(ChoicesState.try_model.fn(tab))
        with pytest.raises(TooManyRequestsError):
            await run(ChoicesState.try_model.fn(tab))

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({}, "address"),
            ({"ai_address": "http://127.0.0.1/v1", "ai_model": "m"}, "address"),
            ({"ai_address": None, "ai_model": 7}, "address"),
            ({"ai_address": "https://api.example.com/\x00", "ai_model": ""}, "model"),
            ({"ai_address": "https://api.example.com/\ud800v1", "ai_model": ""}, "model"),
        ],
    )
    async def test_bad_input_gets_a_sentence_at_its_field(
        self, student, wrong, field: str
    ) -> None:
        tab = tab_of(student, ChoicesState)
        event = await ChoicesState.save_model.fn(tab, wrong)
        assert tab.problem.field == f"ai_{field}"
        assert tab.problem.sentence.endswith(".")
        assert f"field_ai_{field}" in str(event)
        assert (tab.chosen.ai_ready, tab.saved, tab.model_note) == (False, 0, "")

    async def test_each_field_has_its_own_sentence(self, student, endpoint) -> None:
        tab = tab_of(student, ChoicesState)
        for changed in ({"ai_model": ""}, {"ai_key": "x" * 501}):
            await ChoicesState.save_model.fn(tab, form(endpoint) | changed)
            assert [tab.problem.field] == [*changed]
        await ChoicesState.save_model.fn(tab, form(endpoint))
        assert (tab.problem, tab.model_note) == (FieldProblem(), SAVED)
