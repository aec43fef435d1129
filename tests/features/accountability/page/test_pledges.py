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


def test_the_amount_has_its_bounds_and_its_problem_at_the_field() -> None:
    text = str(pledges.pledges())
    field = text.split('"field-amount"')[1].split("Until when", maxsplit=1)[0]
    assert '?.["least"]' in text
    assert '?.["most"]' in text
    assert "problem" in field


def test_the_form_says_from_when_on_a_promise_counts() -> None:
    text = str(pledges.pledges())
    assert "Counts from now on: each card once a day" in text


def test_a_promise_that_is_met_cannot_be_withdrawn() -> None:
    text = str(pledges.pledges())
    shown = text.split("Withdraw your pledge of", maxsplit=1)[0][-900:]
    assert '?.["progress"]' in shown
    assert '?.["goal"]' in shown


def test_who_has_no_buddy_any_more_is_told_what_becomes_of_open_pledges() -> None:
    text = str(pledges.pledges())
    assert "You have no buddy now." in text
    assert "no buddy of yours now" in text
    assert '"Promise it to somebody"' in text
