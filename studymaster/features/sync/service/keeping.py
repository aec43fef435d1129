"""Keeping what Moodle lists in a course: its sections and materials, and what differs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.features.courses.schemas import CourseView
from studymaster.features.library.service import outdate_shelves
from studymaster.features.sync import rules
from studymaster.features.sync.queries import holdings as queries
from studymaster.features.sync.rules import Difference
from studymaster.features.sync.schemas import (
    CourseListing,
    Errand,
    ListedMaterial,
    ListedSection,
)
from studymaster.features.sync.service.listing import TEXTS_APART
from studymaster.features.sync.service.runs import get_run
from studymaster.models import (
    ChangeKind,
    CourseSection,
    FetchState,
    Material,
    MaterialKind,
    SyncChange,
    SyncRun,
    new_row,
)

SHUT_SECTION = "Its section is not open to you in Moodle."

Row = TypeVar("Row", CourseSection, Material)

Values = dict[str, object]
"""Columns, and what they are to hold."""

Known = dict[tuple[int, str, str], Material]


@dataclass(slots=True)
class _Course:
    """A course while its listing is kept: what is known of it, and what was found."""

    errand: Errand
    id: UUID
    listing: CourseListing
    now: datetime
    is_first: bool
    sections: dict[int, CourseSection]
    materials: list[Material]
    changes: list[tuple[Material, ChangeKind]] = field(
        default_factory=list[tuple[Material, ChangeKind]]
    )

    def note(self, row: Material, what: ChangeKind | None) -> None:
        """Remember what happened to a material."""
        if what is not None:
            self.changes.append((row, what))


async def keep_courses(
    work: UnitOfWork,
    *,
    errand: Errand,
    listed: Sequence[tuple[CourseView, CourseListing]],
    now: datetime,
) -> set[UUID]:
    """Bring courses up to what Moodle lists; return those where anything was different.

    What is not listed any more stays, marked: absent is not deleted. The first time a course
    is read everything in it is new, so nothing is noted. Nothing is written where nothing is
    different.
    """
    run = await get_run(work, errand)
    courses = await _load(work, errand, listed, now=now)
    differ = set[UUID]()
    for keep in (_keep_sections, _keep_materials):
        for one in courses:
            rows = keep(one)
            work.session.add_all(rows)
            if _differ(work, rows):
                differ.add(one.id)
        # Sections are there before what lies in them.
        await work.session.flush()
    for one in courses:
        _count(run, one)
        _note_changes(work, one)
    if differ:
        outdate_shelves(work, account_id=errand.account_id)
    return differ


async def _load(
    work: UnitOfWork,
    errand: Errand,
    listed: Sequence[tuple[CourseView, CourseListing]],
    *,
    now: datetime,
) -> list[_Course]:
    """Return courses as they were kept last, with what is listed in them now."""
    session, owner = work.session, errand.account_id
    ids = [UUID(course.id) for course, _ in listed]
    sections = by_course(await queries.sections_of_courses(session, owner, course_ids=ids))
    materials = by_course(
        await queries.materials_of_courses(session, owner, course_ids=ids)
    )
    return [
        _Course(
            errand,
            course_id,
            listing,
            now,
            is_first=course.last_synced is None,
            sections={row.moodle_id: row for row in sections.get(course_id, ())},
            materials=materials.get(course_id, []),
        )
        for course_id, (course, listing) in zip(ids, listed, strict=True)
    ]


def by_course(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    """Return rows by the course that they belong to."""
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row.course_id, []).append(row)
    return found


def _differ(work: UnitOfWork, rows: Iterable[object]) -> bool:
    """Tell whether any of these is new, or differs from what is stored."""
    session = work.session
    return any(row in session.new or session.is_modified(row) for row in rows)


def _count(run: SyncRun, kept: _Course) -> None:
    found = [what for _, what in kept.changes]
    run.new_count += found.count(ChangeKind.NEW)
    run.changed_count += found.count(ChangeKind.CHANGED)


def _keep_sections(kept: _Course) -> Collection[CourseSection]:
    """Bring what is known of the sections up to what is listed; return all of them."""
    known, listed = kept.sections, kept.listing.sections
    here = {item.moodle_id for item in listed}
    for row in known.values():
        row.listed = row.moodle_id in here
    for item in listed:
        values: Values = {
            "position": item.number,
            "name": item.name,
            "summary": item.summary,
            "visible": item.visible,
            "restriction": item.restriction,
        }
        row = known.get(item.moodle_id)
        if row is not None:
            _bring_up(row, values)
            continue
        known[item.moodle_id] = new_row(
            CourseSection,
            account_id=kept.errand.account_id,
            course_id=kept.id,
            moodle_id=item.moodle_id,
            created_at=kept.now,
            **values,
        )
    return known.values()


def _bring_up(row: CourseSection | Material, values: Values) -> None:
    """Set what is different: of thousands of columns hardly any is."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _keep_materials(kept: _Course) -> Collection[Material]:
    """Bring what is known of the materials up to what is listed; return all of them."""
    known = {(row.cmid, row.filepath, row.filename): row for row in kept.materials}
    found = list(_keep_listed(kept, known))
    shut = {
        kept.sections[item.moodle_id].id: item
        for item in kept.listing.sections
        if not item.accessible
    }
    for row in known.values():
        _keep_absent(kept, row, shut=shut)
    if not kept.is_first:
        for row, what in kept.changes:
            row.last_change, row.last_change_at = what, kept.now
    return {row.id: row for row in (*kept.materials, *found)}.values()


