"""What the log of a host shows."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
import structlog

from studymaster.adapters import logs
from studymaster.config import get_settings


@pytest.fixture
def as_maker(monkeypatch) -> Iterator[None]:
    monkeypatch.setenv("STUDYMASTER_MODE", "embedded")
    get_settings.cache_clear()
    yield
    structlog.reset_defaults()


@pytest.fixture
def as_host(monkeypatch) -> Iterator[None]:
    monkeypatch.setenv("STUDYMASTER_MODE", "production")
    get_settings.cache_clear()
    yield
    structlog.reset_defaults()


def test_production_writes_one_json_line_an_event(as_host, capsys) -> None:
    logs.configure()
    structlog.get_logger().info("moodle_sync_completed", items_synced=3)
    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["items_synced"], line["level"]) == (
        "moodle_sync_completed",
        3,
        "info",
    )


@pytest.mark.parametrize(("level", "lines"), [("ERROR", 0), ("INFO", 1), ("nonsense", 1)])
def test_the_level_is_a_setting(as_host, monkeypatch, capsys, level, lines) -> None:
    monkeypatch.setenv("LOG_LEVEL", level)
    get_settings.cache_clear()
    logs.configure()
    structlog.get_logger().info("something")
    assert len(capsys.readouterr().out.splitlines()) == lines


def test_an_exception_is_one_line_too(as_host, capsys) -> None:
    logs.configure()
    try:
        raise ValueError("two\nlines")  # noqa: EM101, TRY003, TRY301
    except ValueError:
        structlog.get_logger().exception("event_failed")
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["exception"][0]["exc_type"] == "ValueError"


@pytest.mark.parametrize("reader", ["as_host", "as_maker"])
def test_what_a_failed_function_held_is_not_written_down(request, reader, capsys) -> None:
    request.getfixturevalue(reader)
    logs.configure()
    secret = uuid4().hex

    def read(cookie: str) -> None:
        {}[len(cookie)]

    try:
        read(secret)
    except KeyError:
        structlog.get_logger().exception("event_failed")
    written = capsys.readouterr().out
    assert "KeyError" in written
    assert "test_logs.py" in written
    assert secret not in written


@pytest.mark.parametrize(
    "name",
    ["token", "access_token", "Password", "email", "api_key", "cookie", "Authorization"],
)
@pytest.mark.parametrize("reader", ["as_host", "as_maker"])
def test_a_field_that_holds_a_secret_is_written_without_it(
    request, reader, capsys, name
) -> None:
    request.getfixturevalue(reader)
    logs.configure()
    secret = uuid4().hex
    structlog.get_logger().info("signed_in", account_id="7", **{name: secret})
    structlog.get_logger().info("signed_in", account_id="7", request={name: secret})
    written = capsys.readouterr().out
    assert written.count("[removed]") == 2
    assert written.count("signed_in") == 2
    assert secret not in written
