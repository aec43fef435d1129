import reflex as rx

from studymaster.features.points.page import places
from studymaster.features.points.schemas import LeaderboardRow


class Board(rx.State):
    rows: list[LeaderboardRow] = []
    you: LeaderboardRow = LeaderboardRow(rank=0, name="", points=0)


def test_your_own_place_is_named_and_shown_below_when_it_is_not_among_the_first() -> None:
    text = str(places(Board.rows, you=Board.you))
    assert "(you)" in text
    assert "includes" in text
