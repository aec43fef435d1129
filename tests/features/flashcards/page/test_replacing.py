from studymaster.features.flashcards.page.replacing import openers


def test_it_is_looked_at_before_it_is_done() -> None:
    text = str(openers())
    assert all(
        words in text
        for words in ("Show what changes", "Replace with", "Choose all but the oldest")
    )
