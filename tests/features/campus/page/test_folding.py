import reflex as rx

from studymaster.features.campus.page import folding
from studymaster.features.campus.page.questions import questions_panel
from studymaster.features.campus.page.resources import resources_panel


def test_choices_leave_the_screen_of_a_phone_to_the_list() -> None:
    for panel in (questions_panel(), resources_panel()):
        text = str(panel)
        assert text.count("jsx(FoldedChoice,") == 1
        assert 'label:"Filter and order"' in text


def test_the_button_is_told_which_choices_are_set() -> None:
    text = str(folding.FoldedChoice.create(rx.el.p("x"), active=[True, False]))
    assert "active:[true, false]" in text
