from studymaster.ui.rooms import rooms


def test_the_room_one_is_in_is_marked_and_the_others_can_be_reached() -> None:
    text = str(rooms("/smart-study/cards"))
    assert text.count('"aria-current"') == 1
    for route in ("/smart-study", "/smart-study/quiz", "/smart-study/statistics"):
        assert f'"{route}"' in text
