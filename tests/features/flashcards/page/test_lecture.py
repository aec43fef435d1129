from studymaster.features.flashcards.page import lecture


def test_the_page_offers_to_make_cards_to_turn_pages_and_to_review() -> None:
    text = str(lecture.page())
    assert all(
        word in text for word in ("Make cards", "Next page", "decided", "Review 1 card")
    )


def test_what_is_not_visible_in_moodle_any_more_carries_its_mark() -> None:
    assert '["mark"]' in str(lecture._lecture())


def test_a_making_without_anything_new_is_silent_above_what_still_waits() -> None:
    """A second press would otherwise speak of nothing, right above a proposal."""
    assert str(lecture._still_wait()) in str(lecture._proposals())


def test_places_can_be_covered_on_a_page_that_has_a_picture() -> None:
    text = str(lecture.page())
    assert "Cover places on this page" in text
    assert "OcclusionBoard" in text
