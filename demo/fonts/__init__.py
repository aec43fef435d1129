"""The typefaces of the lectures, and which of them has a given character."""

from itertools import groupby
from pathlib import Path

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

SERIF = "STIXTwoText-Regular"
BOLD = "STIXTwoText-Bold"
SYMBOLS = "DejaVuSerif"
MONO = "DejaVuSansMono"
_FACES = (
    SERIF,
    BOLD,
    "STIXTwoText-Italic",
    "STIXTwoText-BoldItalic",
    SYMBOLS,
    "DejaVuSerif-Bold",
    MONO,
)
FOLDER = Path(__file__).parent
# Both faces have ¹²³, only one has ⁴⁵⁶: exponents come from one hand.
_ALWAYS_SYMBOLS = frozenset("¹²³")
_COVERED: dict[str, frozenset[int]] = {}


def register() -> None:
    """Make the faces known to reportlab, with their bold and italic."""
    for name in _FACES:
        font = TTFont(name, FOLDER / f"{name}.ttf")
        pdfmetrics.registerFont(font)
        _COVERED[name] = frozenset(font.face.charToGlyph)
    addMapping(SERIF, 0, 0, SERIF)
    addMapping(SERIF, 1, 0, BOLD)
    addMapping(SERIF, 0, 1, "STIXTwoText-Italic")
    addMapping(SERIF, 1, 1, "STIXTwoText-BoldItalic")


def font_runs(text: str, font: str) -> list[tuple[str, str]]:
    """Cut text into (font, part) so that no character falls outside its font.

    Raises:
        ValueError: a character that no face of the demo has.
    """
    return [
        (face, "".join(part))
        for face, part in groupby(text, lambda char: _face(char, font))
    ]


def _face(char: str, font: str) -> str:
    if char not in _ALWAYS_SYMBOLS and _has(font, char):
        return font
    symbols = "DejaVuSerif-Bold" if font.startswith(BOLD) else SYMBOLS
    if not _has(symbols, char):
        message = f"No font of the demo has {char!r}."
        raise ValueError(message)
    return symbols


def _has(font: str, char: str) -> bool:
    return ord(char) in _COVERED[font]


register()
