"""What a run found different, and the notifications about it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from studymaster.features.sync.rules.words import count

LECTURE_PATH = "/smart-study/lecture/"

TEXTS = ("lecture or other text", "lectures and other texts")
"""What cards can be made from: files, pages, chapters and glossaries that could be read."""

NO_TEXT = "with no text to make cards from yet"
"""There may well be lectures: scans, locked or damaged files, or files still to come."""

NO_COURSES = (
    "Moodle lists no courses for you yet",
    "Once you are enrolled in one, the next sync brings it.",
)

TOLD_SINGLY = 5
"""So many announcements of one run are told one by one, the rest in one sentence."""

WORDS: Mapping[str, str] = {
    "new": "new",
    "changed": "new version",
    "renamed": "renamed",
    "moved": "moved to another section",
    "gone": "not visible any more",
    "back": "back in Moodle",
    "restricted": "locked in Moodle",
    "opened": "open again in Moodle",
}
"""In words what happened to a material; the keys are the values of `ChangeKind`."""

FRESH = ("new", "changed", "back", "opened")
TOLD = (*FRESH, "gone", "restricted")
"""What is worth a notification; the rest is told with it, or read on the page."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a thing differs from what was known of it.

    Attributes:
        content: Its content is not what it was.
        back: Moodle did not list it the last time.
        name: It has another name.
        place: It lies in another section.
        access: It is open or shut and was not; None when neither.
    """

    content: bool = False
    back: bool = False
    name: bool = False
    place: bool = False
    access: Literal["opened", "restricted"] | None = None


def change_of(different: Difference) -> str | None:
    """Return what happened to a known thing; of several the weightiest counts."""
    happened = (
        (different.access == "restricted", "restricted"),
        (different.content, "changed"),
        (different.back, "back"),
        (different.access == "opened", "opened"),
        (different.name, "renamed"),
        (different.place, "moved"),
    )
    return next((kind for holds, kind in happened if holds), None)


def lecture_path(material_id: str) -> str:
    """Return the page of a material; of what is gone it has the copy that stays."""
    return f"{LECTURE_PATH}{material_id}"


def first_news(arrived: Sequence[tuple[str, int]]) -> tuple[str, str]:
    """Return title and text of the notification of the first run that went through.

    Args:
        arrived: (course, how many lectures and other texts lie in it).
    """
    if not arrived:
        title, text = NO_COURSES
        return title, text
    number = count(len(arrived), "course", "courses")
    texts = sum(item[1] for item in arrived)
    title = "Your course is here" if len(arrived) == 1 else "Your courses are here"
    if not texts:
        return title, f"{number}, {NO_TEXT}. The next syncs bring what comes."
    held = count(texts, *TEXTS)
    return title, f"{number} with {held}. Make cards from one in Smart Study."


def news(
    counts: Iterable[tuple[str, str, int]],
    *,
    failed: int,
    arrived: Sequence[tuple[str, int]] = (),
) -> tuple[str, str] | None:
    """Return title and text of a run's notification; None when it has nothing to tell.

    Args:
        counts: (course, what happened, how often).
        failed: How many things did not come that came, or were not there, the time before.
        arrived: (course, how many lectures and other texts lie in it) of new courses.
    """
    found = list(counts)
    told = found if any(what in TOLD for _, what, _ in found) else []
    by_course: dict[str, list[str]] = {}
    for course, what, number in told:
        by_course.setdefault(course, []).append(f"{number:,} {WORDS[what]}")
    sentences = [
        f"{course} is here: {count(texts, *TEXTS)}." if texts else f"{course} is here."
        for course, texts in arrived
    ]
    sentences += [f"{course}: {', '.join(parts)}." for course, parts in by_course.items()]
    if failed:
        sentences.append(f"{count(failed, 'item', 'items')} did not come.")
    if not sentences:
        return None
    return _news_title(told, arrived=len(arrived)), " ".join(sentences)


def _news_title(told: Sequence[tuple[str, str, int]], *, arrived: int) -> str:
    number = arrived + sum(item[2] for item in told)
    if not number:
        return "Something did not come from Moodle"
    if all(what in FRESH for _, what, _ in told):
        return f"{count(number, 'thing is', 'things are')} new in Moodle"
    return f"{count(number, 'thing', 'things')} changed in Moodle"


def grade_notice(course: str, names: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return title and text of the notification of a course's new grades.

    Args:
        course: Its short name.
        names: (what was graded, Moodle's wording of the grade).
    """
    text = " · ".join(f"{name}: {shown}" for name, shown in names)
    if len(names) == 1:
        return f"New grade in {course}: {names[0][0]}", text
    return f"{count(len(names), 'new grade', 'new grades')} in {course}", text


def moved_notice(
    moved: Sequence[tuple[str, str, datetime]], *, zone: str
) -> tuple[str, str]:
    """Return title and text of the notification of due dates that moved.

    Args:
        moved: (course, what is due, when now).
        zone: The student's time zone.
    """
    due = [
        f"{course}: {title} is now due {at.astimezone(ZoneInfo(zone)):%a %d %b, %H:%M}."
        for course, title, at in moved
    ]
    number = count(len(moved), "deadline has", "deadlines have")
    return f"{number} moved", " ".join(due)


def more_announcements(courses: Iterable[str]) -> tuple[str, str]:
    """Return title and text of the notification of announcements not told one by one."""
    names = list(courses)
    title = f"{count(len(names), 'more announcement', 'more announcements')}"
    return title, f"In {', '.join(sorted(set(names)))}."
