"""Where a quote stands on its page, however the PDF broke, joined or dressed its letters.

Two texts say the same when they agree after folding: compatibility forms (ligatures, wide
letters, odd blanks) are resolved, soft hyphens and invisible marks dropped, curly quotes and
long dashes made plain, white space made one blank, and hyphens before a word's next part
dropped, because at the end of a line nobody can tell which kind they were.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

SHORTEST_QUOTE = 8
"""Characters after folding; a shorter quote would fit almost any page."""

# U+FFFE and U+0002 stand for a hyphen at the end of a line in what PDF readers return.
PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufffe\x02", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\x00", ""),
}

LINE_HYPHEN = re.compile(
    r"(?<=\w)- ?(?=[^\W\d_]{2})"  # well-known, trans- port; but never x-y or 1939-1945
    r"|(?<=\w-) (?=\w)"  # 1939- 1945
    r"|(?<=\w)-$"  # a quote cut at the end of a line
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a page's text: `page_text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Folded:
    """A folded text; its character i came from `spans[i]` of the original."""

    text: str
    spans: tuple[Span, ...]


def find_quote(page_text: str, quote: str) -> Span | None:
    """Return the first place of the quote on the page; None when it is not there.

    A quote of fewer than 8 characters is never found.
    """
    wanted = fold(quote)
    if len(wanted) < SHORTEST_QUOTE:
        return None
    page = _fold(page_text)
    start = page.text.find(wanted)
    if start < 0:
        return None
    return Span(page.spans[start].start, page.spans[start + len(wanted) - 1].end)


def is_on_page(page_text: str, quote: str) -> bool:
    """Say whether the page carries the quote."""
    wanted = fold(quote)
    return len(wanted) >= SHORTEST_QUOTE and wanted in _fold_page(page_text)


@lru_cache(maxsize=2)
def _fold_page(page_text: str) -> str:
    """Fold a page once for the many quotes that are looked for on it in a row."""
    return fold(page_text)


def fold(text: str) -> str:
    """Return the text as it is compared: one line, plain letters, no hyphens in words."""
    return _fold(text).text


def _fold(text: str) -> _Folded:
    letters: list[str] = []
    spans: list[Span] = []
    for span in _characters(text):
        for letter in _plain(text[span.start : span.end]):
            if letter != " " or (letters and letters[-1] != " "):
                letters.append(letter)
                spans.append(span)
    if letters and letters[-1] == " ":
        letters.pop()
    return _without_line_hyphens("".join(letters), spans)


def _characters(text: str) -> Iterator[Span]:
    """Yield each character with the accents that follow it."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not unicodedata.combining(text[end]):
            yield Span(start, end)
            start = end


def _plain(character: str) -> str:
    plain = PLAIN.get(character)
    if plain is None:
        plain = unicodedata.normalize("NFKC", character)
    return "".join(" " if letter.isspace() else letter for letter in plain)


def _without_line_hyphens(text: str, spans: list[Span]) -> _Folded:
    kept: list[str] = []
    kept_spans: list[Span] = []
    start = 0
    for hyphen in LINE_HYPHEN.finditer(text):
        kept.append(text[start : hyphen.start()])
        kept_spans += spans[start : hyphen.start()]
        start = hyphen.end()
    kept.append(text[start:])
    kept_spans += spans[start:]
    return _Folded("".join(kept), tuple(kept_spans))
