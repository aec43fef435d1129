from studymaster.features.accountability import rules
from studymaster.features.accountability.page import pledges


def test_the_form_offers_what_can_be_counted() -> None:
    assert {kind for kind, _ in pledges.KINDS} == {kind.value for kind in rules.PLEDGES}
    assert all(1 <= int(days) <= rules.LONGEST_PLEDGE for days, _ in pledges.LENGTHS)


def test_withdrawing_asks_first_and_a_student_without_buddies_is_shown_the_way() -> None:
    text = str(pledges.pledges())
    assert "Withdraw this pledge?" in text
    assert "/campus?tab=buddies" in text
    assert f"{rules.PLEDGE_POINTS} points" in text
