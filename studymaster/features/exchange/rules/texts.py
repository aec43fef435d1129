"""The HTML of Anki's fields as our Markdown, and back. Pure.

Read in one pass over its tags: a package has fields by the ten thousand, so no tree is built.
What Markdown has no word for (colours, sizes) goes, its text stays.
"""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from typing import Any, Final
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.media import picture

LONGEST_FIELD: Final = 50_000
TOO_LONG: Final = f"A field of it has more than {LONGEST_FIELD:,} characters."
NOTHING: Final[Mapping[str, str]] = {}

MARKED: Final = re.compile(
    r"[<&\\`*_~\[\]#>$\x00-\x1f\x7f\xa0\ue010-\ue013]|  |^\s*(?:[-+=]|\d+[.)])"
)
"""What makes a text more than plain letters, in HTML or in Markdown."""

DROPPED: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue010-\ue013]")
TOKEN: Final = re.compile(r"<!--|-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>")
ATTRIBUTE: Final = re.compile(
    r"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
KEPT: Final = re.compile(
    r"\[sound:([^\]\n]{1,300})\]|\\\((.+?)\\\)|\\\[(.+?)\\\]|\[\$\](.+?)\[/\$\]|"
    r"\[\$\$\](.+?)\[/\$\$\]|\[latex\](.+?)\[/latex\]",
    re.DOTALL,
)
INLINE_MATH: Final = frozenset({2, 4})
BLANKS: Final = re.compile(r"[ \t\r\f\v\xa0]+")
LINES: Final = re.compile(r" ?\n[ \n]*")
ESCAPED: Final = re.compile(
    r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|~~|(?<=\])\((?!\()|&(?=#?\w+;)|\$(?=\S)"
)
UNEVEN: Final = re.compile(r"[\t\r\f\v\xa0\n]|  ")
"""Without it there are no blanks to make one of, and no lines."""

SIGN: Final = re.compile(r"[\\`*_~\]&$]")
"""Without it nothing has to be escaped. To look for one of these is much the quickest."""

LINE_STARTERS: Final = frozenset("#+->=0123456789")
AT_LINE_START: Final = re.compile(
    r"(?m)^(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|[-=]{2,}(?=\s*$))|^(\d{1,9})([.)])(?=\s)"
)
MARKS: Final = {
    "b": "**",
    "strong": "**",
    "i": "*",
    "em": "*",
    "s": "~~",
    "strike": "~~",
    "del": "~~",
}
BLOCKS: Final = frozenset(
    {"p", "div", "section", "article", "center", "dl", "dd", "dt", "figure", "header"}
)
HEADINGS: Final = {f"h{level}": "#" * level for level in range(1, 7)}
SILENT: Final = frozenset({"script", "style", "head", "title"})
PAIRED: Final = frozenset(
    {
        *MARKS,
        *BLOCKS,
        *HEADINGS,
        *SILENT,
        *("a", "code", "pre", "blockquote", "ul", "ol", "li", "sub", "sup"),
        *("table", "tr", "td", "th"),
    }
)
OPEN, CLOSE, CELL, ROW = "\ue010", "\ue011", "\ue012", "\ue013"
FENCE: Final = "```"
LANGUAGE: Final = re.compile(r"(?:^|\s)lang(?:uage)?-([\w+#.-]{1,30})(?=\s|$)")
HELD: Final = re.compile(f"{OPEN}([0-9]+){CLOSE}")
SMALL: Final = {
    "sub": str.maketrans("0123456789+-=()aeoxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ"),
    "sup": str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"),
}


def to_markdown(html: str, names: Mapping[str, str] = NOTHING) -> str:
    """Return a field of Anki as Markdown; `names` says how files are called with us.

    Raises:
        InvalidInputError: it is longer than any card.
    """
    if not MARKED.search(html):
        return html.strip()
    if len(html) > LONGEST_FIELD:
        raise InvalidInputError(TOO_LONG)
    return _Reader(names).read(html)


class _Reader:
    """One field on its way to Markdown."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._held: list[str] = []
        self._stack: list[tuple[str, str, list[str]]] = []
        self._out: list[str] = []
        self._at_start = True

    def read(self, html: str) -> str:
        html = DROPPED.sub("", html)
        if "\\" in html or "[" in html:
            html = KEPT.sub(self._hold, html)
        end, hidden = 0, False
        for found in TOKEN.finditer(html):
            if not hidden and found.start() > end:
                self._text(html[end : found.start()])
            end = found.end()
            if found[0] in {"<!--", "-->"}:
                hidden = found[0] == "<!--" and "-->" in html[end:]
            elif not hidden:
                self._tag(found[2].lower(), found[3], closes=bool(found[1]))
        if end < len(html):
            self._text(html[end:])
        while self._stack:
            self._finish()
        return self._put_back(_tidy("".join(self._out)))

    def _put_back(self, text: str) -> str:
        if not self._held:
            return text
        return HELD.sub(lambda one: self._held[int(one[1])], text)

    def _hold(self, found: re.Match[str]) -> str:
        group = found.lastindex or 1
        said = unescape(re.sub(r"<[^<>]*>", " ", found[group])).strip()
        if group == 1:
            words = f"[sound:{self._names.get(said, said)}]"
        else:
            sign = "$" if group in INLINE_MATH else "$$"
            words = f"{sign}{said}{sign}"
        self._held.append(words)
        return f"{OPEN}{len(self._held) - 1}{CLOSE}"

    def _is_in(self, *tags: str) -> bool:
        for tag, _, _ in self._stack:  # noqa: SIM110 - a generator takes three times as long
            if tag in tags:
                return True
        return False

    def _text(self, html: str) -> None:
        text = unescape(html) if "&" in html else html
        if self._is_in("pre", "code"):
            self._out.append(text)
            return
        if UNEVEN.search(text):
            text = LINES.sub("\n", BLANKS.sub(" ", text))
        if SIGN.search(text):
            text = ESCAPED.sub(r"\\\g<0>", text)
        if self._at_start:
            text = text.lstrip()
            if text[:1] in LINE_STARTERS or "\n" in text:
                text = AT_LINE_START.sub(_escape_start, text)
        if text:
            self._out.append(text)
            self._at_start = self._at_start and not text.strip()

    def _tag(self, tag: str, attributes: str, *, closes: bool) -> None:
        if closes:
            if tag in PAIRED and self._is_in(tag):
                while self._stack[-1][0] != tag:
                    self._finish()
                self._finish()
        elif tag == "br":
            self._break()
        elif tag == "hr":
            self._block("\n\n---\n\n")
        elif tag == "img":
            self._picture(_attributes(attributes))
        elif tag in PAIRED:
            self._open(tag, attributes)

    def _break(self) -> None:
        if self._is_in("pre"):
            self._out.append("\n")
            return
        in_line = self._is_in("td", "th", *HEADINGS)
        self._block("\\\n" if self._is_in("li") else " " if in_line else "\n\n")

    def _block(self, words: str) -> None:
        self._out.append(words)
        self._at_start = True

    def _picture(self, said: Mapping[str, str]) -> None:
        name = unquote(said.get("src", ""))
        if name:
            words = re.sub(r"[\[\]\n\\]", " ", said.get("alt", ""))
            self._out.append(picture(self._names.get(name, name), words=words.strip()))
            self._at_start = False

    def _open(self, tag: str, attributes: str) -> None:
        if tag == "li" and self._stack and self._stack[-1][0] == "li":
            self._finish()
        self._stack.append((tag, attributes, self._out))
        self._out = []
        if tag not in MARKS and tag not in SMALL and tag not in {"a", "code"}:
            self._at_start = True

    def _finish(self) -> None:
        tag, attributes, before = self._stack.pop()
        content, self._out = "".join(self._out), before
        if tag == "code" and self._is_in("pre"):
            self._out.append(content)
            above, said, beside = self._stack[-1]
            self._stack[-1] = (above, f"{said} {attributes}", beside)  # its language
            return
        if tag == "pre":
            self._block(self._fenced(content, attributes))
            return
        ordered = bool(self._stack) and self._stack[-1][0] == "ol"
        self._out.append(_written(tag, content, attributes, ordered=ordered))
        if tag in BLOCKS or tag in HEADINGS or tag in {"ul", "ol", "table"}:
            self._at_start = True

    def _fenced(self, content: str, attributes: str) -> str:
        """Return code between fences; where nothing goes before its lines, out of reach."""
        words = _pre(content, _attributes(attributes).get("class", ""))
        if self._is_in("blockquote", "li", "td", "th"):
            return f"\n\n{words}\n\n"
        self._held.append(self._put_back(words))
        return f"\n\n{OPEN}{len(self._held) - 1}{CLOSE}\n\n"


def _written(tag: str, content: str, attributes: str, *, ordered: bool) -> str:
    if tag in MARKS:
        return _around(content, MARKS[tag])
    if tag in SMALL:
        return _small(content, tag)
    if tag == "li":
        return _item(content, ordered=ordered)
    if tag == "a":
        return _link(content, unescape(_attributes(attributes).get("href", "")))
    if tag in HEADINGS:
        return f"\n\n{HEADINGS[tag]} {content.strip()}\n\n"
    return PLAIN.get(tag, _apart)(content)


def _apart(content: str) -> str:
    return f"\n\n{content}\n\n"


def _around(content: str, mark: str) -> str:
    """Put marks around each paragraph; blanks stay outside, as Markdown wants them."""
    parts: list[str] = []
    for part in content.split("\n\n"):
        core = part.strip()
        if core and not core.startswith(mark):
            part = part.replace(core, f"{mark}{core}{mark}", 1)  # noqa: PLW2901
        parts.append(part)
    return "\n\n".join(parts)


def _small(content: str, tag: str) -> str:
    small = content.translate(SMALL[tag])
    known = all(ord(letter) in SMALL[tag] for letter in content)
    sign = "_" if tag == "sub" else "^"
    return small if known else f"{sign}({content})"


def _item(content: str, *, ordered: bool) -> str:
    mark = "1. " if ordered else "- "
    lines = re.sub(r"\n{2,}", "\n", content.strip()).split("\n")
    return "\n" + mark + ("\n" + " " * len(mark)).join(lines) + "\n"


def _list(content: str) -> str:
    lines = re.sub(r"\n{2,}", "\n", content.strip("\n"))
    count = iter(range(1, 1 + len(lines)))
    numbered = re.sub(r"(?m)^1\. ", lambda _: f"{next(count)}. ", lines)
    return f"\n\n{numbered}\n\n"


def _link(content: str, address: str) -> str:
    words = content.strip()
    if not words or not re.match(r"https?://[^\s()<>]+$|mailto:[^\s()<>]+$", address):
        return content
    return words if words == address else f"[{words}]({address})"


def _code(content: str) -> str:
    fence = "``" if "`" in content else "`"
    return f"{fence}{content.strip()}{fence}" if content.strip() else ""


def _pre(content: str, look: str) -> str:
    """Return code between fences, with the language that its class names."""
    named = LANGUAGE.search(look)
    fence = FENCE
    while fence in content:
        fence += FENCE[0]
    plain = content.strip("\n")
    return f"{fence}{named[1] if named else ''}\n{plain}\n{fence}"


def _quote(content: str) -> str:
    lines = _tidy(content).split("\n")
    return "\n\n" + "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def _cell(content: str) -> str:
    return " ".join(content.replace("|", "\\|").split()) + CELL


def _table(content: str) -> str:
    rows = [row.split(CELL)[:-1] for row in content.split(ROW) if CELL in row]
    if not rows:
        return content.replace(ROW, "")
    width = max(map(len, rows))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return "\n\n" + "\n".join(" ".join(line.split()) for line in lines) + "\n\n"


PLAIN: Final[Mapping[str, Callable[[str], str]]] = {
    **dict.fromkeys(SILENT, lambda _: ""),
    "code": _code,
    "blockquote": _quote,
    "ul": _list,
    "ol": _list,
    "td": _cell,
    "th": _cell,
    "tr": lambda content: content + ROW,
    "table": _table,
}


def _attributes(text: str) -> dict[str, str]:
    return {
        one[1].lower(): unescape(one[2] or one[3] or one[4] or "")
        for one in ATTRIBUTE.finditer(text)
    }


def _escape_start(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


LEFT_OVER: Final = re.compile(r"[ \t]+(?=\n)|[\ue012\ue013]")
APART: Final = re.compile(r"\n{2,}[ \t]*")


def _tidy(text: str) -> str:
    if "\n" in text or CELL in text or ROW in text:
        text = APART.sub("\n\n", LEFT_OVER.sub("", text))
    return text.strip()


MATH: Final = re.compile(
    r"(?P<code>```.*?```|``.+?``|`[^`\n]+`)|\[sound:[^\]\n]{1,300}\]|"
    r"(?<!\\)\$\$(?P<block>.+?)\$\$|(?<![\\$])\$(?P<line>(?!\s)[^$\n]+?(?<![\s\\]))\$(?!\d)",
    re.DOTALL,
)


def to_html(markdown: str) -> str:
    """Return Markdown as the HTML of a field of Anki."""
    if not MARKED.search(markdown):
        return markdown
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        if found["code"]:
            return found[0]
        if found["block"] is not None:
            held.append(f"\\[{escape(found['block'], quote=False)}\\]")
        elif found["line"] is not None:
            held.append(f"\\({escape(found['line'], quote=False)}\\)")
        else:
            held.append(escape(found[0], quote=False))
        return f"{OPEN}{len(held) - 1}{CLOSE}"

    written = _WRITER.render(MATH.sub(hold, DROPPED.sub("", markdown))).strip()
    if written.startswith("<p>") and written.find("</p>") == len(written) - len("</p>"):
        written = written[len("<p>") : -len("</p>")]
    return HELD.sub(lambda one: held[int(one[1])], written)


def _image(_: RendererHTML, tokens: Any, index: int, *__: object) -> str:  # noqa: ANN401
    token = tokens[index]
    name = escape(unquote(str(token.attrs.get("src", ""))))
    words = f' alt="{escape(token.content)}"' if token.content else ""
    return f'<img src="{name}"{words}>'


def _writer() -> MarkdownIt:
    writer = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False})
    writer.enable(["table", "strikethrough"])
    writer.disable(["code", "html_block", "html_inline"])
    writer.add_render_rule("image", _image)
    return writer


_WRITER: Final = _writer()
