from datetime import date
from uuid import UUID

from studymaster.features.flashcards.rules.rewards import POINTS, points_cause
from studymaster.features.flashcards.rules.sm2 import Grade


def test_honesty_is_worth_something_and_boasting_nothing_more() -> None:
    assert POINTS[Grade.AGAIN] > 0
    assert POINTS[Grade.EASY] == POINTS[Grade.GOOD]


def test_a_card_brings_its_points_once_a_day() -> None:
    card, day = UUID(int=1), date(2030, 1, 16)
    assert points_cause(card, day=day) == points_cause(card, day=day)
    assert points_cause(card, day=day) != points_cause(card, day=date(2030, 1, 17))
    assert points_cause(card, day=day) != points_cause(UUID(int=2), day=day)
