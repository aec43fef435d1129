"""One call of a web-service function: who asks, what for, and the manners of the answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from demo.campus import Campus, Course, Module, StoredFile, Student
from demo.parameters import Args, Parameter
from demo.wire import NOT_ACCESSIBLE, Json, course_not_valid, missing_record

THEME_REVISION = 1_795_341_130
_TAG = re.compile(r"<[^<>]*>")
_quoted = lru_cache(4096)(quote)


@dataclass(frozen=True)
class Call:
    """A function call by a signed-in student.

    `obstacle` is the reason why no course may be used at the moment, or empty;
    `site` is the address under which the caller reached the demo, without a slash at the end.
    """

    campus: Campus
    student: Student
    site: str
    now: datetime
    raw: bool = False
    file_urls: bool = True
    obstacle: str = ""

    @cached_property
    def seconds(self) -> int:
        """The time of the call in Unix seconds."""
        return int(self.now.timestamp())

    def name(self, text: str) -> str:
        """A name as Moodle sends it: without tags, and escaped unless raw text was asked for."""
        plain = _TAG.sub("", text)
        return plain if self.raw else escape(plain, quote=False)

    def icon(self, component: str, name: str = "monologo?filtericon=1") -> str:
        """The address of a theme picture; its revision means nothing."""
        return f"{self.site}/theme/image.php/boost/{component}/{THEME_REVISION}/{name}"

    def file_url(self, contextid: int, way: str) -> str:
        """The download address of a file; the token is for the caller to add."""
        return f"{self.site}/webservice/pluginfile.php/{contextid}/{_quoted(way)}"

    def course(self, course_id: int) -> Course:
        """A course that the student may use.

        Raises:
            RefusalError: invalidrecord or errorcoursecontextnotvalid.
        """
        if course_id not in self.campus.courses:
            msg = "course"
            raise missing_record(msg)
        if self.obstacle:
            raise course_not_valid(course_id, self.obstacle)
        course = self.campus.courses[course_id]
        if not course.is_taken_by(self.student):
            raise course_not_valid(course_id, NOT_ACCESSIBLE)
        return course

    def courses(self, wanted: list[int]) -> tuple[list[Course], list[int]]:
        """Of the wanted courses (none: all) those the student may use, and the other ids."""
        own = [] if self.obstacle else self.campus.courses_of(self.student)
        if not wanted:
            return own, []
        ids = {course.id for course in own}
        return (
            [course for course in own if course.id in wanted],
            [course_id for course_id in wanted if course_id not in ids],
        )


def no_access(course_ids: list[int]) -> Json:
    """The warnings about courses that were left out."""
    return [
        {
            "item": "course",
            "itemid": course_id,
            "warningcode": "1",
            "message": "No access rights in course context",
        }
        for course_id in course_ids
    ]


@dataclass(frozen=True)
class Service:
    """A web-service function: what it takes and what answers it."""

    answer: Callable[[Call, Args], Json]
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])


_FILE_AREAS = {
    "resource": ("mod_resource", "content"),
    "folder": ("mod_folder", "content"),
    "page": ("mod_page", "content"),
    "assign": ("mod_assign", "introattachment"),
}
_FILE_ICONS = {"application/pdf": "pdf", "image/png": "image", "text/plain": "text"}


def stored_url(call: Call, module: Module, file: StoredFile) -> str:
    """Where a stored file of a module is downloaded; the revision changes with the module."""
    component, area = _FILE_AREAS[module.kind]
    way = f"{component}/{area}/{module.revision}{file.path}{file.name}"
    return call.file_url(module.contextid, way)


def attached_file(call: Call, module: Module, file: StoredFile) -> dict[str, Any]:
    """A file as the functions of its own module describe it."""
    return {
        "filename": file.name,
        "filepath": file.path,
        "filesize": len(file.content),
        "fileurl": stored_url(call, module, file),
        "timemodified": file.modified,
        "mimetype": file.mimetype,
        "isexternalfile": False,
        "icon": f"f/{file_icon(file.mimetype)}",
    }


def file_icon(mimetype: str) -> str:
    """The name of the theme picture for a kind of file."""
    return _FILE_ICONS.get(mimetype, "unknown")
