from studymaster.features.flashcards.page.settings import SCHEDULERS, deck_settings


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
