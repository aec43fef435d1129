"""The rows of a course's list: each thing with its name, its mark and why it is here, or not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final, Protocol
from uuid import UUID

from studymaster.features.deadlines.rules import web_address
from studymaster.features.deadlines.schemas import CourseDates
from studymaster.features.sync import rules
from studymaster.features.sync.queries.items import CourseRow, ItemRow
from studymaster.features.sync.rules import standing
from studymaster.features.sync.rules.standing import NO_MARK, Reading, Standing
from studymaster.models import (
    Blob,
    ChangeKind,
    ConnectionState,
    CourseSection,
    Material,
    MaterialKind,
)

MODULE: Final = re.compile(r"[a-z][a-z0-9_]*")
UNKNOWN: Final = -1
DATES: Final = "/live-sync?tab=deadlines&course="
ANNOUNCEMENTS: Final = "#announcements"


@dataclass(frozen=True, slots=True)
class ItemView:
    """A thing of a course.

    Attributes:
        id: Opaque id.
        name: Its name in Moodle.
        kind: What it is, in a word or two: it chooses the icon.
        mark: What happened to it last, in a word; empty for nothing.
        mark_line: The line whose colour the mark has.
        mark_date: On which day it happened, in words; empty when unknown.
        tick: `open`, `done` or `missed`; empty where Moodle tracks nothing.
        tick_words: The same in words.
        size: How large it is; empty when unknown.
        why: Why it is here, or is not.
        page: Where it can be read here; empty while there is nothing of it.
        here: What of it is here on another page, in words; empty for nothing.
        here_page: Where that is.
        link: Where a link leads to outside; empty for what is none.
        moodle: Where it is in Moodle; empty when it is not there.
        fetchable: Whether it comes when it is asked for.
    """

    id: str
    name: str
    kind: str
    mark: str
    mark_line: str
    mark_date: str
    tick: str
    tick_words: str
    size: str
    why: str
    page: str
    here: str
    here_page: str
    link: str
    moodle: str
    fetchable: bool


@dataclass(frozen=True, slots=True)
class SectionItems:
    """A section of a course; `note` says why it is not open, or that it is gone."""

    key: str
    name: str
    note: str
    rows: list[ItemView]


class Head(Protocol):
    """What a row wants to know of the course above it."""

    @property
    def listed(self) -> bool:
        """Return whether Moodle lists the course."""
        ...

    @property
    def moodle(self) -> str:
        """Return where the course is in Moodle; empty for nowhere."""
        ...

    @property
    def coming(self) -> bool:
        """Return whether a run that reads it waits or goes on."""
        ...


def reading_of(row: CourseRow) -> Reading:
    """Return whether a course is read, or why it is not."""
    if not row.course.listed:
        return "gone"
    if row.connection.state is not ConnectionState.ACTIVE:
        return "away"
    return "on" if row.course.sync_enabled else "off"


@dataclass(frozen=True, slots=True)
class Place:
    """Where things lie, and who looks at them when."""

    row: CourseRow
    head: Head
    told: CourseDates
    zone: str
    limit_mb: int
    now: datetime

    def day(self, moment: datetime | None) -> str:
        """Return a day in words; empty for none."""
        return standing.day(moment, zone=self.zone, now=self.now) if moment else ""


def sections_of(
    rows: Sequence[ItemRow],
    known: Sequence[CourseSection],
    place: Place,
    *,
    empty_too: bool,
    more: bool,
) -> list[SectionItems]:
    """Group things by section; empty ones stand among them as far as the list goes."""
    by_id: dict[UUID | str, CourseSection] = {one.id: one for one in known}
    groups = {
        key: [_item(*one, place) for one in group]
        for key, group in groupby(rows, key=lambda one: _section_key(one[0]))
    }
    last = next(reversed(groups), None)
    order: list[UUID | str] = []
    for section in known:
        if section.id in groups or (empty_too and section.listed):
            order.append(section.id)
        if more and section.id == last:
            break
    order += [key for key in groups if key not in by_id]
    return [_section(key, by_id.get(key), groups.get(key, [])) for key in order]


def _section_key(row: Material) -> UUID | str:
    return row.section_id or row.section_name


def _section(
    key: UUID | str, section: CourseSection | None, items: list[ItemView]
) -> SectionItems:
    if section is None:
        return SectionItems(f"name-{key}", str(key) or "General", "", items)
    return SectionItems(str(key), section.name or "General", _note(section), items)


def _note(section: CourseSection) -> str:
    """Return what is to be known of a section before what lies in it."""
    if not section.listed:
        return f"{standing.NOT_VISIBLE}."
    if section.restriction:
        return f"Locked in Moodle: {standing.sentence(section.restriction)}"
    return "" if section.visible else "Hidden in Moodle."


def _item(row: Material, blob: Blob | None, place: Place) -> ItemView:
    known = _standing(row, blob, place)
    state = standing.state_of(
        listed=row.listed, accessible=row.accessible, last_change=row.last_change
    )
    mark = standing.MARKS.get(state, NO_MARK)
    done = UNKNOWN if row.completion is None or not row.listed else row.completion
    tick, tick_words = standing.TICKS.get(done, ("", ""))
    size_bytes = blob.size_bytes if blob and not row.size_bytes else row.size_bytes
    return ItemView(
        id=str(row.id),
        name=row.name,
        kind=standing.kind_words(kind=row.kind, modname=row.modname, mimetype=row.mimetype),
        mark=mark.word,
        mark_line=mark.line and f"line-{mark.line}",
        mark_date=place.day(row.last_change_at) if row.last_change == state else "",
        tick=tick,
        tick_words=tick_words,
        size=standing.amount(size_bytes) if size_bytes > 0 and row.filename else "",
        why=standing.why(known),
        page=f"{rules.LECTURE_PATH}{row.id}" if blob else "",
        here=standing.announcements(known.announced) if known.announced else "",
        here_page=_announced(row, place) if known.announced else "",
        link=web_address(row.address) if row.kind is MaterialKind.LINK else "",
        moodle=_in_moodle(row, place.head, site=place.row.connection.site_url),
        fetchable=bool(row.filename) and standing.is_fetchable(known),
    )


def _standing(row: Material, blob: Blob | None, place: Place) -> Standing:
    return Standing(
        kind=row.kind,
        fetch=row.fetch_state,
        text=blob.text_state if blob else None,
        listed=row.listed,
        accessible=row.accessible,
        reading=reading_of(place.row),
        coming=place.head.coming,
        restriction=row.restriction or "",
        failure=row.failure or "",
        mimetype=row.mimetype or (blob.mimetype if blob else ""),
        size_bytes=row.size_bytes,
        pages=blob.page_count if blob else 0,
        by_ocr=blob.by_ocr if blob else False,
        gone_on=place.day(row.last_change_at) if row.last_change is ChangeKind.GONE else "",
        has_link=bool(web_address(row.address)),
        due=place.told.due.get(row.cmid, ""),
        announced=place.told.announced.get(row.cmid, 0) if not row.filename else 0,
        limit_mb=place.limit_mb,
    )


def _announced(row: Material, place: Place) -> str:
    return f"{DATES}{row.course_id}{ANNOUNCEMENTS}" if place.head.listed else ""


def _in_moodle(row: Material, head: Head, *, site: str) -> str:
    """Return where a thing is in Moodle; what stands on the course page itself is there."""
    if not (row.listed and head.listed and head.moodle):
        return ""
    if row.kind is MaterialKind.NOTE or row.cmid < 1 or not MODULE.fullmatch(row.modname):
        return head.moodle
    return f"{site.rstrip('/')}/mod/{row.modname}/view.php?id={row.cmid}"
