"""Why a thing is here or is not: every sentence, and every thing that a database can hold."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.sync.rules import standing
from studymaster.features.sync.rules.standing import Reading, Standing, why
from studymaster.models import ChangeKind, FetchState, MaterialKind, TextState
from tests.conftest import NOON

PDF = "application/pdf"
FILM = "video/mp4"
AWAY = "Moodle is not answering."

HERE = Standing(kind="file", fetch="stored", text="ready", mimetype=PDF, pages=24)
NOT_HERE = replace(HERE, text=None, fetch="waiting", pages=0)
BARE = replace(NOT_HERE, fetch="none", mimetype="")

GOLDEN = [
    (HERE, "Here: 24 pages, read."),
    (
        replace(HERE, by_ocr=True),
        "Here: 24 pages, read. The text was recognised in pictures, so letters may be wrong.",
    ),
    (replace(HERE, pages=1), "Here: 1 page, read."),
    (replace(HERE, pages=0), "Here, read: you can make cards from it."),
    (replace(HERE, kind="page", pages=1), "Here, read: you can make cards from it."),
    (replace(HERE, kind="chapter", pages=1), "Here, read: you can make cards from it."),
    (replace(HERE, kind="note", pages=1), "Here, read: you can make cards from it."),
    (replace(HERE, kind="glossary", pages=12), "Here: 12 terms, read."),
    (replace(HERE, kind="glossary", pages=1), "Here: 1 term, read."),
    (
        replace(HERE, text="no_text"),
        "Here, but it is a scan: there is no text to make cards from.",
    ),
    (
        replace(HERE, text="no_text", mimetype="image/png"),
        "Here, a picture: there is no text to make cards from.",
    ),
    (
        replace(HERE, text="no_text", mimetype="text/plain"),
        "Here, but there is no text in it to make cards from.",
    ),
    (
        replace(HERE, text="empty"),
        "Here, but it is empty. Tell your lecturer that the upload failed.",
    ),
    (
        replace(HERE, text="encrypted"),
        "Here, but locked with a password: its text cannot be read.",
    ),
    (replace(HERE, text="corrupt"), "Here, but damaged: it cannot be opened."),
    (
        replace(HERE, text="unsupported", mimetype="application/zip"),
        "Here to download; the text of such a file cannot be read.",
    ),
    (
        replace(HERE, text="unsupported", mimetype=FILM),
        "Here to play; there is no text in a recording.",
    ),
    (replace(HERE, text="waiting"), "Here; its text is still being read."),
    (replace(HERE, reading="off"), "Here: 24 pages, read."),
    (replace(HERE, reading="away"), "Here: 24 pages, read."),
    (
        replace(HERE, listed=False, gone_on="2 Nov"),
        (
            "Not visible to you in Moodle any more since 2 Nov (hidden or removed). "
            "Your copy and your cards stay."
        ),
    ),
    (
        replace(HERE, listed=False),
        (
            "Not visible to you in Moodle any more (hidden or removed). "
            "Your copy and your cards stay."
        ),
    ),
    (
        replace(NOT_HERE, listed=False, gone_on="2 Nov"),
        (
            "Not visible to you in Moodle any more since 2 Nov (hidden or removed). "
            "It had not been fetched."
        ),
    ),
    (
        replace(HERE, reading="gone"),
        "Moodle does not list this course any more. Your copy and your cards stay.",
    ),
    (
        replace(NOT_HERE, reading="gone"),
        "Moodle does not list this course any more, and this had not been fetched.",
    ),
    (
        replace(BARE, accessible=False, restriction="Available from 3 May"),
        "Locked in Moodle: Available from 3 May.",
    ),
    (replace(BARE, accessible=False), "Locked in Moodle."),
    (
        replace(HERE, accessible=False, restriction="Available from 3 May."),
        "Locked in Moodle: Available from 3 May. The copy from before is here.",
    ),
    (
        replace(NOT_HERE, fetch="too_large", size_bytes=310_000_000),
        "Larger than 200 MB; open it in Moodle.",
    ),
    (
        replace(NOT_HERE, fetch="on_demand", mimetype=FILM, size_bytes=1_310_000_000),
        "Larger than 200 MB; open it in Moodle.",
    ),
    (
        replace(HERE, fetch="too_large", limit_mb=2_000),
        "Larger than 2,000 MB; open it in Moodle. The copy from before is here.",
    ),
    (
        replace(NOT_HERE, fetch="on_demand", mimetype=FILM, size_bytes=90_000_000),
        "A recording: it is fetched when you ask for it.",
    ),
    (
        replace(
            NOT_HERE,
            fetch="on_demand",
            mimetype="application/zip",
            size_bytes=90_000_000,
        ),
        "A large file (90.0 MB): it is fetched when you ask for it.",
    ),
    (
        replace(NOT_HERE, fetch="failed", failure=AWAY),
        "Did not come the last time: Moodle is not answering. The next sync tries again.",
    ),
    (
        replace(NOT_HERE, fetch="failed", failure="It broke off. The next sync goes on."),
        "Did not come the last time: It broke off. The next sync goes on.",
    ),
    (
        replace(NOT_HERE, fetch="failed"),
        "Did not come the last time. The next sync tries again.",
    ),
    (
        replace(HERE, fetch="failed", failure=AWAY),
        (
            "Did not come the last time: Moodle is not answering. The next sync tries "
            "again. The copy from before is here."
        ),
    ),
    (NOT_HERE, "On its way: the next sync brings it."),
    (
        replace(NOT_HERE, coming=True),
        "On its way: the sync that is under way brings it.",
    ),
    (
        replace(HERE, fetch="waiting"),
        "On its way: the next sync brings it. The copy from before is here.",
    ),
    (replace(NOT_HERE, reading="off"), "Switched off: this course is not read."),
    (
        replace(NOT_HERE, fetch="failed", failure=AWAY, reading="off"),
        "Switched off: this course is not read.",
    ),
    (
        replace(NOT_HERE, fetch="on_demand", reading="away"),
        "Its Moodle is not connected. It comes once you connect it again.",
    ),
    (replace(BARE, kind="link"), "A link: opens outside."),
    (replace(BARE, kind="link", reading="off"), "A link: opens outside."),
    (
        replace(BARE, kind="link", has_link=False),
        "A link whose address cannot be opened from here; look at it in Moodle.",
    ),
    (replace(BARE, kind="activity"), "An activity: open it in Moodle."),
    (
        replace(BARE, kind="note"),
        "A note on the course page; these are all its words.",
    ),
    (
        replace(BARE, kind="page"),
        "Its text has not come yet. The next sync asks for it.",
    ),
    (
        replace(BARE, kind="glossary"),
        "Its terms have not come yet. The next sync asks for them.",
    ),
    (
        replace(BARE, kind="page", reading="off"),
        "Switched off: this course is not read.",
    ),
    (replace(BARE, kind="chapter"), "There is nothing to read in it."),
    (BARE, "There is no file in it."),
    (
        replace(NOT_HERE, fetch="stored"),
        "Its file is missing here; open it in Moodle.",
    ),
]

ANYTHING = st.builds(
    Standing,
    kind=st.sampled_from([kind.value for kind in MaterialKind]),
    fetch=st.sampled_from([state.value for state in FetchState]),
    text=st.sampled_from([None, *(state.value for state in TextState)]),
    listed=st.booleans(),
    accessible=st.booleans(),
    reading=st.sampled_from(get_args(Reading)),
    coming=st.booleans(),
    restriction=st.text(max_size=500),
    failure=st.text(max_size=500),
    mimetype=st.sampled_from(["", PDF, FILM, "audio/mpeg", "image/png", "text/html"]),
    size_bytes=st.integers(0, 20_000_000_000),
    pages=st.integers(0, 5_000),
    gone_on=st.sampled_from(["", "2 Nov"]),
    has_link=st.booleans(),
    limit_mb=st.sampled_from([1, 200, 5_000]),
)


@pytest.mark.parametrize(("it", "sentence"), GOLDEN, ids=[words for _, words in GOLDEN])
def test_why_something_is_here_or_is_not(it: Standing, sentence: str) -> None:
    assert why(it) == sentence


@given(ANYTHING)
def test_whatever_the_database_holds_has_one_sentence_in_one_line(it: Standing) -> None:
    words = why(it)
    assert words.strip() == words != ""
    assert words[-1] in ".!?…"
    assert len(words) < 450
    assert words.splitlines() == [words]


@given(ANYTHING)
def test_nothing_is_said_to_be_here_that_is_not(it: Standing) -> None:
    words = why(it)
    if it.text is None and not it.failure and not it.restriction:
        assert not words.startswith("Here")
        assert standing.KEPT not in words
        assert standing.OLDER not in words
    if it.held and it.listed and it.accessible and it.reading != "gone":
        assert words.startswith("Here") or standing.OLDER in words or it.kind == "link"


@given(ANYTHING)
def test_only_what_would_come_can_be_asked_for(it: Standing) -> None:
    if standing.is_fetchable(it):
        assert it.listed
        assert it.accessible
        assert it.reading == "on"
        assert "Larger than" not in why(replace(it, failure=""))


def test_a_recording_and_what_failed_can_be_asked_for() -> None:
    assert standing.is_fetchable(replace(NOT_HERE, fetch="on_demand", mimetype=FILM))
    assert standing.is_fetchable(replace(NOT_HERE, fetch="failed"))
    assert not standing.is_fetchable(replace(NOT_HERE, fetch="failed", coming=True))
    assert not standing.is_fetchable(NOT_HERE)
    assert not standing.is_fetchable(HERE)
    assert not standing.is_fetchable(replace(NOT_HERE, fetch="too_large"))


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_change_has_a_word_of_its_own(kind: ChangeKind) -> None:
    words = {standing.MARKS[one].word for one in ChangeKind}
    assert standing.MARKS[kind].word
    assert len(words) == len(ChangeKind)


@pytest.mark.parametrize(
    ("listed", "accessible", "last", "state"),
    [
        (True, True, None, ""),
        (True, True, "new", "new"),
        (True, True, "renamed", "renamed"),
        (True, False, "new", "restricted"),
        (False, True, "changed", "gone"),
        (False, False, None, "gone"),
        (True, True, "restricted", ""),
        (True, True, "gone", ""),
    ],
)
def test_what_is_gone_or_shut_is_marked_so(listed, accessible, last, state) -> None:
    found = standing.state_of(listed=listed, accessible=accessible, last_change=last)
    assert found == state


@pytest.mark.parametrize(
    ("kind", "modname", "mimetype", "words"),
    [
        ("file", "resource", PDF, "File"),
        ("file", "folder", FILM, "Recording"),
        ("link", "url", FILM, "Link"),
        ("activity", "quiz", "", "Quiz"),
        ("activity", "h5pactivity", "", "H5P activity"),
        ("activity", "something_new", "", "Activity"),
    ],
)
def test_what_a_thing_is_in_words(kind, modname, mimetype, words) -> None:
    assert standing.kind_words(kind=kind, modname=modname, mimetype=mimetype) == words


@pytest.mark.parametrize("kind", MaterialKind)
def test_every_kind_has_a_word(kind: MaterialKind) -> None:
    assert standing.kind_words(kind=kind.value, modname="", mimetype="")
    assert kind.value in standing.NOTHING


@pytest.mark.parametrize(
    ("size_bytes", "files", "words"),
    [
        (0, 0, ""),
        (340_000, 1, "340 kB in 1 file"),
        (2_600_000, 3, "2.6 MB in 3 files"),
        (1_240_000_000, 1_312, "1.2 GB in 1,312 files"),
    ],
)
def test_how_much_space_is_used(size_bytes, files, words) -> None:
    assert standing.space(size_bytes, files=files) == words


@pytest.mark.parametrize(
    ("moment", "zone", "words"),
    [
        (datetime(2030, 1, 2, 12, tzinfo=UTC), "UTC", "2 Jan"),
        (datetime(2029, 11, 2, 12, tzinfo=UTC), "UTC", "2 Nov 2029"),
        (datetime(2030, 1, 2, 23, 30, tzinfo=UTC), "Europe/Helsinki", "3 Jan"),
    ],
)
def test_a_day_is_told_as_it_is_where_the_student_is(moment, zone, words) -> None:
    assert standing.day(moment, zone=zone, now=NOON) == words


@pytest.mark.parametrize(
    ("words", "told"),
    [("", ""), ("  \n", ""), ("Soon", "Soon."), ("Soon.", "Soon."), ("a\nb", "a b.")],
)
def test_words_of_others_become_one_sentence(words, told) -> None:
    assert standing.sentence(words) == told
    assert len(standing.sentence("x" * 900)) <= standing.LONGEST
