from studymaster.features.flashcards.page import decks


def test_the_page_offers_review_and_lectures() -> None:
    text = str(decks.page())
    assert all(
        word in text for word in ("Review all", "Lectures", "Connect Moodle", "Add card")
    )
