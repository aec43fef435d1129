import pytest

from studymaster.errors import InvalidInputError
from studymaster.features.campus.rules import questions as rules


@pytest.mark.parametrize("title", ["", "  ", "x" * 201, None, 7, "a\x00b", "\ud800"])
def test_a_question_is_asked_in_one_line(title: object) -> None:
    with pytest.raises(InvalidInputError):
        rules.require_title(title)
    assert rules.require_title(" Why \n osmosis? ") == "Why osmosis?"


def test_a_question_may_stand_alone_but_an_answer_says_something() -> None:
    assert rules.require_text("") == ""
    for wrong in ("x" * 4001, None, 7):
        with pytest.raises(InvalidInputError):
            rules.require_text(wrong)
    for wrong in ("", "  \n", "x" * 4001, None):
        with pytest.raises(InvalidInputError):
            rules.require_answer(wrong)
    assert rules.require_answer("x" * 4000) == "x" * 4000


def test_a_search_has_at_most_eight_words() -> None:
    assert rules.search_words("  Why   osmosis ") == ("Why", "osmosis")
    assert len(rules.search_words("a " * 20)) == 8
    for wrong in ("x" * 101, None, 7, "\x00"):
        with pytest.raises(InvalidInputError):
            rules.search_words(wrong)


def test_only_two_orders_are_known() -> None:
    assert rules.parse_order("newest") == "newest"
    for wrong in ("best", "", None, ["newest"]):
        with pytest.raises(InvalidInputError):
            rules.parse_order(wrong)
