"""Import and export as it is drawn."""

from studymaster.features.exchange import page


def test_the_page_leads_in_and_out() -> None:
    drawn = str(page.page().render())
    for words in ("/api/v1/exchange/imports", "Write the file", "Your files", "left out"):
        assert words in drawn