def _keep_listed(kept: _Course, known: Known) -> Iterable[Material]:
    """Take what is listed out of what is known; yield every row of it."""
    listing = kept.listing
    _fill_placeholders(listing.materials, known)
    files: dict[int, list[Material]] = {}
    for row in known.values():
        if row.filename and row.listed:
            files.setdefault(row.cmid, []).append(row)
    for item in listing.materials:
        if not (item.accessible or item.filename) and item.cmid in files:
            for row in files[item.cmid]:
                known.pop((row.cmid, row.filepath, row.filename))
                _shut(kept, row, restriction=item.restriction)
                yield row
            continue
        row = known.pop(item.key, None)
        what = _change(kept, row, item)
        values = _values(kept, row, item, what=what)
        if row is None:
            row = _new_material(kept, item, values)
        else:
            _bring_up(row, values)
        kept.note(row, what)
        yield row


def _fill_placeholders(listed: Iterable[ListedMaterial], known: Known) -> None:
    """Let what was shut when it was first seen become the file that is now found in it."""
    for item in listed:
        if item.filename and item.key not in known:
            row = known.pop((item.cmid, "", ""), None)
            if row is not None:
                row.filepath, row.filename = item.filepath, item.filename
                known[item.key] = row


def _keep_absent(
    kept: _Course, row: Material, *, shut: Mapping[UUID, ListedSection]
) -> None:
    """Mark what is not listed: gone, or in a section that Moodle lists without its things."""
    if not row.listed:
        return
    section = shut.get(row.section_id) if row.section_id else None
    if section is not None:
        _shut(kept, row, restriction=section.restriction or SHUT_SECTION)
        return
    row.listed = False
    kept.note(row, ChangeKind.GONE)


def _shut(kept: _Course, row: Material, *, restriction: str | None) -> None:
    if row.accessible:
        kept.note(row, ChangeKind.RESTRICTED)
    row.accessible, row.restriction = False, restriction


def _change(kept: _Course, row: Material | None, item: ListedMaterial) -> ChangeKind | None:
    if row is None:
        return ChangeKind.NEW
    access = "opened" if item.accessible else "restricted"
    is_renamed = row.name != item.name[:400] and not _is_older(row, item)
    what = rules.change_of(
        Difference(
            # A label is named by its own text.
            content=_differs(row, item) or (is_renamed and item.kind is MaterialKind.NOTE),
            back=not row.listed,
            name=is_renamed,
            place=_is_elsewhere(kept, row, item),
            access=access if row.accessible != item.accessible else None,
        )
    )
    return ChangeKind(what) if what else None


