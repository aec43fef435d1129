from studymaster.features.flashcards.page import statistics


def test_every_chart_has_a_sentence_and_a_table() -> None:
    text = str(statistics.page())
    # The heat map, and each chart of bars.
    assert text.count('role:"img"') == 2
    assert text.count('jsx("table"') == 3
    assert all(f'"{word}"' in text for word in ("Mon", "Fri", "Fewer", "More"))
    for name in ("today", "heat", "retention"):
        assert f'["{name}_sentence"]' in text
    assert " as a table" in text


def test_cards_and_time_can_be_chosen_and_stand_in_the_address() -> None:
    text = str(statistics.page())
    for name in ("statistics-deck", "statistics-span"):
        assert f'id:"{name}"' in text
    assert "ListAddress" in text
