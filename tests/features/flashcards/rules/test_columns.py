from datetime import date

import pytest

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.columns import (
    AS_ADDED,
    LABELS,
    Column,
    Order,
    day_words,
    days_words,
    parse_order,
    rounded,
    source_words,
)


def test_an_order_is_read_as_it_is_written() -> None:
    for column in Column:
        for is_down in (True, False):
            order = Order(column, is_down=is_down)
            assert parse_order(str(order)) == order
    assert parse_order("") == parse_order(None) == AS_ADDED


@pytest.mark.parametrize("value", ["colour", "-", "--front", "Front", 7, ["front"]])
def test_an_order_by_no_column_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError, match="Sort by front, back, deck"):
        parse_order(value)


def test_every_column_has_a_name_of_its_own() -> None:
    assert set(LABELS) == set(Column)
    assert len(set(LABELS.values())) == len(Column)


def test_what_is_not_there_says_nothing() -> None:
    assert [days_words(0), rounded(None), day_words(None), source_words(None, 3)] == [
        ""
    ] * 4


def test_figures_are_said_in_words() -> None:
    assert (days_words(1), days_words(1200)) == ("1 day", "1,200 days")
    assert (rounded(1234.56), rounded(2.5, digits=2)) == ("1,234.6", "2.50")
    assert day_words(date(2030, 2, 4)) == "4 Feb 2030"
    assert source_words("Cells.pdf", 3) == "Cells.pdf, page 3"
    assert source_words("Cells.pdf", None) == "Cells.pdf"
