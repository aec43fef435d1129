from studymaster.features.accountability.page import board


def test_the_switch_says_what_others_will_see() -> None:
    text = str(board.leaderboard())
    assert "Show me on the leaderboard" in text
    assert "Others see your name and this week's points, nothing else." in text
