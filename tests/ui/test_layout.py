"""The frame holds what every page needs."""

import reflex as rx

from studymaster.ui import layout
from studymaster.ui.theme import Line
from tests.ui.test_navigation import SHELL


def test_a_framed_page_has_its_landmarks_and_a_way_past_the_map() -> None:
    text = str(layout.frame(rx.el.p("the page itself"), line=Line.STUDY, shell=SHELL))
    assert "the page itself" in text
    assert "Skip to the page" in text
    assert 'to:"#content"' in text
    assert 'id:"content"' in text
    assert text.count('jsx("main"') == 1
    assert "line-study" in text


def test_a_heading_is_the_only_h1() -> None:
    text = str(layout.heading("Good evening.", "Nothing is due.", actions=rx.el.a("Go")))
    assert text.count('jsx("h1"') == 1
    assert all(words in text for words in ("Good evening.", "Nothing is due.", "Go"))


def test_a_section_has_its_title() -> None:
    text = str(layout.section("Deadlines", rx.el.p("none"), action="next 14 days"))
    assert 'jsx("h2"' in text
    assert all(words in text for words in ("Deadlines", "none", "next 14 days"))


def test_a_wrong_address_is_answered_in_words_with_a_way_back() -> None:
    text = str(layout.not_found())
    assert "This station does not exist." in text
    assert 'to:"/"' in text


def test_a_broken_page_shows_our_words_and_no_stack() -> None:
    wraps = layout.app_wraps()
    boundary = str(wraps[55, "ErrorBoundary"](1))
    assert "This page broke on our side." in boundary
    assert (
        "error.stack"
        not in boundary.rsplit("fallbackRender", maxsplit=1)[-1].split(
            "onError", maxsplit=1
        )[0]
    )


def test_a_framed_page_takes_the_focus_of_whoever_goes_there() -> None:
    text = str(layout.frame(rx.el.p("the page"), line=Line.STUDY, shell=SHELL))
    assert 'landmark:"content"' in text


def test_the_head_preloads_the_fonts_of_the_first_screen() -> None:
    text = " ".join(str(part) for part in layout.head())
    assert "/fonts/inter-latin.woff2" in text
    assert "/fonts/bricolage-grotesque-latin.woff2" in text
    assert "manifest.webmanifest" in text
