"""Turns the texts that Moodle keeps itself into what StudyMaster keeps and reads."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from studymaster.adapters import documents
from studymaster.adapters.documents import Finding, Reading, html_to_text
from studymaster.adapters.moodle.translate import GlossaryEntry, PageContent
from studymaster.features.sync.schemas import InlineText
from studymaster.features.sync.service.listing import inline_text

GLOSSARY_TYPE = "application/x-glossary"
HTML_TYPE = "text/html"


def page_text(page: PageContent) -> InlineText:
    """Return a page as a text to keep."""
    text = inline_text(page.module_id, HTML_TYPE, page.html.encode())
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


def read_stored(path: Path, *, mimetype: str) -> Reading:
    """Return the pages of stored bytes; never raises for what is wrong with them.

    What a page of Moodle's or a web page holds was settled when it came: its first bytes
    are not asked again.
    """
    if mimetype == HTML_TYPE:
        return documents.read_html(path)
    if mimetype != GLOSSARY_TYPE:
        return documents.read(path, mimetype=mimetype)
    entries = path.read_text("utf-8").split("\f")
    pages = tuple(entry for entry in entries if entry.strip())
    return Reading(Finding.READY if pages else Finding.NO_TEXT, pages, len(pages))
