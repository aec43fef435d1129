import pytest

from studymaster.features.flashcards.rules import fitting, fsrs
from studymaster.features.flashcards.rules.histories import count_scored
from tests.features.flashcards.rules.students import FORGETFUL, lives


def fit(found, *, before=fsrs.UNSET) -> fitting.Fitted:
    return fitting.fit(found, cut=fitting.find_cut(found), before=before)


def test_whoever_forgets_otherwise_gains_on_answers_the_fit_has_not_seen() -> None:
    found = lives(cards=1_200, reviews=8, parameters=FORGETFUL)
    fitted = fit(found)
    assert fitted.is_better
    cut = fitting.find_cut(found)
    best = fitting.loss(found, parameters=FORGETFUL, since=cut).log_loss
    gain, most = (fitted.loss_before - one for one in (fitted.loss_after, best))
    assert gain > most / 2 > 0.005


def test_the_same_answers_give_the_same_parameters() -> None:
    found = lives(cards=150, reviews=6, parameters=FORGETFUL)
    assert fit(found) == fit(found)


def test_what_is_held_out_never_touches_the_fit() -> None:
    found = lives(cards=200, reviews=8, parameters=FORGETFUL)
    cut = fitting.find_cut(found)
    earlier = [
        known for history in found if (known := [one for one in history if one.day < cut])
    ]
    assert fitting._train(found, before=cut) == fitting._train(earlier, before=cut)


def test_a_fifth_of_the_answers_the_newest_is_held_out() -> None:
    found = lives(cards=200, reviews=8)
    fitted = fit(found)
    assert fitted.held_out == pytest.approx(count_scored(found) / 5, rel=0.1)


def test_too_few_answers_fit_nothing() -> None:
    found = lives(cards=60, reviews=6)
    assert count_scored(found) < fitting.LEAST_TO_FIT
    assert fitting.find_cut(found) is None


def test_what_fits_the_old_answers_alone_is_not_taken() -> None:
    assert not fit(lives(cards=300, reviews=8, parameters=FORGETFUL)).is_better


def test_better_parameters_than_those_that_hold_are_wanted_not_just_than_the_published() -> (
    None
):
    found = lives(cards=1_200, reviews=8, parameters=FORGETFUL)
    own = fit(found)
    assert not fit(found, before=own.parameters).is_better


def test_the_scheduler_takes_whatever_the_trainer_finds() -> None:
    odd = [10**6, -1.0, 0.5, 3.0, *fsrs.PUBLISHED[4:20], 0.80000001]
    within = fitting._within_bounds(odd)
    fsrs.chance(
        fsrs.Memory(1, 5, fsrs.date(2026, 1, 1)),
        day=fsrs.date(2026, 1, 2),
        parameters=within,
    )
    assert list(within[:4]) == sorted(within[:4])
    assert fitting._within_bounds([float("nan")] * 21) == tuple(fsrs.PUBLISHED)
