import pytest
import reflex as rx

from studymaster.features.points.page import (
    WRITTEN,
    holds_you,
    nobody_yet,
    place,
    place_list,
    places,
)
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


def test_points_are_written_out() -> None:
    for points, words in ((0, "0"), (1284, "1,284"), (1_000_040, "1,000,040")):
        assert run("clock.js", "return " + str(WRITTEN.call(points))) == words


def test_an_empty_leaderboard_says_so_differently_to_who_is_not_on_it() -> None:
    text = str(nobody_yet("Switch yourself on.", taking_part=Board.you.rank > 0))
    on, off = text.split("Nobody is on it this week yet.")
    assert "Review a card, and you are the first." in on
    assert "Switch yourself on." in off
