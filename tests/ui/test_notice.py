"""Notices come, stay as long as they must, and go."""

import pytest

from studymaster.ui import notice
from studymaster.ui.notice import LONGEST, MOST_AT_ONCE, SHOWN_MS, NoticeState


@pytest.fixture
def state() -> NoticeState:
    return NoticeState(_reflex_internal_init=True)


def said(state: NoticeState) -> list[tuple[str, str]]:
    return [(one.text, one.kind) for one in state.notices]


def test_what_is_said_is_shown_in_order(state: NoticeState) -> None:
    NoticeState.say.fn(state, "Saved.", "success")
    NoticeState.say.fn(state, "Moodle is not answering.", "error")
    assert said(state) == [("Saved.", "success"), ("Moodle is not answering.", "error")]


def test_the_same_words_stand_once(state: NoticeState) -> None:
    NoticeState.say.fn(state, "Saved.", "success")
    NoticeState.say.fn(state, "Saved.", "success")
    assert said(state) == [("Saved.", "success")]


def test_a_flood_of_notices_shows_the_newest(state: NoticeState) -> None:
    for number in range(10):
        NoticeState.say.fn(state, f"Number {number}.", "info")
    assert len(state.notices) == MOST_AT_ONCE
    assert state.notices[-1].text == "Number 9."


def test_a_notice_is_dismissed_by_its_number(state: NoticeState) -> None:
    NoticeState.say.fn(state, "One.", "info")
    NoticeState.say.fn(state, "Two.", "info")
    NoticeState.dismiss.fn(state, state.notices[0].number)
    assert said(state) == [("Two.", "info")]


def test_a_very_long_text_is_cut(state: NoticeState) -> None:
    NoticeState.say.fn(state, "x" * 10_000, "info")
    assert len(state.notices[0].text) == LONGEST


def test_errors_stay_until_dismissed_and_are_spoken_at_once() -> None:
    text = str(notice.notices())
    assert '"aria-live":"polite"' in text
    assert "alert" in text
    assert f"? 0 : {SHOWN_MS}" in text
