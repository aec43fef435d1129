"""Every control carries its words."""

import reflex as rx

from studymaster.ui import controls


def test_a_button_says_what_it_does_and_which_key_presses_it() -> None:
    text = str(controls.button("Start", keys="S"))
    assert "Start" in text
    assert '"aria-keyshortcuts":"S"' in text
    assert '"data-key":"s"' in text


def test_a_key_that_asks_the_server_is_told_from_one_that_does_not() -> None:
    asks = str(controls.button("Start", keys="S", on_click=Errand.start))
    assert '"data-key-asks":"server"' in asks
    assert "data-key-asks" not in str(controls.button("Full screen", keys="F"))
    assert "data-key-asks" not in str(controls.link_button("Review", "/r", keys="R"))


def test_a_button_without_a_key_binds_none() -> None:
    assert "data-key" not in str(controls.button("Start"))


class Errand(rx.State):
    """Something that takes a while."""

    under_way: bool = False

    @rx.event
    def start(self) -> None:
        """Begin."""
        self.under_way = True


def test_a_loading_button_does_nothing_and_keeps_the_focus() -> None:
    text = str(controls.button("Sync", loading=Errand.under_way, on_click=Errand.start))
    assert '"aria-busy":' in text
    assert '"aria-disabled":' in text
    assert ",disabled:" not in text
    click = text.split("onClick:", maxsplit=1)[1]
    assert click.index("under_way") < click.index("?") < click.index("errand.start")


def test_a_button_does_not_send_a_form_unless_told() -> None:
    assert 'type:"button"' in str(controls.button("Add"))
    assert 'type:"submit"' in str(controls.button("Save", type="submit"))


def test_an_icon_button_has_a_name() -> None:
    assert '"aria-label":"Dismiss"' in str(controls.icon_button("Dismiss", "x"))


def test_a_field_is_bound_to_its_label_and_its_note() -> None:
    text = str(controls.text_field("Your name", name="display_name", hint="As on paper."))
    assert 'htmlFor:"field-display_name"' in text
    assert 'id:"field-display_name"' in text
    assert '"aria-describedby":"field-display_name-note"' in text
    assert "Your name" in text
    assert "As on paper." in text


def test_a_field_says_what_is_wrong_with_it() -> None:
    text = str(controls.text_field("E-mail", name="email", problem="It has no @."))
    assert "It has no @." in text
    assert "aria-invalid" in text


def test_a_list_offers_its_options() -> None:
    text = str(controls.select("Look", name="look", options=[("dark", "Dark")]))
    assert 'value:"dark"' in text
    assert "Dark" in text


def test_a_bar_says_what_has_come_how_far() -> None:
    text = str(controls.progress_bar(3, 9, label="Files fetched"))
    assert '"aria-label":"Files fetched"' in text
    assert '"aria-valuenow":3' in text
    assert '"aria-valuemax":9' in text


def test_a_badge_says_what_it_counts() -> None:
    assert "cards due" in str(controls.badge(34, meaning="cards due"))


def test_an_empty_state_has_its_next_step() -> None:
    step = controls.link_button("Connect Moodle", "/live-sync")
    text = str(controls.empty_state("unplug", "No Moodle.", "Connect it.", step))
    assert all(words in text for words in ("No Moodle.", "Connect it.", "Connect Moodle"))


def test_a_dialog_has_a_title_and_a_way_out() -> None:
    text = str(controls.dialog("Keys", rx.el.p("S")))
    assert "Keys" in text
    assert '"aria-label":"Close"' in text


def test_tabs_are_named_and_open_on_the_first() -> None:
    panels = {"a": ("One", rx.el.p("first")), "b": ("Two", rx.el.p("second"))}
    text = str(controls.tabs("Parts", panels))
    assert '"aria-label":"Parts"' in text
    assert 'defaultValue:"a"' in text
    assert all(words in text for words in ("One", "Two", "first", "second"))


def test_a_switch_is_one() -> None:
    text = str(controls.switch("Sync this course", checked=True))
    assert 'role:"switch"' in text
    assert "Sync this course" in text
