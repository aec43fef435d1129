from studymaster.features.flashcards.page import schedule


def test_the_page_has_a_part_for_each_question_and_all_seven_days() -> None:
    drawn = str(schedule.page())
    for title in ("fitted to you", "better for you", "knowing more costs", "Easy days"):
        assert title in drawn
    assert all(f'"{day}"' in drawn for day in schedule.WEEK)
