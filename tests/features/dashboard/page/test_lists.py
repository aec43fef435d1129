from studymaster.features.dashboard.page import lists
from studymaster.ui.folding import SUMMARY


def test_a_course_of_which_nothing_was_asked_says_so_instead_of_a_share() -> None:
    assert "not asked again yet" in str(lists.courses())


def test_deadlines_open_moodle_in_a_new_tab_and_later_ones_are_folded() -> None:
    text = str(lists.deadlines())
    assert '?.["address"]' in text
    assert '"_blank"' in text
    assert '" more"' in text or " more" in text
    assert text.count('jsx("details"') == 2, "the later ones, and the passed ones"
    assert text.count(SUMMARY) == 2


def test_passed_deadlines_stand_apart_and_an_empty_list_says_how_far_it_looks() -> None:
    text = str(lists.deadlines())
    assert "Passed" in text
    assert "Nothing is due in the next 14 days." in text


def test_who_is_not_on_the_leaderboard_is_shown_the_way_there() -> None:
    text = str(lists.leaderboard())
    assert "Show me on it" in text
    assert 'to:"/accountability"' in text
