"""Writes docs/features.md: what each page does, and which test holds which line.

Usage: python -m tests.contract.table
"""

from collections.abc import Iterator
from pathlib import Path

from tests.conftest import pytest_configure
from tests.contract.lines import CHAPTERS, held

DOCUMENT = Path(__file__).parents[2] / "docs" / "features.md"

PAGES = {
    "Dashboard": (
        "/",
        (
            "today in one look: cards that wait and the minutes they take, the next deadlines, "
            "courses with what is new in them, the streak, reviews of half a year, how fresh "
            "the sync is"
        ),
    ),
    "Smart Study": (
        "/smart-study",
        (
            "decks by course and of one's own; cards by hand (basic, reversed, cloze), browse, "
            "search and change them; review by SM-2 or FSRS, as each deck chooses, with the "
            "cited page beside the card, also while offline; proposals from lectures to accept "
            "or refuse; practice quizzes; a plan for each exam; heatmap, forecast and retention"
        ),
    ),
    "Focus": (
        "/focus",
        (
            "a clock that the server keeps, the same in every tab: presets and own lengths, "
            "rounds and breaks, pause, finish, abandon; six and more sounds with a volume each; "
            "tied to a course; distractions noted; figures by day, week and course"
        ),
    ),
    "Campus Underground": (
        "/campus",
        (
            "study groups with roles, invitations, a next session and a live chat; buddies by "
            "shared courses; files, links and notes to share, vote for and report; quick "
            "questions; the head of the leaderboard"
        ),
    ),
    "Live Sync": (
        "/live-sync",
        (
            "connected Moodle sites (password, browser, token), a run as it goes on, which "
            "courses are read, what changed, past runs and what did not come, with the reason; "
            "each item of a course with the reason why it is here or not; grades, due dates, "
            "announcements, a private calendar"
        ),
    ),
    "Accountability": (
        "/accountability",
        (
            "a ledger with a sentence for each entry, decay explained before it happens, streak "
            "with freezes, a weekly leaderboard by choice, challenges, achievements, pledges to "
            "a buddy"
        ),
    ),
    "Brain Dump": (
        "/brain-dump",
        (
            "notes in Markdown with kinds, tags, search, autosave and a bin; voice memos recorded "
            "in the browser, written down where a model is set; cards proposed from a note"
        ),
    ),
    "Notifications": ("/notifications", "what happened meanwhile, with a way to it"),
    "Settings": (
        "/settings",
        (
            "name, e-mail and password, look, time zone, start of the day, own model, "
            "notifications, privacy, sessions, all one's data in a file, and deletion"
        ),
    ),
    "Host": ("/admin", "for who runs it: parts, figures, and every task that failed"),
}

OPENING = """# What works

StudyMaster is the place where a student of a Moodle university studies. This is what each of its
pages does.

| Page | Address | What works |
| --- | --- | --- |
"""

CONTRACT = """
## The contract

Each line of the founding architecture, and the test in `tests/contract/` that fails without it.
Where the founding document names a part that was replaced (React by Reflex, which compiles to
React; plain SQLAlchemy by SQLModel on top of it; APScheduler by Celery beat; layers of folders
by a folder for each feature), the test holds the replacement to the same promise. The pages work
in real browsers too: `tests/browser/`.

The table is written by `python -m tests.contract.table`; a test compares it with the tests.
"""


def document() -> str:
    """Return the whole text."""
    rows = [f"| {name} | `{path}` | {text} |" for name, (path, text) in PAGES.items()]
    return OPENING + "\n".join(rows) + "\n" + CONTRACT + "".join(_chapters())


def _chapters() -> Iterator[str]:
    for chapter, lines in CHAPTERS.items():
        yield f"\n### {chapter}\n\n| Line | Test |\n| --- | --- |\n"
        for pair in held():
            if pair.line in lines:
                yield f"| `{pair.line}` | `{pair.test}` |\n"


if __name__ == "__main__":
    pytest_configure()  # the modules of the tests read settings
    DOCUMENT.write_text(document(), encoding="utf-8")
