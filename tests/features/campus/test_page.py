from studymaster.features.campus import page


def test_the_page_says_honestly_what_will_be_here() -> None:
    text = str(page.page())
    assert "This line opens soon." in text
    assert page.PROMISES
    assert all(promise in text for promise in page.PROMISES)
    assert text.count('jsx("h1"') == 1
