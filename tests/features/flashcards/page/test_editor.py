from studymaster.features.flashcards.page.editor import editor


def test_the_window_has_every_field_of_a_card() -> None:
    text = str(editor())
    assert all(words in text for words in ("Front", "Back", "Sentence", "Tags", "Deck"))
    assert 'name:"visit"' in text.replace(" ", "")
