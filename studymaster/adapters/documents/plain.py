"""Reads plain text and Markdown, in whatever encoding they were saved."""

import codecs
import re
from pathlib import Path

from studymaster.adapters.documents.reading import (
    TEXT_LIMIT_BYTES,
    DamagedError,
    Reading,
    clean,
    of_pages,
)
from studymaster.adapters.documents.sections import divided

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""How a file says that it is Unicode; the longer of two that begin alike comes first."""

OLD_WINDOWS = "windows-1252"
SEQUENCE_BYTES = 3
"""Of a UTF-8 character, at most, that the limit may have cut off."""

BINARY = re.compile("[\x00-\x08\x0e-\x1f]")
BINARY_SAMPLE = 100_000
BINARY_SHARE = 0.1
"""Of control characters: text has none, a picture or program named .txt has a quarter."""

MANY_EMPTY_LINES = re.compile(r"\n{4,}")
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]|$)", re.MULTILINE)
UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$", re.MULTILINE)


def read_plain(path: Path) -> Reading:
    """Return the text of a file, whole if it is short.

    Raises:
        DamagedError: it is no text.
    """
    return _sections(_text(path), headings={})


def read_markdown(path: Path) -> Reading:
    """Return the text of a Markdown file, divided at its headings if it is long.

    Raises:
        DamagedError: it is no text.
    """
    text = _text(path)
    return _sections(text, headings=_headings(text))


def decoded(
    path: Path, *, declared: str = OLD_WINDOWS, limit_bytes: int = TEXT_LIMIT_BYTES
) -> str:
    """Return the beginning of a text file.

    Args:
        path: Where it is.
        declared: The encoding that counts when it is not Unicode.
        limit_bytes: How much of it is read.
    """
    with path.open("rb") as stream:
        data = stream.read(limit_bytes)
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if len(data) == limit_bytes and error.start >= len(data) - SEQUENCE_BYTES:
            return data[: error.start].decode()
    return data.decode(declared, errors="replace")


def _text(path: Path) -> str:
    text = decoded(path)
    sample = text[:BINARY_SAMPLE]
    if len(BINARY.findall(sample)) > BINARY_SHARE * len(sample):
        raise DamagedError
    return MANY_EMPTY_LINES.sub("\n\n\n", clean(text))


def _sections(text: str, *, headings: dict[int, int]) -> Reading:
    sections = divided(text, headings=headings)
    pages = sections.done()
    return of_pages(pages, page_count=sections.count)


def _headings(text: str) -> dict[int, int]:
    code = _code(text)
    found = {
        match.start(): len(match[1])
        for match in HEADING.finditer(text)
        if match.start() not in code
    }
    for match in UNDERLINE.finditer(text):
        line = text.rfind("\n", 0, max(0, match.start() - 1)) + 1
        if match.start() not in code and text[line : match.start()].strip():
            found.setdefault(line, 1 if match[1][0] == "=" else 2)
    return found


def _code(text: str) -> set[int]:
    """Return where lines of fenced code begin that look like headings."""
    starts = [match.start() for match in FENCE.finditer(text)]
    return {
        match.start()
        for begin, end in zip(starts[::2], starts[1::2], strict=False)
        for pattern in (HEADING, UNDERLINE)
        for match in pattern.finditer(text, begin, end)
    }
