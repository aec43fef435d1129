import math
from datetime import timedelta

import pytest

from studymaster.features.flashcards.rules import comparing
from studymaster.features.flashcards.rules.comparing import Bin, Guess
from studymaster.features.flashcards.rules.fsrs import Recalled
from tests.features.flashcards.rules.students import AGAIN, FORGETFUL, GOOD, MONDAY, lives


def days(*away: int, grade=GOOD) -> list[Recalled]:
    return [Recalled(grade, MONDAY + timedelta(days=one)) for one in away]


def test_sm2_expects_nine_in_ten_at_its_interval_and_less_after_it() -> None:
    chances = comparing.by_sm2(days(0, 1, 7, 37))
    assert chances == pytest.approx([0.9, 0.9, 0.9**2])


def test_fsrs_expects_what_its_memory_says() -> None:
    first, second = comparing.by_fsrs()(days(0, 2, 13))
    assert first == pytest.approx(0.9, abs=0.02)
    assert second == pytest.approx(0.9, abs=0.02)


def test_a_score_worked_by_hand() -> None:
    found = [Guess(0.9, known=True, day=MONDAY), Guess(0.5, known=False, day=MONDAY)]
    score = comparing.score(found)
    assert score.log_loss == pytest.approx((-math.log(0.9) - math.log(0.5)) / 2)
    assert score.rmse == pytest.approx(math.sqrt((0.1**2 + 0.5**2) / 2))
    assert score.bins == (Bin(0.5, 0, 1), Bin(0.9, 1, 1))


def test_one_surprise_is_no_infinity() -> None:
    assert comparing.score([Guess(1, known=False, day=MONDAY)]).log_loss == pytest.approx(
        9.21, abs=0.01
    )


def test_drills_of_the_same_day_are_not_scored() -> None:
    history = [*days(0, 0, grade=AGAIN), *days(3)]
    (guess,) = comparing.guesses([history], comparing.by_fsrs())
    assert guess.known
    assert guess.day == history[-1].day


def test_whoever_forgets_as_fsrs_says_is_foreseen_better_by_it() -> None:
    found = lives(cards=200, reviews=8)
    sm2, fsrs = (
        comparing.score(comparing.guesses(found, by))
        for by in (comparing.by_sm2, comparing.by_fsrs())
    )
    assert fsrs.log_loss < sm2.log_loss
    assert fsrs.rmse < 0.05
    assert sum(one.count for one in fsrs.bins) == fsrs.answers == sm2.answers


def test_the_true_law_of_a_student_is_foreseen_best() -> None:
    found = lives(cards=200, reviews=8, parameters=FORGETFUL)
    published, own = (
        comparing.score(comparing.guesses(found, comparing.by_fsrs(by)))
        for by in ((), FORGETFUL)
    )
    assert own.log_loss < published.log_loss
