"""What a note is called, which tags it carries, and how words are looked for. Pure."""

import re

from studymaster.typed import unmarked

TEXT_MAX = 100_000
TITLE_MAX = 200
EXCERPT_MAX = 180
TAG_MAX = 60
MOST_TAGS = 30
SEARCH_MAX = 200
MOST_SEARCH_WORDS = 12
MEMO_MAX_BYTES = 25 * 1024 * 1024
MEMO_MAX_SECONDS = 3600
KILOBYTE, MEGABYTE = 1_000, 1_000_000

EMPTY_TITLE = "Empty note"
READ_FOR_TITLE = 2_000
LINE_MAX = 500
"""A title and an excerpt come from so much of a text, and from so much of each line in it."""

FENCED = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]*`")
ADDRESS = re.compile(r"https?://\S+")
TAG = re.compile(rf"(?<![\w#&/])#(\w[\w-]{{0,{TAG_MAX - 1}}})(?![\w-])")
WORD = re.compile(r"\w+")

SOUNDS = (
    (0, b"\x1a\x45\xdf\xa3", "audio/webm", "webm"),
    (0, b"OggS", "audio/ogg", "ogg"),
    (4, b"ftyp", "audio/mp4", "m4a"),
    (0, b"RIFF", "audio/wav", "wav"),
    (0, b"ID3", "audio/mpeg", "mp3"),
    (0, b"\xff\xfb", "audio/mpeg", "mp3"),
    (0, b"fLaC", "audio/flac", "flac"),
)
"""How recordings begin: offset, bytes, their type and the ending of their name."""


def title_of(text: str) -> str:
    """Return what a note is called: its first line with words, without marks and tags."""
    return next(iter(_lines(text)), EMPTY_TITLE)[:TITLE_MAX]


def excerpt_of(text: str) -> str:
    """Return the beginning of what stands below a note's title, on one line."""
    below = " ".join(_lines(text)[1:])
    if len(below) <= EXCERPT_MAX:
        return below
    return f"{below[: EXCERPT_MAX - 1].rsplit(' ', 1)[0]}…"


def _lines(text: str) -> list[str]:
    """Return the lines with words at a text's beginning; tags have a place of their own.

    Every list of notes asks for it, so it reads no more of a text than is shown.
    """
    beginning = text.lstrip()[:READ_FOR_TITLE].splitlines()
    lines = [plain for line in beginning if (plain := unmarked(line[:LINE_MAX]))]
    return [words for line in lines if (words := _without_tags(line))] or lines


def _without_tags(line: str) -> str:
    """Return a line without the tags at its end."""
    words = line.split()
    while words and _is_tag(words[-1]):
        words.pop()
    return " ".join(words)


def _is_tag(word: str) -> bool:
    return TAG.fullmatch(word) is not None and not word[1:].isdigit()


def tags_of(text: str) -> list[str]:
    """Return the `#tags` of a text in lower case, in order, each once; code has none."""
    bare = ADDRESS.sub(" ", INLINE_CODE.sub(" ", FENCED.sub(" ", text)))
    found = (tag.lower()[:TAG_MAX] for tag in TAG.findall(bare))
    return list(dict.fromkeys(tag for tag in found if not tag.isdigit()))[:MOST_TAGS]


def search_query(words: str) -> str:
    """Return PostgreSQL's `tsquery` for typed words: all of them, the last also begun.

    Empty when there is no word in it.
    """
    found = [word.lower() for word in WORD.findall(words.replace("_", " "))]
    found = found[:MOST_SEARCH_WORDS]
    return " & ".join(f"'{word}':*" for word in found)


def sound_of(beginning: bytes) -> tuple[str, str] | None:
    """Return the type and the name's ending of a recording, None when it is none.

    `beginning` is at least the first 12 bytes of the file.
    """
    for offset, mark, mimetype, ending in SOUNDS:
        if beginning[offset : offset + len(mark)] == mark:
            return mimetype, ending
    return None


def size_words(size_bytes: int) -> str:
    """Return a file's size in words: `340 kB`, `1.2 MB`."""
    if size_bytes < MEGABYTE:
        return f"{max(1, round(size_bytes / KILOBYTE))} kB"
    return f"{size_bytes / MEGABYTE:.1f} MB"


def length_words(seconds: int) -> str:
    """Return how long a recording is: `0:04`, `12:30`; empty when nobody measured it."""
    return f"{seconds // 60}:{seconds % 60:02}" if seconds else ""


def with_transcript(text: str, transcript: str) -> str:
    """Return a note's text with the words of a recording below it, not a second time."""
    quoted = "\n".join(f"> {line}".rstrip() for line in transcript.strip().splitlines())
    if not quoted or quoted in text:
        return text
    return f"{text.rstrip()}\n\n{quoted}\n".lstrip("\n")
