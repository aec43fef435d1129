from studymaster.features.campus.rules.excerpts import excerpt


def test_a_short_text_stays_as_it_is() -> None:
    assert excerpt("Water moves.", most=12) == "Water moves."


def test_a_long_text_ends_after_a_word_and_says_that_it_goes_on() -> None:
    assert excerpt("Water moves where there is less", most=20) == "Water moves where…"
    assert excerpt("one line\nand another one", most=12) == "one line…"


def test_a_word_without_end_is_cut() -> None:
    assert excerpt("x" * 40, most=10) == "x" * 9 + "…"


def test_an_excerpt_is_never_longer_than_it_may_be() -> None:
    for text in ("ab " * 40, "x" * 40, " " * 40 + "x", "a\n" * 40):
        for most in range(2, 30):
            assert len(excerpt(text, most=most)) <= most
