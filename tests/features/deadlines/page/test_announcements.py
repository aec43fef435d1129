"""What was announced, on the page."""

import pytest

from studymaster.features.deadlines.page import announcements_part


@pytest.mark.parametrize(
    "words",
    [
        "Announcements",
        "newest first",
        "Show 20 more",
        "Open in Moodle",
        "It goes on in Moodle.",
        "No announcements yet",
        "Look at the sync",
        "Connect Moodle",
        "No announcements in this course",
    ],
)
def test_it_offers_what_a_student_needs(words: str) -> None:
    assert words in str(announcements_part())


def test_what_a_teacher_wrote_is_text_and_unfolds() -> None:
    text = str(announcements_part())
    assert 'jsx("details"' in text
    assert "dangerouslySetInnerHTML" not in text
    assert 'dir:"auto"' in text
    assert '"aria-live":"polite"' in text
