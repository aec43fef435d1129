from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.flashcards.page import lecture
from studymaster.features.sync import rules
from studymaster.features.sync.rules import Difference, Tally
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
    ("tally", "sentence"),
    [
        (Tally(), "Nothing new."),
        (Tally(here=58), "58 items are here."),
        (Tally(here=1), "1 item is here."),
        (Tally(here=3, kinds={"new": 1}), "3 items are here. 1 new item."),
        (Tally(kinds={"new": 1}), "1 new item."),
        (
            Tally(kinds={"gone": 1, "renamed": 1, "changed": 1}),
            "1 new version, 1 item renamed, 1 item not visible any more.",
        ),
        (
            Tally(kinds={"restricted": 2, "opened": 1, "back": 1, "moved": 4}),
            "4 items moved, 2 items locked, 1 item open again, 1 item back in Moodle.",
        ),
        (Tally(missing=1), "Nothing new. 1 item did not come."),
        (
            Tally(kinds={"new": 1200}, missing=3),
            "1,200 new items. 3 items did not come.",
        ),
    ],
)
def test_the_outcome_says_each_number_as_what_it_is(tally, sentence) -> None:
    assert rules.outcome(tally) == sentence


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_no_change_is_left_out_of_the_outcome(kind) -> None:
    assert rules.outcome(Tally(kinds={kind.value: 7})).startswith("7 ")


@pytest.mark.parametrize(
    ("tally", "about", "any_listed", "headline"),
    [
        (Tally(), "", True, "Everything is here"),
        (Tally(), "BIO 110", True, "BIO 110 is here"),
        (Tally(), "", False, "Moodle lists no courses for you yet"),
        (Tally(missing=1), "", True, "1 item did not come"),
        (Tally(missing=2), "BIO 110", True, "2 items did not come"),
        (Tally(missing=2), "", False, "2 items did not come"),
    ],
)
def test_where_something_did_not_come_nobody_says_that_everything_is_here(
    *, tally, about, any_listed, headline
) -> None:
    told, sentence = rules.done(tally, about=about, any_listed=any_listed)
    assert told == headline
    assert ("stands below" in sentence) == bool(tally.missing)


@pytest.mark.parametrize(
    ("busy", "whole", "headline"),
    [
        (3, 0, "Syncing"),
        (1, 2, "Syncing 1 of 3 Moodles"),
        (0, 3, "Up to date with 3 Moodles"),
        (0, 2, "2 of 3 Moodles are up to date"),
        (0, 1, "1 of 3 Moodles is up to date"),
        (0, 0, "None of your 3 Moodles is up to date"),
    ],
)
def test_several_moodles_are_summed_up_without_hiding_one(busy, whole, headline) -> None:
    assert rules.of_all(3, busy=busy, whole=whole) == headline


@pytest.mark.parametrize(
    ("texts", "busy", "words"),
    [
        (0, False, ""),
        (12, False, "Done. The text of 12 items is still being read."),
        (1, False, "Done. The text of 1 item is still being read."),
        (12, True, "The text of 12 items is still being read."),
    ],
)
def test_text_that_is_still_read_is_said_to_be(*, texts, busy, words) -> None:
    assert rules.still_read(texts, busy=busy) == words


def test_a_silent_worker_is_told_in_the_time_of_its_student() -> None:
    since = datetime(2030, 1, 16, 12, 10, tzinfo=UTC)
    assert rules.no_sign(since, zone="Europe/Berlin") == (
        "No sign from the worker since 13:10; the sync is picked up by itself."
    )


@pytest.mark.parametrize(
    ("different", "what"),
    [
        (Difference(), None),
        (Difference(content=True), "changed"),
        (Difference(content=True, back=True, name=True, place=True), "changed"),
        (Difference(content=True, access="opened"), "changed"),
        (Difference(content=True, access="restricted"), "restricted"),
        (Difference(back=True, name=True, place=True), "back"),
        (Difference(access="opened", name=True), "opened"),
        (Difference(name=True, place=True), "renamed"),
        (Difference(place=True), "moved"),
    ],
)
def test_of_several_changes_the_weightiest_counts(different, what) -> None:
    assert rules.change_of(different) == what


@pytest.mark.parametrize(
    ("mimetype", "size", "readable", "waits"),
    [
        ("video/mp4", 1_000, False, True),
        ("Audio/mpeg", 1_000, False, True),
        ("video/mp4", 1_000, True, True),
        ("application/zip", 25_000_001, False, True),
        ("application/zip", 25_000_000, False, False),
        ("application/pdf", 90_000_000, True, False),
        ("", 0, False, False),
    ],
)
def test_recordings_and_large_data_wait_until_somebody_asks(
    mimetype, size, readable, waits
) -> None:
    found = rules.is_on_demand(mimetype, size_bytes=size, readable=readable)
    assert found == waits


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Week one", "Week one"),
        ("  Two\n lines ", "Two lines"),
        ("A" * 20, "A" * 20),
        ("Long enough to be cut", "Long enough to be c…"),
        ("Cut before a space is", "Cut before a space…"),
        ("", ""),
    ],
)
def test_a_title_is_one_short_line(text, title) -> None:
    assert rules.title(text, length=20) == title


