"""How a run is told in words, what it found different, and when the next is due. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Literal
from zoneinfo import ZoneInfo

EVERY = timedelta(minutes=30)
SILENCE = timedelta(minutes=3)
"""A run that has not given a sign of life for so long was left by a dead worker."""

LEFT = timedelta(minutes=1)
"""A job that finds a run silent for so long (two signs of life) takes it over at once."""

LECTURES_A_RUN = 5
"""Lectures that a run has cards proposed for by itself; a term's worth would drown a day."""

LECTURE_PATH = "/smart-study/lecture/"

PROMPT = timedelta(seconds=30)
"""A run that waits longer for its worker says why it may."""

TEXTS = ("lecture or other text", "lectures and other texts")
"""What cards can be made from: files, pages, chapters and glossaries that could be read."""

NO_TEXT = "with no text to make cards from yet"
"""There may well be lectures: scans, locked or damaged files, or files still to come."""

NO_COURSES = (
    "Moodle lists no courses for you yet",
    "Once you are enrolled in one, the next sync brings it.",
)

MEDIA = frozenset({"audio", "video"})

LARGE_BYTES = 25_000_000
"""Over this, what has no text in it is not fetched by itself."""

TOLD_SINGLY = 5
"""So many announcements of one run are told one by one, the rest in one sentence."""

LOOKED_BACK = timedelta(days=14)
"""How long after its due date somebody may still look for what became of their work."""

MOST_ASKED_ABOUT = 60
"""Assignments whose submission is asked for in one run: two requests."""

TOKEN_LIFE = timedelta(weeks=12)
TOKEN_WARNING = timedelta(weeks=11)
"""Moodle's tokens live for twelve weeks unless a site has set it otherwise."""

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
KILOBYTE = 1_000
MEGABYTE = 1_000_000


def ago(moment: datetime | None, *, now: datetime) -> str:
    """Return how long ago something was, in words."""
    if moment is None:
        return "never"
    seconds = max(0, int((now - moment).total_seconds()))
    steps = ((MINUTE, 1, ""), (HOUR, MINUTE, "min"), (DAY, HOUR, "h"))
    for limit, unit, name in steps:
        if seconds < limit:
            return f"{seconds // unit} {name} ago" if name else "just now"
    days = seconds // DAY
    return "yesterday" if days == 1 else f"{days} days ago"


