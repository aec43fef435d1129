"""Reads Word files (.docx): page by page as Word last laid them out, else by section.

The XML is followed as it comes instead of through python-docx, whose tree of a long script
takes ten times its size, and which passes over text boxes, content controls and formulas.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from studymaster.adapters.documents.packages import (
    Attributes,
    Package,
    Walker,
    attribute,
    opened,
)
from studymaster.adapters.documents.reading import Reading, of_pages
from studymaster.adapters.documents.relations import (
    first_of,
    main_part,
    relations_of,
)
from studymaster.adapters.documents.sections import SECTION_MOST, Sections

HEADING = re.compile(r"heading ([1-9])")
NEW_PAGE = frozenset({"nextPage", "oddPage", "evenPage"})
OFF = frozenset({"0", "false", "off"})
LAID_OUT = "page as laid out"
ASKED_FOR = "page break of the author"
MOST_BASES = 12
"""Styles that build on one another; Word's own go three deep."""


@dataclass(slots=True)
class _Style:
    level: int = 0
    is_list: bool = False
    base: str = ""


@dataclass(slots=True)
class _Paragraph:
    pieces: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])
    style: str = ""
    level: int = 0
    is_list: bool = False
    depth: int = 0
    ends_section: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    level: int = 0
    turn: str = ""


@dataclass(slots=True)
class _Row:
    """A row of a table that is being read; `cells` hold the lines of each cell."""

    cells: list[list[str]] = field(default_factory=list[list[str]])
    turns: list[str] = field(default_factory=list[str])


class _Styles(Walker):
    """Learns which styles are headings and which are lists."""

    def __init__(self) -> None:
        super().__init__()
        self.opening = {
            "style": self._begin,
            "name": self._name,
            "basedOn": self._base,
            "outlineLvl": self._outline,
            "numPr": self._list,
        }
        self.found: dict[str, _Style] = {}
        self._style = _Style()

    def _begin(self, attributes: Attributes) -> None:
        self._style = self.found[attribute(attributes, "styleId")] = _Style()

    def _name(self, attributes: Attributes) -> None:
        # Built-in names are English in every language of Word.
        name = attribute(attributes, "val").lower()
        if found := HEADING.fullmatch(name):
            self._style.level = int(found[1])
        elif name == "title":
            self._style.level = 1

    def _base(self, attributes: Attributes) -> None:
        self._style.base = attribute(attributes, "val")

    def _outline(self, attributes: Attributes) -> None:
        self._style.level = self._style.level or _level(attributes)

    def _list(self, _attributes: Attributes) -> None:
        self._style.is_list = True


def _level(attributes: Attributes) -> int:
    """Return a heading's level; Word counts from 0, and 9 is no heading."""
    value = attribute(attributes, "val")
    return int(value) + 1 if value in set("012345678") else 0


