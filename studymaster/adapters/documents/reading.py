"""What reading a document comes to: its pages, or why there are none."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

PAGE_LIMIT = 5_000
"""Pages read of one document; a lecture has fewer, a scanned encyclopaedia may not."""

TEXT_LIMIT_BYTES = 8_000_000
"""Read of one text file, and kept of the text of any other: more than 2,500 full pages."""

UNWANTED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no reader sees; PostgreSQL takes neither NUL nor half of a surrogate pair."""


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
    """The texts of a document's pages (first page first), or why there are none.

    Attributes:
        finding: What came of it.
        pages: At most `PAGE_LIMIT` texts; one without text is "".
        page_count: Pages of the whole document, also those that were not read.
        by_ocr: The text was recognised in pictures, so letters may be wrong.
    """

    finding: Finding
    pages: tuple[str, ...] = ()
    page_count: int = 0
    by_ocr: bool = False


class LockedError(Exception):
    """A password is needed to read it."""


class DamagedError(Exception):
    """It is not what it says it is, or broken."""


def of_pages(
    pages: Sequence[str], *, page_count: int | None = None, by_ocr: bool = False
) -> Reading:
    """Return the reading of a document that opened.

    Args:
        pages: Their texts, first page first.
        page_count: Of the whole document, if more than are given.
        by_ocr: As of `Reading`.
    """
    texts = tuple(_within_limit(clean(page) for page in pages[:PAGE_LIMIT]))
    finding = Finding.READY if any(texts) else Finding.NO_TEXT
    count = len(pages) if page_count is None else page_count
    return Reading(finding, texts, count, by_ocr=by_ocr)


def clean(text: str) -> str:
    """Return a text as it may be kept: one kind of line end, nothing that cannot be seen."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNWANTED.sub("", lines).strip()


def _within_limit(texts: Iterable[str]) -> Iterator[str]:
    left = TEXT_LIMIT_BYTES
    for text in texts:
        yield text[:left]
        left = max(0, left - len(text))
