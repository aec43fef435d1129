import re

import reflex as rx

from studymaster.features.focus.page.plan import FORM, plan
from studymaster.features.focus.rules import asking


def test_the_form_offers_every_preset_and_a_length_of_ones_own() -> None:
    text = str(plan(rx.fragment()))
    for minutes in asking.PRESETS:
        assert f'"{minutes} min"' in text
    assert '"custom"' in text
    assert FORM in text


def test_every_field_has_its_label() -> None:
    text = str(plan(rx.fragment()))
    for name in ("minutes", "course", "task", "rounds", "break"):
        assert f'name:"{name}"' in text
        assert f'htmlFor:"field-{name}"' in text


def test_what_cannot_be_used_is_said_at_its_field() -> None:
    text = str(plan(rx.fragment()))
    for name in ("minutes", "task", "rounds", "rest"):
        assert f'problems_rx_state_?.["{name}"]' in text, name


def test_what_the_address_asks_for_is_filled_in() -> None:
    text = str(plan(rx.fragment()))
    for name in ("wanted_course", "wanted_task"):
        assert re.search(rf"defaultValue:\w+\.{name}", text), name


def test_start_can_be_pressed_once_at_a_time() -> None:
    assert '"data-once":""' in str(plan(rx.fragment()))


def test_start_is_the_key_that_says_so() -> None:
    text = str(plan(rx.fragment()))
    assert '"data-key-hint":"Space"' in text
    assert "focus-toggle" in text
