"""The list of courses and the open gradebook on the page."""

from studymaster.features.grades.page import grades_part


def test_it_waits_lists_and_opens() -> None:
    text = str(grades_part())
    assert "grades_state.loaded" in text
    assert "Open the gradebook" in text
    assert "All courses" in text


def test_empty_states_say_what_comes() -> None:
    text = str(grades_part())
    assert "No grades yet" in text
    assert "No gradebook" in text
    assert '"Look at the sync"' in text
    assert '"Connect Moodle"' in text


def test_buttons_are_told_apart_and_the_bar_is_named() -> None:
    text = str(grades_part())
    assert "Open the gradebook: " in text
    assert ": how the course stands, in percent" in text


def test_the_page_keeps_its_only_first_heading() -> None:
    assert 'jsx("h1"' not in str(grades_part())
