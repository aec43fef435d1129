import reflex as rx

from studymaster.features.campus.page.rows import show_more
from studymaster.features.campus.state.lists import PIECE


def test_a_list_that_goes_on_says_how_much_more_it_shows() -> None:
    assert f"Show {PIECE} more" in str(show_more(rx.noop()))
