"""Reads lectures: the text of each page, a picture of a page, the place of a quote on it.

All of it is PDFium, which is not thread-safe: one lock serves the whole process, and every
object is closed under it. Functions block; callers run them in a thread. Why PDFium alone:
docs/decisions/0005-pdf-libraries.md.
"""

import io
import threading
import unicodedata
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from ctypes import byref, c_int
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import NoReturn, cast

import pypdfium2
from pypdfium2 import raw

from studymaster.errors import InvalidInputError, NotFoundError

LONGEST_SIDE_PX = 4_000
"""Of one rendered page: a mile-long page becomes narrower, not the process bigger."""

PICTURE_QUALITY = 82
LINE_END_HYPHEN = "\ufffe"  # what PDFium returns for a hyphen and the line break behind it
DEVICE = (
    1_000_000  # PDFium maps points to whole device pixels: enough of them for fractions
)
SHARE_OF_SAME_LINE = 0.4

_pdfium = threading.RLock()


class EncryptedPdfError(InvalidInputError):
    """The file opens only with a password or a right we do not have."""

    def __init__(self) -> None:
        """Say what is missing."""
        super().__init__(
            "This PDF is locked with a password. Moodle has it, but its text cannot be "
            "read here. Ask your teacher for an unlocked copy."
        )


class CorruptPdfError(InvalidInputError):
    """The file is not a PDF, or broken beyond what PDFium can mend."""

    def __init__(self) -> None:
        """Say what is missing."""
        super().__init__(
            "This file is damaged or is not a PDF, so its pages cannot be read. Open it "
            "in Moodle: if it is broken there too, tell your teacher."
        )


class EmptyPdfError(InvalidInputError):
    """The file has no bytes."""

    def __init__(self) -> None:
        """Say what is missing."""
        super().__init__(
            "This PDF is empty, so there is nothing to read. Tell your teacher that the "
            "upload failed."
        )


