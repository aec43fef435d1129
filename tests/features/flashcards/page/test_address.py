from studymaster.features.flashcards.page.address import ListAddress


def test_a_list_keeps_its_filters_and_its_page_in_the_address() -> None:
    kept = str(ListAddress.create(filters={"deck": "deck:1"}, page=2, list="cards"))
    assert all(word in kept for word in ("deck:1", "page", "cards"))
