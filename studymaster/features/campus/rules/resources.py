"""What can be shared, under which name, and what its first bytes say it is. Pure."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from studymaster.errors import InvalidInputError
from studymaster.features.accounts.rules import cut
from studymaster.features.campus.schemas.resources import Order
from studymaster.typed import always, for_others, line_for_others

TITLE_MAX: Final = 200
NOTE_MAX: Final = 20_000
ADDRESS_MAX: Final = 2_000
FILENAME_MAX_BYTES: Final = 180
HEAD_BYTES: Final = 16
MEGABYTE: Final = 1_000_000
UNKNOWN: Final = "application/octet-stream"

NO_TITLE = f"Give it a title of 1 to {TITLE_MAX} characters."
NO_NOTE = f"A note needs 1 to {NOTE_MAX:,} characters."
LINK_STARTS: Final = "https:// or http://"
NO_ADDRESS = (
    f"A link starts with {LINK_STARTS} and names a site, such as https://example.org/page."
)
EMPTY_FILE = "That file is empty. Choose another one."
NO_FILE = "Choose a file to share."
ONLY_FILE = "Only a resource of the kind “file” comes with a file."
PROGRAM = "Programs cannot be shared. Share documents, pictures, sound, video or archives."
NO_ORDER = "Put the newest or the most useful first."
NO_KIND = "Share a file, a link or a note."

FIELDS: Final[Mapping[str, str]] = {
    NO_TITLE: "title",
    NO_NOTE: "text",
    NO_ADDRESS: "address",
    EMPTY_FILE: "file",
    NO_FILE: "file",
    PROGRAM: "file",
}
"""Which field of the form a refusal is about; it is shown there."""

MAGIC: Final[tuple[tuple[str, re.Pattern[bytes]], ...]] = (
    ("application/pdf", re.compile(rb"%PDF-")),
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
    ("image/webp", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
)
"""What a browser may show in place, by its first bytes; a name or a claim proves nothing."""

PROGRAMS: Final[Mapping[str, str]] = {
    "Windows": "appinstaller application appx appxbundle bat cmd com cpl dll exe gadget hta "
    "inf jse lnk msc msi msix msixbundle msp mst pif ps1 psd1 psm1 reg scf scr sct sys url vb "
    "vbe vbs wsc wsf wsh",
    "macOS": "app command dmg dylib mpkg pkg scpt workflow",
    "Linux": "appimage deb desktop flatpak rpm run snap so",
    "telephones": "apk ipa xapk",
    "Java": "class jar jnlp",
    "scripts": "bash csh fish js ksh mjs php pl py pyc pyw pyz rb sh zsh",
}
PROGRAM_ENDINGS: Final = frozenset(" ".join(PROGRAMS.values()).split())
"""How the names of what a computer runs end."""

PROGRAM_STARTS: Final[tuple[bytes, ...]] = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
)
"""How programs begin: of Windows, of Linux, of macOS (with Java's), and scripts."""


def require_title(text: object) -> str:
    """Return a title of 1 to 200 characters."""
    return line_for_others(text, most=TITLE_MAX, least=1, says=always(NO_TITLE))


def require_note(text: object) -> str:
    """Return the words of a note, 1 to 20,000 characters."""
    return for_others(text, most=NOTE_MAX, least=1, says=always(NO_NOTE))


def require_address(text: object) -> str:
    """Return a link that a browser can follow and a reader can judge by its host.

    An address with a name before an `@` is refused: it looks like another site's.
    """
    address = line_for_others(text, most=ADDRESS_MAX, least=1, says=always(NO_ADDRESS))
    if not host_of(address) or " " in address:
        raise InvalidInputError(NO_ADDRESS)
    return address


def host_of(address: str) -> str:
    """Return the host of a link in its ASCII spelling; empty when there is no such link."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and "@" not in parts.netloc
    if not (is_web and re.fullmatch(r"[a-z0-9:]([a-z0-9.:-]*[a-z0-9])?", host)):
        return ""
    return f"{host}:{port}" if port else host


def safe_filename(name: object) -> str:
    """Return the last part of a file's name without what no file system or header takes."""
    shown = "".join(one for one in str(name or "") if one.isprintable())
    last = re.split(r"[/\\]", shown)[-1].strip(" .")
    stem, point, ending = last.rpartition(".")
    if not point or len(ending) > 12:  # noqa: PLR2004  (longer is no ending)
        return cut(last, most_bytes=FILENAME_MAX_BYTES) or "file"
    room = FILENAME_MAX_BYTES - len(ending.encode()) - 1
    return f"{cut(stem, most_bytes=room)}.{ending}"


def sniff(head: bytes) -> str:
    """Return what a file is by its first 16 bytes; unknown when a browser shall not show it."""
    return next((kind for kind, magic in MAGIC if magic.match(head)), UNKNOWN)


def require_no_program(filename: str, *, head: bytes) -> None:
    """Refuse what a computer would run, by its name as it is handed out or its first bytes."""
    _, point, ending = filename.rpartition(".")
    is_named_so = point and ending.strip().lower() in PROGRAM_ENDINGS
    if is_named_so or head.startswith(PROGRAM_STARTS):
        raise InvalidInputError(PROGRAM)


def size_words(size_bytes: int) -> str:
    """Return a size as a reader knows it: `340 kB`, `1.5 MB`; empty for nothing."""
    if size_bytes >= MEGABYTE:
        return f"{size_bytes / MEGABYTE:.1f} MB"
    return f"{-(-size_bytes // 1000)} kB" if size_bytes else ""


def require_content(*, kind: str, text: object, address: object) -> tuple[str, str]:
    """Return the checked (text, address) of a resource of this kind; a file has neither."""
    if kind == "file":
        return "", ""
    if kind == "link":
        return "", require_address(address)
    if kind == "note":
        return require_note(text), ""
    raise InvalidInputError(NO_KIND)


def require_file(*, kind: str, has_file: bool, size_bytes: int) -> None:
    """Refuse a file resource without bytes, and bytes without a file resource."""
    checks = (
        (kind == "file" and not has_file, NO_FILE),
        (kind != "file" and has_file, ONLY_FILE),
        (has_file and size_bytes == 0, EMPTY_FILE),
    )
    for is_wrong, sentence in checks:
        if is_wrong:
            raise InvalidInputError(sentence)


def parse_order(text: object) -> Order:
    """Return what shall come first.

    Raises:
        InvalidInputError: it is neither newest nor useful.
    """
    if not isinstance(text, str) or text not in set(Order):
        raise InvalidInputError(NO_ORDER)
    return Order(text)


def parse_audience(value: str) -> tuple[int | None, UUID | None]:
    """Return the Moodle id of a course or the id of a group from a choice's value."""
    kind, _, name = value.partition(":")
    return (int(name), None) if kind == "course" else (None, UUID(name))
