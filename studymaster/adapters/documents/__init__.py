"""Reads the text of whatever Moodle holds, page by page or section by section."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from studymaster.adapters import pdf
from studymaster.adapters.documents import kinds, ocr
from studymaster.adapters.documents.captions import read_captions
from studymaster.adapters.documents.kinds import START_BYTES, kind_of
from studymaster.adapters.documents.office import (
    is_old_office,
    read_office,
    read_old_office,
)
from studymaster.adapters.documents.plain import read_markdown, read_plain
from studymaster.adapters.documents.reading import (
    PAGE_LIMIT,
    TEXT_LIMIT_BYTES,
    DamagedError,
    Finding,
    LockedError,
    Reading,
    of_pages,
)
from studymaster.adapters.documents.web import (
    html_to_text,
    read_html,
)

__all__ = [
    "PAGE_LIMIT",
    "READERS",
    "START_BYTES",
    "TEXT_LIMIT_BYTES",
    "Finding",
    "Reading",
    "html_to_text",
    "is_readable",
    "kind_of",
    "read",
    "read_html",
]


def read(path: Path, *, mimetype: str, name: str = "") -> Reading:
    """Return the text of a document; never raises for what is wrong with the document.

    Args:
        path: Where it is.
        mimetype: What a server says it is; its first bytes know better.
        name: Its name; the ending counts where the server knows nothing.
    """
    with path.open("rb") as stream:
        start = stream.read(START_BYTES)
    if not start:
        return Reading(Finding.EMPTY)
    kind = kind_of(start, listed=mimetype, name=name)
    reader = _by_bytes(start, kind) or READERS.get(kind)
    try:
        return reader(path) if reader else Reading(Finding.UNSUPPORTED)
    except LockedError:
        return Reading(Finding.ENCRYPTED)
    except DamagedError:
        return Reading(Finding.CORRUPT)


def _by_bytes(start: bytes, kind: str) -> Callable[[Path], Reading] | None:
    """Return the reader of what only the whole file can tell the kind of."""
    if is_old_office(start):
        return read_old_office
    return partial(read_office, said=kind) if kind == kinds.ZIP else None


def is_readable(kind: str) -> bool:
    """Tell whether there is text to be had from a kind of document, on this host."""
    return kind in READERS and (kind not in kinds.IMAGES or ocr.is_there())


def _read_pdf(path: Path) -> Reading:
    try:
        text = pdf.read_text(path, max_pages=PAGE_LIMIT)
    except pdf.EncryptedPdfError:
        return Reading(Finding.ENCRYPTED)
    except pdf.CorruptPdfError:
        return Reading(Finding.CORRUPT)
    reading = of_pages(text.pages, page_count=text.page_count)
    if reading.finding is Finding.NO_TEXT and ocr.is_there():
        return ocr.read_scan(path, page_count=text.page_count)
    return reading


READERS: dict[str, Callable[[Path], Reading]] = {
    kinds.PDF: _read_pdf,
    kinds.HTML: read_html,
    kinds.PLAIN: read_plain,
    kinds.MARKDOWN: read_markdown,
    kinds.VTT: read_captions,
    kinds.SRT: read_captions,
    kinds.DOCX: partial(read_office, said=kinds.DOCX),
    kinds.PPTX: partial(read_office, said=kinds.PPTX),
    kinds.ODT: partial(read_office, said=kinds.ODT),
    kinds.ODP: partial(read_office, said=kinds.ODP),
    **dict.fromkeys(kinds.IMAGES, ocr.read_picture),
}
"""By media type."""
