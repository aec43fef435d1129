import pytest

from studymaster.features.campus.page.resources import resources_panel


@pytest.mark.parametrize(
    "words",
    [
        "Nobody to share with yet",
        "Nothing is shared here yet",
        "Most useful first",
        "Open link",
        "Download",
        "Send report",
        "Restore",
        "Remove it for everybody?",
        "/api/v1/social/resources",
    ],
)
def test_the_panel_offers_what_a_student_needs(words: str) -> None:
    assert words in str(resources_panel())


def test_a_link_leads_away_without_telling_where_from() -> None:
    assert "noopener noreferrer nofollow" in str(resources_panel())


def test_notes_are_shown_as_their_markdown_means_them() -> None:
    assert "jsx(Written," in str(resources_panel())


def test_what_others_wrote_is_text() -> None:
    assert "dangerouslySetInnerHTML" not in str(resources_panel())
