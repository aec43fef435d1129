"""Turns what Moodle lists into what StudyMaster keeps."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from hashlib import sha1
from html import unescape

from studymaster.adapters.documents import Finding, Reading, html_to_text
from studymaster.adapters.moodle.translate import (
    Assignment,
    FileEntry,
    GlossaryEntry,
    Module,
    PageContent,
    Quiz,
    Section,
)
from studymaster.features.sync.schemas import InlineText, ListedDeadline, ListedMaterial
from studymaster.models import DeadlineKind, MaterialKind

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

GLOSSARY_TYPE = "application/x-glossary"


def listed_materials(
    sections: Sequence[Section],
    *,
    inline: Sequence[InlineText],
    unanswered: Collection[MaterialKind] = (),
) -> list[ListedMaterial]:
    """Return a course's materials in its own order.

    `inline` are the texts that came apart from the listing, by module; `unanswered` are the
    kinds whose texts were asked for in vain.
    """
    texts = {text.cmid: text for text in inline}
    found: list[ListedMaterial] = []
    for section in sections:
        for module in section.modules:
            found.extend(
                _of_module(
                    module,
                    section=section,
                    position=len(found),
                    text=texts.get(module.id),
                )
            )
    unique = {item.key: item for item in found}.values()
    return [replace(item, text_known=item.kind not in unanswered) for item in unique]


def _of_module(
    module: Module, *, section: Section, position: int, text: InlineText | None
) -> Iterator[ListedMaterial]:
    kind = KINDS.get(module.kind, MaterialKind.ACTIVITY)
    if kind in {MaterialKind.FILE, MaterialKind.CHAPTER} and module.accessible:
        entries = [entry for entry in module.files if _is_content(entry, kind)]
        for offset, entry in enumerate(entries):
            yield _of_file(
                module,
                entry,
                name=_file_title(module, entry, kind=kind),
                section=section,
                position=position + offset,
            )
        return
    has_text = text is not None and module.accessible
    yield ListedMaterial(
        cmid=module.id,
        filepath="",
        filename="",
        kind=kind,
        modname=module.kind,
        name=module.name,
        section_name=section.name,
        position=position,
        address=_link(module),
        mimetype=text.mimetype if text else "",
        size_bytes=len(text.data) if text and has_text else 0,
        modified_at=text.modified_at if text else None,
        restriction=_restriction(module),
        has_file=has_text,
    )


def _is_content(entry: FileEntry, kind: MaterialKind) -> bool:
    if kind is MaterialKind.CHAPTER:
        return entry.kind == "file" and entry.name == "index.html"
    return entry.kind == "file"


def _of_file(
    module: Module,
    entry: FileEntry,
    *,
    name: str,
    section: Section,
    position: int,
) -> ListedMaterial:
    kind = KINDS[module.kind]
    return ListedMaterial(
        cmid=module.id,
        filepath=entry.folder or "",
        filename=entry.name,
        kind=kind,
        modname=module.kind,
        name=name,
        section_name=section.name,
        position=position,
        address=entry.url,
        mimetype=entry.mimetype or ("text/html" if kind is MaterialKind.CHAPTER else ""),
        size_bytes=entry.size,
        modified_at=entry.modified_at,
        restriction=_restriction(module),
        has_file=True,
    )


def _file_title(module: Module, entry: FileEntry, *, kind: MaterialKind) -> str:
    if kind is MaterialKind.CHAPTER:
        # Moodle sends the title of a chapter as HTML.
        title = unescape(entry.content)
        return f"{module.name}: {title}" if title else module.name
    if module.kind == "resource":
        return module.name
    namesakes = sum(other.name == entry.name for other in module.files)
    return _path_in_folder(entry) if namesakes > 1 else entry.name


def _path_in_folder(entry: FileEntry) -> str:
    return f"{entry.folder or ''}/{entry.name}".replace("//", "/").removeprefix("/")


def _link(module: Module) -> str | None:
    outside = next((entry.url for entry in module.files if entry.kind == "url"), "")
    return outside or module.url or None


def _restriction(module: Module) -> str | None:
    return html_to_text(module.availability_html) or None


def page_texts(pages: Sequence[PageContent]) -> list[InlineText]:
    """Return the pages of a course as texts to keep."""
    return [
        InlineText(
            cmid=page.module_id,
            mimetype="text/html",
            data=page.html.encode(),
            modified_at=page.modified_at,
        )
        for page in pages
    ]


def glossary_text(cmid: int, entries: Sequence[GlossaryEntry]) -> InlineText:
    """Return a glossary as a text with one entry a page: the term, then what it means."""
    shown = sorted(
        (entry for entry in entries if entry.approved), key=lambda entry: entry.term
    )
    pages = [f"{entry.term}\n{html_to_text(entry.definition_html)}" for entry in shown]
    return InlineText(
        cmid=cmid,
        mimetype=GLOSSARY_TYPE,
        data="\f".join(pages).encode(),
        modified_at=max(
            (entry.modified_at for entry in shown if entry.modified_at), default=None
        ),
    )


def read_inline(text: InlineText) -> Reading:
    """Return the pages of a text that came with the listing."""
    content = text.data.decode()
    if text.mimetype == GLOSSARY_TYPE:
        pages = tuple(page for page in content.split("\f") if page.strip())
    else:
        pages = (html_to_text(content),) if html_to_text(content) else ()
    finding = Finding.READY if pages else Finding.NO_TEXT
    return Reading(finding, pages, len(pages))


def sha1_of(text: InlineText) -> str:
    """Return the name under which a text is stored."""
    return sha1(text.data, usedforsecurity=False).hexdigest()


def deadlines(
    assignments: Sequence[Assignment], quizzes: Sequence[Quiz], *, course_id: int
) -> list[ListedDeadline]:
    """Return the due dates of one course (by its Moodle id)."""
    work = [
        ListedDeadline(item.module_id, DeadlineKind.ASSIGNMENT, item.name, item.due_at)
        for item in assignments
        if item.course_id == course_id and item.due_at
    ]
    tests = [
        ListedDeadline(item.module_id, DeadlineKind.QUIZ, item.name, item.closes_at)
        for item in quizzes
        if item.course_id == course_id and item.closes_at
    ]
    return work + tests
