from studymaster.features.dashboard.page.reviews import reviews


def test_the_heat_map_is_one_picture_that_is_said_in_words() -> None:
    text = str(reviews())
    label = text.split('"aria-label":')[1].split(",", maxsplit=1)[0]
    assert label.endswith('?.["summary"]')
    assert 'role:"img"' in text
