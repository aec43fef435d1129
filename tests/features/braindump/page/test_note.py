from studymaster.features.braindump.page import note


def test_an_open_note_can_be_typed_read_spoken_and_turned_into_cards() -> None:
    text = str(note.opened())
    for words in ("Write", "Read", "Recordings", "Make cards", "Move to the bin"):
        assert words in text


def test_deleting_for_good_asks_first() -> None:
    assert "Delete this note for good?" in str(note.opened())
