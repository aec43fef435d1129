from studymaster.features.accountability.page import ledger


def test_an_empty_ledger_says_how_it_begins() -> None:
    text = str(ledger.ledger())
    assert "No points yet" in text
    assert "No points yet." not in text
    assert "Show more" in text
