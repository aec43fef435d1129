import pytest

from studymaster.errors import InvalidInputError
from studymaster.features.campus.rules import reports


def test_the_third_report_hides() -> None:
    assert [reports.hides(count) for count in (0, 1, 2, 3, 9)] == [False] * 3 + [True] * 2


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301, None, 7])
def test_a_report_says_why(reason: object) -> None:
    with pytest.raises(InvalidInputError, match="300"):
        reports.require_reason(reason)
    assert reports.require_reason("  not ours \n to share") == "not ours to share"
