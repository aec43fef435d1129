"""The inbox on the page."""

import pytest

from studymaster.features.notifications import page
from studymaster.models import NotificationKind


def test_every_kind_has_its_sign() -> None:
    assert set(page.LOOKS) == {kind.value for kind in NotificationKind}


@pytest.mark.parametrize(
    "words",
    [
        "Mark all as read",
        "Show more",
        "Mark as read: ",
        "Nothing to tell yet",
        "Choose what is told",
    ],
)
def test_it_offers_what_a_student_needs(words: str) -> None:
    assert words in str(page.page())


def test_new_ones_are_told_to_screen_readers() -> None:
    text = str(page.page())
    assert '"aria-live":"polite"' in text
    assert text.count('jsx("h1"') == 1
