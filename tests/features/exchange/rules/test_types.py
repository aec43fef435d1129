"""Note types of one's own are read as they show their fields."""

import pytest

from studymaster.anki import BETWEEN_FIELDS, NoteType, Template
from studymaster.errors import InvalidInputError
from studymaster.features.exchange.rules.types import Kind, read_note, reading_of

VERB = NoteType(
    1,
    "Verb",
    is_cloze=False,
    fields=("Word", "Meaning", "Hint", "Extra"),
    templates=(
        Template(
            "<div>{{Word}}</div>{{#Hint}}<i>{{Hint}}</i>{{/Hint}}",
            "{{FrontSide}}<hr id=answer>{{Meaning}}{{#Extra}}<hr>{{Extra}}{{/Extra}}",
        ),
        Template("Say: {{text:Meaning}}", "{{FrontSide}}<hr id='answer'>{{Word}}"),
    ),
)


def note(*fields: str, places=(0, 1)):
    return read_note(reading_of(VERB), BETWEEN_FIELDS.join(fields), places)


def test_what_a_template_shows_becomes_front_back_and_extra() -> None:
    found = note("ire", "to go", "", "irregular")
    assert [(card.front, card.back) for card in found.cards] == [
        ("ire", "to go"),
        ("Say: to go".replace(" to", "\nto"), "ire"),
    ]
    assert (found.kind, found.extra, found.shared) == (Kind.BASIC, "irregular", False)
    assert "*a hint*" in note("ire", "to go", "a hint", "").cards[0].front


def test_a_note_that_asks_nothing_says_why() -> None:
    for fields, why in ((("", "", "", ""), "front is empty"), (("a",), "fewer fields")):
        with pytest.raises(InvalidInputError, match=why):
            note(*fields, places=(0,))
    with pytest.raises(InvalidInputError, match="no cards"):
        note("a", "b", "", "", places=())
