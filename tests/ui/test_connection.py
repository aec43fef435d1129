"""The bar above a page says what does not answer."""

from studymaster.ui import connection


def test_a_lost_connection_is_said_and_so_is_whose_it_is() -> None:
    text = str(connection.bar())
    assert "You are offline." in text
    assert "StudyMaster is not answering." in text
    assert "A part of StudyMaster is not answering." in text
    assert "lost:(connectErrors" in text


def test_a_tab_is_told_by_the_variable_that_its_bar_shows() -> None:
    ((state, delta),) = connection.told(away=True).items()
    ((name, value),) = delta.items()
    assert value is True
    assert name in str(connection.bar())
    assert state.replace(".", "__") in str(connection.bar())
