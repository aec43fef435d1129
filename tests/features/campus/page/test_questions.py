import pytest

from studymaster.features.campus.page.questions import questions_panel


@pytest.mark.parametrize(
    "words",
    [
        "Ask a question",
        "No courses to ask in yet",
        "Nobody has asked yet",
        "No question fits",
        "No answer yet",
        "Unanswered first",
        "Choose a course",
        "Search",
        '["debounce"] : 300',
    ],
)
def test_the_panel_offers_what_a_student_needs(words: str) -> None:
    assert words in str(questions_panel())


def test_a_question_that_another_page_hands_over_is_found() -> None:
    text = str(questions_panel())
    assert 'draft:"question"' in text
    for field in ("title", "text", "course"):
        assert f'name:"{field}"' in text
    assert "questions_state.ask" in text


def test_what_others_wrote_is_text() -> None:
    assert "dangerouslySetInnerHTML" not in str(questions_panel())
