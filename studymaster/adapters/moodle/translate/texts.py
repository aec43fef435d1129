"""Texts that Moodle keeps itself: pages, glossaries, forums."""

from dataclasses import dataclass
from typing import Annotated

from studymaster.adapters.moodle.translate.course import FileEntry
from studymaster.adapters.moodle.translate.values import (
    Caution,
    Flag,
    Id,
    Moment,
    Name,
    OptionalName,
    OptionalText,
    Text,
    left_out,
    wire,
)

ANNOUNCEMENTS = "news"


@dataclass(frozen=True, slots=True)
class PageContent:
    """The text of one page module, with absolute file addresses in it."""

    id: Id
    module_id: Annotated[Id, wire("coursemodule")]
    course_id: Annotated[Id, wire("course")]
    name: Name
    html: Annotated[Text, wire("content")]
    description_html: Annotated[OptionalText, wire("intro")] = ""
    files: Annotated[tuple[FileEntry, ...], wire("contentfiles")] = ()
    modified_at: Annotated[Moment, wire("timemodified")] = None


@dataclass(frozen=True, slots=True)
class PageList:
    """The pages of many courses."""

    pages: tuple[PageContent, ...]
    warnings: tuple[Caution, ...] = ()

    @property
    def left_out(self) -> frozenset[int]:
        """The courses of which this says nothing."""
        return left_out(self.warnings)


@dataclass(frozen=True, slots=True)
class Glossary:
    """One glossary; its entries are asked for separately."""

    id: Id
    module_id: Annotated[Id, wire("coursemodule")]
    course_id: Annotated[Id, wire("course")]
    name: Name
    description_html: Annotated[OptionalText, wire("intro")] = ""
    modified_at: Annotated[Moment, wire("timemodified")] = None


@dataclass(frozen=True, slots=True)
class GlossaryList:
    """The glossaries of many courses."""

    glossaries: tuple[Glossary, ...]
    warnings: tuple[Caution, ...] = ()

    @property
    def left_out(self) -> frozenset[int]:
        """The courses of which this says nothing."""
        return left_out(self.warnings)


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """One term with its definition."""

    id: Id
    glossary_id: Annotated[Id, wire("glossaryid")]
    term: Annotated[Name, wire("concept")]
    definition_html: Annotated[Text, wire("definition")]
    approved: bool = True
    modified_at: Annotated[Moment, wire("timemodified")] = None


@dataclass(frozen=True, slots=True)
class GlossaryPart:
    """Some entries of a glossary, and how many it has in all."""

    total: Annotated[int, wire("count")]
    entries: tuple[GlossaryEntry, ...]


@dataclass(frozen=True, slots=True)
class Forum:
    """One forum; `kind` is Moodle's own word, such as "general"."""

    id: Id
    module_id: Annotated[Id, wire("cmid")]
    course_id: Annotated[Id, wire("course")]
    kind: Annotated[Text, wire("type")]
    name: Name
    description_html: Annotated[OptionalText, wire("intro")] = ""

    @property
    def announces(self) -> bool:
        """Whether only teachers write here: the news of the course."""
        return self.kind == ANNOUNCEMENTS


@dataclass(frozen=True, slots=True)
class Discussion:
    """One discussion of a forum with its first post; `author` is "" where nobody is named.

    `modified_at` is when the post was last edited, `active_at` when the last answer came.
    """

    id: Annotated[Id, wire("discussion")]
    subject: Annotated[Name, wire("subject", "name")]
    html: Annotated[OptionalText, wire("message")]
    author: Annotated[OptionalName, wire("userfullname")] = ""
    created_at: Annotated[Moment, wire("created")] = None
    modified_at: Annotated[Moment, wire("modified")] = None
    active_at: Annotated[Moment, wire("timemodified")] = None
    pinned: Flag = False
    files: Annotated[tuple[FileEntry, ...], wire("attachments")] = ()


@dataclass(frozen=True, slots=True)
class DiscussionPart:
    """Some discussions of a forum, the pinned and then the latest first."""

    discussions: tuple[Discussion, ...]
