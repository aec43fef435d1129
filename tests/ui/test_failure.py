"""A failed event is answered in words."""

import pytest
from structlog.testing import capture_logs

from studymaster.errors import ConflictError, SignInError
from studymaster.ui import failure


def words(spec) -> str:
    return " ".join(str(value) for _, value in spec.args)


def test_an_expected_failure_says_its_own_sentence_as_an_error() -> None:
    spec = failure.show(exception=ConflictError("This card is already in your deck."))
    assert "This card is already in your deck." in words(spec)
    assert "error" in words(spec)


def test_a_signed_out_visitor_is_led_to_sign_in() -> None:
    spec = failure.show(exception=SignInError("You are signed out."))
    assert spec.handler.fn.__name__ == "leave"


@pytest.mark.parametrize("exception", [ValueError("secret detail"), KeyError("x")])
def test_a_bug_is_logged_whole_and_said_without_detail(exception) -> None:
    with capture_logs() as logs:
        spec = failure.show(exception=exception)
    assert "Something broke on our side." in words(spec)
    assert "secret detail" not in words(spec)
    assert [entry["event"] for entry in logs] == ["event_failed"]
    assert logs[0]["exc_info"] is exception
