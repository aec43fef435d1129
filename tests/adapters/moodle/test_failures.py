"""Each failure of a Moodle site has one stable name and a sentence for the student."""

import re

import pytest

from studymaster.adapters.moodle.failures import (
    NAMED,
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
