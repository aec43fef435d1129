from studymaster.features.accountability.page import figures


def test_decay_and_freezes_are_explained() -> None:
    text = str(figures.points())
    assert all(sentence in text for sentence in figures.HOW_POINTS_FADE)
    assert 'role:"status"' in text


def test_a_day_of_the_calendar_is_read_out_in_words() -> None:
    text = str(figures.calendar())
    assert "sr-only" in text
    assert "covered" not in figures.CELLS


def test_the_calendar_names_its_weekdays_and_its_months() -> None:
    text = str(figures.calendar())
    assert all(f'"{name}"' in text for name in figures.WEEKDAYS)
    assert '"month"' in text


def test_only_a_loss_stands_in_the_colour_of_alarm() -> None:
    text = str(figures.points())
    look = text.split('role:"status"', maxsplit=1)[0]
    assert '"losing"' in look[-400:]
    assert text.count("text-hue-ink") == 1
