"""Lecture handouts: from a lecture's Markdown to the same PDF bytes every time."""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Preformatted,
    Spacer,
    Table,
    TableStyle,
)

from demo.figures import INK, TINT, draw
from demo.fonts import BOLD, MONO, SERIF, font_runs
from demo.markup import Block, Kind, Run, cells, read_blocks, read_runs

_SIDE = 31 * mm
_TOP = 29 * mm
_BOTTOM = 23 * mm
_GREY = HexColor("#5b6b7a")
_ACCENT = HexColor("#1f5673")

_BODY = ParagraphStyle(
    "body",
    fontName=SERIF,
    bulletFontName=SERIF,
    fontSize=12,
    leading=17.1,
    spaceAfter=8,
    textColor=INK,
)
_STYLES = {
    "body": _BODY,
    "course": ParagraphStyle("course", _BODY, fontSize=11, textColor=_ACCENT, spaceAfter=2),
    "byline": ParagraphStyle("byline", _BODY, fontSize=11, textColor=_GREY, spaceAfter=6),
    "title": ParagraphStyle(
        "title", _BODY, fontName=BOLD, fontSize=25, leading=30, spaceAfter=6
    ),
    "heading": ParagraphStyle(
        "heading",
        _BODY,
        fontName=BOLD,
        fontSize=16,
        leading=21,
        spaceBefore=13,
        spaceAfter=6,
        textColor=_ACCENT,
    ),
    "subheading": ParagraphStyle(
        "subheading", _BODY, fontName=BOLD, fontSize=12.5, spaceBefore=6, spaceAfter=3
    ),
    "item": ParagraphStyle("item", _BODY, leftIndent=18, bulletIndent=4, spaceAfter=4),
    "formula": ParagraphStyle(
        "formula", _BODY, alignment=TA_CENTER, fontSize=12.5, spaceBefore=2, spaceAfter=9
    ),
    "note": ParagraphStyle(
        "note",
        _BODY,
        leftIndent=10,
        rightIndent=10,
        borderPadding=7,
        backColor=TINT,
        spaceBefore=8,
        spaceAfter=16,
    ),
    "cell": ParagraphStyle("cell", _BODY, fontSize=10.5, leading=14, spaceAfter=0),
    "code": ParagraphStyle(
        "code",
        _BODY,
        fontName=MONO,
        fontSize=9.3,
        leading=13.5,
        leftIndent=10,
        borderPadding=6,
        backColor=HexColor("#f1f4f6"),
        spaceBefore=6,
        spaceAfter=14,
    ),
    "caption": ParagraphStyle(
        "caption",
        _BODY,
        fontSize=10.5,
        leading=14,
        alignment=TA_CENTER,
        textColor=_GREY,
        spaceBefore=4,
        spaceAfter=12,
    ),
}


@dataclass(frozen=True)
class Handout:
    """What stands in the head of every page of a lecture."""

    course: str
    title: str
    teacher: str


class _NumberedCanvas(Canvas):
    """Keeps the pages until their number is known, then writes "page n of m"."""

    def __init__(self, *args: object, head: Handout, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passes reportlab's own
        self._head = head
        self._pages: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802  # reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # what reportlab's own showPage calls

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self._furniture(number, len(self._pages))
            super().showPage()
        super().save()

    def _furniture(self, number: int, total: int) -> None:
        width, height = A4
        self.setStrokeColor(_GREY)
        self.setLineWidth(0.5)
        self.line(_SIDE, height - 21 * mm, width - _SIDE, height - 21 * mm)
        self._say(_SIDE, height - 19 * mm, self._head.course)
        title_width = self.stringWidth(self._head.title, SERIF, 9.5)
        self._say(width - _SIDE - title_width, height - 19 * mm, self._head.title)
        self._say(width / 2 - 24, 15 * mm, f"page {number} of {total}")

    def _say(self, x: float, y: float, text: str) -> None:
        self.setFillColor(_GREY)
        line = self.beginText(x, y)
        for font, part in font_runs(text, SERIF):
            line.setFont(font, 9.5)
            line.textOut(part)
        self.drawText(line)


def build_lecture(source: str, *, head: Handout, password: str | None = None) -> bytes:
    """Typeset one lecture.

    Args:
        source: the lecture in the Markdown of `demo.markup`; its first block is the title.
        head: course and title for the top of each page.
        password: without which nobody opens the file; None for a file open to all.

    Returns:
        A PDF; the same arguments give the same bytes.
    """
    target = BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=A4,
        invariant=1,
        title=head.title,
        author=head.teacher,
        lang="en",
        encrypt=StandardEncryption(password, strength=128) if password else None,
    )
    width, height = A4
    frame = Frame(
        _SIDE, _BOTTOM, width - 2 * _SIDE, height - _TOP - _BOTTOM, 0, 0, 0, 0, id="text"
    )
    document.addPageTemplates([PageTemplate("page", [frame])])
    story = [
        part for block in read_blocks(source) for part in _DRAWN[block.kind](block, head)
    ]
    document.build(story, canvasmaker=partial(_NumberedCanvas, head=head))
    return target.getvalue()


