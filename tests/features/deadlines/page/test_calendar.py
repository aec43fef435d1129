"""The calendar feed, on the page."""

import pytest

from studymaster.features.deadlines.page import calendar_part


@pytest.mark.parametrize(
    "words",
    [
        "Make an address",
        "Private address",
        "Whoever has this address can read your due dates",
        "Add to this device",
        "Renew the address?",
        "Switch the calendar feed off?",
        "Keep it",
        "Google Calendar",
    ],
)
def test_it_says_what_the_address_is_and_what_can_be_done_with_it(words: str) -> None:
    assert words in str(calendar_part())


def test_what_cannot_be_undone_asks_first() -> None:
    text = str(calendar_part())
    for event in ("renew", "switch_off"):
        assert text.count(f"calendar_state.{event}") == 1
        confirmed = text.index(f"calendar_state.{event}")
        assert (
            "RadixPrimitiveDialogClose" in text[:confirmed] or "Close" in text[:confirmed]
        )


def test_the_line_to_copy_is_labelled() -> None:
    assert 'label:"Private address"' in str(calendar_part())
