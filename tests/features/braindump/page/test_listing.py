import re

from studymaster.features.braindump.page import listing


def test_the_list_can_be_narrowed_and_says_when_nothing_fits() -> None:
    text = str(listing.notes())
    for words in ("Search your notes", "Todos", "Bin", "No notes yet", "Show more"):
        assert words in text


def test_tags_do_not_widen_the_page() -> None:
    """Spans that only screen readers see are placed; the row that scrolls has to hold them."""
    row = str(listing._tags())
    assert "sr-only" in row
    assert re.search(r'className:"relative [^"]*overflow-x-auto', row)


def test_a_copy_is_marked_in_the_list() -> None:
    assert "Copy: typed while the note changed elsewhere" in str(listing._list())


def test_a_todo_can_be_ticked_without_opening_it() -> None:
    text = str(listing._list())
    assert "Done: " in text
    assert 'role:"checkbox"' in text
