"""Where a card comes from, and how its page can be shown."""

from dataclasses import replace
from typing import Final

from studymaster.adapters.database import UnitOfWork
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.rules import quotes
from studymaster.features.flashcards.schemas import Source
from studymaster.features.library import rules as library_rules
from studymaster.models import Blob, Card, Material

PICTURE_WIDTH: Final = 800


async def source_of(
    work: UnitOfWork, card: Card, material: Material | None, blob: Blob | None
) -> Source:
    """Return where a card stands; without a picture, the words around its quote.

    When the file was replaced since, its pages may say something else: then the words that
    were cited are shown, not the new picture.
    """
    page, quote = card.page or 0, card.quote or ""
    source = Source(
        name=material.name if material else "",
        page=page,
        page_count=blob.page_count if blob else 0,
        picture="",
        marks="",
        file=f"/api/v1/materials/{material.id}/file"
        if material and blob and library_rules.is_file(material.kind)
        else "",
        before="",
        quote=quote,
        after="",
    )
    if material and blob and blob.sha1 == card.blob_sha1 and _has_picture(blob, page):
        address = f"/api/v1/materials/{material.id}/pages/{page}"
        picture = f"{address}.webp?width={PICTURE_WIDTH}"
        return replace(source, picture=picture, marks=f"{address}/marks")
    text = await queries.cited_text(work.session, card.account_id, card.id) or ""
    span = quotes.find_quote(text, quote)
    if span is None:
        return source
    around = library_rules.excerpt(text, start=span.start, end=span.end)
    return replace(source, before=around.before, quote=around.quote, after=around.after)


def _has_picture(blob: Blob, page: int) -> bool:
    return page >= 1 and library_rules.is_pictured(
        mimetype=blob.mimetype, text=blob.text_state, page_count=blob.page_count
    )
