from datetime import timedelta
from uuid import UUID

import pytest

from studymaster.errors import ConflictError, InvalidInputError
from studymaster.features.campus.rules import buddies
from tests.conftest import NOON

ONE, OTHER = UUID(int=1), UUID(int=2)


def test_a_pair_has_one_name_from_both_sides() -> None:
    assert buddies.pair_key(ONE, OTHER) == buddies.pair_key(OTHER, ONE)
    assert len(buddies.pair_key(ONE, OTHER)) <= 80


@pytest.mark.parametrize(
    ("days", "forgotten"), [(0, False), (29, False), (30, True), (400, True)]
)
def test_a_no_counts_for_thirty_days(days: int, forgotten) -> None:
    said = NOON - timedelta(days=days)
    assert buddies.is_forgotten(answered_at=said, now=NOON) is forgotten


def test_a_note_may_be_empty_and_is_kept_short() -> None:
    assert buddies.require_note("  ") == ""
    assert buddies.require_note("x" * 300) == "x" * 300
    for wrong in ("x" * 301, None, 7):
        with pytest.raises(InvalidInputError, match="300"):
            buddies.require_note(wrong)


def test_nobody_asks_everybody() -> None:
    buddies.require_few_asked(19)
    with pytest.raises(ConflictError, match="20"):
        buddies.require_few_asked(20)
