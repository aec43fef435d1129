from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.flashcards.page import lecture
from studymaster.features.sync import rules
from studymaster.models import ChangeKind
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


@pytest.mark.parametrize(
    ("differs", "listed", "renamed", "moved", "what"),
    [
        (False, True, False, False, None),
        (True, True, False, False, "changed"),
        (True, False, True, True, "changed"),
        (False, False, True, True, "back"),
        (False, True, True, True, "renamed"),
        (False, True, False, True, "moved"),
    ],
)
def test_of_several_changes_the_weightiest_counts(
    *, differs, listed, renamed, moved, what
) -> None:
    found = rules.change_of(differs=differs, listed=listed, renamed=renamed, moved=moved)
    assert found == what


def test_every_change_has_its_words() -> None:
    assert set(rules.WORDS) == {kind.value for kind in ChangeKind}
    assert set(rules.TOLD) <= set(rules.WORDS)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "under a second"),
        (0.9, "under a second"),
        (-3, "under a second"),
        (1, "1 s"),
        (59, "59 s"),
        (60, "1 min 00 s"),
        (3_725, "62 min 05 s"),
    ],
)
def test_a_run_took_as_long_as_it_took(seconds, words) -> None:
    assert rules.took(NOON, NOON + timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 MB"),
        (1, "1 kB"),
        (340_000, "340 kB"),
        (1_000_000, "1.0 MB"),
        (2_640_000, "2.6 MB"),
    ],
)
def test_bytes_are_told_as_a_reader_knows_them(size_bytes, words) -> None:
    assert rules.size(size_bytes) == words


@pytest.mark.parametrize(
    ("files", "size_bytes", "failed", "words"),
    [
        (27, 2_600_000, 0, "27 files fetched · 2.6 MB"),
        (1, 0, 0, "1 file fetched"),
        (0, 0, 0, "no files fetched"),
        (27, 2_600_000, 2, "27 files asked for · 2.6 MB"),
    ],
)
def test_files_are_said_to_be_fetched_where_all_were(
    files, size_bytes, failed, words
) -> None:
    assert rules.fetched(files, size_bytes=size_bytes, failed=failed) == words


@pytest.mark.parametrize(
    ("firsts", "counted", "listed", "stopped", "said"),
    [
        ([12, 46], 58, 0, False, "The first sync of 2 courses: 58 items. Later syncs "),
        ([1], 3, 2, False, "The first sync of 1 course: 1 item. Later syncs "),
        ([], 0, 0, False, "Nothing was different."),
        ([], 0, 0, True, "It stopped before it found anything."),
        ([], 5, 0, False, "What it found is not here any more."),
    ],
)
def test_nothing_is_said_to_be_different_only_when_nothing_was(
    *, firsts, counted, listed, stopped, said
) -> None:
    words = rules.found(firsts, counted=counted, listed=listed, stopped=stopped)
    assert words.startswith(said)


def test_a_list_of_what_was_found_says_all_there_is() -> None:
    assert rules.found([], counted=2, listed=2, stopped=False) == ""


def test_what_never_began_took_no_time() -> None:
    assert rules.took(None, NOON) == ""


@pytest.mark.parametrize(
    ("counts", "failed", "told"),
    [
        ([], 0, None),
        ([("BIO", "moved", 3), ("BIO", "gone", 1), ("BIO", "renamed", 1)], 0, None),
        ([("BIO", "new", 1)], 0, ("1 thing is new in Moodle", "BIO: 1 new.")),
        (
            [("BIO", "new", 2), ("BIO", "changed", 1), ("CHEM", "back", 1)],
            2,
            (
                "4 things are new in Moodle",
                "BIO: 2 new, 1 new version. CHEM: 1 back in Moodle. 2 items did not come.",
            ),
        ),
        ([], 1, ("Something did not come from Moodle", "1 item did not come.")),
    ],
)
def test_a_notification_says_what_is_new_where(counts, failed, told) -> None:
    assert rules.news(counts, failed=failed) == told


def test_a_course_that_is_new_is_told_beside_what_is_new_elsewhere() -> None:
    arrived = [("CHEM", 12), ("DATA", 1), ("SCAN", 0)]
    assert rules.news([("BIO", "new", 2)], failed=0, arrived=arrived) == (
        "5 things are new in Moodle",
        (
            "CHEM is here: 12 lectures and other texts. "
            "DATA is here: 1 lecture or other text. SCAN is here. BIO: 2 new."
        ),
    )


@pytest.mark.parametrize(
    ("arrived", "title", "text"),
    [
        (
            [("BIO", 12), ("CHEM", 49)],
            "Your courses are here",
            "2 courses with 61 lectures and other texts. Make cards from one in Smart Study.",
        ),
        (
            [("BIO", 1)],
            "Your course is here",
            "1 course with 1 lecture or other text. Make cards from one in Smart Study.",
        ),
        (
            [("BIO", 0)],
            "Your course is here",
            "1 course, with no text to make cards from yet. The next syncs bring what comes.",
        ),
        (
            [],
            "Moodle lists no courses for you yet",
            "Once you are enrolled in one, the next sync brings it.",
        ),
    ],
)
def test_the_first_sync_says_what_is_here_and_what_to_do_with_it(
    arrived, title, text
) -> None:
    assert rules.first_news(arrived) == (title, text)


@pytest.mark.parametrize(
    ("seconds", "ahead", "said"),
    [
        (29, 4, "It starts by itself."),
        (30, 0, "It has waited for 30 s: the worker is busy with other things, or away."),
        (125, 1, "It has waited for 2 min: 1 sync of another student goes first."),
        (7_300, 3, "It has waited for 2 h: 3 syncs of others go first."),
        (200_000, 0, "It has waited for 55 h: the worker is busy"),
    ],
)
def test_a_run_that_waits_says_for_how_long_and_why(seconds, ahead, said) -> None:
    words = rules.waiting(timedelta(seconds=seconds), ahead=ahead)
    assert words.startswith(said)
    assert "It starts by itself" in words


def test_what_is_gone_has_no_page() -> None:
    assert rules.lecture_path("some-id", what="gone") == ""
    page = rules.lecture_path("some-id", what="new")
    assert page == lecture.ROUTE.replace("[material_id]", "some-id")


def test_a_run_that_stopped_says_when_it_is_tried_again() -> None:
    asked = datetime(2030, 1, 16, 12, 10, tzinfo=UTC)
    berlin = rules.hope(asked, automatic=True, zone="Europe/Berlin")
    assert berlin == "Your cards are safe; the next try is at about 13:40."
    by_hand = rules.hope(asked, automatic=False, zone="Europe/Berlin")
    assert by_hand.endswith("nothing is tried again until you ask for it.")
