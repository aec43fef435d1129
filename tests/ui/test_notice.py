"""Notices come, stay as long as they must, and go."""

import pytest
import reflex as rx
from reflex.istate.data import RouterData

from studymaster.ui import controls, notice
from studymaster.ui.notice import (
    ERROR_SHOWN_MS,
    LONGEST,
    MOST_AT_ONCE,
    SHOWN_MS,
    NoticeState,
)


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


def test_errors_are_spoken_at_once_stay_longer_and_leave_by_themselves() -> None:
    text = str(notice.notices())
    assert '"aria-live":"polite"' in text
    assert "alert" in text
    assert 0 < SHOWN_MS < ERROR_SHOWN_MS
    assert f"? {ERROR_SHOWN_MS} : {SHOWN_MS}" in text


def test_what_went_well_ends_the_errors_before_it(state: NoticeState) -> None:
    NoticeState.say.fn(state, "Moodle is not answering.", "error")
    NoticeState.say.fn(state, "Your note was changed elsewhere.", "info")
    NoticeState.say.fn(state, "Saved.", "success")
    assert said(state) == [
        ("Your note was changed elsewhere.", "info"),
        ("Saved.", "success"),
    ]


def on(path: str, *, socket: str = "one", tab: NoticeState | None = None) -> NoticeState:
    """Return the notices of a tab that has just arrived on a page, over some socket."""
    tab = tab or NoticeState(_reflex_internal_init=True)
    router = RouterData.from_router_data({"asPath": path, "sid": socket, "headers": {}})
    object.__setattr__(tab, "router", router)
    NoticeState.arrive.fn(tab)
    return tab


def test_a_notice_stays_behind_on_its_page() -> None:
    tab = on("/admin")
    NoticeState.say.fn(tab, "There is no such page.", "error")
    assert said(on("/smart-study/review", tab=tab)) == []


def test_a_page_loaded_anew_begins_without_notices() -> None:
    tab = on("/focus")
    NoticeState.say.fn(tab, "A session is going on already.", "error")
    assert said(on("/focus", socket="two", tab=tab)) == []


def test_a_notice_outlives_a_change_within_its_page() -> None:
    tab = on("/brain-dump")
    NoticeState.say.fn(tab, "Both versions are kept.", "info")
    assert said(on("/brain-dump?note=1", tab=tab)) == [("Both versions are kept.", "info")]


def test_an_open_window_says_itself_what_went_wrong() -> None:
    within = str(controls.dialog("Add a card", rx.el.p("Front")))
    assert '"data-notices"' in within
    assert "notice_state" in within
    assert "alert" in within
    assert "sr-only" in within
    assert "body:has([role=dialog]_[data-notices])" in str(notice.notices())
