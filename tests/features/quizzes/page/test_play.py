from studymaster.features.quizzes.page import play


def test_the_page_asks_explains_and_shows_the_result() -> None:
    text = str(play.page())
    assert all(
        words in text
        for words in (
            "Your answer",
            "Next question",
            "The page it comes from",
            "Practise the wrong ones",
            "not one of yours",
        )
    )


def test_answers_have_the_keys_of_their_numbers() -> None:
    assert '"data-key"' in str(play.page())
