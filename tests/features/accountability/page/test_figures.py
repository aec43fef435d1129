from studymaster.features.accountability.page import figures


def test_decay_and_freezes_are_explained() -> None:
    text = str(figures.points())
    assert all(sentence in text for sentence in figures.HOW_POINTS_FADE)
    assert 'role:"status"' in text


def test_a_day_of_the_calendar_is_read_out_in_words() -> None:
    text = str(figures.calendar())
    assert "sr-only" in text
    assert "covered" not in figures.CELLS
