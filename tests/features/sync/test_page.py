import pytest

from studymaster.features.sync import page


@pytest.mark.parametrize(
    "words",
    [
        "Sync now",
        "Connect your Moodle",
        "What did not come, and why",
        "Connect again",
        "No courses yet",
        "/api/v1/auth/moodle",
    ],
)
def test_the_page_offers_what_a_student_needs(words: str) -> None:
    assert words in str(page.page())


def test_news_of_a_run_is_told_to_screen_readers() -> None:
    assert '"aria-live":"polite"' in str(page.page()).replace(" ", "").replace("\\", "")
