"""What Moodle tells about sites, courses and activities, in the product's own words.

Every field names the wire key it comes from where the two differ. Names are unescaped once
for display; `*_html` fields are Moodle's HTML, not sanitised; moments are aware UTC, None when
not set. Keys that Moodle leaves out by module, setting or version have a default.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final, Generic, TypeVar, cast

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

from studymaster.adapters.moodle.failures import SITE_INFO_FUNCTION, NotAnswerableError
from studymaster.adapters.moodle.wire import JSON

T = TypeVar("T")


def _storable(text: str) -> str:
    """Drop what no database stores as text: NUL and halves of surrogate pairs."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "")


def _unescape(text: str) -> str:
    return html.unescape(text).replace("\x00", "")


def _read_moment(seconds: object) -> datetime | None:
    if seconds is None or seconds == 0:
        return None
    if isinstance(seconds, (int, str)):
        try:
            return datetime.fromtimestamp(int(seconds), UTC) if int(seconds) else None
        except (OverflowError, OSError) as error:
            msg = "a moment outside the calendar"
            raise ValueError(msg) from error
    msg = "a moment is a whole number of seconds"
    raise ValueError(msg)


def _read_function_names(functions: object) -> object:
    """Keep the names of [{"name", "version"}, ...]."""
    if not isinstance(functions, list):
        return functions
    rows = cast("list[object]", functions)
    return [
        cast("dict[str, object]", r).get("name") if isinstance(r, dict) else r for r in rows
    ]


def _read_optional_text(text: object) -> object:
    return "" if text is None else text


Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[Text, AfterValidator(_unescape)]
OptionalText = Annotated[Text, BeforeValidator(_read_optional_text)]
OptionalName = Annotated[Name, BeforeValidator(_read_optional_text)]
Moment = Annotated[datetime | None, BeforeValidator(_read_moment)]


def _from(key: str) -> object:
    """Name the wire key of a field."""
    return Field(validation_alias=key)


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """Who the token belongs to, and what the site offers to it."""

    user_id: Annotated[int, _from("userid")]
    username: Text
    full_name: Annotated[Name, _from("fullname")]
    site_name: Annotated[Name, _from("sitename")]
    site_url: Annotated[Text, _from("siteurl")]
    release: OptionalText = ""
    language: Annotated[OptionalText, _from("lang")] = ""
    files_offered: Annotated[bool, _from("downloadfiles")] = True
    functions: Annotated[frozenset[str], BeforeValidator(_read_function_names)] = (
        frozenset()
    )


@dataclass(frozen=True, slots=True)
class CourseInfo:
    """One course the student is enrolled in; `progress` is in percent."""

    id: int
    short_name: Annotated[Name, _from("shortname")]
    full_name: Annotated[Name, _from("fullname")]
    display_name: Annotated[OptionalName, _from("displayname")] = ""
    summary_html: Annotated[OptionalText, _from("summary")] = ""
    visible: bool = True
    category_id: Annotated[int | None, _from("category")] = None
    image_url: Annotated[OptionalText, _from("courseimage")] = ""
    progress: float | None = None
    favourite: Annotated[bool, _from("isfavourite")] = False
    hidden_by_student: Annotated[bool, _from("hidden")] = False
    starts_at: Annotated[Moment, _from("startdate")] = None
    ends_at: Annotated[Moment, _from("enddate")] = None
    settings_changed_at: Annotated[Moment, _from("timemodified")] = None


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file, link or table of contents inside a module or an activity's description.

    Identify it by module, `folder` ("/" or "/a/b/", None for links) and `name`, both kept
    exactly. `kind` is "file", "url" or "content". `size` is in bytes; 0 also stands for "made
    on request" (pages, chapters). `url` changes when its neighbours change.
    """

    name: Annotated[Text, _from("filename")]
    folder: Annotated[Text | None, _from("filepath")]
    size: Annotated[int, _from("filesize")]
    url: Annotated[OptionalText, _from("fileurl")]
    kind: Annotated[Text, _from("type")] = "file"
    mimetype: OptionalText = ""
    external: Annotated[bool, _from("isexternalfile")] = False
    content: OptionalText = ""
    sort_order: Annotated[int | None, _from("sortorder")] = None
    created_at: Annotated[Moment, _from("timecreated")] = None
    modified_at: Annotated[Moment, _from("timemodified")] = None


@dataclass(frozen=True, slots=True)
class ModuleDate:
    """A date shown with a module; `kind` is Moodle's own word, such as "duedate"."""

    at: Annotated[Moment, _from("timestamp")]
    kind: Annotated[OptionalText, _from("dataid")] = ""
    label: OptionalName = ""


@dataclass(frozen=True, slots=True)
class Module:
    """One activity or resource of a course; `id` is the course module id.

    `kind` is the module type, also one that the product does not know. `accessible` is false
    when a restriction (told in `availability_html`) keeps the student out.
    """

    id: int
    kind: Annotated[Text, _from("modname")]
    name: Name
    instance_id: Annotated[int | None, _from("instance")] = None
    context_id: Annotated[int | None, _from("contextid")] = None
    url: OptionalText = ""
    description_html: Annotated[OptionalText, _from("description")] = ""
    visible: bool = True
    accessible: Annotated[bool, _from("uservisible")] = True
    listed: Annotated[bool, _from("visibleoncoursepage")] = True
    availability_html: Annotated[OptionalText, _from("availabilityinfo")] = ""
    dates: tuple[ModuleDate, ...] = ()
    files: Annotated[tuple[FileEntry, ...], _from("contents")] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a course; `number` is its place, None for the unlisted pseudo-section."""

    id: int
    name: Name
    modules: tuple[Module, ...]
    number: Annotated[int | None, _from("section")] = None
    summary_html: Annotated[OptionalText, _from("summary")] = ""
    visible: bool = True
    accessible: Annotated[bool, _from("uservisible")] = True
    availability_html: Annotated[OptionalText, _from("availabilityinfo")] = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment; `due_at` already contains the student's own extension."""

    id: int
    module_id: Annotated[int, _from("cmid")]
    course_id: Annotated[int, _from("course")]
    name: Name
    due_at: Annotated[Moment, _from("duedate")]
    opens_at: Annotated[Moment, _from("allowsubmissionsfromdate")] = None
    closes_at: Annotated[Moment, _from("cutoffdate")] = None
    modified_at: Annotated[Moment, _from("timemodified")] = None
    description_html: Annotated[OptionalText, _from("intro")] = ""
    files: Annotated[tuple[FileEntry, ...], _from("introattachments")] = ()


