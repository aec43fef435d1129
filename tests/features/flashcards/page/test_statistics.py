from studymaster.features.flashcards.page import statistics
from studymaster.ui.folding import SUMMARY


def test_every_chart_has_a_sentence_and_a_table() -> None:
    text = str(statistics.page())
    assert text.count('role:"img"') == 3
    assert text.count('jsx("table"') == 4
    assert all(f'"{word}"' in text for word in ("Mon", "Fri", "Fewer", "More"))
    for name in ("heat", "forecast", "grades", "retention"):
        assert f'["{name}_sentence"]' in text


def test_the_tables_below_charts_unfold_as_on_every_page() -> None:
    text = str(statistics.page())
    assert text.count('jsx("summary"') == text.count(SUMMARY) == 2
    for words in ("Cards by day as a table", "Answers by grade as a table"):
        assert f'"{words}"' in text
