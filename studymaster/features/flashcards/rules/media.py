"""Pictures and sounds that a card names: what they are, what they are called. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote, unquote

from studymaster.errors import InvalidInputError

SOUND: Final = re.compile(r"\[sound:([^\]\n]{1,300})\]")
PICTURE: Final = re.compile(
    r"!\[((?:[^\]\\\n]|\\.){0,300})\]\(\s*(?:<([^<>\n]{1,300})>|([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*))"
    r"(?:\s+\"[^\"\n]*\")?\s*\)"
)
ELSEWHERE: Final = re.compile(r"^[a-z][a-z0-9+.-]*:|^/|^#", re.IGNORECASE)
UNSAFE: Final = re.compile(r"[\[\]<>:\"/\\?*^|#%@~{}`$\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LONGEST_NAME: Final = 200
LONGEST_ENDING: Final = 12
SIGNATURE_BYTES: Final = 512
PICTURES: Final[Mapping[str, str]] = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
}
SOUNDS: Final[Mapping[str, str]] = {
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "audio/webm": "webm",
}
ALIKE: Final[Mapping[str, frozenset[str]]] = {
    "jpg": frozenset({"jpg", "jpeg", "jfif"}),
    "ogg": frozenset({"ogg", "oga", "opus"}),
    "m4a": frozenset({"m4a", "mp4"}),
}
"""Endings that mean the same kind of file."""

BEGINNINGS: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"), "audio/mpeg"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"....ftyp(?:M4A|M4B|mp4|isom|iso2|dash)", re.DOTALL), "audio/mp4"),
    (re.compile(rb"\x1a\x45\xdf\xa3.{0,64}webm", re.DOTALL), "audio/webm"),
)
"""How files begin, whatever they are called."""

DRAWING: Final = (
    "SVG drawings can hold programs, so a card takes none. Save it as PNG and choose that."
)
UNKNOWN: Final = (
    "A card takes pictures (PNG, JPEG, GIF, WebP) and sounds (MP3, Ogg, WAV, M4A, WebM); "
    "this file is none of them, whatever it is called."
)
NO_NAME: Final = "The file came without a name. Choose it again."


def type_of(beginning: bytes) -> str:
    """Return the media type of a file by its first 512 bytes.

    Raises:
        InvalidInputError: it is nothing that a card can show or play.
    """
    for pattern, mimetype in BEGINNINGS:
        if pattern.match(beginning):
            return mimetype
    raise InvalidInputError(DRAWING if b"<svg" in beginning.lower() else UNKNOWN)


def safe_name(name: object, *, mimetype: str) -> str:
    """Return under which name a file can stand in a text; its ending is that of its type.

    Raises:
        InvalidInputError: there is none.
    """
    if not isinstance(name, str):
        raise InvalidInputError(NO_NAME)
    plain = unicodedata.normalize("NFC", UNSAFE.sub("_", name))
    seen = "".join(one for one in plain if unicodedata.category(one) not in INVISIBLE)
    words = " ".join(seen.split()).strip(". ")
    if not words:
        raise InvalidInputError(NO_NAME)
    ending = (PICTURES | SOUNDS)[mimetype]
    path = PurePosixPath(words)
    given = path.suffix[1:].lower()
    if given in ALIKE.get(ending, {ending}):
        ending, words = path.suffix[1:], words.removesuffix(path.suffix)
    return f"{words[: LONGEST_NAME - LONGEST_ENDING - 1].rstrip('. ') or 'file'}.{ending}"


def other_name(name: str, *, number: int) -> str:
    """Return the name for a file whose own name another file has: `cell-1.png`."""
    ending, mark = PurePosixPath(name).suffix, f"-{number}"
    stem = name.removesuffix(ending)
    return f"{stem[: LONGEST_NAME - LONGEST_ENDING - 1 - len(mark)]}{mark}{ending}"


def pictures_in(text: str) -> list[str]:
    """Return the names of the student's own pictures in a text, in their order."""
    found = (unquote(one[2] or one[3]) for one in PICTURE.finditer(text))
    return [name for name in found if not ELSEWHERE.match(name)]


def names_in(text: str) -> set[str]:
    """Return the names of all pictures and sounds that a text shows."""
    return {*pictures_in(text), *(one[1] for one in SOUND.finditer(text))}


def picture(name: str, *, words: str) -> str:
    """Return how a text shows a picture; `words` are for those who do not see it."""
    target = f"<{name}>" if re.search(r"[\s()&]", name) else name
    return f"![{words}]({target})"


def address(name: str) -> str:
    """Return where a browser gets a picture or a sound."""
    return f"/api/v1/media/{quote(name, safe='')}"
