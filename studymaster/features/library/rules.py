"""What a student may know of a material, and how its bytes may reach a browser. Pure."""

import re
from datetime import datetime
from urllib.parse import quote

from studymaster.errors import InvalidInputError
from studymaster.features.library.schemas import Excerpt

PDF = "application/pdf"
RENDER_WIDTHS = (480, 800, 1200)
"""Pixels; a small set, so that every page is drawn at most three times."""

EXCERPT_REACH = 500
"""Characters of a page shown before and after a quote."""

FETCH_SENTENCES = {
    "waiting": "This file has not arrived yet. It comes with the next sync.",
    "failed": "This file could not be fetched. The next sync tries again.",
}

NOTHING_SENTENCES = {
    "link": "This is a link. Open it in your browser.",
    "activity": "This happens in Moodle. Open it there.",
}

TEXT_SENTENCES = {
    "waiting": "Its text is still being read. Come back in a minute.",
    "ready": "",
    "no_text": "Its pages are pictures without text, such as a scan. "
    "You can look at them, but cards need text.",
    "empty": "This file is empty. Tell your lecturer that the upload failed.",
    "encrypted": "This file is locked with a password, so its text cannot be read. "
    "Ask your lecturer for an open copy.",
    "corrupt": "This file is damaged and cannot be opened. Ask your lecturer for a new copy.",
    "unsupported": "Text of this kind of file cannot be read here. You can download it.",
}

NOT_VISIBLE = "Not visible to you in Moodle any more (hidden or removed). Your copy and your cards stay."
"""Moodle does not tell which of the two."""

UNPICTURED = frozenset({"encrypted", "corrupt"})

INLINE = frozenset({PDF, "image/png", "image/jpeg", "image/gif", "image/webp"})
CHAPTER_FILE = "index.html"
ENDINGS = {
    "text/html": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/x-glossary": ".txt",
    PDF: ".pdf",
}
"""What the name of bytes ends with that came without a file."""

PLAIN = frozenset({"text/plain", "text/csv", "text/markdown"})


def state_sentence(*, kind: str, fetch: str, text: str | None, failure: str | None) -> str:
    """Return why a material cannot be read here; empty when it can.

    Args:
        kind: A `MaterialKind` value.
        fetch: A `FetchState` value.
        text: A `TextState` value, None when its bytes are not here.
        failure: What the last fetch said, when it failed.
    """
    if text is not None:
        return TEXT_SENTENCES[text]
    if fetch == "failed" and failure:
        return failure
    waiting = FETCH_SENTENCES.get(fetch)
    return waiting or NOTHING_SENTENCES.get(kind, "There is nothing to read in it.")


def is_pictured(*, mimetype: str, text: str, page_count: int) -> bool:
    """Say whether the pages of a file can be drawn."""
    return mimetype == PDF and page_count > 0 and text not in UNPICTURED


def is_fresh(*, changed_at: datetime, opened_at: datetime | None) -> bool:
    """Say whether a material is new or changed since it was last opened."""
    return opened_at is None or changed_at > opened_at


def require_width(width: int) -> int:
    """Return a width at which pages are drawn, or say which there are."""
    if width not in RENDER_WIDTHS:
        widths = ", ".join(str(known) for known in RENDER_WIDTHS)
        msg = f"Pages are drawn {widths} pixels wide. Ask for one of these."
        raise InvalidInputError(msg)
    return width


def is_file(kind: str) -> bool:
    """Say whether a material is a file that somebody can use, not the words of a page."""
    return kind == "file"


def file_name(filename: str, *, title: str, mimetype: str) -> str:
    """Return the name under which bytes are handed over; what has none is called by title.

    A chapter's own name says nothing: all of them are called `index.html`.
    """
    base = mimetype.partition(";")[0].strip().lower()
    ending = ENDINGS.get(base, "")
    if filename and filename != CHAPTER_FILE:
        return filename
    return title if title.lower().endswith(ending) and ending else f"{title}{ending}"


def served_type(mimetype: str) -> tuple[str, bool]:
    """Return the content type to serve a file with, and whether it may open in place.

    What a browser could run as part of our site (HTML, SVG, XML, scripts) is only ever
    handed over as a download without a type of its own.
    """
    base = mimetype.partition(";")[0].strip().lower()
    if base in INLINE:
        return base, True
    if base in PLAIN:
        return "text/plain; charset=utf-8", True
    return "application/octet-stream", False


def disposition(filename: str, *, inline: bool) -> str:
    """Return a Content-Disposition header that keeps the name in any alphabet."""
    safe = re.sub(r"[\x00-\x1f\x7f/\\]", "_", filename).strip() or "file"
    plain = re.sub(r'[^ -~]|["%]', "_", safe)
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def excerpt(text: str, *, start: int, end: int) -> Excerpt:
    """Return a stretch of a page with what stands around it."""
    before = text[max(0, start - EXCERPT_REACH) : start]
    return Excerpt(before, text[start:end], text[end : end + EXCERPT_REACH])


SIGNATURE_REACH = 1_024
"""Bytes at the start of a PDF within which its signature stands."""

UPLOAD_LIMIT_BYTES = 50_000_000
MOST_UPLOADS = 300
NAME_LENGTH = 200
OWN_SECTION = "Your own files"
BEFORE_MOODLE = -1
"""The position of a student's own files: above everything that Moodle lists."""

NO_UPLOAD = "No file came with this. Choose a PDF, then send it again."
NOT_A_PDF = "This file is not a PDF. Save it as a PDF, then add it again."
TOO_LARGE = "This PDF is larger than 50 MB. Split it or save it smaller, then add it again."
TOO_MANY = f"You have added {MOST_UPLOADS} files. Remove one that you do not need any more."
FROM_MOODLE = "This came from Moodle, so it cannot be removed here."
BAD_NAME = f"Give the file a name of 1 to {NAME_LENGTH} characters."

UNUSABLE = {
    "empty": "This PDF is empty. Choose another file.",
    "encrypted": "This PDF is locked with a password. Save a copy without one, then add that.",
    "corrupt": "This PDF is damaged and cannot be opened. Export it again, then add that.",
}


def upload_name(name: str) -> str:
    """Return the name under which a student's own file is shown.

    Raises:
        InvalidInputError: there is nothing to show, or too much.
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = " ".join(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", last).split())
    if not 1 <= len(shown) <= NAME_LENGTH:
        raise InvalidInputError(BAD_NAME)
    return shown


def require_upload_size(size_bytes: int) -> None:
    """Refuse a file that is larger than a lecture may be.

    Raises:
        InvalidInputError: it is.
    """
    if size_bytes > UPLOAD_LIMIT_BYTES:
        raise InvalidInputError(TOO_LARGE)


def require_pdf(start: bytes) -> None:
    """Refuse what does not begin as a PDF does.

    Raises:
        InvalidInputError: it is something else, or nothing.
    """
    if not start:
        raise InvalidInputError(UNUSABLE["empty"])
    if b"%PDF-" not in start:
        raise InvalidInputError(NOT_A_PDF)


def require_open(finding: str) -> None:
    """Refuse a PDF that cannot be opened (`finding` is what came of reading it).

    Raises:
        InvalidInputError: it is locked, empty or damaged.
    """
    if finding in UNUSABLE:
        raise InvalidInputError(UNUSABLE[finding])


def upload_number(sha1: str) -> int:
    """Return the number of a student's own file in a course, below those of Moodle."""
    return -1 - int(sha1[:15], 16)


def is_number_of_moodle(number: int) -> bool:
    """Say whether Moodle, which counts from 1 in 64 bits, can have given a number."""
    return 0 < number < 2**63
