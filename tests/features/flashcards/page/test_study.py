from studymaster.features.flashcards.page.study import EditedSource, ReviewTable, SourcePage
from studymaster.features.flashcards.state.editor import CardEditorState
from studymaster.features.flashcards.state.review import ReviewState


def test_a_graded_card_goes_to_the_session_with_its_turn() -> None:
    table = str(ReviewTable.create(cards=[], on_grade=ReviewState.grade))
    words = ("card_id", "turn", "grade", "elapsed_ms", "answer_id")
    assert all(word in table for word in words)


def test_what_is_taken_back_is_named() -> None:
    table = str(ReviewTable.create(cards=[], on_take_back=ReviewState.take_back))
    assert all(word in table for word in ("card_id", "turn", "answer_id"))


def test_answers_that_waited_are_handed_over_together() -> None:
    table = str(ReviewTable.create(cards=[], on_resend=ReviewState.resend))
    assert "waiting" in table


def test_a_page_is_told_which_quote_to_mark() -> None:
    page = str(SourcePage.create(picture="/p.webp", marks="/marks", quote="Osmosis"))
    assert all(word in page for word in ("/p.webp", "/marks", "Osmosis"))


def test_a_card_is_opened_for_a_change_by_its_id() -> None:
    table = str(ReviewTable.create(cards=[], on_edit=CardEditorState.open_card))
    assert "card_id" in table


def test_beside_its_fields_a_card_shows_the_page_it_cites() -> None:
    page = str(EditedSource.create(card="one", cards=ReviewState.cards))
    assert all(word in page for word in ("one", "cards"))
