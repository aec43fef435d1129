from studymaster.features.campus.page import joining


def test_the_page_says_what_others_will_see() -> None:
    text = str(joining.page())
    assert "They do not see your courses, your e-mail address or your activity." in text
    assert "Join the group" in text


def test_a_dead_link_says_what_to_do() -> None:
    assert "Ask somebody in the group for a new link." in str(joining.page())


def test_an_invitation_says_what_it_is_before_it_is_taken() -> None:
    text = str(joining.page())
    for words in ("Course", "Owner", "of 50 places taken"):
        assert words in text
