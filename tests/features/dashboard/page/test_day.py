from studymaster.features.dashboard import page


def test_the_page_has_every_part_of_the_day() -> None:
    text = str(page.page())
    for words in (
        "Today's route",
        "Courses",
        "Deadlines",
        "Reviews",
        "Leaderboard",
        "day streak",
        "Start today's route",
        "Make your first cards",
    ):
        assert words in text, words


def test_the_page_has_one_h1() -> None:
    assert str(page.page()).count('jsx("h1"') == 1
