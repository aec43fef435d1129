from datetime import timedelta

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.rules.browse import parse_search
from studymaster.features.flashcards.rules.columns import Column, Order
from studymaster.features.flashcards.schemas import EVERYTHING
from studymaster.features.flashcards.service import browse
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_lecture


@pytest.fixture
async def cards(student):
    """Three cards that differ in everything; the second is known best."""
    latin = await make_deck(student, "Latin")
    early = {
        "front": "Bos",
        "back": "ox",
        "interval_days": 3,
        "turn": 2,
        "due_on": TODAY + timedelta(days=1),
        "easiness": 130,
        "lapses": 4,
        "last_reviewed_at": NOON - timedelta(days=2),
        "flag": 2,
        "tags": ["b"],
    }
    known = {
        "front": "apis",
        "back": "Bee",
        "interval_days": 30,
        "turn": 9,
        "due_on": TODAY + timedelta(days=20),
        "easiness": 280,
        "lapses": 1,
        "last_reviewed_at": NOON - timedelta(days=1),
        "flag": 1,
        "tags": ["a"],
    }
    new = {"front": "cell?", "back": "a wall", "easiness": 250}
    memory = {"difficulty": 5.0, "reviewed_on": TODAY}
    await make_own_card(student, latin, **early, stability=2.5, **memory)
    later = NOON + timedelta(minutes=1)
    await make_own_card(student, latin, **known, created_at=later, stability=40.0, **memory)
    lecture = await make_lecture(student)
    await make_card(student, lecture, **new, created_at=later + timedelta(minutes=1))


FIRST = {
    Column.FRONT: ("apis", "cell?"),
    Column.BACK: ("cell?", "Bos"),
    Column.DECK: ("cell?", "Bos"),
    Column.WHEN: ("Bos", "cell?"),
    Column.INTERVAL: ("cell?", "apis"),
    Column.EASE: ("Bos", "apis"),
    Column.STABILITY: ("Bos", "apis"),
    Column.DIFFICULTY: ("Bos", "Bos"),
    Column.ANSWERS: ("cell?", "apis"),
    Column.LAPSES: ("cell?", "Bos"),
    Column.TAGS: ("cell?", "Bos"),
    Column.FLAG: ("apis", "Bos"),
    Column.ADDED: ("Bos", "cell?"),
    Column.ANSWERED: ("Bos", "apis"),
    Column.SOURCE: ("cell?", "cell?"),
}
"""The first card of a table that is sorted up, and down; what is not there comes last."""


async def table(student, order, *, search="", window=None):
    async with unit_of_work() as work:
        return await browse.get_table(
            work,
            student=student,
            search=parse_search(text=search),
            pile=EVERYTHING,
            order=order,
            window=window or Window(),
            now=NOON,
        )


@pytest.mark.parametrize("column", [*Column])
async def test_the_table_is_sorted_by_every_column(student, cards, column) -> None:
    for is_down in (False, True):
        order = Order(column, is_down=is_down)
        found = await table(student, order)
        assert found.rows[0].front == FIRST[column][is_down]
        one_by_one = [
            (await table(student, order, window=Window(at, 1))).rows[0].id
            for at in range(3)
        ]
        assert one_by_one == [row.id for row in found.rows]


async def test_a_row_says_all_that_a_column_asks(student, cards) -> None:
    row = (await table(student, Order(), search="bos")).rows[0]
    assert (row.interval, row.ease, row.stability, row.difficulty) == (
        "3 days",
        "1.30",
        "2.5",
        "5.0",
    )
    assert (row.answers, row.lapses, row.answered) == ("2", "4", "14 Jan 2030")
    assert (row.added, row.flag, row.source) == ("16 Jan 2030", "Orange", "")
    new = (await table(student, Order(), search="cell")).rows[0]
    assert (new.interval, new.answers, new.answered) == ("", "", "")
    assert new.source.endswith(", page 1")
