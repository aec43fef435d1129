"""What belongs to a student in each table, and what never leaves with an export. Pure."""

import re
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

LIFE: Final = timedelta(days=7)
SILENCE: Final = timedelta(minutes=10)
"""An export or a deletion without a sign of life for so long was left by a dead worker."""

OWNER: Final = "account_id"
OWNERS: Final[dict[str, tuple[str, ...]]] = {
    "account": ("id",),
    "buddylink": ("asker_id", "asked_id"),
    "block": ("blocker_id",),
}
"""Where the student is not in `account_id`. Who blocked them is not theirs to know."""

NOT_EXPORTED: Final = frozenset({"cardundo"})
"""Copies of rows that are in the export already."""

PASSING: Final = frozenset({"export", "transfer"})
"""Their files are copies that stay for a week."""

GROUPS: Final = "studygroup"
"""Of the groups, those in which the student is: who was removed learns nothing more."""

NOT_THEIRS: Final[dict[str, frozenset[str]]] = {
    GROUPS: frozenset({"created_by", "next_session_at", "next_session_note"}),
}
"""What the other members of a group told it."""

SECRET_WORDS: Final = ("password", "sealed", "hash", "token", "secret", "invite_code")
SECRET_ENDS: Final = ("_key",)
SECRET_NAMES: Final = ("key",)
LONGEST_NAME: Final = 120
UNSAFE: Final = re.compile(r"[^\w. -]+")


def is_left_out(table: str, column: str) -> bool:
    """Tell whether a column stays here: secrets, and what is not the student's own."""
    return column in NOT_THEIRS.get(table, ()) or is_secret(column)


def is_secret(column: str) -> bool:
    """Tell whether a column holds what opens something, or says where bytes lie."""
    named = column in SECRET_NAMES or column.endswith(SECRET_ENDS)
    return named or any(word in column for word in SECRET_WORDS)


def storage_key(account_id: UUID, export_id: UUID) -> str:
    """Return where an export lies."""
    return f"users/{account_id}/exports/{export_id}.zip"


def file_name(table: str, row_id: object, name: str) -> str:
    """Return the place of a student's file in the export: no path of its own, never empty."""
    safe = UNSAFE.sub("_", name).strip(" .")[-LONGEST_NAME:]
    return f"files/{table}/{row_id}-{safe or 'file'}"


def expires_at(asked_at: datetime) -> datetime:
    """Return when an export is removed."""
    return asked_at + LIFE


def size_in_words(size_bytes: int) -> str:
    """Return a size such as `3.4 MB`."""
    kilobytes = size_bytes / 1000
    if kilobytes < 1000:  # noqa: PLR2004 - of the unit
        return f"{max(1, round(kilobytes))} kB"
    return f"{kilobytes / 1000:.1f} MB"


READ_ME: Final = """\
Your data from StudyMaster

tables/   One JSON file for each kind of thing we keep about you. Moments are UTC. Passwords,
          Moodle tokens, the key of your AI endpoint and other secrets are left out.
files/    What you uploaded or recorded yourself. Files that came from Moodle are not here:
          they are in Moodle.
missing.json is here when a file of yours could not be found.
"""
