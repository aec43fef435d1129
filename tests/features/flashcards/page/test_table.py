from studymaster.features.flashcards.page import browse
from studymaster.features.flashcards.page.table import COLUMNS
from studymaster.features.flashcards.rules.columns import Column
from studymaster.features.flashcards.schemas import CardRow


def test_every_column_is_said_by_a_row() -> None:
    assert {one["key"] for one in COLUMNS} == set(Column)
    assert set(Column) - set(CardRow.__dataclass_fields__) == set()


def test_the_table_stands_on_the_page() -> None:
    assert "CardTable" in str(browse.page())
