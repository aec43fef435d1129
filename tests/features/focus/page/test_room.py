from studymaster.features.focus import page
from studymaster.features.focus.page import room


def test_the_page_has_one_heading_and_everything_around_the_clock() -> None:
    text = str(page.page())
    assert text.count('jsx("h1"') == 1
    for part in ("FocusFace", "Ambience", "Today", "Notifications", "Sessions"):
        assert part in text, part


def test_the_advice_against_distracting_sites_is_there() -> None:
    text = str(page.page())
    assert room.ADVICE
    assert all(line in text for line in room.ADVICE)


def test_the_page_lies_on_the_focus_line() -> None:
    assert (page.ROUTE, page.TITLE, page.LINE) == ("/focus", "Focus", "focus")
