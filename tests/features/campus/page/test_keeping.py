from pathlib import Path

from studymaster.features.campus.page import keeping
from studymaster.features.campus.state.questions import QuestionsState

SOURCE = Path(keeping.__file__).parent / "kept.jsx"


def test_a_form_tells_what_was_typed_and_learns_what_arrived() -> None:
    form = keeping.KeptForm.create(
        draft=keeping.QUESTION, sent=QuestionsState.sent, on_send=QuestionsState.ask
    )
    assert "questions_state.ask" in str(form)
    assert "sent" in str(form)


def test_drafts_lie_where_another_page_can_put_one() -> None:
    source = SOURCE.read_text(encoding="utf-8")
    assert "`studymaster:draft:${draft}`" in source
    assert keeping.QUESTION == "question"


def test_a_button_elsewhere_opens_the_form() -> None:
    text = str(keeping.FormOpener.create(draft=keeping.RESOURCE, label="Share something"))
    assert 'draft:"resource"' in text
