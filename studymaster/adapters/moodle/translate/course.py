"""Courses, and what they list: sections, activities, files."""

from dataclasses import dataclass
from typing import Annotated, Final, cast

from pydantic import BeforeValidator

from studymaster.adapters.moodle.translate.values import (
    Id,
    Moment,
    Name,
    Number,
    OptionalName,
    OptionalText,
    Place,
    Text,
    wire,
)

COMPLETION_STATES: Final = frozenset({0, 1, 2, 3})


def _read_completion(data: object) -> int | None:
    """Return Moodle's state of {"hascompletion", "istrackeduser", "state"}, which may be []."""
    if not isinstance(data, dict):
        return None
    told = cast("dict[str, object]", data)
    state = told.get("state")
    tracked = told.get("hascompletion", True) and told.get("istrackeduser", True)
    if tracked and isinstance(state, int) and state in COMPLETION_STATES:
        return int(state)
    return None


@dataclass(frozen=True, slots=True)
class CourseInfo:
    """One course the student is enrolled in; `progress` is in percent, None: not tracked."""

    id: Id
    short_name: Annotated[Name, wire("shortname")]
    full_name: Annotated[Name, wire("fullname")]
    display_name: Annotated[OptionalName, wire("displayname")] = ""
    summary_html: Annotated[OptionalText, wire("summary")] = ""
    visible: bool = True
    category_id: Annotated[Id | None, wire("category")] = None
    image_url: Annotated[OptionalText, wire("courseimage")] = ""
    progress: Number | None = None
    favourite: Annotated[bool, wire("isfavourite")] = False
    hidden_by_student: Annotated[bool, wire("hidden")] = False
    starts_at: Annotated[Moment, wire("startdate")] = None
    ends_at: Annotated[Moment, wire("enddate")] = None
    settings_changed_at: Annotated[Moment, wire("timemodified")] = None


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file, link or table of contents inside a module or an activity's description.

    Identify it by module, `folder` ("/" or "/a/b/", None for links) and `name`, both kept
    exactly. `kind` is "file", "url" or "content". `size` is in bytes; 0 also stands for "made
    on request" (pages, chapters). `url` changes when its neighbours change.
    """

    name: Annotated[Text, wire("filename")]
    folder: Annotated[Text | None, wire("filepath")] = None
    size: Annotated[Id, wire("filesize")] = 0
    url: Annotated[OptionalText, wire("fileurl")] = ""
    kind: Annotated[Text, wire("type")] = "file"
    mimetype: OptionalText = ""
    external: Annotated[bool, wire("isexternalfile")] = False
    content: OptionalText = ""
    sort_order: Annotated[Place | None, wire("sortorder")] = None
    created_at: Annotated[Moment, wire("timecreated")] = None
    modified_at: Annotated[Moment, wire("timemodified")] = None


@dataclass(frozen=True, slots=True)
class ModuleDate:
    """A date shown with a module; `kind` is Moodle's own word, such as "duedate"."""

    at: Annotated[Moment, wire("timestamp")]
    kind: Annotated[OptionalText, wire("dataid")] = ""
    label: OptionalName = ""


@dataclass(frozen=True, slots=True)
class Module:
    """One activity or resource of a course; `id` is the course module id.

    `kind` is the module type, also one that the product does not know. `accessible` is false
    when a restriction (told in `availability_html`) keeps the student out. `completion` is 0
    (not yet), 1 (done), 2 (passed) or 3 (failed); None when Moodle does not track it.
    """

    id: Id
    kind: Annotated[Text, wire("modname")]
    name: Name
    instance_id: Annotated[Id | None, wire("instance")] = None
    context_id: Annotated[Id | None, wire("contextid")] = None
    url: OptionalText = ""
    description_html: Annotated[OptionalText, wire("description")] = ""
    visible: bool = True
    accessible: Annotated[bool, wire("uservisible")] = True
    listed: Annotated[bool, wire("visibleoncoursepage")] = True
    availability_html: Annotated[OptionalText, wire("availabilityinfo")] = ""
    completion: Annotated[
        int | None, BeforeValidator(_read_completion), wire("completiondata")
    ] = None
    dates: tuple[ModuleDate, ...] = ()
    files: Annotated[tuple[FileEntry, ...], wire("contents")] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a course; `number` is its place, None for the unlisted pseudo-section."""

    id: Id
    name: Name
    modules: tuple[Module, ...]
    number: Annotated[Place | None, wire("section")] = None
    summary_html: Annotated[OptionalText, wire("summary")] = ""
    visible: bool = True
    accessible: Annotated[bool, wire("uservisible")] = True
    availability_html: Annotated[OptionalText, wire("availabilityinfo")] = ""
