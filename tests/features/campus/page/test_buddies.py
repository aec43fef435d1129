import pytest

from studymaster.features.campus.page.buddies import buddies_panel


@pytest.mark.parametrize(
    "words",
    [
        "Open to buddies",
        "Requests",
        "Send request",
        "No buddies yet",
        "Nobody else is open yet",
        "Nobody else to ask now",
        "Be open to buddies",
        "Withdraw",
        "Unblock",
        "Courses you share",
    ],
)
def test_the_panel_offers_what_a_student_needs(words: str) -> None:
    assert words in str(buddies_panel())


def test_what_cannot_be_undone_asks_first() -> None:
    text = str(buddies_panel())
    assert all(words in text for words in ("Study without", "Block", "Keep it"))
