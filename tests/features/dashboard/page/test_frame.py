from studymaster.features.dashboard.page.frame import shell


def test_every_part_of_the_frame_is_bound_to_the_state() -> None:
    bound = shell()
    names = {name: str(getattr(bound, name)) for name in bound.__slots__ if name != "reach"}
    assert len(set(names.values())) == len(names)
    assert all("shell_state" in name or "session_state" in name for name in names.values())


def test_the_keyboard_reaches_the_notes_and_the_places_of_the_student() -> None:
    reach = shell().reach
    assert "thought_state" in str(reach.kept)
    assert "shell_state" in str(reach.places)
    box = str(reach.thought)
    assert "CatchBox" in box
    assert "thought_state.catch" in box
