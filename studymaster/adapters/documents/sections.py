"""Divides what has no pages of its own into places short enough to be cited."""

import re
from collections.abc import Iterator

from studymaster.adapters.documents.reading import PAGE_LIMIT

SECTION_LEAST = 1_500
"""Characters (half a printed page) below which no heading begins another section."""

SECTION_ENOUGH = 4_500
"""From here on a section ends with the next paragraph."""

SECTION_MOST = 6_000
"""Two printed pages: what is no longer stays whole, what is longer is divided."""

HEADING_LEVELS = frozenset({1, 2})
LINE = re.compile(r"[^\n]*\n?")


class Sections:
    """Gathers lines, in reading order, into sections."""

    def __init__(self, *, divide: bool) -> None:
        """Begin.

        Args:
            divide: Whether sections end by themselves, not only where `turn` says so.
        """
        self._divide = divide
        self._lines: list[str] = []
        self._size = 0
        self._pages: list[str] = []
        self.count = 0

    def add(self, line: str, *, level: int = 0) -> None:
        """Add a line; `level` is that of a heading, from 1, or 0."""
        if self._divide and self._ends_before(line, level):
            self.turn()
        for number, piece in enumerate(self._pieces(line)):
            if number:
                self.turn()
            self._lines.append(piece)
            self._size += len(piece) + 1
            if self._divide and self._size > SECTION_MOST:
                self.turn()

    def turn(self, *, blank: bool = False) -> None:
        """End the section; `blank` keeps one without text, for the sake of the count."""
        text = "\n".join(self._lines).strip()
        self._lines, self._size = [], 0
        if not text and not blank:
            return
        self.count += 1
        if len(self._pages) < PAGE_LIMIT:
            self._pages.append(text)

    def done(self) -> list[str]:
        """End the last section and return all of them."""
        self.turn()
        return self._pages

    def _ends_before(self, line: str, level: int) -> bool:
        if level in HEADING_LEVELS:
            return self._size >= SECTION_LEAST
        if not line.strip():
            return self._size >= SECTION_ENOUGH
        return self._size >= SECTION_LEAST and self._size + len(line) > SECTION_MOST

    def _pieces(self, line: str) -> Iterator[str]:
        if not self._divide or len(line) <= SECTION_MOST:
            yield line
            return
        start = 0
        while start < len(line):
            cut = line.rfind(" ", start + SECTION_LEAST, start + SECTION_MOST)
            end = start + SECTION_MOST if cut < 0 else cut + 1
            yield line[start:end]
            start = end


def divided(text: str, *, headings: dict[int, int]) -> Sections:
    """Return the sections of a text, whole if it is short; a form feed turns the page.

    Args:
        text: Lines end in a line feed.
        headings: Where (offset of a line's first character) which level of heading is.
    """
    sections = Sections(divide=len(text) > SECTION_MOST)
    for found in LINE.finditer(text):
        before, *after = found[0].rstrip("\n").split("\f")
        sections.add(before, level=headings.get(found.start(), 0))
        for part in after:
            sections.turn()
            sections.add(part)
    return sections
