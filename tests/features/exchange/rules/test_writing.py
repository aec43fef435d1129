"""Our notes as Anki keeps them."""

from studymaster.anki import BETWEEN_FIELDS
from studymaster.features.exchange.rules.writing import (
    BASIC,
    OCCLUSION,
    REVERSED,
    OwnCard,
    divide,
    write_note,
)


def card(front: str, back: str, ordinal=0, kind="basic", masks="") -> OwnCard:
    return OwnCard(kind, front, back, "", masks, ordinal)


def test_two_cards_are_one_note_only_while_they_ask_the_same() -> None:
    pair = [card("canis", "dog"), card("dog", "canis", 1)]
    assert divide(pair) == [[0, 1]]
    assert write_note(pair).type_id == REVERSED.id
    parted = [card("canis", "dog"), card("the dog", "canis", 1)]
    assert divide(parted) == [[0], [1]]
    assert write_note(parted[1:]).type_id == BASIC.id


def test_a_covered_picture_gives_its_picture_and_its_words_apart() -> None:
    text = "![Cell](<cell wall.png>)\n\nName it"
    written = write_note([card(text, "wall", 2, "occlusion", "{{c2::x}}")])
    assert (written.type_id, written.places) == (OCCLUSION.id, (1,))
    assert written.fields.split(BETWEEN_FIELDS)[1:4] == [
        '<img src="cell wall.png" alt="Cell">',
        "Name it",
        "wall",
    ]
