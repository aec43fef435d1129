"""What a study group may be called, who may do what in it, and when it meets. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from studymaster.errors import InvalidInputError
from studymaster.typed import always, for_others, line_for_others, one_line

MOST_MEMBERS = 50
MOST_GROUPS = 50
NAME_MOST = 120
ABOUT_MOST = 1000
NOTE_MOST = 200
CODE = re.compile(r"[A-Za-z0-9_-]{8,40}")
FURTHEST_SESSION = timedelta(days=366)
SESSION_LASTS = timedelta(hours=3)
"""How long after its beginning a session is still shown as the next one."""

ORDER: Mapping[str, int] = {"owner": 0, "moderator": 1, "member": 2}
MAY_REMOVE: Mapping[str, frozenset[str]] = {
    "owner": frozenset(ORDER),
    "moderator": frozenset({"member"}),
}
MODERATORS = frozenset({"owner", "moderator"})
"""Who sets the next session, renews the invitation and removes messages."""

BAD_NAME = f"A group needs a name of 1 to {NAME_MOST} characters."
BAD_ABOUT = f"What the group is about can have up to {ABOUT_MOST:,} characters."
BAD_NOTE = f"The note on a session can have up to {NOTE_MOST} characters."
BAD_MOMENT = "Give the session a date and a time, such as 2030-01-17 at 18:30."
NOT_AHEAD = "A session has to lie ahead, within a year from now."
NO_SUCH_HOUR = "The clocks change then, and that hour is left out. Choose another one."
BAD_ROLE = "A role is owner, moderator or member."


class Place(Protocol):
    """A member's place in a group."""

    account_id: UUID
    joined_at: datetime

    @property
    def role(self) -> str:
        """Return `owner`, `moderator` or `member`."""
        ...


def require_name(text: object) -> str:
    """Return a group's name with its white space put in order."""
    return line_for_others(text, most=NAME_MOST, least=1, says=always(BAD_NAME))


def require_about(text: object) -> str:
    """Return what a group is about; it may be empty."""
    return for_others(text, most=ABOUT_MOST, says=always(BAD_ABOUT))


def require_note(text: object) -> str:
    """Return the note on a session as one line; it may be empty."""
    return one_line(for_others(text, most=NOTE_MOST, says=always(BAD_NOTE)))


def require_role(text: object) -> str:
    """Return the role if there is one of that name."""
    if not (isinstance(text, str) and text in ORDER):
        raise InvalidInputError(BAD_ROLE)
    return text


def is_code(text: object) -> bool:
    """Tell whether a text could be the code of an invitation."""
    return isinstance(text, str) and CODE.fullmatch(text) is not None


def moment_of(wall: object, *, time_zone: str) -> datetime:
    """Return the moment (UTC) that a wall clock showed as `2030-01-17T18:30`.

    Of an hour that comes twice, because the clocks go back, it is the first.

    Raises:
        InvalidInputError: that is no time, or the clocks leave it out.
    """
    try:
        typed = datetime.fromisoformat(wall if isinstance(wall, str) else "")
        moment = typed.replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInputError(BAD_MOMENT) from None
    if typed.tzinfo is not None:
        raise InvalidInputError(BAD_MOMENT)
    if moment.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None) != typed:
        raise InvalidInputError(NO_SUCH_HOUR)
    return moment


def require_ahead(moment: datetime, *, now: datetime) -> datetime:
    """Return the moment of a session in UTC, if it lies within the next year."""
    if moment.tzinfo is None:
        raise InvalidInputError(BAD_MOMENT)
    if not now < moment <= now + FURTHEST_SESSION:
        raise InvalidInputError(NOT_AHEAD)
    return moment.astimezone(UTC)


def moment_problem(wall: object, *, time_zone: str, now: datetime) -> str:
    """Return what is wrong with the moment of a session as it was typed; empty for nothing."""
    try:
        require_ahead(moment_of(wall, time_zone=time_zone), now=now)
    except InvalidInputError as wrong:
        return wrong.message
    return ""


def upcoming(moment: datetime | None, *, now: datetime) -> datetime | None:
    """Return the moment of a session unless it is long over."""
    is_over = moment is None or moment + SESSION_LASTS < now
    return None if is_over else moment


def session_words(moment: datetime | None, *, time_zone: str) -> str:
    """Return a session's moment as the student's wall clock shows it: `Thu 17 Jan, 18:30`."""
    return (
        f"{moment.astimezone(ZoneInfo(time_zone)):%a %-d %b, %H:%M}"
        if moment is not None
        else ""
    )


def wall_clock(moment: datetime | None, *, time_zone: str) -> str:
    """Return a session's moment as an input for date and time takes it."""
    return (
        f"{moment.astimezone(ZoneInfo(time_zone)):%Y-%m-%dT%H:%M}"
        if moment is not None
        else ""
    )


def may_remove(role: str, *, other: str) -> bool:
    """Tell whether a member of one role may remove one of another role."""
    return other in MAY_REMOVE.get(role, frozenset())


def successor(places: Iterable[Place]) -> UUID | None:
    """Return who inherits a group: its longest-standing moderator, else member."""
    heirs = sorted(places, key=lambda one: (ORDER[one.role], one.joined_at, one.account_id))
    return heirs[0].account_id if heirs else None
