from studymaster.features.braindump.page import note


def test_an_open_note_can_be_typed_read_spoken_and_turned_into_cards() -> None:
    text = str(note.opened())
    for words in ("Write", "Read", "Recordings", "Make cards", "Move to the bin"):
        assert words in text


def test_deleting_for_good_asks_first() -> None:
    assert "Delete this note for good?" in str(note.opened())


def test_a_question_has_a_way_to_others() -> None:
    text = str(note.opened())
    assert '"question"' in text
    assert "AskOnCampus" in text


def test_in_the_bin_a_note_is_only_read() -> None:
    in_the_bin, in_use = str(note._in_the_bin()), str(note._words_and_tools())
    assert ("NotePad" in in_use, "NotePad" in in_the_bin) == (True, False)