def _is_elsewhere(kept: _Course, row: Material, item: ListedMaterial) -> bool:
    if row.section_id is None:  # read before sections were kept
        return row.section_name != item.section_name[:400]
    return row.section_id != kept.sections[item.section].id


def _differs(row: Material, item: ListedMaterial) -> bool:
    # Fileurl is left out on purpose: Moodle changes it without a change of content.
    was_shut = not row.accessible and row.blob_sha1 is None
    if not item.text_known or was_shut or _is_older(row, item):
        return False
    if item.text_sha1 is not None:
        return row.blob_sha1 not in {None, item.text_sha1}
    if _keeps_text(row, item):
        dates = {row.modified_at, item.modified_at}
        return len(dates - {None}) > 1
    return (row.size_bytes, row.modified_at) != (item.size_bytes, item.modified_at)


def _is_older(row: Material, item: ListedMaterial) -> bool:
    """Tell whether a whole module was last read when less was known of such."""
    return row.section_id is None and not item.filename


def _keeps_text(row: Material, item: ListedMaterial) -> bool:
    """Tell whether the text of a module stays that did not come this time."""
    return row.blob_sha1 is not None and item.kind in TEXTS_APART


def _new_material(kept: _Course, item: ListedMaterial, values: Values) -> Material:
    return new_row(
        Material,
        account_id=kept.errand.account_id,
        course_id=kept.id,
        cmid=item.cmid,
        filepath=item.filepath,
        filename=item.filename,
        modname=item.modname[:60],
        created_at=kept.now,
        **{"changed_at": kept.now, **values},
    )


def _values(
    kept: _Course, row: Material | None, item: ListedMaterial, *, what: ChangeKind | None
) -> Values:
    """Return what a material, known or not, has to be brought up to."""
    values: Values = {
        "kind": item.kind,
        "name": item.name[:400],
        "listed": True,
        "section_id": kept.sections[item.section].id,
        "section_name": item.section_name[:400],
        "position": item.position,
        "address": item.address,
        "completion": item.completion,
        "restriction": item.restriction,
        "accessible": item.accessible,
    }
    keeps_text = row is not None and _keeps_text(row, item)
    if item.text_known and (item.text_sha1 or not keeps_text):
        values["mimetype"] = item.mimetype[:160]
        values["size_bytes"] = item.size_bytes
        values["modified_at"] = item.modified_at
    if what is ChangeKind.CHANGED:
        values["changed_at"] = kept.now
    fresh = what in {ChangeKind.NEW, ChangeKind.CHANGED}
    return values | _bytes_of(row, item, fresh=fresh)


def _bytes_of(row: Material | None, item: ListedMaterial, *, fresh: bool) -> Values:
    """Return where the bytes of a material are, as far as its listing tells."""
    if item.text_sha1 is not None:
        return {
            "blob_sha1": item.text_sha1,
            "fetch_state": FetchState.STORED,
            "failure": None,
        }
    if item.has_file:
        if fresh or row is None or row.fetch_state is FetchState.NONE:
            state = FetchState.ON_DEMAND if item.on_demand else FetchState.WAITING
            return {"fetch_state": state, "failure": None}
    elif item.kind is MaterialKind.NOTE and item.accessible:
        return {"blob_sha1": None, "fetch_state": FetchState.NONE}
    return {}


def _note_changes(work: UnitOfWork, kept: _Course) -> None:
    """Note what happened to each material; the first reading is no change."""
    if kept.is_first:
        return
    for row, what in kept.changes:
        work.session.add(
            SyncChange(
                account_id=kept.errand.account_id,
                run_id=kept.errand.run_id,
                course_id=row.course_id,
                material_id=row.id,
                what=what,
                name=row.name,
                created_at=kept.now,
            )
        )
