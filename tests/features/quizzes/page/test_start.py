from studymaster.features.quizzes.page import start


def test_the_page_offers_a_quiz_and_says_when_there_are_too_few_cards() -> None:
    text = str(start.page())
    assert all(
        words in text
        for words in (
            "Ask me about",
            "Questions",
            "Start",
            "Not enough cards yet",
            "None yet.",
        )
    )
