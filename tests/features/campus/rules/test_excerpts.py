from studymaster.features.campus.rules.excerpts import excerpt, gist


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


def test_the_gist_has_the_words_and_no_marks() -> None:
    text = "Because **unwinding** costs energy:\n\n- `ATP` [pays](https://example.edu)\n"
    assert gist(text) == "Because unwinding costs energy: ATP pays"
    assert gist("```python\nheat()\n```") == "heat()"
    assert gist("2 * 3 * 4 = 24") == "2 * 3 * 4 = 24"
    assert gist("**Water** moves where there is less", most=20) == "Water moves where…"
