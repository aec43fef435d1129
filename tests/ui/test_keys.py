"""The keyboard reaches everything that there is, and nothing that there is not."""

from dataclasses import replace

import pytest
import reflex as rx

from studymaster.studymaster import SCREENS
from studymaster.ui import keys
from studymaster.ui.keys import ACTIONS, ELSEWHERE, ROOMS, SEARCHES
from studymaster.ui.navigation import STATIONS
from tests.ui.test_navigation import SHELL

ROUTES = {screen.route for screen in SCREENS}


def test_the_keyboard_knows_every_line() -> None:
    text = str(keys.keys(SHELL))
    assert all(one.path in text for one in STATIONS)


@pytest.mark.parametrize("command", [*ROOMS, *ACTIONS, *SEARCHES], ids=lambda one: one.name)
def test_the_palette_leads_only_to_pages_that_exist(command) -> None:
    assert command.path in ROUTES


def test_every_page_without_a_letter_of_its_own_is_in_the_palette() -> None:
    with_letter = {one.path for one in STATIONS}
    needs_more = {route for route in ROUTES if "[" in route}
    only_hosts = {"/admin"}
    rest = ROUTES - with_letter - needs_more - only_hosts
    assert rest == {command.path for command in ROOMS}


@pytest.mark.parametrize("action", [one for one in ACTIONS if one.press])
def test_what_an_action_presses_stands_on_its_page(action) -> None:
    (screen,) = [one for one in SCREENS if one.route == action.path]
    assert f'"{action.press}"' in str(screen.draw())


def test_what_has_no_name_can_be_searched_for_from_the_palette() -> None:
    text = str(keys.keys(SHELL))
    assert all(one.name in text for one in SEARCHES)


def test_only_the_host_is_offered_their_page() -> None:
    def shown(*, is_host: bool) -> str:
        shell = replace(SHELL, is_host=rx.Var.create(is_host))
        return str(keys.keys(shell))

    assert "(true?" in shown(is_host=True).replace(" ", "")
    assert "/admin" in shown(is_host=True)


def test_the_keyboard_gets_the_places_of_the_student_and_the_box_for_a_thought() -> None:
    text = str(keys.keys(SHELL))
    assert "BIO 110" in text
    assert "the box" in text
    assert "/api/v1/auth/logout" in text


def test_the_list_names_the_key_that_takes_back() -> None:
    assert "Z" in {key for key, _ in ELSEWHERE}
