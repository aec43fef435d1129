from studymaster.features.campus.page import members


def test_a_member_can_be_given_a_role_or_removed() -> None:
    text = str(members.members())
    for words in (
        "Make a member",
        "Make a moderator",
        "Make an owner",
        "Removing takes the group away from them",
    ):
        assert words in text


def test_a_link_is_replaced_only_after_asking() -> None:
    text = str(members.invitation())
    for words in ("Invitation link", "Replace the link?"):
        assert words in text


def test_nobody_goes_without_being_asked() -> None:
    text = str(members.going())
    for words in ("Leave this group?", "Delete this group?"):
        assert words in text


def test_whom_a_student_blocks_is_marked_and_stays_on_the_list() -> None:
    assert "Blocked by you" in str(members.members())
