from studymaster.features.campus.page import room


def test_the_room_shows_chat_session_members_and_invitation() -> None:
    text = str(room.page())
    for words in ("Chat", "Next session", "Members", "Invitation link", "About"):
        assert words in text


def test_who_is_no_member_is_told_so() -> None:
    assert "You are not in this group" in str(room.page())


def test_what_is_wrong_with_a_session_stands_beside_its_field() -> None:
    assert "room_state.problem" in str(room.page())


def test_nothing_is_taken_away_without_asking() -> None:
    text = str(room.page())
    for words in (
        "Leave this group?",
        "Delete this group?",
        "Replace the link?",
        "Cancel the next session?",
        "Removing takes the group away from them",
    ):
        assert words in text
