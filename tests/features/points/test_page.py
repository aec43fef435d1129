import pytest
import reflex as rx

from studymaster.features.points.page import holds_you, place, place_list, places
from studymaster.features.points.schemas import LeaderboardRow
from tests.features.focus.page.javascript import run


class Board(rx.State):
    rows: list[LeaderboardRow] = []
    you: LeaderboardRow = LeaderboardRow(rank=0, name="", points=0)


def test_your_own_place_is_named_and_shown_below_when_it_is_not_among_the_first() -> None:
    text = str(places(Board.rows, you=Board.you))
    assert text.count('" (you)"') == 2


def test_the_list_is_read_out_when_it_moves() -> None:
    text = str(place_list(rx.foreach(Board.rows, place)))
    assert text.count('jsx("ol"') == 1
    assert '"aria-live":"polite"' in text
    assert '" points"' in text


@pytest.mark.parametrize(
    ("yours", "is_among"), [([False, True], True), ([False, False], False), ([], False)]
)
def test_a_browser_knows_whether_you_are_among_the_rows(yours, is_among) -> None:
    rows = [LeaderboardRow(1, "Mina Aalto", 20, is_you=own) for own in yours]
    assert run("clock.js", "return " + str(holds_you(rows))) is is_among
