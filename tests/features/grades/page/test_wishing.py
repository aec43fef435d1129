"""The what-if on the page."""

import pytest

from studymaster.features.grades.page.wishing import what_if


@pytest.mark.parametrize(
    "words",
    [
        "Wished course result in percent",
        "What shall bring it",
        "It counts, in percent of the course",
        "Everything that is still open",
        "Work it out",
    ],
)
def test_every_field_has_its_label(words: str) -> None:
    assert words in str(what_if())


def test_the_answer_is_told_to_screen_readers() -> None:
    assert 'role:"status"' in str(what_if())


def test_what_is_wrong_with_an_assumed_grade_is_told_too() -> None:
    told = str(what_if()).split('role:"status"')[1]
    assert 'startsWith("assumed-")' in told


def test_each_open_line_has_a_field_and_room_for_what_is_wrong_with_it() -> None:
    text = str(what_if())
    assert text.count('"assumed-"') >= 1
    assert "problem" in text