@dataclass(frozen=True, slots=True)
class PdfText:
    """What a PDF says.

    Attributes:
        pages: The text of the pages read, first page first; a page without text is "".
        page_count: Pages of the whole document, also those beyond the limit.
    """

    pages: tuple[str, ...]
    page_count: int

    @property
    def has_text(self) -> bool:
        """Whether any page has text; a scan has none."""
        return any(self.pages)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is seen: fractions 0..1 from its top left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Rect:
    """A rectangle in the page's own space: points, y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float


def read_text(path: Path, *, max_pages: int) -> PdfText:
    """Return the text of the first `max_pages` pages, and how many pages there are.

    Lines end in a line feed; a word broken at the end of a line keeps hyphen and line feed.
    A single broken page counts as one without text.

    Raises:
        EncryptedPdfError: It needs a password.
        CorruptPdfError: It is not a readable PDF.
        EmptyPdfError: It has no bytes.
        NotFoundError: The file is not there.
    """
    with _opened(path) as document:
        with _pdfium:
            count = len(document)
        return PdfText(tuple(_page_texts(document, min(count, max_pages))), count)


def render_page(path: Path, *, number: int, width_px: int) -> bytes:
    """Return page `number` (from 1) as a WebP picture `width_px` wide, if not 4,000 high.

    WebP, because every browser we support shows it and a page of text takes 40 to 60 % of
    the bytes of its PNG; lossy, because a scanned page would be megabytes without loss.

    Raises:
        NotFoundError: There is no such page, or no such file.
        InvalidInputError: As for `read_text`.
    """
    with _opened(path) as document, _page(document, number) as page:
        scale = _scale(page, width_px=width_px)
        with closing(_drawn(page, scale=scale)) as bitmap:
            # A copy: the picture must not point into memory that PDFium frees on close.
            picture = bitmap.to_pil().convert("RGB")
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=PICTURE_QUALITY, method=2)
    return written.getvalue()


def quote_boxes(path: Path, *, number: int, quote: str) -> tuple[Box, ...]:
    """Return where the quote stands on page `number` (from 1), one box per line.

    Only letters and digits are compared, so blanks, hyphens and line breaks may differ;
    empty when the quote is not on the page. Raises as `render_page`.
    """
    with _opened(path) as document, _page(document, number) as page:
        with _text(page) as text:
            lines = _lines(_rects(text, _find(text, quote)))
        return tuple(_seen(page, line) for line in lines)


@contextmanager
def _opened(path: Path) -> Generator[pypdfium2.PdfDocument]:
    """Open a document; say in our words why it cannot be."""
    if not path.is_file():
        msg = "The file of this material is not stored here. Sync the course to fetch it."
        raise NotFoundError(msg)
    if path.stat().st_size == 0:
        raise EmptyPdfError
    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            _refuse(error, path)
    try:
        yield document
    finally:
        with _pdfium:
            document.close()


def _refuse(error: pypdfium2.PdfiumError, path: Path) -> NoReturn:
    locked = {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
    # PDFium may repeat the code of an earlier file's failure, so the file has its say too.
    if getattr(error, "err_code", None) in locked and _is_encrypted(path):
        raise EncryptedPdfError from error
    raise CorruptPdfError from error


def _is_encrypted(path: Path) -> bool:
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return content.find(b"/Encrypt") >= 0


@contextmanager
def _page(document: pypdfium2.PdfDocument, number: int) -> Generator[pypdfium2.PdfPage]:
    """Hold the lock and one page, counted from 1."""
    with _pdfium:
        count = len(document)
        if not 1 <= number <= count:
            msg = f"This PDF has {count} pages; there is no page {number}."
            raise NotFoundError(msg)
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError as error:
            raise CorruptPdfError from error
        try:
            yield page
        finally:
            page.close()


def _text(page: pypdfium2.PdfPage) -> closing[pypdfium2.PdfTextPage]:
    return closing(page.get_textpage())


def _drawn(page: pypdfium2.PdfPage, *, scale: float) -> pypdfium2.PdfBitmap:
    # PDFium's binding types its scale by the default 1, an int; it takes any number.
    render = cast("Callable[..., pypdfium2.PdfBitmap]", page.render)
    return render(scale=scale)


def _scale(page: pypdfium2.PdfPage, *, width_px: int) -> float:
    """Return pixels per point (1/72 inch)."""
    width, height = cast("tuple[float, float]", page.get_size())
    return min(width_px / width, LONGEST_SIDE_PX / max(width, height))


def _page_texts(document: pypdfium2.PdfDocument, count: int) -> Iterator[str]:
    for number in range(1, count + 1):
        # The lock is taken page by page: a long book does not hold up a small picture.
        try:
            with _page(document, number) as page, _text(page) as text:
                yield _clean(text.get_text_range())
        except (CorruptPdfError, pypdfium2.PdfiumError):
            yield ""


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.replace(LINE_END_HYPHEN, "-\n").strip()


def _find(text: pypdfium2.PdfTextPage, quote: str) -> range:
    """Return the indices of the characters between which the quote stands."""
    letters, indices = "", list[int]()
    for index in range(text.count_chars()):
        squeezed = _squeeze(chr(raw.FPDFText_GetUnicode(text, index)))
        letters += squeezed
        indices += [index] * len(squeezed)
    wanted = _squeeze(quote)
    start = letters.find(wanted)
    if not wanted or start < 0:
        return range(0)
    return range(indices[start], indices[start + len(wanted) - 1] + 1)


def _squeeze(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _rects(text: pypdfium2.PdfTextPage, indices: range) -> Iterator[_Rect]:
    for index in indices:
        corners = cast("tuple[float, ...]", text.get_charbox(index, loose=True))
        rect = _Rect(*corners)
        if rect.right > rect.left and rect.top > rect.bottom:
            yield rect


def _lines(rects: Iterator[_Rect]) -> list[_Rect]:
    """Merge the boxes of characters, in reading order, into one per line."""
    lines: list[_Rect] = []
    for rect in rects:
        if lines and _same_line(lines[-1], rect):
            lines[-1] = _around(lines[-1], rect)
        else:
            lines.append(rect)
    return lines


def _same_line(line: _Rect, rect: _Rect) -> bool:
    shared = min(line.top, rect.top) - max(line.bottom, rect.bottom)
    height = min(line.top - line.bottom, rect.top - rect.bottom)
    return rect.right >= line.left and shared > SHARE_OF_SAME_LINE * height


def _around(one: _Rect, other: _Rect) -> _Rect:
    return _Rect(
        min(one.left, other.left),
        min(one.bottom, other.bottom),
        max(one.right, other.right),
        max(one.top, other.top),
    )


def _seen(page: pypdfium2.PdfPage, rect: _Rect) -> Box:
    """Map a rectangle of the page's own space to the page as it is seen."""
    corners = [(rect.left, rect.bottom), (rect.right, rect.top)]
    (x1, y1), (x2, y2) = (_fractions(page, x, y) for x, y in corners)
    return Box(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))


def _fractions(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = c_int(), c_int()
    raw.FPDF_PageToDevice(page, 0, 0, DEVICE, DEVICE, 0, x, y, byref(across), byref(down))
    return _within(across.value / DEVICE), _within(down.value / DEVICE)


def _within(fraction: float) -> float:
    return min(1.0, max(0.0, fraction))
