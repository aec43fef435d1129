from studymaster.features.braindump import page
from studymaster.features.braindump.page.writing import CatchBox, NotePad


def test_the_box_and_the_pad_know_whose_drafts_they_keep() -> None:
    for component in (CatchBox.create(account="mina"), NotePad.create(account="mina")):
        assert 'account:"mina"' in str(component)


def test_the_page_has_the_box_above_the_list() -> None:
    text = str(page.page())
    assert text.index("CatchBox") < text.index("Search your notes")
