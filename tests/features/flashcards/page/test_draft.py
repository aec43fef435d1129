from studymaster.features.flashcards.page.draft import DraftKeeper, RoomLeft
from studymaster.features.flashcards.state.editor import CardEditorState


def test_a_half_typed_card_is_kept_with_its_kind() -> None:
    keeper = str(
        DraftKeeper.create(card="", visit="1", on_kind=CardEditorState.choose_kind)
    )
    assert all(word in keeper for word in ("choose_kind", "visit", "card"))


def test_the_room_of_a_side_is_told() -> None:
    room = str(RoomLeft.create(field="card-front", most=2_000))
    assert all(word in room for word in ("card-front", "2000"))
