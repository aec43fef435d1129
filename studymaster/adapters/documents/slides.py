"""Reads PowerPoint files (.pptx): one slide is one page, its title first, its notes last.

The XML is followed as it comes instead of through python-pptx, which holds every slide and
every picture of a presentation in memory at once.
"""

from dataclasses import dataclass, field
from pathlib import Path

from studymaster.adapters.documents.packages import (
    Attributes,
    Package,
    Walker,
    attribute,
    opened,
)
from studymaster.adapters.documents.reading import (
    PAGE_LIMIT,
    TEXT_LIMIT_BYTES,
    DamagedError,
    Reading,
    of_pages,
)
from studymaster.adapters.documents.relations import (
    Relation,
    main_part,
    relations_of,
)

TITLES = frozenset({"title", "ctrTitle"})
FURNITURE = frozenset({"dt", "ftr", "hdr", "sldNum", "sldImg"})
"""Placeholders that say the same on every slide."""

DRAWN = "diagramData"
NOTES = "Notes: "


class _Order(Walker):
    """Learns in which order the slides come."""

    def __init__(self) -> None:
        super().__init__()
        self.opening = {"sldId": self._note}
        self.keys: list[str] = []

    def _note(self, attributes: Attributes) -> None:
        # It has an id without a namespace too: a number that means nothing elsewhere.
        keys = [value for key, value in attributes.items() if key.endswith("}id")]
        self.keys += keys[:1]


@dataclass(slots=True)
class _Shape:
    lines: list[str] = field(default_factory=list[str])
    placeholder: str = ""


class _Slide(Walker):
    """Gathers what stands on a slide, shape by shape."""

    hidden = frozenset({"Fallback", "tblPr"})

    def __init__(self) -> None:
        super().__init__()
        self.title: list[str] = []
        self.lines: list[str] = []
        self._shape = _Shape()
        self._pieces: list[str] = []
        self._cells: list[list[str]] = []
        self._in_cell = False
        self._in_text = 0
        self.opening = {
            "sp": self._begin_shape,
            "ph": self._placeholder,
            "p": self._begin_paragraph,
            "pPr": self._depth,
            "t": lambda _: self._listen(1),
            "br": lambda _: self._pieces.append("\n"),
            "tab": lambda _: self._pieces.append("\t"),
            "tr": lambda _: self._cells.clear(),
            "tc": self._begin_cell,
        }
        self.closing = {
            "p": self._end_paragraph,
            "t": lambda: self._listen(-1),
            "sp": self._end_shape,
            "tc": self._end_cell,
            "tr": self._end_row,
        }

    def hear(self, text: str) -> None:
        if self._in_text:
            self._pieces.append(text)

    def _listen(self, change: int) -> None:
        self._in_text += change

    def _begin_shape(self, _attributes: Attributes) -> None:
        self._shape = _Shape()

    def _placeholder(self, attributes: Attributes) -> None:
        self._shape.placeholder = attribute(attributes, "type") or "body"

    def _begin_paragraph(self, _attributes: Attributes) -> None:
        self._pieces.clear()

    def _depth(self, attributes: Attributes) -> None:
        level = attribute(attributes, "lvl")
        if level in set("12345678") and not self._pieces:
            self._pieces.append("  " * int(level))

    def _end_paragraph(self) -> None:
        text = "".join(self._pieces).rstrip()
        self._pieces.clear()
        if not text:
            return
        if self._in_cell:
            self._cells[-1].append(text.strip())
        elif "sp" in self.path:
            self._shape.lines.append(text)
        else:
            self.lines.append(text)

    def _begin_cell(self, _attributes: Attributes) -> None:
        self._in_cell = True
        self._cells.append([])

    def _end_cell(self) -> None:
        self._in_cell = False

    def _end_row(self) -> None:
        cells = [" ".join(cell) for cell in self._cells]
        self.lines += [" | ".join(cells)] if any(cells) else []

    def _end_shape(self) -> None:
        shape, self._shape = self._shape, _Shape()
        if shape.placeholder in TITLES:
            self.title += shape.lines
        elif shape.placeholder not in FURNITURE:
            self.lines += shape.lines


def read_slides(path: Path) -> Reading:
    """Return the slides of a presentation; one that is broken counts as one without text.

    Raises:
        DamagedError: it is not one that opens.
        LockedError: it is locked with a password.
    """
    with opened(path) as package:
        parts = _slide_parts(package)
        pages, size = list[str](), 0
        for part in parts[:PAGE_LIMIT]:
            pages.append(_page(package, part) if size < TEXT_LIMIT_BYTES else "")
            size += len(pages[-1])
    return of_pages(pages, page_count=len(parts))


def _slide_parts(package: Package) -> list[str]:
    main = main_part(package, usual="ppt/presentation.xml")
    order = _Order()
    package.walk(main, order)
    slides = {item.key: item.part for item in relations_of(package, main)}
    return [slides[key] for key in order.keys if key in slides]


def _page(package: Package, part: str) -> str:
    try:
        slide, relations = _walked(package, part), relations_of(package, part)
        lines = slide.title + slide.lines
        lines += _lines_of(package, relations, DRAWN)
        notes = _lines_of(package, relations, "notesSlide")
    except DamagedError:
        return ""
    if notes:
        lines += ["", NOTES + notes[0], *notes[1:]]
    return "\n".join(lines)


def _lines_of(package: Package, relations: list[Relation], kind: str) -> list[str]:
    lines: list[str] = []
    for item in relations:
        if item.kind == kind and package.has(item.part):
            found = _walked(package, item.part)
            lines += found.title + found.lines
    return lines


def _walked(package: Package, part: str) -> _Slide:
    slide = _Slide()
    package.walk(part, slide)
    return slide
