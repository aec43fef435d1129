import pytest
from hypothesis import given

from studymaster.features.flashcards.rules.language import parse
from studymaster.features.flashcards.rules.search import (
    EVERY_CARD,
    All,
    Either,
    Flag,
    Is,
    Not,
    Pattern,
    Standing,
    Wild,
    Words,
    conjunction,
    disjunction,
    leaves,
    literally,
    negation,
    read_pattern,
    written,
)
from tests.features.flashcards.rules.searches import trees

A, B, C = Flag(1), Flag(2), Is(Standing.DUE)


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("", ()),
        ("dog", ("dog",)),
        ("d*g", ("d", Wild.MANY, "g")),
        ("d_g**", ("d", Wild.ONE, "g", Wild.MANY)),
        (r"5\*3", ("5*3",)),
        (r"a\_b\:c\\d", ("a_b:c\\d",)),
        (r"about \pi", (r"about \pi",)),
        ("end\\", ("end\\",)),
        ("two\nlines", ("two\nlines",)),
    ],
)
def test_a_star_is_any_letters_and_a_line_is_one(raw: str, parts: tuple) -> None:
    assert read_pattern(raw) == Pattern(parts)


def test_words_without_wildcards_are_known() -> None:
    assert literally("a*b").text == "a*b"
    assert read_pattern("a*b").text is None
    assert literally("").text == ""


def test_conditions_are_as_flat_as_they_can_be() -> None:
    assert conjunction([A, EVERY_CARD, All((B, C))]) == All((A, B, C))
    assert disjunction([A, Either((B, C))]) == Either((A, B, C))
    assert conjunction([A]) == disjunction([A]) == A
    assert conjunction([]) == EVERY_CARD
    assert negation(negation(A)) == A


def test_every_single_condition_is_named_from_left_to_right() -> None:
    assert list(leaves(All((A, Not(Either((B, C))))))) == [A, B, C]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("dog   cat", "dog cat"),
        ("dog AND cat", "dog cat"),
        ("a (b or (c or d))", "a (b or c or d)"),
        ("(a b) or c", "a b or c"),
        ("-(a b)", "-(a b)"),
        ("-(-(a or b))", "a or b"),
        ('"or"', '"or"'),
        ("d*g", '"d*g"'),
        ('Deck:"Two Words"', 'deck:"Two Words"'),
        ("prop:ease<1.5", "prop:ease<1.50"),
        ("prop:due=-1", "prop:due=-1"),
        ("rated:3:1 RATED:3", "rated:3:1 rated:3"),
        ("", ""),
    ],
)
def test_a_search_is_written_in_one_way(text: str, kept: str) -> None:
    assert written(parse(text)) == kept


@given(trees())
def test_what_is_written_reads_as_the_same_search(tree) -> None:
    assert parse(written(tree)) == tree


def test_words_that_look_like_the_language_are_written_as_words() -> None:
    for text in ("deck:a", "-a", '"', "(", "or", "a b", "*", "\\", "\\*", ":"):
        assert parse(written(Words(literally(text)))) == Words(literally(text))
