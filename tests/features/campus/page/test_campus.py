from studymaster.features.campus.page import campus


def test_the_page_has_four_parts_and_the_leaderboard() -> None:
    text = str(campus.page())
    for words in ("Groups", "Buddies", "Whole leaderboard"):
        assert words in text
    assert text.count('jsx("h1"') == 1


def test_who_is_not_on_the_leaderboard_learns_how_to_be() -> None:
    text = str(campus.page())
    assert "You are not on it" in text
    assert 'to:"/settings"' in text or '"/settings"' in text


def test_an_empty_leaderboard_is_not_said_to_mean_that_nobody_studied() -> None:
    text = str(campus.page())
    for words in ("Nobody is on it this week yet.", "Nobody has points this week yet."):
        assert words in text
