import pytest

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
