"""The small Markdown that lectures, pages and book chapters are written in, as blocks."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

Kind = Literal[
    "title",
    "heading",
    "subheading",
    "paragraph",
    "bullets",
    "steps",
    "formula",
    "code",
    "note",
    "table",
    "figure",
]

_MARKERS: dict[str, Kind] = {
    "# ": "title",
    "## ": "heading",
    "### ": "subheading",
    "- ": "bullets",
    "> ": "note",
    "$$ ": "formula",
    "| ": "table",
    "```": "code",
}
_STEP = re.compile(r"\d+\. ")
_INLINE = re.compile(r"(\*\*.+?\*\*|\*.+?\*|`.+?`)")


@dataclass(frozen=True)
class Block:
    """One piece of a document: `lines` are its items, rows or lines, markers removed."""

    kind: Kind
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines joined as running text."""
        return " ".join(self.lines)


@dataclass(frozen=True)
class Run:
    """A stretch of running text in one style."""

    text: str
    style: Literal["plain", "strong", "emphasis", "code"] = "plain"


def read_blocks(source: str) -> list[Block]:
    """Split a document into blocks.

    Args:
        source: headings with #, ##, ###; lists with "- " and "1. "; "$$ " formulas; "> " notes;
            "| " tables; fenced code; fenced drawings opened by "```figure CAPTION".
    """
    return list(_blocks(iter(source.splitlines())))


def _blocks(lines: Iterator[str]) -> Iterator[Block]:
    pending: list[str] = []
    for line in lines:
        if line.startswith("```"):
            yield from _gathered(pending)
            pending = []
            yield _fenced(line, tuple(takewhile(lambda body: body != "```", lines)))
        elif line.strip() and (not pending or _continues(pending[0], line)):
            pending.append(line)
        else:
            yield from _gathered(pending)
            pending = [line] if line.strip() else []
    yield from _gathered(pending)


def _fenced(opening: str, body: tuple[str, ...]) -> Block:
    word, _, caption = opening.removeprefix("```").partition(" ")
    if word == "figure":
        return Block("figure", (caption, *body))
    return Block("code", body)


def _kind_of(line: str) -> Kind:
    if _STEP.match(line):
        return "steps"
    for marker, kind in _MARKERS.items():
        if line.startswith(marker):
            return kind
    return "paragraph"


def _continues(first: str, line: str) -> bool:
    kind = _kind_of(line)
    if kind == "paragraph":
        return _kind_of(first) in {"paragraph", "bullets", "steps", "note"}
    return kind == _kind_of(first) and kind not in {"title", "heading", "subheading"}


def _gathered(pending: list[str]) -> Iterator[Block]:
    if not pending:
        return
    kind = _kind_of(pending[0])
    items: list[str] = []
    for line in pending:
        if _kind_of(line) == kind and kind != "paragraph":
            items.append(_unmarked(line))
        elif items:
            items[-1] = f"{items[-1]} {line.strip()}"
        else:
            items.append(line.strip())
    yield Block(kind, tuple(items))


def _unmarked(line: str) -> str:
    marker = _STEP.match(line)
    return line[marker.end() :] if marker else line.partition(" ")[2]


def read_runs(text: str) -> list[Run]:
    """Split running text at **strong**, *emphasis* and `code`."""
    return [_run(part) for part in _INLINE.split(text) if part]


def _run(part: str) -> Run:
    if part.startswith("**"):
        return Run(part[2:-2], "strong")
    if part.startswith("*"):
        return Run(part[1:-1], "emphasis")
    if part.startswith("`"):
        return Run(part[1:-1], "code")
    return Run(part)


_TAGS = {
    "plain": "{}",
    "strong": "<b>{}</b>",
    "emphasis": "<em>{}</em>",
    "code": "<code>{}</code>",
}


def _inline_html(text: str) -> str:
    return "".join(
        _TAGS[run.style].format(html.escape(run.text, quote=False))
        for run in read_runs(text)
    )


def _wrap(tag: str) -> Callable[[Block], str]:
    return lambda block: f"<{tag}>{_inline_html(block.text)}</{tag}>"


def _list(tag: str) -> Callable[[Block], str]:
    return lambda block: (
        f"<{tag}>"
        + "".join(f"<li>{_inline_html(line)}</li>" for line in block.lines)
        + f"</{tag}>"
    )


def cells(row: str) -> list[str]:
    """The cells of one table row written as "A | B | C"."""
    return [cell.strip() for cell in row.split("|") if cell.strip()]


def _table(block: Block) -> str:
    rows = (
        "".join(f"<td>{_inline_html(cell)}</td>" for cell in cells(row))
        for row in block.lines
    )
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def _code(block: Block) -> str:
    return f"<pre>{html.escape(chr(10).join(block.lines))}</pre>"


_HTML: dict[Kind, Callable[[Block], str]] = {
    "title": _wrap("h2"),
    "heading": _wrap("h3"),
    "subheading": _wrap("h4"),
    "paragraph": _wrap("p"),
    "note": _wrap("blockquote"),
    "bullets": _list("ul"),
    "steps": _list("ol"),
    "formula": lambda block: "".join(
        f"<p>{_inline_html(line)}</p>" for line in block.lines
    ),
    "code": _code,
    "table": _table,
    "figure": lambda block: f"<p><em>{_inline_html(block.lines[0])}</em></p>",
}


def to_html(source: str) -> str:
    """The document as the HTML fragment that Moodle's editor would have stored."""
    return "".join(_HTML[block.kind](block) for block in read_blocks(source))
