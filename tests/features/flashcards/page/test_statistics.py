from studymaster.features.flashcards.page import statistics


def test_every_chart_has_a_sentence_and_a_table() -> None:
    text = str(statistics.page())
    assert text.count('role:"img"') == 3
    assert text.count('jsx("table"') == 4
    assert all(f'"{word}"' in text for word in ("Mon", "Fri", "Fewer", "More"))
    for name in ("heat", "forecast", "grades", "retention"):
        assert f'["{name}_sentence"]' in text
