from studymaster.features.flashcards.rules import workload
from studymaster.features.flashcards.rules.workload import Habits, Known
from tests.features.flashcards.rules.students import AGAIN, EASY, FORGETFUL, GOOD, HARD

HABITS = Habits(
    seconds=10.0,
    new_per_day=5,
    first={AGAIN: 3, HARD: 2, GOOD: 8, EASY: 2},
    recalled={HARD: 1, GOOD: 6, EASY: 1},
)
CARDS = [Known(1.0 + number % 60, 5.0, number % 9) for number in range(600)]


def minutes(cards=CARDS, *, habits=HABITS, parameters=(), seed=7) -> dict[int, float]:
    found = workload.costs(cards, habits=habits, parameters=parameters, seed=seed)
    return {one.retention: one.minutes for one in found}


def test_to_know_more_costs_more() -> None:
    found = minutes()
    assert found[80] < found[90] < found[95] < found[97]
    assert list(found) == sorted(found)


def test_the_same_cards_cost_the_same() -> None:
    assert minutes() == minutes()


def test_more_new_cards_cost_more_and_nothing_costs_nothing() -> None:
    assert (
        minutes(habits=HABITS)[90]
        > minutes(habits=Habits(10.0, 0, HABITS.first, HABITS.recalled))[90]
    )
    assert set(
        minutes([], habits=Habits(10.0, 0, HABITS.first, HABITS.recalled)).values()
    ) == {0}


def test_slower_answers_cost_in_proportion() -> None:
    twice = Habits(20.0, HABITS.new_per_day, HABITS.first, HABITS.recalled)
    assert minutes(habits=twice)[90] == 2 * minutes()[90]


def test_whoever_forgets_sooner_pays_more() -> None:
    assert minutes(parameters=FORGETFUL)[90] > minutes()[90]


def test_a_sample_of_many_cards_stands_for_all() -> None:
    habits = Habits(10.0, 0, HABITS.first, HABITS.recalled)
    many = [card for card in CARDS for _ in range(10)]
    few = minutes(habits=habits)[90]
    assert abs(minutes(many, habits=habits)[90] / (10 * few) - 1) < 0.1
