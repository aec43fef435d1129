import pytest

from studymaster.features.dashboard import page
from studymaster.features.dashboard.page import beginning


@pytest.mark.parametrize(
    ("step", "words", "way"),
    [
        (beginning.connect_first, "Connect your Moodle.", "/live-sync"),
        (beginning.sync_first, "Your courses are on their way.", "/live-sync"),
        (beginning.no_courses, "Moodle lists no courses for you.", "/live-sync"),
        (beginning.cards_first, "Make your first cards.", "/smart-study"),
    ],
)
def test_every_beginner_is_led_to_the_next_step(step, words, way) -> None:
    text = str(step())
    assert words in text
    assert f'to:"{way}"' in text
    assert words in str(page.page())


def test_the_first_cards_are_made_from_the_newest_lecture_or_by_hand() -> None:
    text = str(beginning.cards_first())
    link = text.split("Open the newest lecture", maxsplit=1)[0].rsplit("jsx(", 1)[1]
    assert 'start_rx_state_?.["path"]' in link
    assert "There is no lecture with text in your courses yet." in text
    assert "Open Smart Study" in text