def percent(*, courses: tuple[int, int], files: tuple[int, int]) -> int:
    """Return how far a run is: listing the courses is a fifth, fetching files the rest.

    Both pairs are (done, total).
    """
    listed = 20 * courses[0] // courses[1] if courses[1] else 0
    if not courses[1] or courses[0] < courses[1]:
        return listed
    return 20 + (80 * files[0] // files[1] if files[1] else 0)


def is_on_demand(mimetype: str, *, size_bytes: int, readable: bool) -> bool:
    """Tell whether a file is fetched only when the student asks for it.

    Recordings are, and whatever is large without being something to read.
    """
    is_media = mimetype.partition("/")[0].lower() in MEDIA
    return is_media or (not readable and size_bytes > LARGE_BYTES)


def too_large(limit_mb: int) -> str:
    """Return why a file is not fetched that is over the limit (megabytes)."""
    return (
        f"StudyMaster keeps files of up to {limit_mb:,} MB, and this one is larger. "
        "Open it in Moodle."
    )


def title(text: str, *, length: int) -> str:
    """Return the first words of a text in one line of so many characters at most."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def count(number: int, one: str, many: str) -> str:
    """Return `1 file` or `3 files`."""
    return f"{number:,} {one if number == 1 else many}"


def outcome(*, new: int, changed: int, failed: int) -> str:
    """Return what a finished run brought, in one sentence."""
    parts = [
        count(new, "new item", "new items") if new else "",
        count(changed, "changed item", "changed items") if changed else "",
    ]
    news = " and ".join(part for part in parts if part) or "Nothing new"
    if not failed:
        return f"{news}."
    return (
        f"{news}. {count(failed, 'item', 'items')} did not come; the list below says why."
    )


def hope(asked: datetime, *, automatic: bool, zone: str) -> str:
    """Return what becomes of a run that stopped, in the student's own time.

    Args:
        asked: When the run was asked for.
        automatic: Whether runs come by themselves.
        zone: The student's time zone.
    """
    if not automatic:
        return "Your cards are safe; nothing is tried again until you ask for it."
    at = (asked + EVERY).astimezone(ZoneInfo(zone))
    return f"Your cards are safe; the next try is at about {at:%H:%M}."


def nothing_new(times: int) -> str:
    """Return what several runs after each other brought that brought nothing."""
    return f"Nothing new, {times:,} times in a row."


WORDS: Mapping[str, str] = {
    "new": "new",
    "changed": "new version",
    "renamed": "renamed",
    "moved": "moved to another section",
    "gone": "not in Moodle any more",
    "back": "back in Moodle",
    "restricted": "shut in Moodle",
    "opened": "open again in Moodle",
}
"""In words what happened to a material; the keys are the values of `ChangeKind`."""

TOLD = ("new", "changed", "back", "opened")
"""What is worth a notification; the rest can be read on the page."""


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


def waiting(waited: timedelta, *, ahead: int) -> str:
    """Return what is going on while a run waits for a worker.

    Args:
        waited: For how long.
        ahead: How many runs of other students are under way or were promised earlier.
    """
    if waited < PROMPT:
        return "It starts by itself."
    if ahead:
        go_first = count(ahead, "sync of another student goes", "syncs of others go")
        reason = f"{go_first} first"
    else:
        reason = "the worker is busy with other things, or away"
    return f"It has waited for {_so_long(waited)}: {reason}. It starts by itself; nothing is lost."


def _so_long(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    steps = ((HOUR, MINUTE, "min"), (DAY, HOUR, "h"))
    found = ((unit, name) for limit, unit, name in steps if MINUTE <= seconds < limit)
    unit, name = next(found, (1, "s") if seconds < MINUTE else (HOUR, "h"))
    return f"{seconds // unit} {name}"


def took(started: datetime | None, finished: datetime | None) -> str:
    """Return how long a run took, in words; empty when it never began."""
    if started is None or finished is None:
        return ""
    seconds = max(0, int((finished - started).total_seconds()))
    if seconds < MINUTE:
        return f"{seconds} s" if seconds else "under a second"
    return f"{seconds // MINUTE} min {seconds % MINUTE:02d} s"


def size(size_bytes: int) -> str:
    """Return what was fetched as a reader knows it: `0 MB`, `340 kB`, `2.6 MB`."""
    if 0 < size_bytes < MEGABYTE:
        return f"{-(-size_bytes // KILOBYTE):,} kB"
    return f"{size_bytes / MEGABYTE:,.1f} MB" if size_bytes else "0 MB"


def fetched(files: int, *, size_bytes: int, failed: int) -> str:
    """Return what a run fetched, in words; texts that come with a listing are no files.

    Args:
        files: How many files it went through.
        size_bytes: What came of them.
        failed: How many things did not come. Where any did not, files may be among them.
    """
    if not files:
        return "no files fetched"
    done = "asked for" if failed else "fetched"
    number = f"{count(files, 'file', 'files')} {done}"
    return f"{number} · {size(size_bytes)}" if size_bytes else number


def found(firsts: Sequence[int], *, counted: int, listed: int, stopped: bool) -> str:
    """Return what a run found in words, as far as the list of it does not say it.

    Args:
        firsts: How many items lie in each course that was read for the first time.
        counted: How many new and changed items the run counted.
        listed: How many things are in the list.
        stopped: Whether the run ended before its time.
    """
    if firsts:
        courses = count(len(firsts), "course", "courses")
        items = count(sum(firsts), "item", "items")
        return (
            f"The first sync of {courses}: {items}. "
            "Later syncs list here what is new or changed."
        )
    if listed:
        return ""
    if counted:
        return "What it found is not here any more."
    return "It stopped before it found anything." if stopped else "Nothing was different."


def lecture_path(material_id: str, *, what: str) -> str:
    """Return the page of a material; empty for what is gone."""
    return "" if what == "gone" else f"{LECTURE_PATH}{material_id}"


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
    told = [item for item in counts if item[1] in TOLD]
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
    number = len(arrived) + sum(item[2] for item in told)
    title = f"{count(number, 'thing is', 'things are')} new in Moodle"
    return (title if number else "Something did not come from Moodle", " ".join(sentences))


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


WHOLE_DAY = timedelta(days=1)
IDLE = timedelta(days=7)
"""An account that nobody opened for so long is read once a day."""

TICK = timedelta(minutes=1)
"""How often beat asks which accounts are due."""


def most_at_once(*, awake: int, asleep: int) -> int:
    """Return how many runs are promised in one minute at most.

    Twice of what falls due in a minute when everybody is spread evenly, and one more: those
    who wait catch up within minutes, and a site never sees all its students at once.

    Args:
        awake: How many connections are read every half hour.
        asleep: How many are read once a day, as nobody opened their account for a week.
    """
    return 2 * ceil(awake / (EVERY / TICK) + asleep / (WHOLE_DAY / TICK)) + 1


def runs_out(obtained: datetime, *, now: datetime) -> str:
    """Return when a connection runs out, in words; empty while there is time.

    A token that outlives the usual life is one of a site that has set another.
    """
    age = now - obtained
    if not TOKEN_WARNING <= age < TOKEN_LIFE + WHOLE_DAY:
        return ""
    days = ceil((TOKEN_LIFE - age) / WHOLE_DAY)
    if days <= 0:
        return "Your connection may run out any hour now."
    return f"Your connection runs out in {count(days, 'day', 'days')}."


CANCELLED = "You stopped this sync. What had arrived is kept."
LEFT_BY_STUDENT = "You disconnected this Moodle. Nothing is read from it any more."
ASK_ANEW = "Connect again; everything that is here stays and goes on from there."

REMEDIES: Mapping[str, str] = {
    "token_expired": "Sign in once more. Moodle asks for that about every twelve weeks.",
    "token_refused": ASK_ANEW,
    "access_refused": ASK_ANEW,
    "SealError": ASK_ANEW,
    "account_suspended": (
        "Ask your university's Moodle support. Once your account is open again, press "
        "“Try again”."
    ),
    "password_change_required": (
        "Open Moodle in the browser, change your password there, then press “Try again”."
    ),
    "policy_not_agreed": (
        "Open Moodle in the browser, agree to the policy there, then press “Try again”."
    ),
    "not_permitted": (
        "Ask your university's Moodle support whether students may use the Moodle app, then "
        "press “Try again”."
    ),
    "service_disabled": (
        "Only your university's Moodle support can switch the access for apps on. Once it "
        "is, press “Try again”."
    ),
    "disconnected": "What was fetched stays. Connect again whenever you like.",
}
"""What a student does about a connection that is not read any more, by its failure."""

OPENS_STILL = frozenset(
    {
        "account_suspended",
        "password_change_required",
        "policy_not_agreed",
        "not_permitted",
        "service_disabled",
    }
)
"""Failures after which the token at hand may work again, once somebody has acted in Moodle."""


def what_to_do(code: str) -> str:
    """Return what a student does about a connection that is not read any more."""
    return REMEDIES.get(code, ASK_ANEW)


def after_cancelled(asked: datetime, *, automatic: bool, zone: str) -> str:
    """Return what comes after a run that the student stopped.

    Args:
        asked: When the run was asked for.
        automatic: Whether runs come by themselves.
        zone: The student's time zone.
    """
    if not automatic:
        return "Nothing is read until you ask for it."
    at = (asked + EVERY).astimezone(ZoneInfo(zone))
    return f"The next one comes by itself at about {at:%H:%M}."


LEAST_SAMPLE = timedelta(seconds=3)
"""Before that, nobody can say how fast a run goes."""

LAST_MINUTE = 50


def remaining(span: timedelta, *parts: tuple[int, int]) -> str:
    """Return how long a run still takes, in words; empty while nobody can say.

    Args:
        span: How long it has gone on.
        parts: (done, total) of what it counts: files and bytes, or courses. The slowest
            part says how long all take.
    """
    known = [(done, total) for done, total in parts if 0 < done <= total]
    if not known or span < LEAST_SAMPLE:
        return ""
    seconds = max(span.total_seconds() * (total - done) / done for done, total in known)
    if seconds < LAST_MINUTE:
        return "less than a minute left"
    minutes = round(seconds / MINUTE)
    if minutes < MINUTE:
        return f"about {max(1, minutes)} min left"
    return f"about {round(seconds / HOUR)} h left"
