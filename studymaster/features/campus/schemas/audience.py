"""Courses as an audience: what students of the same Moodle course have in common."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CourseKey:
    """A Moodle course, whoever's: one site, one number there.

    `id`, `name` and `line` (0 to 9) are those of the student who asks.
    """

    id: str
    site_url: str
    moodle_id: int
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class CourseChoice:
    """One of the student's own courses, to choose from a list."""

    id: str
    name: str
    line: int
