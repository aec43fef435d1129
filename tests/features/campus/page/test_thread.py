import pytest

from studymaster.features.campus.page.thread import thread


@pytest.mark.parametrize(
    "words",
    [
        "This helped",
        "Your answer",
        "Remove the question?",
        "Remove the answer?",
        "Send report",
        "useful",
    ],
)
def test_an_open_question_offers_what_a_student_needs(words: str) -> None:
    assert words in str(thread())


def test_questions_and_answers_are_shown_as_their_markdown_means_them() -> None:
    assert str(thread()).count("jsx(Written,") == 2


def test_a_half_written_answer_is_kept_by_question() -> None:
    assert 'draft:("answer:"+' in str(thread()).replace(" ", "")


def test_new_answers_are_told_to_screen_readers() -> None:
    assert '"aria-live":"polite"' in str(thread()).replace(" ", "")
