from studymaster.features.campus.page.sharing import ShareForm


def test_the_form_knows_where_to_send_and_how_much() -> None:
    text = str(ShareForm.create(path="/api/v1/social/resources", limit_mb=200))
    assert '"/api/v1/social/resources"' in text
    assert "limitMb:200" in text.replace(" ", "")
