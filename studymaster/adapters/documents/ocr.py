"""Recognises text in pictures and scanned pages, where the host has the program tesseract.

The program is called directly: it reads a picture from its standard input and writes text to
its standard output, which is all that a wrapper would do, through files.
"""

import io
import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from time import monotonic

import pypdfium2
from PIL import Image

from studymaster.adapters import pdf
from studymaster.adapters.documents.reading import (
    DamagedError,
    Finding,
    Reading,
    of_pages,
)
from studymaster.config import get_settings
from studymaster.errors import StudyMasterError

PROGRAM = "tesseract"
PAGE_SECONDS = 30
"""For one page; a dense one takes five."""

DOCUMENT_SECONDS = 150
"""For all pages together: what is not read by then stays a picture."""

ASKING_SECONDS = 10
PAGE_WIDTH_PX = 1_654
"""A sheet of A4 at 200 dots per inch, below which small print is misread."""

LARGEST_PICTURE = 40_000_000
"""Points of a picture, two A3 sheets at 300 dots per inch and more; three bytes each."""

SMALLEST_SIDE_PX = 20
FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP")
BROKEN = (
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What Pillow raises for pictures that are not what they should be."""

NO_LANGUAGE = frozenset({"osd", "equ", "snum"})
"""Listed as languages, but not to be read in."""


class _NotReadError(Exception):
    """The program failed at a page, or took too long."""


@lru_cache(maxsize=1)
def find_program() -> str | None:
    """Return where the program is, or None where the host has none; asked once."""
    return shutil.which(PROGRAM)


@lru_cache(maxsize=1)
def languages(program: str) -> str:
    """Return the languages that are installed, as the program wants them said; or ""."""
    try:
        listing = _run([program, "--list-langs"], b"", seconds=ASKING_SECONDS)
    except _NotReadError:
        return ""
    names = [line.strip() for line in listing.splitlines()[1:]]
    # English first: where two languages are equally likely, the first one wins.
    usable = {name for name in names if name and name not in NO_LANGUAGE}
    return "+".join(sorted(usable, key=lambda name: (name != "eng", name)))


def is_there() -> bool:
    """Tell whether pictures can be read here."""
    program = find_program() if get_settings().ocr_page_limit else None
    return bool(program and languages(program))


def read_scan(path: Path, *, page_count: int) -> Reading:
    """Return what stands on the first pages of a scanned PDF, as far as time allows.

    Args:
        path: A PDF none of whose pages has text.
        page_count: How many pages it has.
    """
    last = min(page_count, get_settings().ocr_page_limit)
    pages = (partial(_scanned_page, path, number) for number in range(1, last + 1))
    return _recognised((draw() for draw in pages), page_count=page_count)


def read_picture(path: Path) -> Reading:
    """Return what stands on a picture.

    Raises:
        DamagedError: it is not a picture that opens.
    """
    if not is_there():
        return Reading(Finding.UNSUPPORTED)
    return _recognised([_grey(path)], page_count=1)


def _recognised(pictures: Iterable[bytes | None], *, page_count: int) -> Reading:
    """Read pictures until one fails; a blank one is a page without text."""
    ends = monotonic() + DOCUMENT_SECONDS
    texts: list[str] = []
    try:
        for picture in pictures:
            left = min(PAGE_SECONDS, ends - monotonic())
            texts.append(_recognise(picture, seconds=left) if picture else "")
    except _NotReadError:
        pass
    reading = of_pages(texts, page_count=page_count, by_ocr=True)
    if reading.finding is Finding.READY:
        return reading
    return Reading(Finding.NO_TEXT, ("",) * len(texts), page_count)


def _recognise(picture: bytes, *, seconds: float) -> str:
    program = find_program()
    if not program or seconds <= 0:
        raise _NotReadError
    wanted = ["stdin", "stdout", "-l", languages(program), "--dpi", "200"]
    # One thread each: tesseract's own four are slower together than one alone.
    command = ["/usr/bin/env", "OMP_THREAD_LIMIT=1", program, *wanted]
    return _run(command, picture, seconds=seconds)


def _run(command: list[str], data: bytes, *, seconds: float) -> str:
    try:
        done = subprocess.run(  # noqa: S603  (a program found on the host, fixed arguments)
            command, input=data, capture_output=True, timeout=seconds, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise _NotReadError from error
    return done.stdout.decode(errors="replace")


def _scanned_page(path: Path, number: int) -> bytes | None:
    try:
        drawn = pdf.render_page(path, number=number, width_px=PAGE_WIDTH_PX)
    except (StudyMasterError, pypdfium2.PdfiumError, ValueError, OSError):
        return None
    with Image.open(io.BytesIO(drawn)) as picture:
        return _portable(picture)


def _grey(path: Path) -> bytes | None:
    """Return a picture as the program reads it, or None if it is no size for reading."""
    try:
        with Image.open(path, formats=FORMATS) as picture:
            if not _is_readable(picture.size):
                return None
            picture.draft("L", picture.size)
            return _portable(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    except BROKEN as error:
        raise DamagedError from error


def _is_readable(size: tuple[int, int]) -> bool:
    width, height = size
    return min(size) >= SMALLEST_SIDE_PX and width * height <= LARGEST_PICTURE


def _portable(picture: Image.Image) -> bytes:
    """Return a picture in shades of grey, in the format that every build reads."""
    written = io.BytesIO()
    picture.convert("L").save(written, "PPM")
    return written.getvalue()
