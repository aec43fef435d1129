"""Turns the texts that Moodle keeps itself into what StudyMaster keeps and reads."""

from collections.abc import Sequence
from dataclasses import replace

from studymaster.adapters.documents import (
    Finding,
    Reading,
    html_to_text,
    read_html_text,
)
from studymaster.adapters.moodle.translate import GlossaryEntry, PageContent
from studymaster.features.sync.schemas import InlineText
from studymaster.features.sync.service.listing import inline_text

GLOSSARY_TYPE = "application/x-glossary"


def page_text(page: PageContent) -> InlineText:
    """Return a page as a text to keep."""
    text = inline_text(page.module_id, "text/html", page.html.encode())
    return replace(text, modified_at=page.modified_at)


def glossary_text(cmid: int, entries: Sequence[GlossaryEntry]) -> InlineText:
    """Return a glossary as a text with one entry a page: the term, then what it means."""
    shown = sorted(
        (entry for entry in entries if entry.approved), key=lambda entry: entry.term
    )
    pages = [f"{entry.term}\n{html_to_text(entry.definition_html)}" for entry in shown]
    dates = [entry.modified_at for entry in shown if entry.modified_at]
    text = inline_text(cmid, GLOSSARY_TYPE, "\f".join(pages).encode())
    return replace(text, modified_at=max(dates, default=None))


def read_inline(text: InlineText) -> Reading:
    """Return the pages of a text that came with an answer."""
    content = text.data.decode()
    if text.mimetype != GLOSSARY_TYPE:
        return read_html_text(content)
    pages = tuple(page for page in content.split("\f") if page.strip())
    return Reading(Finding.READY if pages else Finding.NO_TEXT, pages, len(pages))
