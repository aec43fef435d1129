"""The insight on the page."""

from studymaster.features.grades.page import insight


def test_the_switch_says_what_leaves_the_machine() -> None:
    text = str(insight.insight())
    assert insight.WHAT_LEAVES in text
    assert 'role:"switch"' in text


def test_it_says_when_there_is_too_little() -> None:
    assert insight.NOTHING_TO_SAY in str(insight.insight())
