from studymaster.features.accountability import page
from studymaster.features.accountability.page.figures import CELLS, LEGEND


def test_the_page_has_its_parts_under_one_headline() -> None:
    text = str(page.page())
    assert text.count('jsx("h1"') == 1
    parts = (
        "Your points",
        "Streak calendar",
        "Challenges",
        "Achievements",
        "Leaderboard",
        "Pledges",
        "Ledger",
    )
    assert all(part in text for part in parts)


def test_every_mark_of_the_calendar_is_explained() -> None:
    assert {state for state, _ in LEGEND} == set(CELLS)


def test_calendar_leaderboard_and_pledges_come_before_the_long_lists() -> None:
    text = str(page.page())
    places = [
        text.index(f'"{part}') for part in ("Streak calendar", "Leaderboard", "Pledges")
    ]
    assert max(places) < min(text.index('"Achievements"'), text.index('"Ledger"'))
