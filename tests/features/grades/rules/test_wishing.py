"""What a wish takes."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studymaster.features.grades.rules.standing import tally
from studymaster.features.grades.rules.wishing import (
    Outcome,
    need,
    open_lines,
    result,
)
from tests.features.grades.gradebooks import line


def asked(found, *, wished, total=None, of=None, assumed=None, share=None):
    by = tally(found, total=total)
    keys = [one.key for one in of or open_lines(found, by=by)]
    return need(by, wished=wished, of=keys, assumed=assumed or {}, share=share)


def test_half_of_the_course_is_open() -> None:
    found = asked([line(70), line()], wished=80)
    assert found is not None
    assert (found.outcome, found.percent, found.best) == (Outcome.NEEDED, 90.0, 85.0)
    assert found.share == pytest.approx(0.5)


def test_it_is_reached_already() -> None:
    found = asked([line(100, of=100), line(of=100)], wished=50)
    assert found is not None
    assert found.outcome is Outcome.REACHED


def test_it_cannot_be_reached_any_more() -> None:
    found = asked([line(40), line()], wished=80)
    assert found is not None
    assert (found.outcome, found.best) == (Outcome.OUT_OF_REACH, 70.0)


def test_full_marks_are_just_enough() -> None:
    found = asked([line(40), line()], wished=70)
    assert found is not None
    assert (found.outcome, found.percent) == (Outcome.NEEDED, 100.0)


def test_all_that_is_open_is_asked_together() -> None:
    found = asked([line(60), line(), line(of=200)], wished=75)
    assert found is not None
    assert (found.outcome, found.percent) == (Outcome.NEEDED, 80.0)


def test_an_assumed_grade_counts_as_settled() -> None:
    exam, essay, done = line(), line(), line(60)
    found = asked([done, exam, essay], wished=70, of=[exam], assumed={essay.key: 80.0})
    assert found is not None
    assert found.percent == 70.0


def test_the_student_knows_better_how_much_the_exam_counts() -> None:
    found = asked([line(60), line(of=10)], wished=80, share=0.5)
    assert found is not None
    assert (found.outcome, found.percent, found.share) == (Outcome.NEEDED, 100.0, 0.5)


def test_with_nothing_graded_the_wish_itself_is_needed() -> None:
    found = asked([line(), line(of=7)], wished=66.6)
    assert found is not None
    assert (found.outcome, found.percent) == (Outcome.NEEDED, 66.6)
    shared = asked([line()], wished=66.6, share=0.4)
    assert shared is not None
    assert shared.percent == 66.6


def test_weights_that_moodle_tells_count_the_open_exam_as_zero_until_it_is_there() -> None:
    exam = line(weight=0.5)
    found = [line(80, weight=0.5), exam]
    by = tally(found, total=40.0)
    assert by.percent == 40.0
    assert result(by, assumed={exam.key: 100.0}) == pytest.approx(90.0)
    wish = asked(found, wished=65, total=40.0)
    assert wish is not None
    assert (wish.outcome, wish.percent, wish.best) == (Outcome.NEEDED, 50.0, 90.0)


def test_moodles_total_is_what_was_earned_so_far() -> None:
    # The worse of two quizzes was dropped, which no line tells.
    found = [line(90), line(10), line()]
    wish = asked(found, wished=90, total=90.0)
    assert wish is not None
    assert wish.percent == 90.0


def test_behind_a_total_of_hidden_grades_nothing_can_be_asked() -> None:
    found = [line(), line()]
    by = tally(found, total=61.0)
    assert open_lines(found, by=by) == []
    assert asked(found, wished=80, total=61.0) is None


def test_letters_are_not_open() -> None:
    letter, exam = line(shown="B+"), line()
    assert open_lines([letter, exam], by=tally([letter, exam], total=80.0)) == [exam]


percents = st.floats(0, 130)
graded = st.lists(st.builds(line, percents, of=st.just(100.0)), max_size=5)
waiting = st.lists(st.builds(line, of=st.floats(1, 500)), min_size=1, max_size=5)


@given(graded, waiting, st.floats(1, 200), st.none() | st.floats(0.01, 0.99))
def test_what_is_needed_suffices_and_hardly_less_does(done, rest, wished, share) -> None:
    by = tally([*done, *rest], total=None)
    keys = [one.key for one in rest]
    found = need(by, wished=wished, of=keys, assumed={}, share=share)
    assert found is not None
    assume(found.outcome is Outcome.NEEDED)
    mean = by.percent or 0.0
    whole = found.share if done else 1.0

    def ends_at(percent: float) -> float:
        return (1 - whole) * mean + whole * percent

    assert ends_at(found.percent) >= wished - 1e-6
    assert ends_at(found.percent - 0.11) < wished + 1e-6


@given(graded, waiting, st.floats(1, 200))
def test_a_wish_and_its_result_agree(done, rest, wished) -> None:
    by = tally([*done, *rest], total=None)
    keys = [one.key for one in rest]
    found = need(by, wished=wished, of=keys, assumed={})
    assert found is not None
    full = result(by, assumed=dict.fromkeys(keys, 100.0))
    nothing = result(by, assumed=dict.fromkeys(keys, 0.0))
    assert full is not None
    assert nothing is not None
    if found.outcome is Outcome.REACHED:
        assert nothing >= wished - 1e-6
    if found.outcome is Outcome.OUT_OF_REACH:
        assert full < wished
        assert found.best <= full + 1e-6
    if found.outcome is Outcome.NEEDED:
        assert 0 < found.percent <= 100.0


@given(
    st.lists(
        st.builds(line, st.none() | st.floats(), of=st.floats(), weight=st.floats()),
        max_size=5,
    ),
    st.none() | st.floats(),
    st.floats(1, 200),
)
def test_no_answer_is_ever_half_a_number(found, total, wished) -> None:
    by = tally(found, total=total)
    keys = [one.key for one in open_lines(found, by=by)]
    wish = need(by, wished=wished, of=keys, assumed={})
    assert wish is None or math.isfinite(wish.percent + wish.best + wish.share)
    ends = result(by, assumed=dict.fromkeys(keys, 50.0))
    assert ends is None or math.isfinite(ends)
