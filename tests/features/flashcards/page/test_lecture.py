from studymaster.features.flashcards.page import lecture


def test_the_page_offers_to_make_accept_edit_and_reject_cards() -> None:
    text = str(lecture.page())
    assert all(
        word in text for word in ("Make cards", "Accept", "Edit", "Reject", "Next page")
    )
