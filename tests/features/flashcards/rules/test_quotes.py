import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studymaster.features.flashcards.rules.quotes import find_quote, fold, is_on_page

calm = settings(deadline=None)  # a busy machine is not a wrong rule

PAGE = (
    "7.3 Stereochemistry\n"
    "Substitution by the bimolecular path is con-\ncerted: bond making and bond\n"
    "breaking happen in one step. This is the \ufb01rst rule of \u201cbackside attack\u201d\n"
    "and it is well-\nknown since 1937\u20131939 for 2-\nbromooctane.\n"
    "Its rate con\u00adstant is k\u2082. The café was full."
)


@pytest.mark.parametrize(
    "quote",
    [
        "bond making and bond breaking happen in one step",
        "the bimolecular path is concerted",
        "the bimolecular path is con- certed",
        "the bimolecular path is con-\ncerted",
        "the first rule of",
        'rule of "backside attack"',
        "rule of \u00abbackside attack\u00bb",
        "it is well-known since",
        "known since 1937-1939 for",
        "for 2-bromooctane.",
        "Its rate constant is k2.",
        "The cafe\u0301 was full",
        "  bond\tmaking \n and ",
        "in\u00a0one\u2009step",
    ],
)
def test_a_quote_is_found_however_the_page_breaks_it(quote: str) -> None:
    assert is_on_page(PAGE, quote)


@pytest.mark.parametrize(
    "quote",
    [
        "bond making or bond breaking",
        "Bond making and bond breaking",
        "happen in two steps",
        "1937 1939 for",
        "one step. The café",
    ],
)
def test_words_that_are_not_there_are_not_found(quote: str) -> None:
    assert not is_on_page(PAGE, quote)


@pytest.mark.parametrize(
    "quote", ["", "   \n ", "rule", "of the", "\u00ad" * 20, "a     b"]
)
def test_a_quote_too_short_to_prove_anything_is_refused(quote: str) -> None:
    assert find_quote(PAGE + quote, quote) is None


def test_the_span_covers_the_quote_in_the_original_text() -> None:
    span = find_quote(PAGE, "path is concerted: bond making")
    assert span is not None
    assert PAGE[span.start : span.end] == "path is con-\ncerted: bond making"


def test_a_formula_is_not_read_as_a_broken_word() -> None:
    assert not is_on_page("the value of x-y is small", "value of xy is small")


def test_the_first_of_two_places_is_returned() -> None:
    span = find_quote("one same line\none same line", "one same line")
    assert span is not None
    assert span.start == 0


words = st.lists(
    st.text(
        alphabet="abcdefgxyzABC0123456789.,;:()-'\u2019\u201c\u201d\u2013\ufb01\ufb02\u00e9\u00df\u00ad\u2082",
        min_size=1,
        max_size=9,
    ),
    min_size=1,
    max_size=40,
)
gaps = st.sampled_from([" ", "\n", "  ", "\u00a0", "\r\n", "\t"])


@calm
@given(words, st.data())
def test_any_run_of_words_is_found_on_its_own_page(page_words, data) -> None:
    start = data.draw(st.integers(0, len(page_words) - 1))
    end = data.draw(st.integers(start + 1, len(page_words)))
    page = "".join(word + data.draw(gaps) for word in page_words)
    quote = " ".join(page_words[start:end])
    if len(fold(quote)) >= 8:
        assert is_on_page(page, quote)


@calm
@given(words)
def test_a_found_span_folds_to_the_quote(page_words) -> None:
    page, quote = "\n".join(["Intro", *page_words, "end"]), " ".join(page_words)
    span = find_quote(page, quote)
    if span is not None:
        assert fold(quote) in fold(page)
        assert fold(page[span.start : span.end]).startswith(fold(quote)[:-1])


@calm
@given(st.lists(st.sampled_from("acdeghij"), min_size=8, max_size=8).map("".join))
def test_a_word_that_is_not_on_the_page_is_never_found(word: str) -> None:
    assert not is_on_page("only b, k and z: " + "bkz " * 30, word)


@calm
@given(st.text(max_size=200))
def test_any_text_at_all_can_be_folded(text: str) -> None:
    folded = fold(text)
    assert "  " not in folded
    assert "\n" not in folded
