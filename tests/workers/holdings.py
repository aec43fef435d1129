"""What is here of one student's Moodle, in Moodle's own names, so that two states compare."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha1
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel, col, select

from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.models import (
    Announcement,
    Blob,
    BlobPage,
    Course,
    CourseSection,
    Deadline,
    GradeItem,
    GradePoint,
    Material,
    SyncChange,
)

OURS = frozenset(
    {
        "id",
        "account_id",
        "connection_id",
        "opened_at",
        "run_id",
        "changed_at",
        "created_at",
        "seen_at",
        "followed_since",
        "last_change_at",
        "last_synced_at",
    }
)
"""Columns that two equal states do not share: our ids, and when we saw something."""

Line = tuple[tuple[str, object], ...]
Holdings = dict[str, list[Line]]


async def holdings(account_id: UUID) -> Holdings:
    """Return all that a sync keeps for one account, and the bytes and texts it refers to."""
    async with unit_of_work() as work:
        rows = {
            kind: (
                await work.session.exec(select(kind).where(kind.account_id == account_id))
            ).all()
            for kind in (
                Course,
                CourseSection,
                Material,
                Deadline,
                Announcement,
                GradeItem,
                GradePoint,
                SyncChange,
            )
        }
        hashes = {row.blob_sha1 for row in rows[Material] if row.blob_sha1}
        shared = {
            kind: (
                await work.session.exec(select(kind).where(col(kind.sha1).in_(hashes)))
            ).all()
            for kind in (Blob, BlobPage)
        }
    names = _names(rows)
    return {
        kind.__name__: sorted((_line(row, names) for row in found), key=repr)
        for kind, found in (rows | shared).items()
    }


def _names(rows: dict[type[SQLModel], Any]) -> dict[UUID, object]:
    """Moodle's own names of what our ids stand for."""
    courses = {row.id: row.moodle_id for row in rows[Course]}
    return {
        **courses,
        **{row.id: row.moodle_id for row in rows[CourseSection]},
        **{row.id: (row.cmid, row.filepath, row.filename) for row in rows[Material]},
        **{row.id: (courses[row.course_id], row.moodle_id) for row in rows[GradeItem]},
    }


def _line(row: SQLModel, names: dict[UUID, object]) -> Line:
    return tuple(
        (name, _plain(value, names))
        for name, value in sorted(row.model_dump().items())
        if name not in OURS
    )


def _plain(value: object, names: dict[UUID, object]) -> object:
    if isinstance(value, UUID):
        return names[value]
    return value.isoformat() if isinstance(value, datetime) else value


def stored_files() -> dict[str, str]:
    """Return every file in the store of blobs with the hash of its bytes."""
    return {
        path.name: sha1(path.read_bytes()).hexdigest()
        for path in _files(get_settings().storage_dir / "blobs")
    }


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def blobs_of(state: Holdings) -> set[str]:
    """Return the names of all bytes that a state refers to."""
    return {str(dict(line)["sha1"]) for line in state["Blob"]}


def differences(before: Holdings, after: Holdings) -> list[str]:
    """Return in words where two states differ; empty when they are equal."""
    found: list[str] = []
    for kind in before:
        found += [f"- {kind} {line}" for line in _without(before[kind], after[kind])]
        found += [f"+ {kind} {line}" for line in _without(after[kind], before[kind])]
    return found


def _without(lines: list[Line], others: list[Line]) -> list[Line]:
    left = [*others]
    missing: list[Line] = []
    for line in lines:
        if line in left:
            left.remove(line)
        else:
            missing.append(line)
    return missing