def _styled(run: Run, font: str) -> str:
    face = {"strong": BOLD, "code": MONO}.get(run.style, font)
    italic = run.style == "emphasis"
    size = ' size="10"' if run.style == "code" else ""
    parts = "".join(
        f'<font face="{name}"{size}>{html.escape(part, quote=False)}</font>'
        for name, part in font_runs(run.text, face)
    )
    return f"<i>{parts}</i>" if italic else parts


def _paragraph(text: str, style: str, bullet: str | None = None) -> Paragraph:
    look = _STYLES[style]
    marked = "".join(_styled(run, look.fontName) for run in read_runs(text))
    return Paragraph(marked, look, bulletText=bullet)


def _title(block: Block, head: Handout) -> Sequence[Flowable]:
    return (
        _paragraph(head.course, "course"),
        _paragraph(block.text, "title"),
        _paragraph(f"Lecture notes by {head.teacher}", "byline"),
        HRFlowable(width="100%", thickness=1, color=_ACCENT, spaceAfter=12),
    )


def _heading(block: Block, _head: Handout) -> Sequence[Flowable]:
    return (CondPageBreak(70), _paragraph(block.text, block.kind))


def _running(style: str) -> Callable[[Block, Handout], Sequence[Flowable]]:
    return lambda block, _head: (_paragraph(block.text, style),)


def _bullets(block: Block, _head: Handout) -> Sequence[Flowable]:
    return (*(_paragraph(line, "item", "•") for line in block.lines), Spacer(1, 5))


def _steps(block: Block, _head: Handout) -> Sequence[Flowable]:
    items = (
        _paragraph(line, "item", f"{number}.") for number, line in enumerate(block.lines, 1)
    )
    return (*items, Spacer(1, 5))


def _formulas(block: Block, _head: Handout) -> Sequence[Flowable]:
    return [_paragraph(line, "formula") for line in block.lines]


def _code(block: Block, _head: Handout) -> Sequence[Flowable]:
    return (KeepTogether([Preformatted("\n".join(block.lines), _STYLES["code"])]),)


def _table(block: Block, _head: Handout) -> Sequence[Flowable]:
    rows = [[_paragraph(cell, "cell") for cell in cells(row)] for row in block.lines]
    look = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, INK),
            ("LINEBELOW", (0, 1), (-1, -1), 0.3, _GREY),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    width = (A4[0] - 2 * _SIDE) / len(rows[0])
    return (Table(rows, [width] * len(rows[0]), style=look), Spacer(1, 14))


def _figure(block: Block, _head: Handout) -> Sequence[Flowable]:
    caption, *strokes = block.lines
    picture = draw(strokes)
    picture.hAlign = "CENTER"
    return (KeepTogether([Spacer(1, 6), picture, _paragraph(caption, "caption")]),)


_DRAWN: dict[Kind, Callable[[Block, Handout], Sequence[Flowable]]] = {
    "title": _title,
    "heading": _heading,
    "subheading": _heading,
    "paragraph": _running("body"),
    "note": _running("note"),
    "bullets": _bullets,
    "steps": _steps,
    "formula": _formulas,
    "code": _code,
    "table": _table,
    "figure": _figure,
}
