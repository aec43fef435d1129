import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.courses.rules import LINES, is_moodle_id, next_line


def test_the_first_ten_courses_have_ten_colours() -> None:
    lines: list[int] = []
    for _ in range(10):
        lines.append(next_line(lines))
    assert sorted(lines) == list(range(10))


@given(st.lists(st.integers(0, LINES - 1), max_size=60))
def test_no_colour_is_taken_while_a_rarer_one_is_left(taken: list[int]) -> None:
    line = next_line(taken)
    assert taken.count(line) == min(taken.count(other) for other in range(LINES))


@pytest.mark.parametrize(
    ("number", "can_be"),
    [(1, True), (2**63 - 1, True), (0, False), (-5, False), (2**63, False)],
)
def test_moodle_counts_from_one_in_64_bits(number: int, *, can_be: bool) -> None:
    assert is_moodle_id(number) is can_be
