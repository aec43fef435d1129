from studymaster.features.flashcards.page import browse


def test_the_page_searches_filters_and_asks_before_deleting() -> None:
    text = str(browse.page())
    assert all(
        words in text
        for words in ("Search", "All decks", "Suspended", "Move to", "Delete for good")
    )
