"""What a due date means to a student now: its state in words, its place in a list. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from studymaster.features.accounts import rules as accounts

LOOK_BACK: Final = timedelta(days=60)
"""What was due longer ago is neither overdue nor in a calendar any more."""

WEEK_DAYS: Final = 7
QUIZ: Final = "quiz"
EVENT: Final = "event"
DRAFT: Final = "draft"
MODULES: Final = {"assignment": "assign", "quiz": "quiz"}
"""What Moodle calls a kind of due date in its addresses; an event has one of its own."""

NOTHING_SHOWN: Final = ("", "-")
"""How a gradebook of Moodle words a grade that is not there."""

WEB: Final = ("https://", "http://")


class Stage(StrEnum):
    """How a due date stands.

    LATE: its moment has gone, and Moodle still takes it. CLOSED: Moodle takes it no more,
    and nothing was handed in. OVER: its moment has gone, and nothing is known to be missing.
    """

    OPENING = "opening"
    AHEAD = "ahead"
    LATE = "late"
    CLOSED = "closed"
    OVER = "over"
    HANDED_IN = "handed_in"
    GRADED = "graded"


class Group(StrEnum):
    """Where a due date stands in the list, in the order of the list."""

    OVERDUE = "overdue"
    WEEK = "week"
    LATER = "later"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What Moodle says of a due date; `submission` is one of its four states, or None."""

    kind: str
    due_at: datetime
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    submission: str | None = None
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wall:
    """The present moment by the student's own clock."""

    now: datetime
    time_zone: str
    day_start_hour: int

    def day_of(self, moment: datetime) -> date:
        """Return the student's day that holds a moment."""
        return accounts.day_of(
            moment, time_zone=self.time_zone, day_start_hour=self.day_start_hour
        )

    def local(self, moment: datetime) -> datetime:
        """Return a moment as the wall clock shows it."""
        return moment.astimezone(ZoneInfo(self.time_zone))

    def days_until(self, moment: datetime) -> int:
        """Return how many of the student's days lie between now and a moment."""
        return (self.day_of(moment) - self.day_of(self.now)).days


def closing(due: Due) -> datetime | None:
    """Return the last moment at which Moodle takes it, None where it always does.

    An extension can lie behind the general cut-off; then it counts.
    """
    if due.closes_at is not None:
        return max(due.closes_at, due.due_at)
    return due.due_at if due.kind == QUIZ else None


def stage_of(due: Due, *, now: datetime) -> Stage:
    """Return how a due date stands."""
    settled = {"graded": Stage.GRADED, "submitted": Stage.HANDED_IN}
    if due.submission in settled:
        return settled[due.submission]
    if now <= due.due_at:
        opens_later = due.opens_at is not None and due.opens_at > now
        return Stage.OPENING if opens_later else Stage.AHEAD
    # Moodle takes an event off its list once it is done: what stands there is not.
    is_missing = due.submission is not None or due.kind == EVENT
    closes_at = closing(due)
    if is_missing and (closes_at is None or now <= closes_at):
        return Stage.LATE
    return Stage.OVER if due.submission is None else Stage.CLOSED


def group_of(due: Due, *, wall: Wall) -> Group:
    """Return where a due date stands in the list."""
    stage = stage_of(due, now=wall.now)
    if stage is Stage.LATE:
        return Group.OVERDUE if due.due_at >= wall.now - LOOK_BACK else Group.DONE
    if stage not in {Stage.AHEAD, Stage.OPENING}:
        return Group.DONE
    return Group.WEEK if wall.days_until(due.due_at) < WEEK_DAYS else Group.LATER


def urgency(due: Due, *, wall: Wall) -> tuple[int, float, float]:
    """Return what to sort by, so that what needs doing first comes first.

    Of what is overdue that is what closes first; of what is done, the newest.
    """
    group = group_of(due, wall=wall)
    place, at = [*Group].index(group), due.due_at.timestamp()
    if group is Group.DONE:
        return place, -at, 0.0
    closes_at = closing(due)
    end = float("inf") if closes_at is None else closes_at.timestamp()
    return (place, end, at) if group is Group.OVERDUE else (place, at, end)


def state_words(due: Due, *, now: datetime) -> str:
    """Return how far the student is: `Draft saved`; empty where nobody knows."""
    is_draft = due.submission == DRAFT
    late = due.submitted_at is not None and due.submitted_at > due.due_at
    ahead = {None: "", DRAFT: "Draft saved"}.get(due.submission, "Not handed in yet")
    words = {
        Stage.OPENING: "Not open yet",
        Stage.AHEAD: ahead,
        Stage.LATE: "Overdue, draft saved" if is_draft else "Overdue",
        Stage.CLOSED: "Draft never handed in" if is_draft else "Not handed in",
        Stage.OVER: "",
        Stage.HANDED_IN: "Handed in late" if late else "Handed in",
        Stage.GRADED: "Graded",
    }
    return words[stage_of(due, now=now)]


