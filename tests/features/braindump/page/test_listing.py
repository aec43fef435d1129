from studymaster.features.braindump.page import listing


def test_the_list_can_be_narrowed_and_says_when_nothing_fits() -> None:
    text = str(listing.notes())
    for words in ("Search your notes", "Todos", "Bin", "No notes yet", "Show more"):
        assert words in text
