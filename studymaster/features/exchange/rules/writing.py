"""Our notes as Anki keeps them: five note types of our own, made so that both ways agree. Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from studymaster.anki import BETWEEN_FIELDS, NoteType, Template
from studymaster.features.exchange.rules.texts import to_html
from studymaster.features.exchange.rules.types import Kind
from studymaster.features.flashcards.rules.media import PICTURE

UNDER: Final = "{{#Extra}}<hr>{{Extra}}{{/Extra}}"
ANSWER: Final = "{{FrontSide}}\n\n<hr id=answer>\n\n{{%s}}" + UNDER
SIDES: Final = ("Front", "Back", "Extra")
COVERED: Final = """\
{{#Header}}<div>{{Header}}</div>{{/Header}}
<div style="display: none">{{cloze:Occlusion}}</div>
<div id="err"></div>
<div id="image-occlusion-container">
    {{Image}}
    <canvas id="image-occlusion-canvas"></canvas>
</div>
<script>
try {
    anki.imageOcclusion.setup();
} catch (exc) {
    document.getElementById("err").innerHTML = `Error: ${exc}`;
}
</script>
"""
STOCK_OCCLUSION: Final = 6

BASIC: Final = NoteType(
    1_700_000_000_101,
    "StudyMaster Basic",
    False,  # noqa: FBT003 - a row of a table
    SIDES,
    (Template("{{Front}}", ANSWER % "Back"),),
)
REVERSED: Final = NoteType(
    1_700_000_000_102,
    "StudyMaster Basic (and reversed card)",
    False,  # noqa: FBT003
    SIDES,
    (Template("{{Front}}", ANSWER % "Back"), Template("{{Back}}", ANSWER % "Front")),
)
TYPED: Final = NoteType(
    1_700_000_000_103,
    "StudyMaster Basic (type in the answer)",
    False,  # noqa: FBT003
    SIDES,
    (
        Template(
            "{{Front}}\n\n{{type:Back}}",
            "{{Front}}\n\n<hr id=answer>\n\n{{type:Back}}" + UNDER,
        ),
    ),
)
CLOZE: Final = NoteType(
    1_700_000_000_104,
    "StudyMaster Cloze",
    True,  # noqa: FBT003
    ("Text", "Back Extra"),
    (Template("{{cloze:Text}}", "{{cloze:Text}}<br>\n{{Back Extra}}"),),
)
OCCLUSION: Final = NoteType(
    1_700_000_000_105,
    "StudyMaster Image Occlusion",
    True,  # noqa: FBT003
    ("Occlusion", "Image", "Header", "Back Extra", "Comments"),
    (
        Template(
            COVERED,
            COVERED
            + "<div>{{Back Extra}}</div>\n{{#Comments}}<div>{{Comments}}</div>{{/Comments}}",
        ),
    ),
    STOCK_OCCLUSION,
)
TYPES: Final = (BASIC, REVERSED, TYPED, CLOZE, OCCLUSION)


class OwnCard(NamedTuple):
    """What an export has to know of a card to write its note."""

    kind: str
    front: str
    back: str
    extra: str
    masks: str
    ordinal: int


class Written(NamedTuple):
    """A note for Anki: its type, its fields, and the number of each card that is given."""

    type_id: int
    fields: str
    places: tuple[int, ...]


def divide(cards: Sequence[OwnCard]) -> list[list[int]]:
    """Return which cards of one note with us are one note with Anki too, by their places."""
    if cards[0].kind in {Kind.CLOZE, Kind.OCCLUSION} or is_pair(cards):
        return [list(range(len(cards)))]
    return [[place] for place in range(len(cards))]


def is_pair(cards: Sequence[OwnCard]) -> bool:
    """Say whether two cards ask the same, one the other way round."""
    if len(cards) != 2 or {card.kind for card in cards} != {Kind.BASIC}:  # noqa: PLR2004
        return False
    one, other = cards
    return (one.front, one.back) == (other.back, other.front)


def write_note(cards: Sequence[OwnCard]) -> Written:
    """Return cards that `divide` keeps together as one note of Anki."""
    first = cards[0]
    if first.kind == Kind.CLOZE:
        fields = (to_html(first.front), to_html(first.extra))
        return _written(CLOZE, fields, [max(card.ordinal - 1, 0) for card in cards])
    if first.kind == Kind.OCCLUSION:
        fields = _occlusion(first)
        return _written(OCCLUSION, fields, [max(card.ordinal - 1, 0) for card in cards])
    fields = (to_html(first.front), to_html(first.back), to_html(first.extra))
    if first.kind == Kind.TYPED:
        return _written(TYPED, fields, [0])
    return _written(REVERSED if len(cards) > 1 else BASIC, fields, range(len(cards)))


def _occlusion(card: OwnCard) -> tuple[str, ...]:
    found = PICTURE.search(card.front)
    shown = found[0] if found else ""
    header = card.front.replace(shown, "", 1).strip()
    covered = card.masks.replace("\n", "<br>")
    texts = (shown, header, card.back, card.extra)
    return (covered, *(to_html(text) for text in texts))


def _written(one: NoteType, fields: Sequence[str], places: Sequence[int]) -> Written:
    return Written(one.id, BETWEEN_FIELDS.join(fields), tuple(places))
