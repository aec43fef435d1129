import pytest

from studymaster.errors import InvalidInputError
from studymaster.features.campus.rules import chat as rules


@pytest.mark.parametrize(
    ("role", "is_yours", "may"),
    [
        ("owner", False, True),
        ("moderator", False, True),
        ("member", False, False),
        ("", False, False),
        ("member", True, True),
        ("moderator", True, True),
    ],
)
def test_who_may_remove_a_message(role: str, is_yours, may) -> None:
    assert rules.may_take_back(role, is_yours=is_yours) is may


def test_a_message_keeps_its_lines() -> None:
    assert rules.require_message("\n one\r\n\r\n two \n") == "one\n\n two"


@pytest.mark.parametrize("text", [None, 7, [], {}, "", "x" * 2001])
def test_what_is_no_message(text) -> None:
    with pytest.raises(InvalidInputError, match="1 to 2,000"):
        rules.require_message(text)
