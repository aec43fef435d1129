from studymaster.features.flashcards.page import searches


def test_a_search_is_a_link_and_can_be_deleted() -> None:
    text = str(searches.kept_searches())
    assert "Delete " in text
    assert "Keep this search" in text
    assert all(
        f'name:"{name}"' in text for name in ("name", "text", "stage", "tag", "deck")
    )
