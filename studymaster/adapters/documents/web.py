"""Reads web pages: what a reader sees of them, divided at headings where they are long."""

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from pathlib import Path
from typing import Protocol, cast

from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_engine import Inscriptis
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_document_state import HtmlDocumentState
from inscriptis.model.html_element import HtmlElement
from inscriptis.model.tag import CustomHtmlTagHandlerMapping
from lxml.etree import (
    LxmlError,  # pyright: ignore[reportUnknownVariableType]
    ParserError,  # pyright: ignore[reportUnknownVariableType]
    iterwalk,  # pyright: ignore[reportUnknownVariableType]
)
from lxml.html import (
    document_fromstring,  # pyright: ignore[reportUnknownVariableType]
)

from studymaster.adapters.documents.plain import OLD_WINDOWS, decoded
from studymaster.adapters.documents.reading import Reading, clean, of_pages
from studymaster.adapters.documents.sections import divided

FILE_LIMIT_BYTES = 30_000_000
"""Read of a file, for the sake of pages that carry their pictures in themselves."""

HTML_LIMIT = 1_000_000
"""Characters looked at of a page, pictures inside it not counted: a book of 250 pages."""

TAG_LIMIT = 100_000
"""Tags looked at; a book of 250 pages has 30,000."""

LAYOUT_LIMIT = 10_000_000
"""Characters that a table or list may take when it is laid out with blanks."""

LIST_STEP = 4
MARKS = {"h1": "\ue0f1", "h2": "\ue0f2"}
"""Put before headings to find them in the text; from the range that Unicode gives away."""

ANY_MARK = re.compile("[\ue0f1\ue0f2]")
DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}>")
ONE_PARAGRAPH = re.compile(r"\s*(?:<p>)?([^<&\ufeff]*)(?:</p>)?\s*")
"""What most labels and summaries are: nothing to lay out."""
PICTURE = re.compile(r"data:[a-zA-Z0-9/+.;=-]{0,100},[^\"'<>\s)]{200,}")
CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset=["']?([A-Za-z0-9_-]{3,20})""", re.IGNORECASE
)
CHARSET_REACH = 2_048
KNOWN_CHARSETS = re.compile(
    r"iso-8859-\d\d?|windows-125\d|koi8-[ru]|shift_jis|euc-(jp|kr)|gb2312|gbk|gb18030|big5",
    re.IGNORECASE,
)
NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
MANY_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


class _Node(Protocol):
    tag: object
    text: str | None
    attrib: MutableMapping[str, str]

    def iter(self, *tags: str) -> Iterator["_Node"]: ...
    def itertext(self) -> Iterable[str]: ...
    def xpath(self, path: str) -> list["_Node"]: ...


class _Canvas(Protocol):
    def write(self, tag: "_Cell", text: str) -> None: ...


class _Cell(Protocol):
    canvas: _Canvas


def read_html(path: Path) -> Reading:
    """Return the sections of a web page, whole if it is short."""
    with path.open("rb") as stream:
        found = CHARSET.search(stream.read(CHARSET_REACH))
    name = found[1].decode() if found else ""
    declared = name if KNOWN_CHARSETS.fullmatch(name) else OLD_WINDOWS
    return read_html_text(decoded(path, declared=declared, limit_bytes=FILE_LIMIT_BYTES))


def read_html_text(markup: str) -> Reading:
    """Return the sections of a piece of HTML, whole if it is short."""
    lines = list[str]()
    headings: dict[int, int] = {}
    place = 0
    for line in _text(markup, marks=MARKS).split("\n"):
        plain = ANY_MARK.sub("", line)
        for level, mark in enumerate(MARKS.values(), start=1):
            if line.lstrip().startswith(mark):
                headings[place] = level
        lines.append(plain)
        place += len(plain) + 1
    sections = divided("\n".join(lines), headings=headings)
    return of_pages(sections.done(), page_count=sections.count)


def html_to_text(html: str) -> str:
    """Return what a reader sees of a piece of HTML; scripts and styles are dropped."""
    return _text(html, marks={}) if html else ""


def _text(markup: str, *, marks: dict[str, str]) -> str:
    bounded = ANY_MARK.sub("", PICTURE.sub("", markup))[:HTML_LIMIT]
    source = "<".join(DECLARATION.sub("", clean(bounded)).split("<", TAG_LIMIT)[:TAG_LIMIT])
    plain = ONE_PARAGRAPH.fullmatch(source)
    if plain:
        return " ".join(plain[1].split())
    try:
        tree = _tree(source)
        _prepare(tree, marks)
        text = _drawn(tree, _config(tree)).get_text()
    except (LxmlError, ValueError, RecursionError):
        return ""
    return MANY_EMPTY_LINES.sub("\n\n", clean(text))


def _tree(source: str) -> _Node:
    parse = cast("Callable[[str], _Node]", document_fromstring)
    try:
        return parse(source)
    except ParserError:
        return parse(f"<pre>{source}</pre>")


def _drawn(tree: _Node, config: ParserConfig) -> Inscriptis:
    draw = cast("Callable[[_Node, ParserConfig], Inscriptis]", Inscriptis)
    return draw(tree, config)


def _prepare(tree: _Node, marks: dict[str, str]) -> None:
    # A style may ask for a margin of a million lines; only what it hides matters here.
    for node in tree.xpath("//*[@style]"):
        hidden = NOT_SHOWN.search(node.attrib.pop("style"))
        if hidden:
            node.attrib["style"] = "display: none"
    for name, mark in marks.items():
        for node in tree.iter(name):
            node.text = mark + (node.text or "").lstrip()


def _config(tree: _Node) -> ParserConfig:
    return _FLAT if _is_wide(tree) else _LAID_OUT


def _is_wide(tree: _Node) -> bool:
    """Tell whether laying out tables and lists could fill the memory with blanks."""
    rows = {"tr", "p", "br", "div", "li"}
    blanks = 0
    for table in tree.xpath("//table[not(ancestor::table)]"):
        height = sum(node.tag in rows for node in table.iter())
        blanks += height * sum(map(len, table.itertext()))
    deepest = depth = 0
    for event in _list_events(tree):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    lines = sum(node.tag in rows for node in tree.iter()) if deepest > 1 else 0
    return blanks + lines * deepest * LIST_STEP > LAYOUT_LIMIT


def _list_events(tree: _Node) -> Iterator[str]:
    walk = cast("Callable[..., Iterable[tuple[str, object]]]", iterwalk)
    return (event for event, _ in walk(tree, events=("start", "end"), tag=("ul", "ol")))


def _begin_cell(state: HtmlDocumentState, _attributes: dict[str, str]) -> None:
    tag = cast("_Cell", state.tags[-1])
    tag.canvas.write(tag, " | ")


def _nothing(*_given: object) -> None:
    """Leave a table's tag without a meaning."""


_LAID_OUT = ParserConfig(css=STRICT_CSS_PROFILE)

_FLAT = ParserConfig(
    css=STRICT_CSS_PROFILE
    | {name: HtmlElement(display=Display.block) for name in ("table", "tr", "ul", "ol")},
    custom_html_tag_handler_mapping=CustomHtmlTagHandlerMapping(
        start_tag_mapping={
            "table": _nothing,
            "tr": _nothing,
            "td": _begin_cell,
            "th": _begin_cell,
        },
        end_tag_mapping=dict.fromkeys(("table", "td", "th"), _nothing),
    ),
)
