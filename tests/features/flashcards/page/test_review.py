from studymaster.features.flashcards.page import review


def test_the_page_holds_the_table_its_end_and_its_empty_state() -> None:
    text = str(review.page())
    assert all(
        word in text for word in ("Done for today", "Nothing is due", "No cards yet")
    )


def test_a_card_is_changed_without_leaving_the_review() -> None:
    text = str(review.page())
    assert all(word in text for word in ("Change the card", "EditedSource"))


def test_where_the_day_is_done_more_can_be_asked_for() -> None:
    text = str(review.page())
    assert "That is enough for today" in text
    assert text.count("more new today") == text.count("more due today") == 2
    assert "onLookAgain" in text
