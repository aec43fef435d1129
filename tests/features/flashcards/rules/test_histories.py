from datetime import date, timedelta
from uuid import UUID

from studymaster.features.flashcards.rules.fsrs import Recalled
from studymaster.features.flashcards.rules.histories import (
    Asked,
    count_scored,
    histories,
    scored,
)
from studymaster.features.flashcards.rules.sm2 import Grade

MONDAY = date(2026, 3, 2)
ONE, OTHER = UUID(int=1), UUID(int=2)


def line(
    card: UUID, day: int, *, grade: int = 4, reset: bool = False, had: int = 0
) -> Asked:
    return Asked(card, reset, 0 if reset else grade, MONDAY + timedelta(days=day), had)


def days(history) -> list[int]:
    return [(one.day - MONDAY).days for one in history]


def test_each_card_has_its_own_history() -> None:
    found = histories([line(ONE, 0), line(ONE, 3, grade=2, had=3), line(OTHER, 1)])
    assert [days(one) for one in found] == [[0, 3], [1]]
    assert found[0][1] == Recalled(Grade.AGAIN, MONDAY + timedelta(days=3))


def test_a_reset_begins_anew() -> None:
    lines = [
        line(ONE, 0),
        line(ONE, 3),
        line(ONE, 4, reset=True),
        line(ONE, 5),
        line(ONE, 9),
    ]
    assert [days(one) for one in histories(lines)] == [[0, 3], [5, 9]]
    assert histories([line(ONE, 4, reset=True)]) == []


def test_what_came_with_an_interval_from_elsewhere_tells_nothing_until_a_reset() -> None:
    lines = [line(ONE, 0, had=30), line(ONE, 40), line(ONE, 41, reset=True), line(ONE, 42)]
    assert [days(one) for one in histories(lines)] == [[42]]


def test_only_an_answer_after_a_rest_tells_something() -> None:
    (history,) = histories(
        [line(ONE, 0), line(ONE, 0), line(ONE, 2), line(ONE, 2), line(ONE, 9)]
    )
    assert scored(history) == [2, 4]
    assert count_scored([history, history]) == 4