def when_words(due: Due, *, wall: Wall) -> str:
    """Return the sentence about its moments: `Due in 3 days, Sat 17:00`."""
    stage = stage_of(due, now=wall.now)
    if stage is Stage.AHEAD:
        return f"Due {_ahead(due.due_at, wall)}"
    if stage is Stage.OPENING:
        opens = moment_words(due.opens_at or due.due_at, wall=wall)
        return f"Opens {opens}; due {_ahead(due.due_at, wall)}"
    if stage is Stage.LATE:
        return f"Was due {_behind(due.due_at, wall)}; {_still_taken(due, wall)}"
    if stage is Stage.CLOSED:
        return f"Closed {_behind(closing(due) or due.due_at, wall)}"
    if due.submitted_at is not None and stage is not Stage.OVER:
        return f"Handed in {moment_words(due.submitted_at, wall=wall)}"
    word = "Due" if wall.now <= due.due_at else "Was due"
    return f"{word} {moment_words(due.due_at, wall=wall)}"


def moment_words(moment: datetime, *, wall: Wall) -> str:
    """Return a moment by the wall clock: `Sat 17:00`, further off `Sat 26 Jan, 17:00`."""
    local, today = wall.local(moment), wall.local(wall.now)
    if abs((local.date() - today.date()).days) < WEEK_DAYS:
        return f"{local:%a %H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a %-d %b}{year}, {local:%H:%M}"


def full_moment(moment: datetime, *, time_zone: str) -> str:
    """Return a moment by the wall clock in words that stay true: `Sat 26 Jan 2030, 17:00`."""
    local = moment.astimezone(ZoneInfo(time_zone))
    return f"{local:%a %-d %b} {local.year}, {local:%H:%M}"


def _ahead(moment: datetime, wall: Wall) -> str:
    # Where clocks go back over the start of a day, a later moment can fall on the day before.
    days = max(0, wall.days_until(moment))
    # The hours between midnight and the start of the day still belong to the day before.
    is_night = wall.local(moment).date() != wall.day_of(moment)
    near = ("tonight", "tomorrow night") if is_night else ("today", "tomorrow")
    far = f"in {days} days, at night" if is_night else f"in {days} days"
    head = near[days] if days < len(near) else far
    return f"{head}, {moment_words(moment, wall=wall)}"


def _behind(moment: datetime, wall: Wall) -> str:
    days = max(0, -wall.days_until(moment))
    head = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    return f"{head}, {moment_words(moment, wall=wall)}"


def _still_taken(due: Due, wall: Wall) -> str:
    closes_at = closing(due)
    if closes_at is not None:
        return f"still taken until {moment_words(closes_at, wall=wall)}"
    return "Moodle still waits for it" if due.submission is None else "still taken"


def standing_words(due: Due, *, wall: Wall) -> str:
    """Return when it is due and how far the student is, in sentences."""
    said = (when_words(due, wall=wall), state_words(due, now=wall.now))
    return " ".join(f"{words}." for words in said if words)


def lasting_words(due: Due, *, time_zone: str) -> list[str]:
    """Return what a calendar says of a due date: nothing that time alone makes wrong."""
    states = {
        "none": "Not handed in yet",
        "draft": "Draft saved, not handed in yet",
        "submitted": "Handed in",
        "graded": "Graded",
    }
    lines = [states[due.submission]] if due.submission in states else []
    if due.opens_at is not None:
        lines.append(f"Opens {full_moment(due.opens_at, time_zone=time_zone)}")
    closes_at = closing(due)
    if closes_at is not None and closes_at > due.due_at:
        lines.append(f"Taken until {full_moment(closes_at, time_zone=time_zone)}")
    return lines


def address_of(address: str | None, *, site_url: str, kind: str, cmid: int) -> str:
    """Return where a due date lies in its Moodle; an event without a page, its calendar."""
    if own := web_address(address):
        return own
    site = site_url.rstrip("/")
    if kind in MODULES:
        return f"{site}/mod/{MODULES[kind]}/view.php?id={cmid}"
    return f"{site}/calendar/view.php?view=upcoming"


def web_address(address: str | None) -> str:
    """Return an address that a browser may open as a page, else an empty one."""
    return address if address is not None and address.startswith(WEB) else ""


def is_number_of_moodle(number: int) -> bool:
    """Say whether Moodle, which counts from 1 in 64 bits, can have given a number."""
    return 0 < number < 2**63


def summary(*, overdue: int, week: int) -> str:
    """Return what is to do, in a sentence."""
    late = f"{overdue} overdue" if overdue else ""
    ahead = f"{week or 'nothing'} due in the next {WEEK_DAYS} days"
    words = f"{late}, {ahead}" if late else ahead
    return f"{words[0].upper()}{words[1:]}."
