"""What is folded away until it is asked for."""

import reflex as rx

from studymaster.ui.folding import folded


def test_it_is_a_line_of_the_browsers_own_with_its_triangle() -> None:
    text = str(folded("Feedback", rx.el.p("Well done."), hidden=" on the essay"))
    assert 'jsx("details"' in text
    assert "cursor-pointer" in text
    line = text.partition('jsx("summary"')[2]
    assert "flex" not in line, "a summary that is a flex box has no triangle"
    assert line.index("Feedback") < line.index(" on the essay") < line.index("Well done.")
