from studymaster.features.accountability.page import board


def test_the_switch_says_what_others_will_see() -> None:
    text = str(board.leaderboard())
    assert "Show me on the leaderboard" in text
    assert "Others see your name and this week's points, nothing else." in text


def test_who_is_on_the_empty_board_already_is_not_told_to_switch_themselves_on() -> None:
    text = str(board.leaderboard())
    choice = text.split("Nobody has points this week yet.", maxsplit=1)[0].rsplit(
        "?", maxsplit=1
    )[0]
    assert "taking_part" in choice.rsplit("(", maxsplit=1)[-1] + choice[-80:]


def test_the_places_are_drawn_as_everywhere_else() -> None:
    text = str(board.leaderboard())
    assert '"aria-live":"polite"' in text
    assert text.count('" (you)"') == 2, "among the first, or below them"
