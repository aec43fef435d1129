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

UNPICTURED = frozenset({"encrypted", "corrupt"})

INLINE = frozenset({PDF, "image/png", "image/jpeg", "image/gif", "image/webp"})
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
