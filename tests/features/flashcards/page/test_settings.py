from studymaster.features.flashcards.page.settings import SCHEDULERS, deck_settings
from studymaster.features.flashcards.rules.choices import PARSERS, SWITCHES


def test_each_scheduler_says_in_one_sentence_what_it_means() -> None:
    text = str(deck_settings())
    for _, name, meaning in SCHEDULERS:
        assert name in text
        assert meaning in text
        assert meaning.count(".") == 1


def test_the_window_says_what_a_share_costs_and_that_nothing_is_lost() -> None:
    text = str(deck_settings())
    assert "Cards you want to know" in text
    assert "the more you review a day" in text
    assert "Nothing is lost" in text


def test_every_choice_has_a_field_and_each_field_says_what_is_wrong_with_it() -> None:
    text = str(deck_settings())
    for name in PARSERS:
        assert f'name:"{name}"' in text
        if name not in SWITCHES | {"new_order", "due_order"}:
            assert f'"{name}"]' in text


def test_no_word_of_the_trade_is_needed() -> None:
    text = str(deck_settings())
    for words in ("New cards a day", "today only", "One card of a note a day"):
        assert words in text
    for jargon in ("sibling", "BCP", "retrievability,", "lapse", "bury "):
        assert f" {jargon}" not in text
