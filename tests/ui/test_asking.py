import reflex as rx

from studymaster.ui import controls
from studymaster.ui.asking import ask_first


def test_it_says_what_will_happen_and_offers_the_way_back() -> None:
    text = str(
        ask_first(
            controls.button("End"),
            title="End it?",
            text="You are no longer buddies.",
            label="End it now",
            on_confirm=rx.noop(),
        )
    )
    for words in ("End it?", "You are no longer buddies.", "End it now", "Keep it"):
        assert words in text
