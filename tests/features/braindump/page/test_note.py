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


def test_a_copy_says_so_and_offers_to_keep_one() -> None:
    text = str(note.opened())
    for words in (
        "Copy: typed while the note changed elsewhere",
        "Keep only this one",
        "Keep both",
    ):
        assert words in text


def test_a_note_that_has_a_copy_leads_to_it() -> None:
    text = str(note.opened())
    assert "A copy with other words exists." in text
    assert "Open the copy" in text


def test_nothing_is_shown_that_only_sounds_like_a_field() -> None:
    """A name that every value of a page has, such as `length`, would be shown as that."""
    assert "bound method" not in str(note.opened())


def test_a_recording_shows_its_length_where_it_is_known() -> None:
    text = str(note._memos())
    assert '?.["duration"]' in text


def test_in_the_bin_a_note_is_only_read() -> None:
    in_the_bin, in_use = str(note._in_the_bin()), str(note._words_and_tools())
    assert ("NotePad" in in_use, "NotePad" in in_the_bin) == (True, False)