def test_what_is_too_large_says_what_the_limit_is() -> None:
    assert rules.too_large(1_200) == (
        "StudyMaster keeps files of up to 1,200 MB, and this one is larger. "
        "Open it in Moodle."
    )


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (
            [("Lab report", "87 / 100")],
            ("New grade in BIO 110: Lab report", "Lab report: 87 / 100"),
        ),
        (
            [("Lab report", "87"), ("Quiz", "B")],
            ("2 new grades in BIO 110", "Lab report: 87 · Quiz: B"),
        ),
    ],
)
def test_grades_are_told_by_their_course(names, told) -> None:
    assert rules.grade_notice("BIO 110", names) == told


def test_a_moved_deadline_is_told_in_the_time_of_its_student() -> None:
    due = datetime(2030, 1, 18, 22, 59, tzinfo=UTC)
    assert rules.moved_notice([("BIO 110", "Lab report", due)], zone="Europe/Berlin") == (
        "1 deadline has moved",
        "BIO 110: Lab report is now due Fri 18 Jan, 23:59.",
    )


def test_many_announcements_are_summed_up() -> None:
    assert rules.more_announcements(["CHEM", "BIO", "BIO"]) == (
        "3 more announcements",
        "In BIO, CHEM.",
    )


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
    ("came", "total", "size_bytes", "words"),
    [
        (27, 27, 2_600_000, "27 files fetched · 2.6 MB"),
        (1, 1, 0, "1 file fetched"),
        (0, 0, 0, "no files fetched"),
        (3, 4, 68_000, "3 of 4 files fetched · 68 kB"),
        (0, 1, 0, "0 of 1 file fetched"),
    ],
)
def test_only_files_that_came_are_said_to_be_fetched(
    came, total, size_bytes, words
) -> None:
    assert rules.fetched(came, total=total, size_bytes=size_bytes) == words


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
        ([("BIO", "moved", 3), ("BIO", "renamed", 1)], 0, None),
        (
            [("BIO", "changed", 1), ("BIO", "gone", 1), ("BIO", "renamed", 1)],
            0,
            (
                "3 things changed in Moodle",
                "BIO: 1 new version, 1 not visible any more, 1 renamed.",
            ),
        ),
        (
            [("BIO", "restricted", 1)],
            0,
            ("1 thing changed in Moodle", "BIO: 1 locked in Moodle."),
        ),
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


def test_what_differs_leads_to_its_page() -> None:
    page = rules.lecture_path("some-id")
    assert page == lecture.ROUTE.replace("[material_id]", "some-id")


ASKED = datetime(2030, 1, 16, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("paused_for", "passed", "minutes"),
    [
        (None, 1, 30),
        (5, 1, 30),
        (31, 1, 31),
        (120, 1, 120),
        (120, 300, 300),
        (None, 300, 300),
    ],
)
def test_the_next_run_comes_after_half_an_hour_and_after_the_pause_of_its_site(
    paused_for, passed, minutes
) -> None:
    pause = paused_for and ASKED + timedelta(minutes=paused_for)
    now = ASKED + timedelta(minutes=passed)
    due = rules.next_run(ASKED, paused_until=pause, now=now)
    assert due == ASKED + timedelta(minutes=minutes)


def test_seconds_make_the_next_run_no_minute_later_and_a_pause_no_minute_shorter() -> None:
    asked = ASKED + timedelta(seconds=20)
    for pause, time in ((None, "12:40"), (asked + timedelta(hours=2), "14:11")):
        due = rules.next_run(asked, paused_until=pause, now=asked)
        words = rules.hope(due, stopped=False, now=asked, zone="UTC")
        assert words.endswith(f"at about {time}.")


@pytest.mark.parametrize(
    ("at", "stopped", "said"),
    [
        (
            ASKED + timedelta(minutes=30),
            False,
            "Your cards are safe; the next try is at about 13:40.",
        ),
        (
            ASKED + timedelta(hours=20),
            False,
            "Your cards are safe; the next try is at about Thu 17 Jan, 09:10.",
        ),
        (
            None,
            False,
            "Your cards are safe; nothing is tried again until you ask for it.",
        ),
        (
            ASKED + timedelta(minutes=30),
            True,
            "The next one comes by itself at about 13:40.",
        ),
        (None, True, "Nothing is read until you ask for it."),
    ],
)
def test_a_run_that_did_not_go_through_says_what_comes_next(at, stopped, said) -> None:
    assert rules.hope(at, stopped=stopped, now=ASKED, zone="Europe/Berlin") == said


def test_names_stand_in_the_order_in_which_they_are_counted() -> None:
    names = ["Lecture 10", "lecture 2", "Lecture 1b", "Lecture", "10 more", "2 first", ""]
    assert sorted(names, key=rules.natural) == [
        "",
        "2 first",
        "10 more",
        "Lecture",
        "Lecture 1b",
        "lecture 2",
        "Lecture 10",
    ]


@given(st.lists(st.text(max_size=40)))
def test_any_names_can_be_put_in_order(names) -> None:
    once = sorted(names, key=rules.natural)
    assert sorted(once, key=rules.natural) == once
