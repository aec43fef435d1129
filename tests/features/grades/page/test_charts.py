"""The charts of a gradebook."""

import pytest

from studymaster.features.grades.page import charts


@pytest.mark.parametrize("chart", [charts.single_grades, charts.moved])
def test_every_chart_is_a_sentence_a_picture_and_a_table(chart) -> None:
    text = str(chart())
    assert text.count("sentence") >= 2
    assert 'role:"img"' in text
    assert text.count('jsx("table"') == 1
    assert 'scope:"col"' in text


def test_the_line_is_drawn_once_there_is_one() -> None:
    text = str(charts.moved())
    assert "polyline" in text
    assert text.index('["path"]') < text.index("polyline")
