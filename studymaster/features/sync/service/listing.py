"""Turns what Moodle lists of a course into what StudyMaster keeps of it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha1
from html import unescape

from studymaster.adapters import documents
from studymaster.adapters.documents import html_to_text
from studymaster.adapters.moodle.translate import FileEntry, Module, Section
from studymaster.features.sync import rules
from studymaster.features.sync.schemas import (
    CourseListing,
    InlineText,
    ListedMaterial,
    ListedSection,
)
from studymaster.models import MaterialKind

KINDS = {
    "resource": MaterialKind.FILE,
    "folder": MaterialKind.FILE,
    "page": MaterialKind.PAGE,
    "book": MaterialKind.CHAPTER,
    "url": MaterialKind.LINK,
    "label": MaterialKind.NOTE,
    "glossary": MaterialKind.GLOSSARY,
}
"""Every other kind of module is an activity: kept as a link, never dropped."""

WITH_FILES = frozenset({MaterialKind.FILE, MaterialKind.CHAPTER})
TEXTS_APART = frozenset({MaterialKind.PAGE, MaterialKind.GLOSSARY})
"""Their texts are asked for beside the listing."""

NOTE_TITLE = 120
"""Characters of a label's own text that name it."""

NOTE_TEXT = 400
"""A label with more characters than this is something to read, not a heading."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where in its course a module stands."""

    section: Section
    position: int


def listed_course(
    sections: Sequence[Section],
    *,
    inline: Sequence[InlineText],
    unanswered: Collection[MaterialKind] = (),
) -> CourseListing:
    """Return a course's sections and materials in its own order.

    `inline` are the texts that came apart from the listing, by module; `unanswered` are the
    kinds whose texts were asked for in vain.
    """
    texts = {text.cmid: text for text in inline}
    found: list[ListedMaterial] = []
    for section in sections:
        for module in section.modules:
            spot = _Spot(section, len(found))
            found.extend(_of_module(module, spot, text=texts.get(module.id)))
    unique = {item.key: item for item in found}.values()
    return CourseListing(
        tuple(_of_section(place, section) for place, section in enumerate(sections)),
        tuple(
            replace(item, text_known=False) if item.kind in unanswered else item
            for item in unique
        ),
    )


def note_texts(sections: Iterable[Section]) -> list[InlineText]:
    """Return the labels of a course that are long enough to be read."""
    return [
        inline_text(module.id, "text/html", module.description_html.encode())
        for section in sections
        for module in section.modules
        if KINDS.get(module.kind) is MaterialKind.NOTE
        and module.accessible
        and len(_label(module.description_html)) > NOTE_TEXT
    ]


@lru_cache(maxsize=64)
def _label(markup: str) -> str:
    return html_to_text(markup)


def inline_text(cmid: int, mimetype: str, data: bytes) -> InlineText:
    """Return a text without a date of its own."""
    digest = sha1(data, usedforsecurity=False).hexdigest()
    return InlineText(cmid, mimetype, data, None, digest)


def _of_section(place: int, section: Section) -> ListedSection:
    return ListedSection(
        moodle_id=section.id,
        number=place if section.number is None else section.number,
        name=section.name[:400],
        summary=html_to_text(section.summary_html),
        visible=section.visible,
        accessible=section.accessible,
        restriction=html_to_text(section.availability_html) or None,
    )


def _of_module(
    module: Module, spot: _Spot, *, text: InlineText | None
) -> Iterator[ListedMaterial]:
    kind = KINDS.get(module.kind, MaterialKind.ACTIVITY)
    if kind in WITH_FILES and module.accessible:
        entries = [entry for entry in module.files if _is_content(entry, kind)]
        for offset, entry in enumerate(entries):
            yield _of_file(module, entry, _Spot(spot.section, spot.position + offset))
        return
    yield _with_text(_whole(module, spot, kind=kind), module, text)


def _whole(module: Module, spot: _Spot, *, kind: MaterialKind) -> ListedMaterial:
    """Return a module that is one thing; one that is shut has nothing in it to compare."""
    return ListedMaterial(
        cmid=module.id,
        filepath="",
        filename="",
        kind=kind,
        modname=module.kind,
        name=module.name,
        section=spot.section.id,
        section_name=spot.section.name,
        position=spot.position,
        address=_link(module),
        modified_at=next((file.modified_at for file in module.files), None),
        restriction=html_to_text(module.availability_html) or None,
        accessible=module.accessible,
        completion=module.completion,
        text_known=module.accessible,
    )


def _with_text(
    item: ListedMaterial, module: Module, text: InlineText | None
) -> ListedMaterial:
    if item.kind is MaterialKind.NOTE:
        # Moodle names a label once, after its first words, whatever becomes of them.
        title = rules.title(_label(module.description_html), length=NOTE_TITLE)
        size = len(module.description_html.encode())
        item = replace(item, name=title or module.name, size_bytes=size)
    if text is None or not module.accessible:
        return item
    return replace(
        item,
        mimetype=text.mimetype,
        size_bytes=len(text.data),
        modified_at=text.modified_at or item.modified_at,
        text_sha1=text.sha1,
    )


def _is_content(entry: FileEntry, kind: MaterialKind) -> bool:
    if kind is MaterialKind.CHAPTER:
        return entry.kind == "file" and entry.name == "index.html"
    return entry.kind == "file"


def _of_file(module: Module, entry: FileEntry, spot: _Spot) -> ListedMaterial:
    kind = KINDS[module.kind]
    mimetype = entry.mimetype or ("text/html" if kind is MaterialKind.CHAPTER else "")
    readable = documents.is_readable(
        documents.kind_of(b"", listed=mimetype, name=entry.name)
    )
    return ListedMaterial(
        cmid=module.id,
        filepath=entry.folder or "",
        filename=entry.name,
        # What a teacher linked from another place is there, not on the site.
        kind=MaterialKind.LINK if entry.external else kind,
        modname=module.kind,
        name=_file_title(module, entry, kind=kind),
        section=spot.section.id,
        section_name=spot.section.name,
        position=spot.position,
        address=entry.url,
        mimetype=mimetype,
        size_bytes=entry.size,
        modified_at=entry.modified_at,
        restriction=html_to_text(module.availability_html) or None,
        completion=module.completion,
        has_file=not entry.external,
        on_demand=rules.is_on_demand(mimetype, size_bytes=entry.size, readable=readable),
    )


def _file_title(module: Module, entry: FileEntry, *, kind: MaterialKind) -> str:
    if kind is MaterialKind.CHAPTER:
        # Moodle sends the title of a chapter as HTML.
        title = unescape(entry.content)
        return f"{module.name}: {title}" if title else module.name
    if module.kind == "resource":
        return module.name
    namesakes = sum(other.name == entry.name for other in module.files)
    name = _path_in_folder(entry) if namesakes > 1 else entry.name
    return f"{module.name}: {name}" if module.name else name


def _path_in_folder(entry: FileEntry) -> str:
    return f"{entry.folder or ''}/{entry.name}".replace("//", "/").removeprefix("/")


def _link(module: Module) -> str | None:
    outside = next((entry.url for entry in module.files if entry.kind == "url"), "")
    return outside or module.url or None
