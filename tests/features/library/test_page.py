from studymaster.features.library import page


def test_adding_a_file_says_where_it_goes_and_who_sees_it() -> None:
    drawn = str(page.upload_box("some-course"))
    for words in ("Add your own PDF", "for your eyes only", "Up to 50 MB.", "UploadField"):
        assert words in drawn


def test_removing_a_file_asks_first_and_says_what_stays() -> None:
    drawn = str(page.remove_button("some-material", "Notes.pdf"))
    for words in ("Remove this file?", "Keep it", "Cards made from it stay"):
        assert words in drawn
