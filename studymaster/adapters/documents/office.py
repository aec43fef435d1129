"""Reads office files as what they are, whatever they are called."""

from collections.abc import Callable
from mmap import ACCESS_READ, mmap
from pathlib import Path

from studymaster.adapters.documents.kinds import (
    DOCX,
    ODP,
    ODT,
    OLD_OFFICE_MARK,
    PPTX,
    ZIP,
    ZIPPED,
)
from studymaster.adapters.documents.opendocument import read_opendocument
from studymaster.adapters.documents.packages import Package, opened
from studymaster.adapters.documents.reading import (
    DamagedError,
    Finding,
    LockedError,
    Reading,
)
from studymaster.adapters.documents.slides import read_slides
from studymaster.adapters.documents.word import read_word

CONTENT_TYPES = "[Content_Types].xml"
CONTENT_TYPES_BYTES = 4_000_000
"""10,000 slides with notes are 2 MB of it."""

MAIN_TYPES = (
    (b"wordprocessingml.document.main", DOCX),
    (b"wordprocessingml.template.main", DOCX),
    (b"ms-word.document.macroEnabled.main", DOCX),
    (b"ms-word.template.macroEnabledTemplate.main", DOCX),
    (b"presentationml.presentation.main", PPTX),
    (b"presentationml.slideshow.main", PPTX),
    (b"presentationml.template.main", PPTX),
    (b"ms-powerpoint.presentation.macroEnabled.main", PPTX),
    (b"ms-powerpoint.slideshow.macroEnabled.main", PPTX),
)
LOCKED_PARTS = ("EncryptedPackage", "EncryptionInfo")

READERS: dict[str, Callable[[Path], Reading]] = {
    DOCX: read_word,
    PPTX: read_slides,
    ODT: read_opendocument,
    ODP: read_opendocument,
}


def read_office(path: Path, *, said: str) -> Reading:
    """Return the text of an office file.

    Args:
        path: A ZIP file.
        said: The kind that it is said to be, for what does not say it itself.

    Raises:
        DamagedError: it is not one that opens.
        LockedError: it is locked with a password.
    """
    reader = READERS.get(_kind(path, said=said))
    return reader(path) if reader else Reading(Finding.UNSUPPORTED)


def read_old_office(path: Path) -> Reading:
    """Tell an office file that is locked with a password from one made before 2007.

    Raises:
        LockedError: it is locked with a password.
    """
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        for part in LOCKED_PARTS:
            if content.find(part.encode("utf-16-le")) >= 0:
                raise LockedError
    return Reading(Finding.UNSUPPORTED)


def is_old_office(start: bytes) -> bool:
    """Tell whether a file is of the format that wraps old and locked office files."""
    return start.startswith(OLD_OFFICE_MARK)


def _kind(path: Path, *, said: str) -> str:
    try:
        with opened(path) as package:
            return _own_kind(package) or _unless_office(package, said=said)
    except DamagedError:
        if said in ZIPPED:
            raise
        return ZIP


def _own_kind(package: Package) -> str:
    types = package.start_of(CONTENT_TYPES, size=CONTENT_TYPES_BYTES)
    found = next((kind for name, kind in MAIN_TYPES if name in types), "")
    return found or package.start_of("mimetype", size=len(ODP)).decode(errors="replace")


def _unless_office(package: Package, *, said: str) -> str:
    """Return the kind of a file that does not say what it is.

    Raises:
        DamagedError: it is said to be an office file, and has nothing of one.
    """
    if said not in ZIPPED:
        return ZIP
    if package.has(CONTENT_TYPES):
        return ZIP  # a spreadsheet, or something newer than us
    raise DamagedError
