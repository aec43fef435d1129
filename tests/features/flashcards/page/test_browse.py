from studymaster.features.flashcards.page import browse
from studymaster.features.flashcards.rules.language import parse


def test_the_page_searches_filters_and_asks_before_deleting() -> None:
    text = str(browse.page())
    assert all(
        words in text for words in ("Search", "All decks", "Suspended", "Move to", "Delete")
    )


def test_every_example_of_the_help_is_a_search() -> None:
    text = str(browse.page())
    assert "What you can search for" in text
    for example, _ in browse.EXAMPLES:
        for one in example.split("  "):
            assert parse(one) is not None