@dataclass(frozen=True, slots=True)
class CourseAssignments:
    """The assignments of one course."""

    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class AssignmentList:
    """The assignments of many courses."""

    courses: tuple[CourseAssignments, ...]


@dataclass(frozen=True, slots=True)
class Quiz:
    """One quiz; `time_limit` is in seconds, None for no limit."""

    id: int
    module_id: Annotated[int, _from("coursemodule")]
    course_id: Annotated[int, _from("course")]
    name: Name
    opens_at: Annotated[Moment, _from("timeopen")] = None
    closes_at: Annotated[Moment, _from("timeclose")] = None
    time_limit: Annotated[
        int | None, _from("timelimit"), AfterValidator(lambda seconds: seconds or None)
    ] = None
    description_html: Annotated[OptionalText, _from("intro")] = ""


@dataclass(frozen=True, slots=True)
class QuizList:
    """The quizzes of many courses."""

    quizzes: tuple[Quiz, ...]


@dataclass(frozen=True, slots=True)
class PageContent:
    """The text of one page module, with absolute file addresses in it."""

    id: int
    module_id: Annotated[int, _from("coursemodule")]
    course_id: Annotated[int, _from("course")]
    name: Name
    html: Annotated[Text, _from("content")]
    description_html: Annotated[OptionalText, _from("intro")] = ""
    files: Annotated[tuple[FileEntry, ...], _from("contentfiles")] = ()
    modified_at: Annotated[Moment, _from("timemodified")] = None


@dataclass(frozen=True, slots=True)
class PageList:
    """The pages of many courses."""

    pages: tuple[PageContent, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """One glossary; its entries are asked for separately."""

    id: int
    module_id: Annotated[int, _from("coursemodule")]
    course_id: Annotated[int, _from("course")]
    name: Name
    description_html: Annotated[OptionalText, _from("intro")] = ""
    modified_at: Annotated[Moment, _from("timemodified")] = None


@dataclass(frozen=True, slots=True)
class GlossaryList:
    """The glossaries of many courses."""

    glossaries: tuple[Glossary, ...]


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """One term with its definition."""

    id: int
    glossary_id: Annotated[int, _from("glossaryid")]
    term: Annotated[Name, _from("concept")]
    definition_html: Annotated[Text, _from("definition")]
    approved: bool = True
    modified_at: Annotated[Moment, _from("timemodified")] = None


@dataclass(frozen=True, slots=True)
class GlossaryPart:
    """Some entries of a glossary, and how many it has in all."""

    total: Annotated[int, _from("count")]
    entries: tuple[GlossaryEntry, ...]


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """A function that StudyMaster may ask a Moodle site, and the shape of its answer."""

    function: str
    shape: TypeAdapter[T]

    def translate(self, answer: JSON, *, host: str = "") -> T:
        """Return the answer in the product's words; NotAnswerableError if misshapen."""
        try:
            return self.shape.validate_python(answer)
        except (ValidationError, RecursionError) as error:
            raise NotAnswerableError(host, detail=_describe(self.function, error)) from None


def _describe(function: str, error: Exception) -> str:
    """Say where the shape differs, without the values, which may be personal."""
    if not isinstance(error, ValidationError):
        return f"{function}: nested too deeply"
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    return (
        f"{function}: {error.error_count()} differences, first at {place}: {first['msg']}"
    )


SITE_INFO: Final = Question(SITE_INFO_FUNCTION, TypeAdapter(SiteInfo))
COURSES: Final = Question("core_enrol_get_users_courses", TypeAdapter(list[CourseInfo]))
CONTENTS: Final = Question("core_course_get_contents", TypeAdapter(list[Section]))
ASSIGNMENTS: Final = Question("mod_assign_get_assignments", TypeAdapter(AssignmentList))
QUIZZES: Final = Question("mod_quiz_get_quizzes_by_courses", TypeAdapter(QuizList))
PAGES: Final = Question("mod_page_get_pages_by_courses", TypeAdapter(PageList))
GLOSSARIES: Final = Question(
    "mod_glossary_get_glossaries_by_courses", TypeAdapter(GlossaryList)
)
GLOSSARY_ENTRIES: Final = Question(
    "mod_glossary_get_entries_by_letter", TypeAdapter(GlossaryPart)
)

# Everything StudyMaster may ask. All of them only read; none marks anything as viewed.
QUESTIONS: Final[Mapping[str, Question[object]]] = {
    question.function: cast("Question[object]", question)
    for question in (
        SITE_INFO,
        COURSES,
        CONTENTS,
        ASSIGNMENTS,
        QUIZZES,
        PAGES,
        GLOSSARIES,
        GLOSSARY_ENTRIES,
    )
}
ALLOWED_FUNCTIONS: Final = frozenset(QUESTIONS)
