"""The lines of a gradebook on the page."""

from studymaster.features.grades.page.lines import gradebook_lines


def test_each_line_says_whether_it_is_graded_and_what_was_said_of_it() -> None:
    text = str(gradebook_lines())
    assert '"not graded"' in text
    assert '"Feedback"' in text
    assert "whitespace-pre-wrap" in text


def test_markup_in_feedback_stays_text() -> None:
    assert "dangerouslySetInnerHTML" not in str(gradebook_lines())
