from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.sync import rules
from tests.conftest import NOON


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=4), "4 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=40), "40 days ago"),
    ],
)
def test_the_past_is_told_in_words(passed, words) -> None:
    assert rules.ago(NOON - passed, now=NOON) == words


def test_what_never_was_is_never() -> None:
    assert rules.ago(None, now=NOON) == "never"


@given(st.integers(0, 80), st.integers(0, 80), st.integers(0, 900), st.integers(0, 900))
def test_a_run_is_never_further_than_done(done, total, fetched, files) -> None:
    courses, parcels = (min(done, total), total), (min(fetched, files), files)
    assert 0 <= rules.percent(courses=courses, files=parcels) <= 100


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((0, 0, 0), "Nothing new."),
        ((1, 0, 0), "1 new item."),
        ((58, 2, 0), "58 new items and 2 changed items."),
        ((0, 1, 1), "1 changed item. 1 item did not come; the list below says why."),
        ((1200, 0, 3), "1,200 new items. 3 items did not come; the list below says why."),
    ],
)
def test_the_outcome_is_one_sentence(counts, sentence) -> None:
    new, changed, failed = counts
    assert rules.outcome(new=new, changed=changed, failed=failed) == sentence


@pytest.mark.parametrize(
    ("start", "listed", "kind"),
    [
        (b"%PDF-1.7 ...", "application/octet-stream", "application/pdf"),
        (b"%PDF-1.7 ...", "", "application/pdf"),
        (b"<html>", "Text/HTML; charset=utf-8", "text/html"),
        (b"", "application/pdf", "application/pdf"),
    ],
)
def test_bytes_are_read_as_what_they_are(start, listed, kind) -> None:
    assert rules.kind_of(start, listed=listed) == kind
