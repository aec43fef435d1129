"""The covered places of a picture, written as Anki writes them. Pure.

`{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1}}`: a place of card 1, in
parts of the picture's width and height; with `oi=1` it is covered on the other cards too.
`label=Left atrium` names what is under it; letters that the notation needs are written as
in addresses (`%3A` for a colon). Anki passes over what it does not know.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from studymaster.errors import InvalidInputError
from studymaster.gaps import HIGHEST_NUMBER, MOST_CARDS
from studymaster.typed import clean, one_line

MASK: Final = re.compile(
    r"\{\{c([0-9]{1,3})::image-occlusion:([a-z]{1,12})((?::[^{}\n]*)?)\}\}"
)
BETWEEN: Final = re.compile(r"(?:\s|<br\s*/?>)*", re.IGNORECASE)
NUMBER: Final = re.compile(r"[0-9]{0,3}(?:\.[0-9]{1,10})?")
PLAIN: Final = frozenset({"left", "top", "width", "height", "oi", "label"})
OF_THE_NOTATION: Final = re.compile(r"[%:{}<>&\"\\=\x00-\x1f\x7f]")
LONGEST_LABEL: Final = 100
MOST_LETTERS: Final = 20_000
PLACES: Final = 4
SMALLEST: Final = 0.002
NO_MASK: Final = "Cover at least one place of the picture: drag over it, or add a box."
BROKEN: Final = "The covered places of this picture cannot be read. Draw them again."
TOO_MANY: Final = f"A picture can make {MOST_CARDS} cards. Share its places among several."
LONG_LABEL: Final = f"The name of a place can have {LONGEST_LABEL} characters. Shorten it."


@dataclass(frozen=True, slots=True)
class Mask:
    """One covered place: its card (0: none of its own) and its box in parts of the picture.

    `label` names what is under it, or is empty. `written` is how it came where it is more than a plain box; it is kept as that.
    """

    number: int
    left: float
    top: float
    width: float
    height: float
    hides_all: bool
    label: str = ""
    written: str = ""


def read_masks(text: str) -> list[Mask]:
    """Return the covered places of a picture; what cannot be read is left out."""
    found = (_mask(one) for one in MASK.finditer(text))
    return [mask for mask in found if mask is not None]


def parse_masks(text: object) -> list[Mask]:
    """Return the covered places that came from outside.

    Raises:
        InvalidInputError: there is none, one cannot be read or lies outside of the picture,
            a name is too long, or there are too many.
    """
    if not isinstance(text, str) or not text.strip():
        raise InvalidInputError(NO_MASK)
    if len(text) > MOST_LETTERS or BETWEEN.sub("", MASK.sub("", text)):
        raise InvalidInputError(BROKEN)
    masks = [_mask(one) for one in MASK.finditer(text)]
    whole = [mask for mask in masks if mask is not None and _fits(mask)]
    if len(whole) < len(masks):
        raise InvalidInputError(BROKEN)
    if any(len(mask.label) > LONGEST_LABEL for mask in whole):
        raise InvalidInputError(LONG_LABEL)
    asked = numbers_of(whole)
    if not asked:
        raise InvalidInputError(NO_MASK)
    if len(asked) > MOST_CARDS:
        raise InvalidInputError(TOO_MANY)
    return whole


def numbers_of(masks: Iterable[Mask]) -> list[int]:
    """Return the numbers of the cards that places make, each once, the lowest first."""
    return sorted({mask.number for mask in masks if mask.number})


def write_masks(masks: Iterable[Mask]) -> str:
    """Return places as they are kept, one a line."""
    return "\n".join(mask.written or _write(mask) for mask in masks)


def _write(mask: Mask) -> str:
    box = {"left": mask.left, "top": mask.top, "width": mask.width, "height": mask.height}
    sides = ":".join(f"{name}={_short(value)}" for name, value in box.items())
    everywhere = ":oi=1" if mask.hides_all else ""
    label = f":label={_escaped(mask.label)}" if mask.label else ""
    return f"{{{{c{mask.number}::image-occlusion:rect:{sides}{everywhere}{label}}}}}"


def _escaped(label: str) -> str:
    return OF_THE_NOTATION.sub(lambda found: quote(found[0], safe=""), label)


def _label(text: str) -> str:
    """Return a name on one line, without what no page can show."""
    return one_line(clean(unquote(text)))


def _short(value: float) -> str:
    """Return a part as Anki writes it: `.25`, `1`, `0`."""
    text = f"{value:.{PLACES}f}".rstrip("0").rstrip(".")
    return text.removeprefix("0") or "0"


def _mask(found: re.Match[str]) -> Mask | None:
    number, shape = int(found[1]), found[2]
    pairs = (part.partition("=") for part in found[3].split(":") if part)
    facts = {name: value for name, _, value in pairs}
    box = _box(shape, facts)
    if box is None or number > HIGHEST_NUMBER:
        return None
    is_plain = shape == "rect" and facts.keys() <= PLAIN
    return Mask(
        number,
        *box,
        facts.get("oi") == "1",
        label=_label(facts.get("label", "")),
        written="" if is_plain else found[0],
    )


def _box(shape: str, facts: Mapping[str, str]) -> tuple[float, float, float, float] | None:
    """Return left, top, width and height of a shape, or of the box around it."""
    if shape == "polygon":
        return _around(facts.get("points", ""))
    names = (
        ("left", "top", "rx", "ry")
        if shape == "ellipse"
        else ("left", "top", "width", "height")
    )
    values = [_part(facts.get(name, "0" if shape == "text" else "")) for name in names]
    left, top, width, height = values
    if left is None or top is None or width is None or height is None:
        return None
    if shape == "ellipse":
        return left, top, 2 * width, 2 * height
    return left, top, width, height


def _around(points: str) -> tuple[float, float, float, float] | None:
    pairs = [point.split(",") for point in points.split()]
    places = [[_part(one) for one in pair] for pair in pairs if len(pair) == len("xy")]
    lefts = [place[0] for place in places if place[0] is not None]
    tops = [place[1] for place in places if place[1] is not None]
    if not lefts or not tops:
        return None
    return min(lefts), min(tops), max(lefts) - min(lefts), max(tops) - min(tops)


def _part(text: str) -> float | None:
    return float(text) if text and NUMBER.fullmatch(text) and text != "." else None


def _fits(mask: Mask) -> bool:
    """Say whether a box can be seen; one of another program may reach over the edge."""
    if mask.written:
        return True
    inside = 0 <= mask.left <= 1 and 0 <= mask.top <= 1
    return (
        inside
        and min(mask.width, mask.height) >= SMALLEST
        and max(mask.width, mask.height) <= 1
    )
