from studymaster.features.focus.page import figures
from studymaster.ui.folding import SUMMARY


def test_every_chart_is_a_sentence_bars_and_a_table() -> None:
    text = str(figures.history())
    for title in ("By day", "By week", "By course"):
        assert text.count(f'"{title}"') >= 2, title
    assert text.count('jsx("table"') == 3
    assert text.count("sentence") == 3


def test_without_sessions_it_says_how_to_begin() -> None:
    assert "No sessions yet" in str(figures.history())


def test_distractions_unfold_as_on_every_page() -> None:
    text = str(figures.history())
    assert "1 distraction" in text
    assert text.count('jsx("summary"') == text.count(SUMMARY) == 1


def test_more_sessions_come_on_demand() -> None:
    assert "history_state.show_more" in str(figures.history())


def test_today_shows_three_figures() -> None:
    text = str(figures.today())
    assert all(name in text for name in ("minutes", "sessions", "points"))
