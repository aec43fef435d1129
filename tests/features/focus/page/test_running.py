import reflex as rx

from studymaster.features.focus.page.running import running


def test_everything_that_can_be_done_with_a_session_has_its_button() -> None:
    text = str(running(rx.fragment()))
    for event in ("pause", "resume", "skip_break", "finish", "abandon"):
        assert f"timer_state.{event}" in text, event


def test_the_keys_are_listed() -> None:
    text = str(running(rx.fragment()))
    assert text.count('"data-key-hint":"Space"') == 2
    for key in ("b", "d", "f"):
        assert f'"data-key":"{key}"' in text


def test_the_full_screen_says_how_to_leave_it() -> None:
    text = str(running(rx.fragment()))
    assert "Leave full screen" in text


def test_finishing_can_be_pressed_once_at_a_time() -> None:
    assert '"data-once":""' in str(running(rx.fragment()))


def test_abandoning_asks_first_and_says_what_is_lost() -> None:
    text = str(running(rx.fragment()))
    assert "Abandon this session?" in text
    assert "will not count" in text


def test_a_distraction_has_a_line_of_its_own() -> None:
    text = str(running(rx.fragment()))
    assert 'name:"distraction"' in text
    assert "focus-distracted" in text
    assert "Noted in this session" in text
