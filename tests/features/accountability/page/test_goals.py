from studymaster.features.accountability import rules
from studymaster.features.accountability.page import goals


def test_every_achievement_has_a_picture() -> None:
    assert {one.icon for one in rules.ACHIEVEMENTS} == set(goals.ICONS)
    assert "Take it on" in str(goals.challenges())
    assert "reached on" in str(goals.achievements())
