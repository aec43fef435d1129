import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, literal_column
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.features.braindump import rules


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Ask about osmosis", "Ask about osmosis"),
        ("# Membranes\n\nTwo layers", "Membranes"),
        ("\n\n  - [ ] hand in sheet 3", "hand in sheet 3"),
        ("> - 1. *deep* marks", "*deep* marks"),
        ("**Bold** and `code` and ~~gone~~", "Bold and code and gone"),
        ("See [the script](https://example.edu/a.pdf) first", "See the script first"),
        ("2 * 3 * 4 = 24", "2 * 3 * 4 = 24"),
        ("", rules.EMPTY_TITLE),
        (" \n\t\n", rules.EMPTY_TITLE),
        ("x" * 300, "x" * 200),
        ("# Osmosis #bio #exam-2", "Osmosis"),
        ("Read #biology first, see issue #42", "Read #biology first, see issue #42"),
        ("#bio #exam\n\nMembranes", "Membranes"),
        ("#bio #exam", "#bio #exam"),
        ("[Ion](https://example.edu/Ion_(physics)) channels", "Ion channels"),
    ],
)
def test_a_note_is_called_by_its_first_line(text: str, title: str) -> None:
    assert rules.title_of(text) == title


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("read #Biology and #exam-2", ["biology", "exam-2"]),
        ("#one #two #one", ["one", "two"]),
        ("# A heading is no tag", []),
        ("issue #42 is no tag, #4you is", ["4you"]),
        ("a#b, &#39; and C# are no tags", []),
        ("https://example.edu/page#part #real", ["real"]),
        ("`#code` and\n```\n#fenced\n```\n#after", ["after"]),
        ("#größe #日本語", ["größe", "日本語"]),
        (" ".join(f"#t{number}" for number in range(40)), [f"t{n}" for n in range(30)]),
        ("#" + "a" * 61, []),
    ],
)
def test_tags_are_read_from_the_text(text: str, tags: list[str]) -> None:
    assert rules.tags_of(text) == tags


def test_the_excerpt_is_what_stands_below_the_title() -> None:
    assert rules.excerpt_of("# Title\n\n- one\n- two") == "one two"
    assert rules.excerpt_of("only a title") == ""
    long = rules.excerpt_of("Title\n" + "words and " * 60)
    assert len(long) <= rules.EXCERPT_MAX
    assert long.endswith((" and…", " words…"))


def test_the_excerpt_has_no_tags_and_no_rest_of_an_address() -> None:
    text = "Ions #bio\nsee [Ion](https://example.edu/Ion_(physics)) there #exam"
    assert rules.excerpt_of(text) == "see Ion there"
    assert rules.excerpt_of("#bio\nMembranes\nTwo layers") == "Two layers"


def test_only_the_beginning_of_a_text_is_read_for_its_title_and_excerpt() -> None:
    far = "> \n" * rules.READ_FOR_TITLE
    assert rules.title_of(f"{far}late") == rules.EMPTY_TITLE
    assert rules.title_of(f"{' ' * rules.TEXT_MAX}early") == "early"
    assert rules.excerpt_of(f"Title\n{far}late") == ""
    line = f"{'> ' * rules.LINE_MAX}late"
    assert rules.title_of(line) == rules.EMPTY_TITLE


COSTLY = [
    "[",
    "`a ",
    "**a ",
    "__a ",
    "~~a ",
    "[](",
    "[](a(",
    "![a](",
    "- ",
    "> ",
    "#a ",
    "#",
]
COSTLY += ["`", "```\n", "~~~\n```\n", "https://", "1. ", "a#", "\t"]


@pytest.mark.parametrize("part", COSTLY)
def test_the_longest_note_of_odd_marks_is_read_at_once(part: str) -> None:
    """A rule that looks back and forth in it would take minutes of the processor."""
    text = f"x{part * (rules.TEXT_MAX // len(part))}"
    began = time.process_time()
    rules.title_of(text)
    rules.excerpt_of(text)
    rules.tags_of(text)
    assert time.process_time() - began < 2


@given(st.text())
def test_no_text_is_too_odd_for_a_title_and_tags(text: str) -> None:
    assert 1 <= len(rules.title_of(text)) <= rules.TITLE_MAX
    assert len(rules.excerpt_of(text)) <= rules.EXCERPT_MAX
    assert all(0 < len(tag) <= rules.TAG_MAX for tag in rules.tags_of(text))


ODD_SEARCHES = [
    "",
    "  ",
    "'",
    "a'b",
    "\\",
    "a & | ! b",
    "(((",
    "cell:*",
    "é 日本 _x_",
    "<->",
]


@pytest.mark.parametrize("words", ODD_SEARCHES)
async def test_whatever_is_typed_postgresql_can_look_for(empty_database, words) -> None:
    query = rules.search_query(words)
    async with unit_of_work() as work:
        simple = literal_column("'simple'")
        has_it = func.to_tsvector(simple, "cell").bool_op("@@")(
            func.to_tsquery(simple, query)
        )
        found = (await work.session.exec(select(has_it))).one()
    assert found is (words == "cell:*")


def test_every_word_counts_and_each_may_be_only_begun() -> None:
    assert rules.search_query("cell Membr") == "'cell':* & 'membr':*"
    assert rules.search_query(" ".join("abcdefghijklmnop")).count("&") == 11


@pytest.mark.parametrize(
    ("beginning", "sound"),
    [
        (b"\x1a\x45\xdf\xa3" + b"\0" * 12, ("audio/webm", "webm")),
        (b"OggS" + b"\0" * 12, ("audio/ogg", "ogg")),
        (b"\0\0\0\x20ftypM4A ", ("audio/mp4", "m4a")),
        (b"RIFF" + b"\0" * 12, ("audio/wav", "wav")),
        (b"<html><script>", None),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_a_recording_is_told_by_its_bytes(beginning: bytes, sound) -> None:
    assert rules.sound_of(beginning) == sound


def test_sizes_are_said_in_words() -> None:
    sizes = [0, 900, 340_000, 1_240_000]
    assert [rules.size_words(one) for one in sizes] == ["1 kB", "1 kB", "340 kB", "1.2 MB"]


def test_lengths_are_said_as_a_clock_says_them() -> None:
    lengths = [0, 4, 65, 750, 3600]
    words = ["", "0:04", "1:05", "12:30", "60:00"]
    assert [rules.length_words(one) for one in lengths] == words


def test_a_transcript_goes_below_the_words_once() -> None:
    once = rules.with_transcript("Idea", "line one\nline two")
    assert once == "Idea\n\n> line one\n> line two\n"
    assert rules.with_transcript(once, "line one\nline two") == once
    assert rules.with_transcript("Idea", "  ") == "Idea"
