"""What is due, on the page."""

import pytest

from studymaster.features.deadlines.page import deadlines_part


@pytest.mark.parametrize(
    "words",
    [
        "Overdue",
        "Next 7 days",
        "Later",
        "Done and over",
        "Show more",
        "Show older ones",
        "All your courses",
        "(opens Moodle in a new tab)",
        "Nothing is due",
        "Plan a focus session",
        "No due dates yet",
        "Connect Moodle",
    ],
)
def test_it_offers_what_a_student_needs(words: str) -> None:
    assert words in str(deadlines_part())


def test_every_control_is_labelled_and_what_changes_is_told() -> None:
    text = str(deadlines_part())
    assert 'htmlFor:"due-course"' in text
    assert 'role:"status"' in text
    assert 'jsx("h1"' not in text


def test_moodle_opens_beside_the_page_and_learns_nothing_of_it() -> None:
    text = str(deadlines_part())
    assert 'rel:"noreferrer"' in text
    assert text.count('target:"_blank"') == text.count('rel:"noreferrer"')


def test_a_state_that_needs_doing_has_words_and_not_only_a_colour() -> None:
    text = str(deadlines_part())
    assert all(f'"{stage}"' in text for stage in ("late", "closed"))
    assert "dangerouslySetInnerHTML" not in text
