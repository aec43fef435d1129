"""Reads the text of whatever Moodle holds, page by page: PDF, HTML, plain text."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.model.config import ParserConfig
from lxml.etree import LxmlError  # pyright: ignore[reportUnknownVariableType]

from studymaster.adapters import pdf

PAGE_LIMIT = 5_000
"""Pages read of one document; a lecture has fewer, a scanned encyclopaedia may not."""

TEXT_LIMIT_BYTES = 20_000_000


class Finding(StrEnum):
    """What came of reading a document."""

    READY = "ready"
    NO_TEXT = "no_text"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Reading:
    """The texts of a document's pages (first page first), or why there are none."""

    finding: Finding
    pages: tuple[str, ...] = ()
    page_count: int = 0


def read(path: Path, *, mimetype: str) -> Reading:
    """Return the text of a document; never raises for what is wrong with the document."""
    if path.stat().st_size == 0:
        return Reading(Finding.EMPTY)
    reader = READERS.get(mimetype.partition(";")[0].strip().lower())
    return reader(path) if reader else Reading(Finding.UNSUPPORTED)


def html_to_text(html: str) -> str:
    """Return what a reader sees of a piece of HTML; scripts and styles are dropped."""
    if not html.strip():
        return ""
    config = ParserConfig(css=STRICT_CSS_PROFILE)
    try:
        return get_text(html, config).strip()
    except (LxmlError, ValueError):
        return ""


def _read_pdf(path: Path) -> Reading:
    try:
        text = pdf.read_text(path, max_pages=PAGE_LIMIT)
    except pdf.EncryptedPdfError:
        return Reading(Finding.ENCRYPTED)
    except pdf.CorruptPdfError:
        return Reading(Finding.CORRUPT)
    finding = Finding.READY if text.has_text else Finding.NO_TEXT
    return Reading(finding, text.pages, text.page_count)


def _read_html(path: Path) -> Reading:
    return _one_page(html_to_text(_decoded(path)))


def _read_plain(path: Path) -> Reading:
    return _one_page(_decoded(path).strip())


def _decoded(path: Path) -> str:
    with path.open("rb") as stream:
        return stream.read(TEXT_LIMIT_BYTES).decode("utf-8", errors="replace")


def _one_page(text: str) -> Reading:
    clean = text.replace("\x00", "")
    return Reading(Finding.READY, (clean,), 1) if clean else Reading(Finding.NO_TEXT)


READERS: dict[str, Callable[[Path], Reading]] = {
    "application/pdf": _read_pdf,
    "text/html": _read_html,
    "text/plain": _read_plain,
    "text/markdown": _read_plain,
}
