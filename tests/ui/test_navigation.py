"""The line map leads everywhere."""

from dataclasses import replace

import pytest
import reflex as rx

from studymaster.ui import navigation
from studymaster.ui.navigation import ON_THE_BAR, STATIONS, Newest, Reach, Shell
from studymaster.ui.notice import NoticeState
from studymaster.ui.theme import Line

SHELL = Shell(
    name="Mina Aalto",
    initials="MA",
    summary="1,284 pts · 12-day streak",
    due_count=34,
    unread=3,
    is_host=False,
    newest=Newest(looked=True, id="", at="", title="", text="", path=""),
    ended=False,
    theme="dark",
    reach=Reach(
        thought=rx.el.p("the box"),
        kept="",
        places=rx.Var.create([{"name": "BIO 110", "detail": "Cell Biology", "path": "/b"}]),
        on_find=NoticeState.arrive,
    ),
)


def test_every_line_has_one_station_with_its_own_letter_and_page() -> None:
    assert {one.line for one in STATIONS} == set(Line)
    assert len({one.letter for one in STATIONS}) == len(STATIONS)
    assert len({one.path for one in STATIONS}) == len(STATIONS)
    assert "g" not in {one.letter for one in STATIONS}


@pytest.mark.parametrize("draw", [navigation.side_map, navigation.bottom_bar])
def test_the_map_names_every_station_and_lights_the_one_we_are_at(draw) -> None:
    text = str(draw(Line.SYNC, SHELL))
    for one in STATIONS:
        assert one.name in text
        assert f'to:"{one.path}"' in text
    assert '"aria-current":"page"' in text
    assert '"aria-label":"Lines"' in text


def test_a_page_beside_the_map_lights_no_station() -> None:
    assert "aria-current" not in str(navigation.side_map(None, SHELL))


def test_the_bar_has_room_for_four_stations_and_the_rest() -> None:
    assert len(ON_THE_BAR) == 4
    assert "More" in str(navigation.bottom_bar(Line.HUB, SHELL))


def test_the_map_shows_who_is_here_and_lets_them_out_without_a_script() -> None:
    text = str(navigation.side_map(Line.HUB, SHELL))
    assert "Mina Aalto" in text
    assert "12-day streak" in text
    assert '"card due"' in text
    assert '"cards due"' in text
    assert 'action:"/api/v1/auth/logout"' in text
    assert 'method:"post"' in text
    assert "Settings" in text


@pytest.mark.parametrize("draw", [navigation.side_map, navigation.bottom_bar])
def test_the_bell_leads_to_the_inbox_and_says_how_much_is_new(draw) -> None:
    text = str(draw(Line.HUB, SHELL))
    assert 'to:"/notifications"' in text
    assert "Notifications" in text
    assert "unread" in text


def test_only_the_host_is_shown_the_way_to_their_page() -> None:
    shown = str(navigation.side_map(Line.HUB, replace(SHELL, is_host=True)))
    hidden = str(navigation.side_map(Line.HUB, SHELL))
    assert "(true?(" in shown
    assert "(false?(" in hidden
    assert 'to:"/admin"' in shown


@pytest.mark.parametrize(
    ("draw", "opened"),
    [
        (navigation.side_map, ["palette", "thought", "keys"]),
        (navigation.bottom_bar, ["palette", "thought"]),
    ],
)
def test_what_a_key_opens_can_be_opened_by_hand(draw, opened) -> None:
    text = str(draw(Line.HUB, SHELL))
    assert all(f'"data-opens":"{what}"' in text for what in opened)


def test_the_map_names_the_keys_beside_what_they_do() -> None:
    text = str(navigation.side_map(Line.HUB, SHELL))
    for key in ("Control+K Meta+K", "N", "?"):
        assert f'"aria-keyshortcuts":"{key}"' in text
