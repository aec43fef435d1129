"""Why a thing of a course is here or is not, in one sentence, and what happened to it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from studymaster.features.sync.rules.files import MEDIA
from studymaster.features.sync.rules.words import MEGABYTE, count, size, title

Reading = Literal["on", "off", "away", "gone"]
"""Whether a course is read: it is, it is switched off, its Moodle is not connected, or Moodle
does not list it any more."""

LONGEST: Final = 300
"""Characters of Moodle's own words inside a sentence."""

GIGABYTE: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a thing in a course; the words are values of the models' enumerations.

    Attributes:
        kind: What it is to a student.
        fetch: Whether its bytes are here.
        text: What came of reading them; None while there are none.
        listed: Whether Moodle lists it.
        accessible: Whether Moodle lets the student open it.
        reading: Whether its course is read.
        coming: Whether a run that reads its course waits or goes on.
        restriction: Moodle's words on why it is shut.
        failure: Why it did not come the last time.
        mimetype: What its bytes are.
        size_bytes: How large Moodle says it is.
        pages: How many pages, terms or slides were read.
        by_ocr: Whether the text was read from pictures of the pages.
        gone_on: The day since which Moodle does not list it, in words; empty when unknown.
        has_link: Whether it has an address that a browser may open.
        due: When it is due and how far the student is, in sentences; empty where nothing is.
        announced: How many announcements of it are here.
        limit_mb: The largest file that is kept (megabytes).
    """

    kind: str
    fetch: str
    text: str | None = None
    listed: bool = True
    accessible: bool = True
    reading: Reading = "on"
    coming: bool = False
    restriction: str = ""
    failure: str = ""
    mimetype: str = ""
    size_bytes: int = 0
    pages: int = 0
    by_ocr: bool = False
    gone_on: str = ""
    has_link: bool = True
    due: str = ""
    announced: int = 0
    limit_mb: int = 200

    @property
    def held(self) -> bool:
        """Whether bytes of it are here, be they of an older version."""
        return self.text is not None

    @property
    def is_media(self) -> bool:
        """Whether it is heard or watched."""
        return self.mimetype.partition("/")[0].lower() in MEDIA

    @property
    def is_over(self) -> bool:
        """Whether it is larger than what is kept."""
        over = self.size_bytes > self.limit_mb * MEGABYTE
        return self.fetch == "too_large" or (self.fetch == "on_demand" and over)

    @property
    def may_come(self) -> bool:
        """Whether it would come with a sync of its course."""
        is_text = self.kind in TEXTS and self.fetch == "none"
        return self.fetch in {"waiting", "failed", "on_demand"} or is_text


TEXTS: Final = frozenset({"page", "glossary"})
"""What is asked for beside the listing of its course."""

NOT_VISIBLE: Final = "Not visible to you in Moodle any more"
CAUSES: Final = "hidden or removed"
"""Moodle tells neither which of them it is."""

KEPT: Final = "Your copy and your cards stay."
OLDER: Final = "The copy from before is here."
UNITS: Final = {
    "glossary": ("term", "terms"),
    "page": ("page", "pages"),
}

UNREADABLE: Final = {
    "waiting": "Here; its text is still being read.",
    "empty": "Here, but it is empty. Tell your lecturer that the upload failed.",
    "encrypted": "Here, but locked with a password: its text cannot be read.",
    "corrupt": "Here, but damaged: it cannot be opened.",
    "unsupported": "Here to download; the text of such a file cannot be read.",
}
SCANNED: Final = "Here, but it is a scan: there is no text to make cards from."
PICTURE: Final = "Here, a picture: there is no text to make cards from."
WORDLESS: Final = "Here, but there is no text in it to make cards from."
RECORDED: Final = "Here to play; there is no text in a recording."

IN_MOODLE: Final = "Open it in Moodle."
NOTHING: Final = {
    "link": "A link: opens outside.",
    "activity": "An activity: open it in Moodle.",
    "note": "A note on the course page; these are all its words.",
    "page": "Its text has not come yet. The next sync asks for it.",
    "glossary": "Its terms have not come yet. The next sync asks for them.",
    "chapter": "There is nothing to read in it.",
    "file": "There is no file in it.",
}
"""What is said of a thing without bytes, by its kind."""

NOT_READ: Final = {
    "off": "Switched off: this course is not read.",
    "away": "Its Moodle is not connected. It comes once you connect it again.",
}


def why(it: Standing) -> str:
    """Return why a thing is here, or is not; what applies first says it."""
    return next(tell(it) for applies, tell in TABLE if applies(it))


def _gone(it: Standing) -> str:
    since = f" since {it.gone_on}" if it.gone_on else ""
    start = f"{NOT_VISIBLE}{since} ({CAUSES})."
    return f"{start} {KEPT}" if it.held else f"{start} It had not been fetched."


def _course_gone(it: Standing) -> str:
    start = "Moodle does not list this course any more"
    return f"{start}. {KEPT}" if it.held else f"{start}, and this had not been fetched."


def _locked(it: Standing) -> str:
    reason = sentence(it.restriction)
    start = f"Locked in Moodle: {reason}" if reason else "Locked in Moodle."
    return f"{start} {OLDER}" if it.held else start


def _stored(it: Standing) -> str:
    assert it.text is not None
    if it.text == "ready":
        one, many = UNITS.get(it.kind, UNITS["page"])
        is_counted = it.pages > 0 and it.kind not in {"page", "chapter", "note"}
        here = f"Here: {count(it.pages, one, many)}, read." if is_counted else READ
        return f"{here} {FROM_PICTURES}" if it.by_ocr else here
    if it.text == "no_text":
        base = it.mimetype.partition(";")[0].strip().lower()
        return PICTURE if base.startswith("image/") else WORDLESS_OF.get(base, WORDLESS)
    if it.text == "unsupported" and it.is_media:
        return RECORDED
    return UNREADABLE[it.text]


FROM_PICTURES: Final = "The text was recognised in pictures, so letters may be wrong."
READ: Final = "Here, read: you can make cards from it."
WORDLESS_OF: Final = {"application/pdf": SCANNED}


def _over(it: Standing) -> str:
    return _with_older(it, f"Larger than {it.limit_mb:,} MB; open it in Moodle.")


def _not_read(it: Standing) -> str:
    return _with_older(it, NOT_READ[it.reading])


def _on_demand(it: Standing) -> str:
    what = "A recording" if it.is_media else f"A large file ({amount(it.size_bytes)})"
    return _with_older(it, f"{what}: it is fetched when you ask for it.")


def _waiting(it: Standing) -> str:
    brings = (
        "the sync that is under way brings it" if it.coming else "the next sync brings it"
    )
    return _with_older(it, f"On its way: {brings}.")


def _failed(it: Standing) -> str:
    reason = sentence(it.failure)
    start = (
        f"Did not come the last time: {reason}" if reason else "Did not come the last time."
    )
    again = "" if "next sync" in reason else " The next sync tries again."
    return _with_older(it, f"{start}{again}")


def _nothing(it: Standing) -> str:
    if it.kind == "link" and not it.has_link:
        return "A link whose address cannot be opened from here; look at it in Moodle."
    if it.due:
        return f"{it.due} {IN_MOODLE}"
    if it.announced:
        return "What was announced in it is here:"
    return _with_older(it, NOTHING[it.kind])


def _lost(_it: Standing) -> str:
    return "Its file is missing here; open it in Moodle."


def _with_older(it: Standing, words: str) -> str:
    return f"{words} {OLDER}" if it.held else words


TABLE: Final[tuple[tuple[Callable[[Standing], bool], Callable[[Standing], str]], ...]] = (
    (lambda it: not it.listed, _gone),
    (lambda it: it.reading == "gone", _course_gone),
    (lambda it: not it.accessible, _locked),
    (lambda it: it.fetch == "stored" and it.held, _stored),
    (lambda it: it.is_over, _over),
    (lambda it: it.reading in NOT_READ and it.may_come, _not_read),
    (lambda it: it.fetch == "on_demand", _on_demand),
    (lambda it: it.fetch == "waiting", _waiting),
    (lambda it: it.fetch == "failed", _failed),
    (lambda it: it.fetch == "none", _nothing),
    (lambda _it: True, _lost),
)
"""When which sentence is said; the first that applies."""


def is_fetchable(it: Standing) -> bool:
    """Tell whether asking for a file brings it."""
    is_open = it.listed and it.accessible and it.reading == "on" and not it.coming
    return is_open and it.fetch in {"on_demand", "failed"} and not it.is_over


class Mark(NamedTuple):
    """What happened to a thing, in a word, and the line whose colour it has."""

    word: str
    line: str


MARKS: Final[Mapping[str, Mark]] = {
    "new": Mark("new", "campus"),
    "changed": Mark("changed", "sync"),
    "moved": Mark("moved", "dump"),
    "renamed": Mark("renamed", "dump"),
    "back": Mark("back in Moodle", "campus"),
    "opened": Mark("open again", "campus"),
    "restricted": Mark("locked", "focus"),
    "gone": Mark("not visible any more", "acct"),
}
"""The keys are the values of `ChangeKind`."""

LASTING: Final = ("gone", "restricted")
NO_MARK: Final = Mark("", "")


def state_of(*, listed: bool, accessible: bool, last_change: str | None) -> str:
    """Return what a thing is marked with, a value of `ChangeKind`; empty for nothing.

    What is gone or shut is marked so whatever happened last, and nothing else is.
    """
    if not listed:
        return "gone"
    if not accessible:
        return "restricted"
    return "" if last_change is None or last_change in LASTING else last_change


TICKS: Final[Mapping[int, tuple[str, str]]] = {
    0: ("open", "Not done yet"),
    1: ("done", "Done"),
    2: ("done", "Done, passed"),
    3: ("missed", "Done, not passed"),
}
"""How far Moodle says the student is with a thing, by its own numbers."""

ACTIVITIES: Final[Mapping[str, str]] = {
    "assign": "Assignment",
    "quiz": "Quiz",
    "forum": "Forum",
    "choice": "Choice",
    "feedback": "Feedback",
    "lesson": "Lesson",
    "workshop": "Workshop",
    "h5pactivity": "H5P activity",
    "scorm": "SCORM package",
    "imscp": "Content package",
    "wiki": "Wiki",
    "data": "Database",
    "lti": "External tool",
}
KINDS: Final[Mapping[str, str]] = {
    "file": "File",
    "page": "Page",
    "chapter": "Chapter",
    "glossary": "Glossary",
    "link": "Link",
    "note": "Note",
    "activity": "Activity",
}


def kind_words(*, kind: str, modname: str, mimetype: str) -> str:
    """Return what a thing is, in a word or two."""
    if kind == "activity":
        return ACTIVITIES.get(modname, KINDS[kind])
    is_media = kind == "file" and mimetype.partition("/")[0].lower() in MEDIA
    return "Recording" if is_media else KINDS[kind]


def announcements(number: int) -> str:
    """Return how many announcements there are: `3 announcements`."""
    return count(number, "announcement", "announcements")


def sentence(words: str) -> str:
    """Return somebody else's words as one sentence that is not too long; empty for none."""
    line = title(words, length=LONGEST)
    return line if not line or line[-1] in ".!?…" else f"{line}."


def amount(size_bytes: int) -> str:
    """Return a size as a reader knows it: `340 kB`, `2.6 MB`, `1.2 GB`."""
    if size_bytes >= GIGABYTE:
        return f"{size_bytes / GIGABYTE:,.1f} GB"
    return size(size_bytes)


def space(size_bytes: int, *, files: int) -> str:
    """Return how much is kept: `1.2 GB in 312 files`; empty when nothing is."""
    return f"{amount(size_bytes)} in {count(files, 'file', 'files')}" if files else ""


def day(moment: datetime, *, zone: str, now: datetime) -> str:
    """Return a day where the student is: `2 Nov`, or with its year when that is another."""
    here = ZoneInfo(zone)
    there, today = moment.astimezone(here), now.astimezone(here)
    year = "" if there.year == today.year else f" {there.year}"
    return f"{there.day} {there:%b}{year}"
