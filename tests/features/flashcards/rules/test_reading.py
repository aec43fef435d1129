import sys
from collections.abc import Callable, Sequence
from types import FrameType

import pytest

from studymaster.features.flashcards.rules.proposals import propose
from studymaster.features.flashcards.rules.reading import (
    Kind,
    PageText,
    join_lines,
    read_lecture,
    split_sentences,
)
from tests.features.flashcards.rules.samples import sample


def shown(name: str) -> list[tuple[Kind, str]]:
    return [(block.kind, block.text) for block in read_lecture(sample(name)).blocks]


def test_headings_are_told_from_text_and_lists() -> None:
    blocks = shown("immune_system")
    headings = [text for kind, text in blocks if kind is Kind.HEADING]
    assert headings == [
        "Two lines of defence",
        "Innate immunity",
        "Adaptive immunity",
        "Why vaccines work",
        "A little history",
        "Words to know",
        "Summary",
    ]
    assert (Kind.BULLET, "warmth of the tissue around the wound") in blocks


def test_numbered_steps_stay_steps() -> None:
    steps = [text for kind, text in shown("graphs") if kind is Kind.STEP]
    assert len(steps) == 4
    assert steps[0].startswith("Give the start the distance 0")


@pytest.mark.parametrize("name", ["immune_system", "graphs"])
def test_running_lines_page_numbers_and_captions_are_left_out(name: str) -> None:
    everything = " ".join(text for _, text in shown(name))
    for noise in ["Immunology for first-years", "J. Doe", "1 / 3", "Page 1", "Figure 2"]:
        assert noise not in everything


def test_a_formula_on_a_line_of_its_own_is_not_part_of_a_sentence() -> None:
    assert (Kind.PARAGRAPH, "n = 5, m = 6") in shown("graphs")


def test_a_word_broken_by_a_line_is_whole_again() -> None:
    everything = " ".join(text for _, text in shown("graphs"))
    assert "is adjacent to the next" in everything
    assert "an assignment of colours" in everything


def test_a_compound_keeps_its_hyphen_at_the_end_of_a_line() -> None:
    lower = frozenset({"well", "known", "port"})
    assert join_lines("a well-\nknown trans-\nport", lower=lower) == (
        "a well-known transport"
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It is 3.5 nm wide, e.g. in water. Then it grows.", 2),
        ("See Fig. 3 and Smith et al. 1990 for this. Dr. Jones agrees.", 2),
        ("The image lies in V. The kernel lies in W.", 2),
        ("J. S. Bach wrote it. Who paid? Nobody!", 3),
        ("one sentence without an end", 1),
        ("", 0),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


def test_a_document_without_text_has_nothing_to_read() -> None:
    assert read_lecture([PageText(1, ""), PageText(2, " \n ")]).blocks == ()
    assert read_lecture([]).blocks == ()


def steps_of(work: Callable[[], object]) -> int:
    """Return how many steps the interpreter takes: as good as a clock, and always equal."""
    count = 0

    def trace(frame: FrameType, event: str, _argument: object):
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def book(pages: int, *, lines: int = 3) -> list[PageText]:
    """Return pages that all differ, each with definitions of terms of its own."""

    def line(page: int, number: int) -> str:
        term = "".join(chr(ord("a") + int(digit)) for digit in f"{page:04}{number:04}")
        return (
            f"A x{term} is a vessel that carries the water of plant {term} upwards.\n"
            f"Every gardener has seen a x{term} fill up slowly after rain in autumn.\n"
        )

    texts = ["".join(line(page, one) for one in range(lines)) for page in range(pages)]
    return [
        PageText(number, f"Botany\n{text}Page {number}\n")
        for number, text in enumerate(texts, start=1)
    ]


@pytest.mark.parametrize(
    ("small", "large"),
    [(book(10), book(40)), (book(1, lines=30), book(1, lines=120))],
    ids=["four times the pages", "a page four times as long"],
)
@pytest.mark.parametrize(
    "read",
    [read_lecture, lambda pages: propose(pages, title="Botany", limit=10_000)],
    ids=["reading", "proposing"],
)
def test_a_book_takes_work_in_proportion_to_its_length(
    read, small: Sequence[PageText], large: Sequence[PageText]
) -> None:
    assert steps_of(lambda: read(large)) < 5 * steps_of(lambda: read(small))


def test_a_book_of_3000_pages_is_read_to_its_end() -> None:
    assert read_lecture(book(3_000)).blocks[-1].page == 3_000


def test_one_endless_word_is_read_like_any_other() -> None:
    text = "a" * 200_000
    assert split_sentences(join_lines(text, lower=frozenset())) == [text]


def test_a_text_full_of_abbreviations_is_one_sentence() -> None:
    text = "Water, e.g. " * 30_000 + "ends."
    assert split_sentences(text) == [text]
