"""Reads LibreOffice's texts and presentations (.odt, .odp)."""

from pathlib import Path

from studymaster.adapters.documents.packages import (
    Attributes,
    Package,
    Walker,
    attribute,
    opened,
)
from studymaster.adapters.documents.reading import LockedError, Reading, of_pages
from studymaster.adapters.documents.sections import SECTION_MOST, Sections

CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
MANIFEST_BYTES = 200_000
LOCKED = b"encryption-data"
MOST_BLANKS = 100


class _Content(Walker):
    """Gathers lines; a slide, or a page break where LibreOffice noted one, is a turn."""

    hidden = frozenset({"tracked-changes", "annotation", "automatic-styles", "styles"})

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, int]] = []
        self.turns: set[int] = set()
        self.slides = 0
        self._open: list[tuple[int, list[str]]] = []
        self._cells: list[list[str]] = []
        self._lists = 0
        self._tables = 0
        self.opening = {
            "page": self._begin_slide,
            "soft-page-break": lambda _: self._turn(),
            "h": self._begin_heading,
            "p": lambda _: self._open.append((0, [])),
            "s": self._blanks,
            "tab": lambda _: self.hear("\t"),
            "line-break": lambda _: self.hear("\n"),
            "list": lambda _: self._nest(1),
            "table": lambda _: self._count_tables(1),
            "table-row": self._begin_row,
            "table-cell": lambda _: self._cells.append([]),
            "notes": self._begin_notes,
        }
        self.closing = {
            "h": self._end_line,
            "p": self._end_line,
            "list": lambda: self._nest(-1),
            "table": lambda: self._count_tables(-1),
            "table-row": self._end_row,
        }

    def hear(self, text: str) -> None:
        if self._open:
            self._open[-1][1].append(text)

    def _begin_slide(self, _attributes: Attributes) -> None:
        if self.slides:
            self._turn()
        self.slides += 1

    def _turn(self) -> None:
        self.turns.add(len(self.lines))
        self.lines.append(("", 0))

    def _begin_heading(self, attributes: Attributes) -> None:
        level = attribute(attributes, "outline-level")
        self._open.append((int(level) if level in set("123456789") else 1, []))

    def _blanks(self, attributes: Attributes) -> None:
        number = attribute(attributes, "c")
        many = int(number) if number.isascii() and number.isdigit() else 1
        self.hear(" " * min(many, MOST_BLANKS))

    def _nest(self, change: int) -> None:
        self._lists += change

    def _count_tables(self, change: int) -> None:
        self._tables += change

    def _begin_notes(self, _attributes: Attributes) -> None:
        if self.slides:
            self.lines += [("", 0), ("Notes:", 0)]

    def _begin_row(self, _attributes: Attributes) -> None:
        if self._tables == 1:
            self._cells.clear()

    def _end_line(self) -> None:
        if not self._open:
            return
        level, pieces = self._open.pop()
        text = "".join(pieces).rstrip()
        if self._open:
            self.hear(f" ({text.strip()})" if text else "")
        elif self._tables and self._cells:
            self._cells[-1] += [text.strip()] if text else []
        elif text:
            self._put(text, level)

    def _put(self, text: str, level: int) -> None:
        if level:
            self.lines.append(("", 0))
        if self._lists and not level and not self.slides:
            text = f"{'  ' * (self._lists - 1)}- {text}"
        self.lines.append((text, level))

    def _end_row(self) -> None:
        if self._tables > 1:
            return
        cells = [" ".join(cell) for cell in self._cells]
        self._cells.clear()
        if any(cells):
            self.lines.append((" | ".join(cells), 0))


def read_opendocument(path: Path) -> Reading:
    """Return the pages or slides of an OpenDocument file.

    Raises:
        DamagedError: it is not one that opens.
        LockedError: it is locked with a password.
    """
    with opened(path) as package:
        _require_open(package)
        content = _Content()
        package.walk(CONTENT, content)
    paged = bool(content.slides or content.turns)
    size = sum(len(text) for text, _ in content.lines)
    sections = Sections(divide=not paged and size > SECTION_MOST)
    for index, (text, level) in enumerate(content.lines):
        if index in content.turns:
            sections.turn(blank=True)
        else:
            sections.add(text, level=level)
    if content.slides:
        sections.turn(blank=True)
    return of_pages(sections.done(), page_count=sections.count)


def _require_open(package: Package) -> None:
    if LOCKED in package.start_of(MANIFEST, size=MANIFEST_BYTES):
        raise LockedError
