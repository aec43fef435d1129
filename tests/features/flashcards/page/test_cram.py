from studymaster.features.flashcards.page import cram
from studymaster.features.flashcards.rules.cram import Order, What


def test_every_choice_can_be_made() -> None:
    text = str(cram.page())
    assert all(f'"{one.value}"' in text for one in [*What, *Order])


def test_cards_turn_as_in_a_review() -> None:
    assert "CramTable" in str(cram.page())
    assert cram.CramTable.create().lib_dependencies
