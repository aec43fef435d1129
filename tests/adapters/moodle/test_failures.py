"""Each failure of a Moodle site has one stable name and a sentence for the student."""

import re

import pytest

from studymaster.adapters.moodle.failures import (
    NAMED,
    AddressRefusedError,
    MaintenanceError,
    MovedError,
    UnexpectedAnswerError,
    name_failure,
)
from studymaster.errors import UpstreamError
from tests.adapters.moodle.golden import FAILURES


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_says_what_happened_in_whole_sentences(failure) -> None:
    sentence = failure.sentence.format(host="moodle.example.edu")
    assert issubclass(failure, UpstreamError)
    assert re.fullmatch(r"[a-z_]+", failure.code)
    assert 400 <= failure.status <= 599
    assert sentence.endswith(".")
    assert "!" not in sentence
    assert "{" not in sentence


def test_every_failure_has_its_own_code_and_sentence() -> None:
    assert len({f.sentence for f in FAILURES.values()}) == len(FAILURES)
    assert set(NAMED.values()) <= set(FAILURES.values())


def test_a_code_that_is_a_sentence_is_no_name_but_is_kept_for_the_log() -> None:
    failure = name_failure("Limit must be between 1 and 50", "<b>no</b>", host="h")
    assert type(failure) is UnexpectedAnswerError
    assert failure.detail == "Limit must be between 1 and 50: no"


def test_a_moved_site_tells_its_new_address() -> None:
    failure = MovedError("old.example.edu", address="https://new.example.edu")
    assert "https://new.example.edu" in failure.message
    assert str(failure) == failure.message


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_it_can_be_said_again_to_who_connects_a_site(failure) -> None:
    error = failure("moodle.example.edu")
    error.reword("Lindmark University", until="16:05", connecting=True)
    assert error.message == str(error)
    assert "sync again" not in error.message or error.code in ONLY_IN_A_SYNC
    assert "{" not in error.message


ONLY_IN_A_SYNC = {"policy_not_agreed", "password_change_required"}


def test_the_name_of_the_site_is_kept_once_it_is_known() -> None:
    error = MaintenanceError("moodle.example.edu", retry_after=300)
    assert error.message.startswith("moodle.example.edu is closed for maintenance.")
    error.reword("Lindmark University")
    error.reword(until="16:05")
    assert error.message == (
        "Lindmark University is closed for maintenance and asks for a pause until 16:05. "
        "Nothing is lost; sync again after that."
    )


def test_what_is_wrong_with_an_address_is_said_as_it_is() -> None:
    error = AddressRefusedError("That is no address.")
    error.reword("Lindmark University", until="16:05", connecting=True)
    assert error.message == "That is no address."


def test_a_moved_site_goes_on_telling_its_address() -> None:
    error = MovedError("old.example.edu", address="https://new.example.edu")
    error.reword("Lindmark University")
    assert error.message == (
        "Lindmark University has moved. Use the address https://new.example.edu instead."
    )
