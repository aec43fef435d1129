"""What moves a course, and what weighs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.grades.rules.insight import heaviest_open, pulls
from studymaster.features.grades.rules.standing import tally
from tests.features.grades.gradebooks import line


def test_the_best_and_the_worst_pull_by_their_weight() -> None:
    good, bad, usual = line(20, of=20), line(50), line(80)
    found = [good, bad, usual]
    up, down = pulls(found, by=tally(found, total=None))
    assert up is not None
    assert down is not None
    # 150 of 220 points: 68.18 percent.
    assert (up.line, round(up.points, 2)) == (usual, 5.37)
    assert (down.line, round(down.points, 2)) == (bad, -8.26)


@pytest.mark.parametrize("grades", [[], [70], [70, 70.2]])
def test_where_nothing_moves_nothing_is_said(grades) -> None:
    found = [line(grade) for grade in grades]
    assert pulls(found, by=tally(found, total=None)) == (None, None)


def test_the_heaviest_open_line_and_its_share() -> None:
    quiz, exam = line(of=50), line(of=250)
    found = [line(60, of=100), line(40, of=100), quiz, exam]
    heaviest = heaviest_open(found, by=tally(found, total=None))
    assert heaviest is not None
    assert (heaviest.line, heaviest.share) == (exam, 0.5)


def test_with_nothing_open_nothing_weighs() -> None:
    found = [line(60)]
    assert heaviest_open(found, by=tally(found, total=None)) is None


@given(st.lists(st.builds(line, st.floats(0, 100), of=st.floats(1, 200)), max_size=6))
def test_no_line_pulls_beyond_its_weight(found) -> None:
    for pull in pulls(found, by=tally(found, total=None)):
        assert pull is None or abs(pull.points) <= 10_000
