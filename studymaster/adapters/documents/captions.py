"""Reads what is said in a recording (.vtt, .srt): two minutes of it are one page."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studymaster.adapters.documents.plain import decoded
from studymaster.adapters.documents.reading import DamagedError, Reading, of_pages

PAGE_SECONDS = 120
LINE_LIMIT = 2_000
"""Characters of one line, of which a screen shows 40."""

_CLOCK = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]?\d)[.,]\d{1,3}"
TIMING = re.compile(rf"[ \t]*{_CLOCK}[ \t]*-->[ \t]*(?:\d{{1,3}}:)?\d\d?:\d\d?[.,]\d")
VOICE = re.compile(r"<v(?:\.[^ >\t]*)?[ \t]+([^>]{1,200})>")
TAG = re.compile(r"</?[A-Za-z0-9.:]{1,40}(?:[ \t][^<>]{0,200})?>|\{\\[^{}]{0,100}\}")
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Caption:
    seconds: int
    lines: tuple[str, ...]


def read_captions(path: Path) -> Reading:
    """Return what is said, each page beginning with the time of its first words.

    Raises:
        DamagedError: nothing in it has a time.
    """
    text = decoded(path).replace("\r\n", "\n").replace("\r", "\n")
    pages: list[tuple[int, list[str]]] = []
    last: tuple[str, ...] = ()
    empty = not text.strip()
    for caption in _captions(text):
        if not pages or _belongs_elsewhere(caption.seconds, pages[-1][0]):
            pages.append((caption.seconds, []))
        # Captions that roll up repeat the line before.
        pages[-1][1].extend(line for line in caption.lines if line not in last)
        last = caption.lines
    if not pages and not empty and "WEBVTT" not in text[:20]:
        raise DamagedError
    return of_pages([_page(begin, lines) for begin, lines in pages if lines])


def _belongs_elsewhere(seconds: int, begin: int) -> bool:
    return seconds // PAGE_SECONDS != begin // PAGE_SECONDS


def _page(begin: int, lines: list[str]) -> str:
    minutes, seconds = divmod(begin, 60)
    hours, minutes = divmod(minutes, 60)
    return f"[{hours}:{minutes:02d}:{seconds:02d}]\n{' '.join(lines)}"


def _captions(text: str) -> Iterator[_Caption]:
    seconds: int | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        if found := TIMING.match(line):
            if seconds is not None:
                # A number that stands alone before a time is that caption's, not speech.
                yield _Caption(seconds, tuple(lines))
            seconds, lines = _seconds(found), []
        elif not line.strip():
            if seconds is not None:
                yield _Caption(seconds, tuple(lines))
            seconds, lines = None, []
        elif seconds is not None and (said := _said(line[:LINE_LIMIT])):
            lines.append(said)
    if seconds is not None:
        yield _Caption(seconds, tuple(lines))


def _seconds(found: re.Match[str]) -> int:
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _said(line: str) -> str:
    plain = TAG.sub("", VOICE.sub(r"\1: ", line))
    return BLANKS.sub(" ", html.unescape(plain)).strip()
