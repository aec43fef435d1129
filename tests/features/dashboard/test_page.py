from studymaster.features.dashboard import page


def test_the_page_has_every_part_of_the_day_and_the_next_step_of_every_beginner() -> None:
    text = str(page.page())
    for words in (
        "Today's route",
        "Courses",
        "Deadlines",
        "Reviews",
        "day streak",
        "Start today's route",
        "Connect your Moodle.",
        "Your courses are on their way.",
        "Moodle lists no courses for you.",
        "Make your first cards.",
        "no reviews yet",
        "Nothing is due in the next 14 days.",
        "Passed",
    ):
        assert words in text, words


def test_the_page_has_one_h1() -> None:
    assert str(page.page()).count('jsx("h1"') == 1


def test_the_shell_binds_every_part_of_the_frame_to_the_state() -> None:
    shell = page.shell()
    names = {name: str(getattr(shell, name)) for name in shell.__slots__}
    assert len(set(names.values())) == len(names)
    assert all("shell_state" in name or "session_state" in name for name in names.values())
