from studymaster.features.flashcards.page.shelf import own_decks


def test_own_decks_can_be_made_named_and_deleted_and_it_says_what_becomes_of_cards() -> (
    None
):
    text = str(own_decks())
    assert all(
        words in text
        for words in (
            "New deck",
            "Rename the deck",
            "What becomes of the cards?",
            "stays in your statistics",
        )
    )
