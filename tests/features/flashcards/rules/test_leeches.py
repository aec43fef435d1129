import pytest

from studymaster.features.flashcards.rules import leeches
from studymaster.features.flashcards.rules.typed import MOST_TAGS


def told(leech_at: int) -> list[int]:
    return [n for n in range(1, 30) if leeches.is_leech(n, leech_at=leech_at)]


def test_a_leech_is_told_of_at_its_lapses_and_then_after_every_half_of_them() -> None:
    assert told(8) == [8, 12, 16, 20, 24, 28]


def test_an_odd_number_is_halved_upwards_as_in_anki() -> None:
    assert told(5) == [5, 8, 11, 14, 17, 20, 23, 26, 29]


def test_one_lapse_is_enough_where_a_deck_has_it_so() -> None:
    assert told(1) == list(range(1, 30))


def test_without_a_number_nothing_is_a_leech() -> None:
    assert told(0) == []


@pytest.mark.parametrize("tags", [[], ["exam"], ["leech", "exam"], ["x"] * MOST_TAGS])
def test_a_leech_has_its_tag_once_and_never_too_many(tags) -> None:
    marked = leeches.marked(tags)
    assert marked.count("leech") == 1
    assert len(marked) <= MOST_TAGS
    assert "leech" not in leeches.unmarked(marked)
