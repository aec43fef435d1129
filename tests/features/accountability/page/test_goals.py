from studymaster.features.accountability import rules
from studymaster.features.accountability.page import goals


def test_every_achievement_has_a_picture() -> None:
    assert {one.icon for one in rules.ACHIEVEMENTS} == set(goals.ICONS)
    assert "Take it on" in str(goals.challenges())
    assert "reached on" in str(goals.achievements())


def test_challenges_and_achievements_say_how_cards_are_counted() -> None:
    for part in (goals.challenges(), goals.achievements()):
        assert goals.HOW_CARDS_COUNT in str(part)


def test_a_challenge_that_is_met_already_says_what_its_button_brings() -> None:
    text = str(goals.challenges())
    assert '"met"' in text
    assert "Collect " in text