class _Body(Walker):
    """Gathers lines and page turns in reading order."""

    hidden = frozenset(
        {"Fallback", "del", "moveFrom", "instrText", "tblPr", "rPr"}
        | {"sectPrChange", "pPrChange"}
    )

    def __init__(
        self, *, styles: Mapping[str, _Style], notes: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self.lines: list[_Line] = []
        self.laid_out = False
        self._styles = styles
        self._notes = notes or {}
        self._open: list[_Paragraph] = []
        self._rows: list[_Row] = []
        self._in_text = 0
        self._seam: int | None = None
        self._section_begins = ""
        self.opening = {
            "p": lambda _: self._open.append(_Paragraph()),
            "t": self._begin_text,
            "tab": lambda _: self._mark("\t"),
            "cr": lambda _: self._mark("\n"),
            "noBreakHyphen": lambda _: self._mark("-"),
            "br": self._break,
            "lastRenderedPageBreak": lambda _: self._turn(LAID_OUT),
            "pageBreakBefore": self._break_before,
            "pStyle": self._style,
            "outlineLvl": self._outline,
            "ilvl": self._depth,
            "numId": self._number,
            "sectPr": self._section,
            "type": self._section_type,
            "footnoteReference": lambda given: self._refer("footnote", given),
            "endnoteReference": lambda given: self._refer("endnote", given),
            "tr": lambda _: self._rows.append(_Row()),
            "tc": self._begin_cell,
        }
        self.closing = {
            "p": self._end_paragraph,
            "t": self._end_text,
            "tr": self._end_row,
            "sectPr": self._end_section,
        }

    def hear(self, text: str) -> None:
        if self._in_text and self._open:
            self._open[-1].pieces.append(text)

    def _begin_text(self, _attributes: Attributes) -> None:
        self._in_text += 1

    def _end_text(self) -> None:
        self._in_text -= 1

    def _mark(self, text: str) -> None:
        # In a paragraph's properties the same names stand for tab stops.
        if self._open and self.path[-2:-1] == ["r"]:
            self._open[-1].pieces.append(text)

    def _break(self, attributes: Attributes) -> None:
        if attribute(attributes, "type") == "page":
            self._turn(ASKED_FOR)
        else:
            self._mark("\n")

    def _break_before(self, attributes: Attributes) -> None:
        if attribute(attributes, "val") not in OFF:
            self._turn(ASKED_FOR)

    def _turn(self, kind: str) -> None:
        self.laid_out = self.laid_out or kind == LAID_OUT
        if self._rows:
            self._rows[0].turns.append(kind)
        elif len(self._open) == 1:
            self._say(self._open[0])
            self.lines.append(_Line("", turn=kind))

    def _style(self, attributes: Attributes) -> None:
        if self._open:
            self._open[-1].style = attribute(attributes, "val")

    def _outline(self, attributes: Attributes) -> None:
        if self._open:
            self._open[-1].level = _level(attributes)

    def _depth(self, attributes: Attributes) -> None:
        value = attribute(attributes, "val")
        if self._open and value in set("012345678"):
            self._open[-1].depth = int(value)

    def _number(self, attributes: Attributes) -> None:
        if self._open:
            self._open[-1].is_list = attribute(attributes, "val") != "0"

    def _section(self, _attributes: Attributes) -> None:
        self._section_begins = "nextPage"

    def _section_type(self, attributes: Attributes) -> None:
        if self.path[-2:-1] == ["sectPr"]:
            self._section_begins = attribute(attributes, "val")

    def _end_section(self) -> None:
        # A section says at its end how it began: on a new page, or where the last one ended.
        if self._seam is not None and self._section_begins in NEW_PAGE:
            self.lines[self._seam] = _Line("", turn=ASKED_FOR)
        if self._open:
            self._open[-1].ends_section = True

    def _refer(self, kind: str, attributes: Attributes) -> None:
        note = self._notes.get(f"{kind} {attribute(attributes, 'id')}")
        if note and self._open:
            self._open[-1].notes.append(note)

    def _end_paragraph(self) -> None:
        if not self._open:
            return
        paragraph = self._open.pop()
        self._say(paragraph)
        for note in paragraph.notes:
            self._put(f"({note})", level=0)
        if paragraph.ends_section:
            self._seam = len(self.lines)
            self.lines.append(_Line(""))

    def _say(self, paragraph: _Paragraph) -> None:
        text = "".join(paragraph.pieces).rstrip()
        paragraph.pieces.clear()
        level, is_list = self._look(paragraph)
        if is_list and text and not level:
            text = f"{'  ' * paragraph.depth}- {text.lstrip()}"
        self._put(text, level=level)

    def _put(self, text: str, *, level: int) -> None:
        if self._rows and self._rows[-1].cells:
            self._rows[-1].cells[-1] += [text.strip()] if text.strip() else []
        elif text:
            self.lines += [_Line("")] if level else []
            self.lines.append(_Line(text, level))

    def _look(self, paragraph: _Paragraph) -> tuple[int, bool]:
        """Return a paragraph's level as a heading, and whether it is of a list."""
        level, is_list, name = paragraph.level, paragraph.is_list, paragraph.style
        for _ in range(MOST_BASES):
            style = self._styles.get(name)
            if style is None:
                break
            level, is_list = level or style.level, is_list or style.is_list
            name = style.base
        return level, is_list

    def _begin_cell(self, _attributes: Attributes) -> None:
        if self._rows:
            self._rows[-1].cells.append([])

    def _end_row(self) -> None:
        if not self._rows:
            return
        row = self._rows.pop()
        cells = [" ".join(cell) for cell in row.cells]
        text = " | ".join(cells) if any(cells) else ""
        if not self._rows:
            self.lines += [_Line("", turn=kind) for kind in row.turns]
        self._put(text, level=0)


class _Notes(Walker):
    """Learns the footnotes or endnotes by their numbers."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.opening = {kind: self._begin, "t": lambda _: self._listen(1)}
        self.closing = {"t": lambda: self._listen(-1), "p": lambda: self.hear(" ")}
        self._kind = kind
        self._in_text = 0
        self._pieces: list[str] = []
        self._found: dict[str, list[str]] = {}

    def _begin(self, attributes: Attributes) -> None:
        key = f"{self._kind} {attribute(attributes, 'id')}"
        self._pieces = self._found[key] = []

    def _listen(self, change: int) -> None:
        self._in_text += change

    def hear(self, text: str) -> None:
        if self._in_text or text == " ":
            self._pieces.append(text)

    def found(self) -> dict[str, str]:
        texts = {key: "".join(pieces).strip() for key, pieces in self._found.items()}
        return {key: text for key, text in texts.items() if text}


def read_word(path: Path) -> Reading:
    """Return the pages of a Word file.

    Raises:
        DamagedError: it is not one that opens.
        LockedError: it is locked with a password.
    """
    with opened(path) as package:
        body = _body(package)
    size = sum(len(line.text) for line in body.lines)
    sections = Sections(divide=not body.laid_out and size > SECTION_MOST)
    for line in body.lines:
        if not line.turn:
            sections.add(line.text, level=line.level)
        elif line.turn == LAID_OUT or not body.laid_out:
            # Word marks each page it laid out, the author's breaks among them.
            sections.turn(blank=body.laid_out)
    pages = sections.done()
    return of_pages(pages, page_count=sections.count)


def _body(package: Package) -> _Body:
    main = main_part(package, usual="word/document.xml")
    relations = relations_of(package, main)
    styles = _Styles()
    if package.has(part := first_of(relations, "styles")):
        package.walk(part, styles)
    notes: dict[str, str] = {}
    for kind in ("footnote", "endnote"):
        if package.has(part := first_of(relations, f"{kind}s")):
            walker = _Notes(kind)
            package.walk(part, walker)
            notes |= walker.found()
    body = _Body(styles=styles.found, notes=notes)
    package.walk(main, body)
    return body
