from studymaster.features.exams import page


def test_the_page_says_what_an_exam_is_for_and_asks_for_all_that_it_needs() -> None:
    drawn = str(page.page())
    assert "No exam yet" in drawn
    for field in ("name", "day", "deadline", "tags", "retention", "minutes"):
        assert f'"{field}"' in drawn
    assert "The days as a table" in drawn
