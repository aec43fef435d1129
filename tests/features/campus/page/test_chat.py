from pathlib import Path

from studymaster.features.campus.page import chat
from studymaster.features.campus.rules.chat import MESSAGE_MOST
from studymaster.features.campus.state.chat import ChatState

FOLDER = Path(chat.__file__).parent
FATES = ("removed_by_author", "removed_by_moderator", "hidden")


def drawn() -> str:
    return str(
        chat.GroupChat.create(
            messages=ChatState.messages,
            longest=MESSAGE_MOST,
            on_send=ChatState.send,
            on_older=ChatState.show_older,
            on_remove=ChatState.remove,
            on_seen=ChatState.seen,
        )
    )


def test_the_browser_tells_the_server_what_happens_in_the_chat() -> None:
    text = drawn()
    for event in ("send", "show_older", "remove", "seen"):
        assert f"chat_state.{event}" in text
    assert f"longest:{MESSAGE_MOST}" in text


def test_every_fate_of_a_message_has_its_words_in_the_browser() -> None:
    source = (FOLDER / "chat.jsx").read_text(encoding="utf-8")
    for fate in FATES:
        assert f"{fate}:" in source


def test_what_others_write_is_never_markup() -> None:
    source = (FOLDER / "chat.jsx").read_text(encoding="utf-8")
    assert "dangerouslySetInnerHTML" not in source
    assert "innerHTML" not in source
