from studymaster.features.flashcards.page.editor import editor


def test_the_window_has_every_field_of_a_card() -> None:
    text = str(editor())
    assert all(words in text for words in ("Front", "Back", "Sentence", "Tags", "Deck"))
    assert 'name:"visit"' in text.replace(" ", "")


def test_a_card_can_be_made_of_a_picture_and_is_shown_as_it_will_be_asked() -> None:
    text = str(editor())
    assert all(
        part in text
        for part in ("OcclusionBoard", "CardPreview", "CardTools", "TagHelp", "occlusion")
    )
    assert 'name:"masks"' in text.replace(" ", "")
